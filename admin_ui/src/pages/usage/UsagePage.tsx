import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ReceiptText, ScrollText } from "lucide-react";
import { useCallback } from "react";
import { usageAsked, usageBeforeQuery, usageQuery } from "@/api/usage";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { spanLabel, spanOf, type Span } from "@/format/spans";
import { logSearch } from "@/format/log-search";
import { usageRows } from "@/format/usage-rows";
import { filtersOf, usageSearch, type UsageSearch } from "@/format/usage-search";
import { ownZone } from "@/format/zone";
import { Note } from "@/ui/Note";
import { Button, buttonClass } from "@/ui/Button";
import { Empty, LoadProblem, Page } from "@/ui/Page";
import { useNow } from "@/ui/Value";
import { Bill } from "./Bill";
import { Controls } from "./Controls";
import { Export } from "./Export";
import { GroupTable } from "./GroupTable";
import { MainChart, MoreCharts } from "./UsageCharts";

const route = getRouteApi("/frame/usage");
const minute = 60_000;

/** Who used what, when, and what it cost. */
export function UsagePage() {
  const { api } = useApp();
  const everybody = useAllowed()("overview");
  const search = usageSearch({ ...route.useSearch() });
  const navigate = useNavigate({ from: "/usage" });
  const change = useCallback(
    (part: Partial<UsageSearch>) => void navigate({ search: (old) => usageSearch({ ...old, ...part }) }),
    [navigate],
  );
  const zone = search.tz ?? ownZone();
  const metric = search.metric ?? "cost";
  const now = Math.floor(useNow() / minute) * minute;
  const span = spanOf(search, now, zone);
  const asked = usageAsked(search, span, zone);
  const usage = useQuery(usageQuery(api, asked, span.open));
  const before = useQuery(usageBeforeQuery(api, asked, span.before));
  const report = usage.data;
  // What is kept on the page while another grouping is read must not be compared with that one's past.
  const earlier = String(before.data?.group_by) === String(report?.group_by) ? before.data : undefined;
  const rows = report && usageRows(report, earlier, metric);
  const nothing = report && report.totals.requests + report.totals.mirrors === 0;
  const zoom = (from: number, to: number) => change({ from, to, range: undefined, interval: undefined });
  return (
    <Page
      title="Usage"
      purpose={
        everybody
          ? "Who used what, when, and what it cost: figures to answer a bill with."
          : "What was used in your name, when, and what it cost."
      }
      actions={
        <>
          <InLogs search={search} span={span} />
          <Export asked={asked} disabled={!report || nothing} />
        </>
      }
    >
      <Controls search={search} span={span} zone={zone} report={report} change={change} />
      {usage.error && !usage.isFetching && <LoadProblem error={usage.error} retry={() => void usage.refetch()} />}
      {nothing && !usage.isPlaceholderData ? (
        <section className="card">
          <Nothing filtered={Object.keys(filtersOf(search)).length > 0} change={change} />
        </section>
      ) : (
        (!usage.error || report) && (
          <div
            className={usage.isPlaceholderData ? "page-part waiting-part" : "page-part"}
            aria-busy={usage.isFetching}
          >
            <Bill report={report} rows={rows} before={earlier?.totals} span={span} metric={metric} />
            <MainChart report={report} rows={rows} metric={metric} zone={zone} change={change} onZoom={zoom} />
            {report && report.group_by.length > 0 && (
              <GroupTable
                report={report}
                rows={rows ?? []}
                before={earlier?.totals}
                beforeLabel={span.beforeLabel}
                search={search}
                change={change}
              />
            )}
            {report && <MoreCharts report={report} metric={metric} zone={zone} onZoom={zoom} />}
            {report && (
              <Note>
                {spanLabel(report, zone)}, by the clocks of {zone}. Requests count by the time they began and appear
                here some seconds after they ended.
              </Note>
            )}
          </div>
        )
      )}
    </Page>
  );
}

/** The requests behind the figures, where the log's filters can say which they are. */
function InLogs({ search, span }: { search: UsageSearch; span: Span }) {
  const may = useAllowed();
  const { key: key_id, user: user_id, team, route: target, ...rest } = filtersOf(search);
  if (!may("logs") || team !== undefined || target !== undefined) return null;
  const asked = logSearch({ ...rest, key_id, user_id, from: span.from, to: span.to });
  return (
    <Link to="/logs" search={asked} className={buttonClass({})}>
      <ScrollText className="icon" aria-hidden />
      Requests
    </Link>
  );
}

function Nothing({ filtered, change }: { filtered: boolean; change: (part: Partial<UsageSearch>) => void }) {
  return (
    <Empty
      icon={ReceiptText}
      title="Nothing was used in this time"
      action={<Button onClick={() => change({ range: "90d", from: undefined, to: undefined })}>Look at 90 days</Button>}
    >
      {filtered
        ? "No request fits all filters. Take one away, or choose a longer time."
        : "Every request that ends counts here some seconds later: by key, user, team, model, provider and route, to the nano-dollar."}
    </Empty>
  );
}
