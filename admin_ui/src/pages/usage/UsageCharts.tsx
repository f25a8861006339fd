import type { UsageReport } from "@/api/usage";
import { TimeChart } from "@/charts/TimeChart";
import { count, duration, exactMoney, money, short } from "@/format/numbers";
import { groupSeries, kindSeries, latencySeries, metricLabel, type UsageRow } from "@/format/usage-rows";
import { parts, type Metric, type UsageSearch } from "@/format/usage-search";
import { Skeleton } from "@/ui/Page";

type Zoom = (from: number, to: number) => void;

const axis = (report: UsageReport, zone: string) => ({
  times: report.series.map((point) => point.start),
  end: report.to,
  zone,
});

interface MainProps {
  report: UsageReport | undefined;
  rows: UsageRow[] | undefined;
  metric: Metric;
  zone: string;
  change: (part: Partial<UsageSearch>) => void;
  onZoom: Zoom;
}

/** The measure over time, stacked by group or, without one, by what it consists of. */
export function MainChart({ report, rows, metric, zone, change, onZoom }: MainProps) {
  if (!report || !rows) {
    return (
      <div className="card card-body" aria-busy>
        <Skeleton width={200} height={271} />
      </div>
    );
  }
  const by = report.group_by;
  const pick = (key: string) => {
    const filter = rows.find((row) => row.key === key)?.filter;
    if (filter) change(filter);
  };
  const series = groupSeries(report, rows, metric).map((line) =>
    rows.find((row) => row.key === line.id)?.filter ? line : { ...line, id: undefined },
  );
  const title = [
    metricLabel(metric),
    ...by.map((part, index) => `${index ? "and" : "by"} ${parts[part].toLowerCase()}`),
  ];
  return (
    <TimeChart
      {...axis(report, zone)}
      title={title.join(" ")}
      kind="bars"
      series={by.length > 0 ? series : kindSeries(report, metric)}
      format={metric === "cost" ? money : short}
      exact={metric === "cost" ? exactMoney : count}
      onZoom={onZoom}
      onPick={pick}
    />
  );
}

/** What the figures above consist of, and how fast answers were. */
export function MoreCharts({
  report,
  metric,
  zone,
  onZoom,
}: {
  report: UsageReport;
  metric: Metric;
  zone: string;
  onZoom: Zoom;
}) {
  const shared = { ...axis(report, zone), onZoom };
  const grouped = report.group_by.length > 0;
  const measured = report.series.some(({ figures }) => figures.total_p50_ms !== null);
  const apart = !measured && report.totals.requests > 0;
  return (
    <div className="split even">
      {(grouped || metric !== "tokens") && (
        <TimeChart
          {...shared}
          title="Tokens by kind"
          kind="bars"
          format={short}
          exact={count}
          series={kindSeries(report, "tokens")}
        />
      )}
      {(grouped || metric !== "cost") && (
        <TimeChart
          {...shared}
          title="What was paid for"
          kind="bars"
          format={money}
          exact={exactMoney}
          series={kindSeries(report, "cost")}
        />
      )}
      {apart ? (
        <section className="card card-body muted small whole" aria-label="Latency">
          Latencies are kept for one key, user, team, model, provider or route at a time: group by one of them, or keep
          one filter, to see them.
        </section>
      ) : (
        <>
          <TimeChart
            {...shared}
            title="Time to first byte"
            kind="lines"
            format={duration}
            series={latencySeries(report, "first_byte")}
          />
          <TimeChart
            {...shared}
            title="Time to last byte"
            kind="lines"
            format={duration}
            series={latencySeries(report, "total")}
          />
        </>
      )}
    </div>
  );
}
