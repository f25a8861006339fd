import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { overviewQuery, type Span } from "@/api/overview";
import { logsQuery, modelsQuery, providersQuery, keysQuery } from "@/api/queries";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useApp } from "@/app-context";
import { overviewSearch } from "@/format/search";
import { rangeOptions, type Range } from "@/format/ranges";
import { day, clock } from "@/format/times";
import { Chip } from "@/ui/Badge";
import { Segments } from "@/ui/Field";
import { Note } from "@/ui/Note";
import { LoadProblem, Page } from "@/ui/Page";
import { Charts } from "./Charts";
import { FirstRun } from "./FirstRun";
import { HealthStrip } from "./HealthStrip";
import { Rankings } from "./Rankings";
import { Tiles } from "./Tiles";

const route = getRouteApi("/frame/");
const options = rangeOptions("24h", "7d", "30d", "90d");
const spoken: Record<string, string> = {
  "24h": "the 24 hours before",
  "7d": "the 7 days before",
  "30d": "the 30 days before",
  "90d": "the 90 days before",
};

/** What goes through the gateway: traffic, cost, errors, speed, and who causes them. */
export function OverviewPage() {
  const { api } = useApp();
  const search = overviewSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/" });
  const range: Range = search.range ?? "24h";
  const zoomed = search.from !== undefined && search.to !== undefined;
  const span: Span =
    search.from !== undefined && search.to !== undefined ? { from: search.from, to: search.to } : { range };
  const overview = useQuery(overviewQuery(api, span));
  const empty = useNothingYet(overview.data?.totals.requests === 0 && overview.data.previous.requests === 0);
  return (
    <Page
      title="Overview"
      purpose="Traffic, cost, errors and speed of everything that goes through the gateway."
      actions={
        zoomed ? (
          <Chip
            name="Time"
            value={`${stamp(search.from)} – ${stamp(search.to)}`}
            onRemove={() => void navigate({ search: {} })}
          />
        ) : (
          <Segments
            label="Time range"
            value={range}
            options={options}
            onChange={(next) => void navigate({ search: next === "24h" ? {} : { range: next } })}
          />
        )
      }
    >
      {overview.error && <LoadProblem error={overview.error} retry={() => void overview.refetch()} />}
      {overview.data?.truncated && (
        <Note tone="warn">There was too much to add up: the rankings below may be too low. Choose a shorter time.</Note>
      )}
      {empty ? (
        <FirstRun />
      ) : (
        <>
          <HealthStrip />
          <Tiles
            data={overview.data}
            compared={zoomed ? "the same time before" : (spoken[range] ?? "the time before")}
          />
          <Charts data={overview.data} onZoom={(from, to) => void navigate({ search: { from, to } })} />
          <Rankings data={overview.data} />
        </>
      )}
    </Page>
  );
}

const stamp = (ms: number | undefined) => (ms === undefined ? "" : `${day(ms)} ${clock(ms).slice(0, 5)}`);

/** True when no request was ever logged: then a guide says more than empty charts. */
function useNothingYet(quiet: boolean): boolean {
  const { api } = useApp();
  const logs = useInfiniteQuery({ ...logsQuery(api, {}), enabled: quiet, refetchInterval: 5000 });
  useQuery({ ...providersQuery(api), enabled: quiet });
  useQuery({ ...modelsQuery(api), enabled: quiet });
  useQuery({ ...keysQuery(api), enabled: quiet });
  return quiet && logs.data !== undefined && logs.data.pages.every((page) => page.items.length === 0);
}
