import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { DatabaseZap, Settings2 } from "lucide-react";
import { cacheQuery, type CacheFigures, type CacheReport } from "@/api/cache";
import { modelsQuery, routesQuery } from "@/api/queries";
import { settingsQuery } from "@/api/settings";
import type { Model, Route } from "@/api/types";
import { useApp } from "@/app-context";
import { TimeChart } from "@/charts/TimeChart";
import { count, exactMoney, money, nanoOf, percent, short } from "@/format/numbers";
import { rangeMs } from "@/format/ranges";
import type { CacheSearch } from "@/format/search";
import { ownZone } from "@/format/zone";
import { useAllowed } from "@/frame/access";
import { ruleText } from "@/pages/cache-rule/words";
import { AddFilter, type FilterField } from "@/ui/AddFilter";
import { Chip } from "@/ui/Badge";
import { buttonClass } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Empty, LoadProblem, Skeleton } from "@/ui/Page";
import { Tile } from "@/ui/Tile";
import { useNow } from "@/ui/Value";
import { gatewayRows, lookedUp } from "./gateway-rows";
import { RouteTable } from "./RouteTable";

interface Props {
  search: CacheSearch;
  change: (part: Partial<CacheSearch>) => void;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const words = {
  "1h": "the hour before",
  "24h": "the 24 hours before",
  "7d": "the 7 days before",
  "30d": "the 30 days before",
  "90d": "the 90 days before",
};

/** From when to when, and what it is compared with. A range ends with the hour that is running, so that its figures are kept for a while. */
function spanOf({ range = "7d", from, to }: CacheSearch, now: number) {
  if (from !== undefined && to !== undefined)
    return { from, to, before: { from: 2 * from - to, to: from }, compared: "the same time before", open: to > now };
  const end = Math.ceil(now / HOUR) * HOUR;
  const start = end - rangeMs(range);
  return { from: start, to: end, before: { from: 2 * start - end, to: start }, compared: words[range], open: true };
}

/** What the gateway's own cache did: answers that were given again, and what they would have cost. */
export function GatewayCache({ search, change }: Props) {
  const { api } = useApp();
  const may = useAllowed();
  const span = spanOf(search, useNow());
  const filters = { route: search.route, model: search.model };
  const cache = useQuery(cacheQuery(api, { from: span.from, to: span.to, ...filters }, span.open));
  const before = useQuery(cacheQuery(api, { ...span.before, ...filters }, false)).data;
  const routes = useQuery({ ...routesQuery(api), enabled: may("routes") }).data;
  const models = useQuery({ ...modelsQuery(api), enabled: may("models"), staleTime: 60_000 }).data;
  const settings = useQuery({ ...settingsQuery(api), enabled: may("settings") }).data;
  const report = cache.data;
  const fallback = settings?.cache;
  const rows = report && gatewayRows(report, routes, fallback);
  const unused = report && lookedUp(report) === 0;
  const off = routes && !routes.some((route) => route.cache) && !fallback;
  if (cache.error) return <LoadProblem error={cache.error} retry={() => void cache.refetch()} />;
  return (
    <div className="page-part">
      {!(unused && off) && (
        <div className="filters">
          <AddFilter fields={filterFields(search, routes, models)} onAdd={(name, value) => change({ [name]: value })} />
          {search.route !== undefined && (
            <Chip name="Route" value={search.route} onRemove={() => change({ route: undefined })} />
          )}
          {search.model !== undefined && (
            <Chip name="Model" value={search.model} onRemove={() => change({ model: undefined })} />
          )}
        </div>
      )}
      {unused && off ? (
        <Off />
      ) : (
        <>
          <Tiles report={report} before={before} compared={span.compared} />
          <div className="split even">
            <Chart report={report} onZoom={(from, to) => change({ from, to, range: undefined })} />
            <Saved report={report} onZoom={(from, to) => change({ from, to, range: undefined })} />
          </div>
          <RouteTable rows={rows} onPick={(route) => change({ route })} />
          <Note
            action={
              may("settings") && (
                <Link to="/settings" className={buttonClass({ size: "compact" })}>
                  <Settings2 className="icon" aria-hidden />
                  Settings
                </Link>
              )
            }
          >
            {fallback
              ? `Models that are asked for without a route: ${ruleText(fallback)}.`
              : "Answers of models that are asked for without a route are not kept."}{" "}
            An answer that is given again passes key, limits and guardrails first, costs nothing, and says so in the
            header <code>x-gateway-cache</code>.
          </Note>
        </>
      )}
    </div>
  );
}

/** Nobody has switched it on. */
const Off = () => (
  <section className="card">
    <Empty
      icon={DatabaseZap}
      title="No route keeps its answers"
      action={
        <span className="row wrap center">
          <Link to="/routes" className={buttonClass({ tone: "primary" })}>
            Choose a route
          </Link>
          <Link to="/settings" className={buttonClass({})}>
            For all other models
          </Link>
        </span>
      }
    >
      The gateway can give an answer again when the same is asked, or when a question means the same: at once, and at no
      cost. A route says for how long, and who shares its answers: a key, a user, a team or everybody.
    </Empty>
  </section>
);

type Narrow = "route" | "model";
const ids = (list: readonly { id: string }[] | undefined) => list?.map(({ id }) => id);

/** What the figures can be narrowed to, and is not yet. */
function filterFields(
  search: CacheSearch,
  routes: readonly Route[] | undefined,
  models: readonly Model[] | undefined,
): FilterField<Narrow>[] {
  const fields: FilterField<Narrow>[] = [
    { name: "route", label: "Route", hint: "The route that was asked", suggestions: ids(routes) },
    { name: "model", label: "Model", hint: "The model that made the answer", suggestions: ids(models) },
  ];
  return fields.filter(({ name }) => search[name] === undefined);
}

interface TilesProps {
  report: CacheReport | undefined;
  before: CacheFigures | undefined;
  compared: string;
}

const rate = (figures: CacheFigures | undefined) => figures?.hit_rate ?? 0;

function Tiles({ report, before, compared }: TilesProps) {
  if (!report) {
    return (
      <div className="tiles" aria-busy>
        {["Saved", "Hit rate", "Given again", "Requests"].map((what) => (
          <div className="card tile" key={what}>
            <span className="what">{what}</span>
            <Skeleton width={8} height={31} />
            <Skeleton width={16} />
          </div>
        ))}
      </div>
    );
  }
  const saved = nanoOf(report.saved_usd);
  const exact = report.hits - report.semantic;
  return (
    <div className="tiles">
      <Tile
        what="Saved"
        value={money(saved)}
        exact={exactMoney(saved)}
        now={saved}
        before={nanoOf(before?.saved_usd ?? "0")}
        compared={compared}
        better="up"
      />
      <Tile
        what="Hit rate"
        value={report.hit_rate === null ? "–" : percent(report.hit_rate)}
        exact={`${count(report.hits)} of ${count(report.hits + report.misses)} requests that looked for an answer`}
        now={rate(report)}
        before={rate(before)}
        compared={compared}
        better="up"
      />
      <Tile
        what="Given again"
        value={short(report.hits)}
        exact={`${count(exact)} to the same request, ${count(report.semantic)} to one that means the same`}
        now={report.hits}
        before={before?.hits ?? 0}
        compared={compared}
        better="up"
      >
        {report.semantic > 0 && <span className="small muted">{short(report.semantic)} by meaning</span>}
      </Tile>
      <Tile
        what="Requests"
        value={short(report.requests)}
        exact={`${count(report.requests)} finished; ${count(report.misses)} were not found, ${count(report.bypassed)} could not or would not use the cache`}
        now={report.requests}
        before={before?.requests ?? 0}
        compared={compared}
      />
    </div>
  );
}

interface ChartProps {
  report: CacheReport | undefined;
  onZoom: (from: number, to: number) => void;
}

const Waiting = () => (
  <div className="card card-body" aria-busy>
    <Skeleton width={200} height={271} />
  </div>
);

/** Whole days are those of UTC, as the figures are kept. */
const axis = (report: CacheReport) => {
  const [first] = report.points;
  return {
    times: report.points.map(({ start }) => start),
    end: report.to,
    zone: first && first.end - first.start >= DAY ? "UTC" : ownZone(),
  };
};

/** What became of the requests that a rule holds for, over time. */
function Chart({ report, onZoom }: ChartProps) {
  if (!report) return <Waiting />;
  const line = (value: (figures: CacheFigures) => number) => report.points.map(value);
  return (
    <TimeChart
      {...axis(report)}
      title="What the cache did"
      kind="bars"
      series={[
        { label: "The same request", color: "c3", values: line(({ hits, semantic }) => hits - semantic) },
        { label: "The same meaning", color: "c1", values: line(({ semantic }) => semantic) },
        { label: "Not found", color: "c2", values: line(({ misses }) => misses) },
        { label: "Bypassed", color: "c-ended", values: line(({ bypassed }) => bypassed) },
      ]}
      format={short}
      exact={count}
      onZoom={onZoom}
    />
  );
}

function Saved({ report, onZoom }: ChartProps) {
  if (!report) return <Waiting />;
  return (
    <TimeChart
      {...axis(report)}
      title="Saved"
      kind="bars"
      series={[{ label: "Saved", color: "c3", values: report.points.map(({ saved_usd }) => nanoOf(saved_usd)) }]}
      format={money}
      exact={exactMoney}
      onZoom={onZoom}
    />
  );
}
