import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { logQuery, modelsQuery } from "@/api/queries";
import type { LogDetail } from "@/api/types";
import { useApp } from "@/app-context";
import { Parts } from "@/conversation/Parts";
import { Prose } from "@/conversation/Prose";
import { count, duration } from "@/format/numbers";
import { Badge } from "@/ui/Badge";
import { Note } from "@/ui/Note";
import { Money } from "@/ui/Value";
import type { Outcome } from "./ask";
import { costOf } from "./cost";
import type { Said } from "./sheet";

/** One model's answer as it comes, and what is known of it. */
export function AnswerView({ said, name }: { said: Said; name: string }) {
  const { outcome } = said;
  if (!outcome) return <Prose text={said.text} />;
  const { state, trouble, losses, parts } = outcome;
  return (
    <>
      <div className="answer-text" aria-busy={state === "running"}>
        <Parts parts={parts} />
        {state === "running" && (
          <span className="typing" role="status">
            <span className="visually-hidden">{name} is answering</span>
          </span>
        )}
        {state !== "running" && parts.length === 0 && !trouble && <p className="muted">No text came.</p>}
      </div>
      {trouble && (
        <Note tone="error">
          <strong className="prewrap">{trouble.what}</strong>
          <div>{trouble.todo}</div>
        </Note>
      )}
      {losses.length > 0 && (
        <Note>
          Changed on the way to the provider:{" "}
          {losses.map((loss) => (
            <span key={loss} className="mono loss">
              {loss.replace(";", " ")}
            </span>
          ))}
        </Note>
      )}
      <Known outcome={outcome} />
    </>
  );
}

const tries = 40;

/** The request's row, as soon as it is settled. The row follows the answer by a moment; after half a minute nobody waits for it. */
function useRow({ requestId, state }: Outcome): LogDetail | undefined {
  const { api } = useApp();
  return useQuery({
    ...logQuery(api, requestId ?? ""),
    enabled: requestId !== undefined && state !== "running",
    retry: false,
    refetchOnWindowFocus: false,
    staleTime: (query) => (query.state.data && query.state.data.state !== "running" ? Infinity : 0),
    refetchInterval: ({ state: seen }) => {
      const settled = seen.data && seen.data.state !== "running";
      return settled || seen.dataUpdateCount + seen.errorUpdateCount > tries ? false : 800;
    },
  }).data;
}

function Known({ outcome }: { outcome: Outcome }) {
  const { api } = useApp();
  const row = useRow(outcome);
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data ?? [];
  const cost = costOf(outcome, row, models);
  const { counts, requestId, target, firstMs, totalMs, finish, state, status } = outcome;
  const tokens = row && row.state !== "running" && row.tokens.source !== "none" ? row.tokens : undefined;
  const facts: [string, ReactNode][] = [
    [
      state === "failed" && outcome.text === "" ? "Last asked" : "Served by",
      target && <span className="mono">{target}</span>,
    ],
    ["In", number(tokens?.input ?? counts?.input)],
    ["Cached", number(tokens ? tokens.cache_read : counts?.cached) || null],
    ["Out", number(tokens?.output ?? counts?.output)],
    ["Cost", cost && <CostText {...cost} />],
    ["First token", firstMs === undefined ? undefined : duration(firstMs)],
    ["Total", totalMs === undefined ? undefined : duration(totalMs)],
    ["Finish", finish && <span className="mono">{finish}</span>],
    ["Status", status !== undefined && status >= 400 ? status : undefined],
  ];
  return (
    <div className="known">
      <dl>
        {facts
          .filter(([, value]) => value !== undefined && value !== null && value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
      </dl>
      <span className="row">
        {state === "stopped" && <Badge state="idle">stopped</Badge>}
        {requestId && (
          <Link to="/logs/$id" params={{ id: requestId }}>
            Log entry
          </Link>
        )}
      </span>
    </div>
  );
}

const number = (value: number | undefined) => (value === undefined ? undefined : count(value));

const CostText = ({ nano, kind }: { nano: number | null; kind: string }) => (
  <>
    {nano !== null && <Money nano={nano} />}
    {kind !== "exact" && <span className="muted"> {kind}</span>}
  </>
);
