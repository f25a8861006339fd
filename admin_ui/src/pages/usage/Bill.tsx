import type { Figures, UsageReport } from "@/api/usage";
import { count, exactMoney, money, percent, short } from "@/format/numbers";
import type { Compared } from "@/format/spans";
import { metricOf, type UsageRow } from "@/format/usage-rows";
import { metrics, parts, type Metric } from "@/format/usage-search";
import { Skeleton } from "@/ui/Page";
import { Change, Tile } from "@/ui/Tile";
import { Tooltip } from "@/ui/Tooltip";
import { Money } from "@/ui/Value";

interface Props {
  report: UsageReport | undefined;
  rows: UsageRow[] | undefined;
  before: Figures | undefined;
  span: Compared;
  metric: Metric;
}

const rate = ({ errors, requests }: Figures) => (requests ? errors / requests : 0);
const tokens = (figures: Figures) => figures.input_tokens + figures.output_tokens;

/** What was paid altogether and what for, who most of it was, and the traffic behind it. */
export function Bill({ report, rows, before, span, metric }: Props) {
  if (!report) return <Waiting />;
  const now = report.totals;
  const compared = span.beforeShort;
  return (
    <div className="bill-tiles">
      <Paid now={now} before={before} compared={span.beforeLabel} />
      <Most report={report} rows={rows ?? []} metric={metric} />
      <Tile
        what="Requests"
        value={short(now.requests)}
        exact={count(now.requests)}
        now={now.requests}
        before={before?.requests ?? 0}
        compared={compared}
      />
      <Tile
        what="Errors"
        value={percent(rate(now))}
        exact={`${count(now.errors)} of ${count(now.requests)} requests`}
        now={rate(now)}
        before={before ? rate(before) : 0}
        compared={compared}
        better="down"
      />
      <Tile
        what="Tokens"
        value={short(tokens(now))}
        exact={`${count(now.input_tokens)} in (${count(now.cache_read_tokens)} from cache), ${count(now.output_tokens)} out`}
        now={tokens(now)}
        before={before ? tokens(before) : 0}
        compared={compared}
      />
    </div>
  );
}

/** The bill: the sum, and the three things that it was paid for. */
function Paid({ now, before, compared }: { now: Figures; before: Figures | undefined; compared: string }) {
  const lines = [
    ["Answers", now.cost_nano, "what callers got"],
    ["Lost hedges", now.lost_cost_nano, "calls beside the answering one that cost as well"],
    ["Mirrored copies", now.mirror_cost_nano, `${count(now.mirrors)} copies that nobody waited for`],
  ] as const;
  const unpriced = now.unpriced + now.mirror_unpriced;
  return (
    <section className="card tile paid" aria-label="Paid altogether">
      <div className="paid-sum">
        <span className="what">Paid altogether</span>
        <Tooltip text={exactMoney(now.total_cost_nano)}>
          {/* The tooltip holds the exact figure, so the keyboard must reach it. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <span className="value" tabIndex={0}>
            {money(now.total_cost_nano)}
          </span>
        </Tooltip>
        <Change now={now.total_cost_nano} before={before?.total_cost_nano ?? 0} compared={compared} />
      </div>
      <dl className="paid-for">
        {lines.map(([name, nano, why]) => (
          <div key={name} title={why} className={nano === 0 ? "muted" : undefined}>
            <dt>{name}</dt>
            <dd>
              <Money nano={nano} />
            </dd>
          </div>
        ))}
        {now.saved_nano > 0 && (
          <div title={`${count(now.cache_hits)} answers that the gateway’s cache gave again; paid to nobody`}>
            <dt>Saved by the cache</dt>
            <dd>
              <Money nano={now.saved_nano} />
            </dd>
          </div>
        )}
        {unpriced > 0 && (
          <div className="unpriced" title="Their models have no price: what they cost is not known and in no sum">
            <dt>No price known</dt>
            <dd>
              {count(unpriced)} {unpriced === 1 ? "request" : "requests"}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** Who most of it was. */
function Most({ report, rows, metric }: { report: UsageReport; rows: UsageRow[]; metric: Metric }) {
  const by = report.group_by;
  const first = rows
    .filter((row) => row.key !== "rest")
    .sort((a, b) => metricOf(b.figures, metric) - metricOf(a.figures, metric))[0];
  const whole = metricOf(report.totals, metric);
  if (!first || whole === 0) return null;
  const value = metricOf(first.figures, metric);
  return (
    <section className="card tile most" aria-label="Most of it">
      <span className="what">
        Most {metric === "cost" ? "spent" : metrics[metric].toLowerCase()} by{" "}
        {by.map((part) => parts[part].toLowerCase()).join(" and ")}
      </span>
      <span className="value name" title={first.name}>
        {first.name}
      </span>
      <span className="change">
        {metric === "cost" ? <Money nano={value} /> : short(value)} · {percent(value / whole)}
        <span className="muted"> of all</span>
      </span>
    </section>
  );
}

const Waiting = () => (
  <div className="bill-tiles" aria-busy>
    {["Paid altogether", "Most spent", "Requests", "Errors", "Tokens"].map((what, index) => (
      <div className={index === 0 ? "card tile paid" : "card tile"} key={what}>
        <div className="paid-sum">
          <span className="what">{what}</span>
          <Skeleton width={8} height={31} />
          <Skeleton width={16} />
        </div>
      </div>
    ))}
  </div>
);
