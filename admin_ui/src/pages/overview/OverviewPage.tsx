import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { overviewQuery, type Span } from "@/api/overview";
import { logsQuery } from "@/api/queries";
import type { LogItem } from "@/api/types";
import { useApp } from "@/app-context";
import { overviewSearch } from "@/format/search";
import { rangeOptions, type Range } from "@/format/ranges";
import { day, clock } from "@/format/times";
import { useAllowed } from "@/frame/access";
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
  const begin = useBeginning(overview.data?.totals.requests === 0 && overview.data.previous.requests === 0);
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
      {begin.guide && <FirstRun first={begin.first} onDone={begin.close} />}
      {!begin.nothing && (
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

const worked = ({ state, status }: LogItem) => state !== "running" && status < 400;

/**
 * Before the first request a guide says more than empty charts. Whoever has followed it sees it until they close it, with the request that came;
 * nobody else sees it again.
 */
function useBeginning(quiet: boolean) {
  const { api } = useApp();
  const may = useAllowed()("logs");
  const [state, setState] = useState<"unknown" | "guided" | "closed">("unknown");
  const logs = useInfiniteQuery({
    ...logsQuery(api, {}),
    enabled: may && (quiet || state === "guided"),
    refetchInterval: ({ state: found }) => (found.data?.pages.some(({ items }) => items.some(worked)) ? false : 2000),
  });
  const rows = logs.data?.pages.flatMap((page) => page.items);
  const ended = rows?.filter((row) => row.state !== "running");
  const nothing = quiet && rows?.length === 0;
  if (nothing && state === "unknown") setState("guided");
  return {
    nothing,
    guide: nothing || state === "guided",
    // Who is quick asks for a model that is not in force yet: that is no end of the story.
    first: ended?.findLast(worked) ?? ended?.[0],
    close: () => setState("closed"),
  };
}
