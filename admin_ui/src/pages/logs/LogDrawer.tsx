import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { logQuery, providersQuery } from "@/api/queries";
import type { LogDetail } from "@/api/types";
import { useApp } from "@/app-context";
import { clientUrl } from "@/config";
import { CopyAs } from "@/conversation/CopyAs";
import { givenAgain } from "@/format/cache-words";
import { logSearch, type LogSearch } from "@/format/log-search";
import { duration, nanoOf } from "@/format/numbers";
import { callOfRow } from "@/format/replay";
import { exact } from "@/format/times";
import { StatusBadge } from "@/ui/Badge";
import { IconButton } from "@/ui/Button";
import { CopyButton } from "@/ui/Copy";
import { Dialog } from "@/ui/Dialog";
import { Menu, MenuItem, MenuLabel } from "@/ui/Menu";
import { Note } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { Money } from "@/ui/Value";
import { Bodies } from "./Bodies";
import { Facts, Headers, Losses } from "./Facts";
import { OpenInPlayground } from "./OpenInPlayground";
import { StopButton } from "./StopButton";
import { TokenTable } from "./TokenTable";
import { isTry } from "./timeline";
import { Verdicts } from "./Verdicts";
import { Waterfall } from "./Waterfall";

const route = getRouteApi("/frame/logs/$id");

/** One request in full, under its own URL. */
export function LogDrawer() {
  const { api, config } = useApp();
  const { id } = route.useParams();
  const navigate = useNavigate({ from: "/logs/$id" });
  const log = useQuery(logQuery(api, id));
  const close = () => void navigate({ to: "/logs", search: (old) => logSearch({ ...old }) });
  const row = log.data;
  return (
    <Dialog
      open
      onClose={close}
      shape="drawer broad"
      title={row ? (row.requested_model ?? row.model ?? row.path) : "Request"}
      description={row ? `${exact(row.time_ms)} · ${row.method} ${row.path}` : id}
      extra={row && <FilterMenu row={row} />}
      footer={
        row && (
          <>
            {row.state === "running" && <StopButton row={row} />}
            <CopyButton text={row.id} label="Copy id" />
            <CopyAs call={callOfRow(row)} url={clientUrl(config)} />
            <OpenInPlayground row={row} />
          </>
        )
      }
    >
      <div className="panel-body">
        {log.error && <LoadProblem error={log.error} retry={() => void log.refetch()} />}
        {log.isPending && <Waiting />}
        {row && <Detail row={row} />}
      </div>
    </Dialog>
  );
}

const Waiting = () => (
  <div className="stack" aria-busy>
    <Skeleton width={90} height={54} />
    <Skeleton width={90} height={90} />
    <Skeleton width={90} height={180} />
  </div>
);

function Detail({ row }: { row: LogDetail }) {
  const { api } = useApp();
  const providers = useQuery({ ...providersQuery(api), staleTime: 60_000 }).data ?? [];
  const keyHints = new Map(providers.flatMap((provider) => provider.keys.map((key) => [key.id, key.hint])));
  return (
    <>
      <dl className="headline">
        <div>
          <dt>Status</dt>
          <dd>
            <StatusBadge status={row.status} running={row.state === "running"} />
          </dd>
        </div>
        <div>
          <dt>First byte</dt>
          <dd>{row.first_byte_ms === null ? "–" : duration(row.first_byte_ms)}</dd>
        </div>
        <div>
          <dt>Total</dt>
          <dd>{row.state === "running" ? "–" : duration(row.total_ms)}</dd>
        </div>
        <div>
          <dt>Cost</dt>
          <dd>
            {givenAgain(row.cache) ? (
              <>
                saved <Money nano={nanoOf(row.saved_usd)} />
              </>
            ) : row.cost_nano === null ? (
              row.cost_state === "unpriced" ? (
                "unpriced"
              ) : (
                "–"
              )
            ) : (
              <Money nano={row.cost_nano} />
            )}
          </dd>
        </div>
        <div>
          <dt>Served by</dt>
          <dd>{servedBy(row)}</dd>
        </div>
      </dl>
      {row.error && (
        <Note tone={row.status >= 500 || row.status < 400 ? "error" : "warn"}>
          <strong className="mono">{row.error}</strong>
          {row.error_message && <div className="prewrap">{row.error_message}</div>}
        </Note>
      )}
      {row.mirror_of && (
        <Note>
          A copy that a route mirrored here; nobody saw its answer.{" "}
          <Link to="/logs/$id" params={{ id: row.mirror_of }} search={(old) => logSearch({ ...old })}>
            Open the original request
          </Link>
        </Note>
      )}
      <Verdicts verdicts={row.guardrails} />
      <Waterfall
        attempts={row.attempts}
        total={row.total_ms}
        candidates={row.candidates}
        keyHints={keyHints}
        running={row.state === "running"}
        interrupted={row.error === "interrupted"}
        givenAgain={givenAgain(row.cache)}
      />
      <TokenTable tokens={row.tokens} />
      <Losses losses={row.losses} />
      <Facts row={row} />
      <Bodies row={row} />
      <Headers headers={row.request_headers} />
    </>
  );
}

/** Who answered: of a request that failed nobody, and who was asked last. */
function servedBy({ provider, status, state, attempts, cache }: LogDetail): string {
  if (givenAgain(cache)) return "the cache";
  const failed = status === 0 || status >= 400;
  if (state === "running" || !failed) return provider ?? "nobody";
  const asked = attempts.some(isTry);
  return provider && asked ? `nobody (last asked: ${provider})` : "nobody";
}

/** Narrow the list to what this request has. */
function FilterMenu({ row }: { row: LogDetail }) {
  const navigate = useNavigate({ from: "/logs/$id" });
  const options: { label: string; search: LogSearch }[] = [];
  if (row.key_id) options.push({ label: `Key ${row.key_name ?? row.key_id}`, search: { key_id: row.key_id } });
  if (row.session) options.push({ label: "This session", search: { session: row.session } });
  if (row.user_id)
    options.push({ label: row.user_name ? `User ${row.user_name}` : "This user", search: { user_id: row.user_id } });
  if (row.team_id) options.push({ label: "This team", search: { team_id: row.team_id } });
  if (row.release) options.push({ label: "This release", search: { release: row.release } });
  if (row.route) options.push({ label: `Route ${row.route}`, search: { route: row.route } });
  if (row.model) options.push({ label: `Model ${row.model}`, search: { model: row.model } });
  if (row.provider) options.push({ label: `Provider ${row.provider}`, search: { provider: row.provider } });
  for (const { guardrail, name } of row.guardrails)
    options.push({ label: `Guardrail ${name ?? guardrail}`, search: { guardrail } });
  if (row.error) options.push({ label: `Error ${row.error}`, search: { error: row.error } });
  if (options.length === 0) return null;
  return (
    <Menu label="More requests" trigger={<IconButton label="More requests like this" icon={Ellipsis} />}>
      <MenuLabel>Show requests with</MenuLabel>
      {options.map((option) => (
        <MenuItem key={option.label} onSelect={() => void navigate({ to: "/logs", search: option.search })}>
          <span className="truncate">{option.label}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
