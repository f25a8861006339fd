import { ArrowDown, ArrowUp } from "lucide-react";
import type { Figures, UsageReport } from "@/api/usage";
import { change, count, duration, percent, short } from "@/format/numbers";
import { metricOf, sortRows, type UsageRow } from "@/format/usage-rows";
import { metrics, parts, type Metric, type SortColumn, type UsageSearch } from "@/format/usage-search";
import { SortHead, type Sorting } from "@/ui/SortHead";
import { Money } from "@/ui/Value";

interface Props {
  report: UsageReport;
  rows: UsageRow[];
  before: Figures | undefined;
  beforeLabel: string;
  search: UsageSearch;
  change: (part: Partial<UsageSearch>) => void;
}

interface Column {
  id: SortColumn;
  title: string;
  hint?: string;
  cell: (figures: Figures) => React.ReactNode;
}

const some = (value: number, show: (value: number) => React.ReactNode) =>
  value === 0 ? <span className="muted">–</span> : show(value);
const amount = (value: number) => some(value, (nano) => <Money nano={nano} />);
const number = (value: number) => some(value, (own) => <span title={count(own)}>{short(own)}</span>);

const cost: Column = {
  id: "cost",
  title: "Paid",
  hint: "Altogether, to the nano-dollar on hover",
  cell: (one) => amount(one.total_cost_nano),
};
const others: Column[] = [
  { id: "requests", title: "Requests", cell: (one) => number(one.requests) },
  { id: "errors", title: "Errors", cell: (one) => number(one.errors) },
  { id: "input", title: "Tokens in", cell: (one) => number(one.input_tokens) },
  { id: "cached", title: "from cache", hint: "Part of what went in", cell: (one) => number(one.cache_read_tokens) },
  { id: "output", title: "Tokens out", cell: (one) => number(one.output_tokens) },
  { id: "lost", title: "Lost hedges", hint: "Part of what was paid", cell: (one) => amount(one.lost_cost_nano) },
  { id: "copies", title: "Mirrored", hint: "Part of what was paid", cell: (one) => amount(one.mirror_cost_nano) },
  {
    id: "saved",
    title: "Saved",
    hint: "By the gateway’s cache; paid to nobody",
    cell: (one) => amount(one.saved_nano),
  },
  {
    id: "unpriced",
    title: "Unpriced",
    hint: "Requests whose model has no price: their cost is in no sum",
    cell: (one) => number(one.unpriced + one.mirror_unpriced),
  },
];
const speed: Column = {
  id: "first_byte",
  title: "First byte p95",
  cell: ({ first_byte_p95_ms: ms }) => (ms === null ? <span className="muted">–</span> : duration(ms)),
};
const measure: Record<Metric, Column> = {
  cost,
  tokens: { id: "tokens", title: "Tokens", cell: (one) => number(metricOf(one, "tokens")) },
  requests: others[0] ?? cost,
  errors: others[1] ?? cost,
};

/** Everything the chart shows, group by group, with its share of the whole and what it was before. The last line is the sum. */
export function GroupTable({ report, rows, before, beforeLabel, search, change: apply }: Props) {
  const metric = search.metric ?? "cost";
  const by = report.group_by;
  const first = measure[metric];
  const latency = rows.some((row) => row.figures.first_byte_p95_ms !== null);
  const columns = [
    ...(metric === "cost" ? [] : [cost]),
    ...others.filter(({ id }) => id !== first.id),
    ...(latency ? [speed] : []),
  ];
  const sorting: Sorting<SortColumn> = { by: search.sort ?? first.id, dir: search.dir ?? "desc" };
  const sort = (next: Sorting<SortColumn>) => apply({ sort: next.by, dir: next.dir });
  const head = { sorting, onSort: sort };
  const whole = metricOf(report.totals, metric);
  const name = by.map((part) => parts[part]).join(" and ");
  return (
    <section className="card table-card" aria-label={`${metrics[metric]} by ${name.toLowerCase()}`}>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll usage-scroll" tabIndex={0} role="region" aria-label="Breakdown">
        <table className="table usage-table" aria-label={`Usage by ${name.toLowerCase()}`}>
          <thead>
            <tr>
              <SortHead name="name" first="asc" {...head}>
                {name}
              </SortHead>
              <SortHead name={first.id} right title={first.hint} {...head}>
                {first.title}
              </SortHead>
              <SortHead name="share" right {...head}>
                Share
              </SortHead>
              <SortHead name="change" right title={`Compared with ${beforeLabel}`} {...head}>
                Change
              </SortHead>
              {columns.map(({ id, title, hint }) => (
                <SortHead key={id} name={id} right title={hint} {...head}>
                  {title}
                </SortHead>
              ))}
            </tr>
          </thead>
          <tbody>
            {sortRows(rows, sorting.by, sorting.dir, metric).map((row) => (
              <tr key={row.key}>
                <td>
                  <Name row={row} apply={apply} />
                </td>
                <td className="right strong">{first.cell(row.figures)}</td>
                <Share part={metricOf(row.figures, metric)} whole={whole} />
                <td className="right">
                  <Moved row={row} metric={metric} beforeLabel={beforeLabel} />
                </td>
                {columns.map(({ id, cell }) => (
                  <td key={id} className="right">
                    {cell(row.figures)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Sum</th>
              <td className="right strong">{first.cell(report.totals)}</td>
              <Share part={whole} whole={whole} />
              <td className="right">
                <Moved
                  row={{ figures: report.totals, previous: before, fresh: false }}
                  metric={metric}
                  beforeLabel={beforeLabel}
                />
              </td>
              {columns.map(({ id, cell }) => (
                <td key={id} className="right">
                  {cell(report.totals)}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

function Name({ row, apply }: { row: UsageRow; apply: Props["change"] }) {
  const { filter, name, color } = row;
  return (
    <span className="row">
      <span className={`key ${color ?? "c-ended"}`} aria-hidden />
      {filter ? (
        <button type="button" className="name truncate" title={`Filter by ${name}`} onClick={() => apply(filter)}>
          {name}
        </button>
      ) : (
        <span className={row.key === "rest" ? "muted" : "truncate"}>{name}</span>
      )}
    </span>
  );
}

const Share = ({ part, whole }: { part: number; whole: number }) => (
  <td className="right share-cell">
    {whole > 0 ? percent(part / whole) : "–"}
    <span className="share" aria-hidden>
      <span style={{ width: `${whole > 0 ? Math.min(100, (100 * part) / whole) : 0}%` }} />
    </span>
  </td>
);

interface MovedProps {
  row: Pick<UsageRow, "figures" | "previous" | "fresh">;
  metric: Metric;
  beforeLabel: string;
}

/** "▲ 18 %", with the earlier value on hover. */
function Moved({ row, metric, beforeLabel }: MovedProps) {
  const { figures, previous, fresh } = row;
  const [now, then] = [metricOf(figures, metric), previous ? metricOf(previous, metric) : 0];
  const moved = change(now, then);
  if (!moved) return <span className="muted">{(fresh || (previous && then === 0)) && now > 0 ? "new" : "–"}</span>;
  const Arrow = moved.up ? ArrowUp : ArrowDown;
  return (
    <span className="moved" title={`Compared with ${beforeLabel}`}>
      <Arrow className="icon inline" aria-hidden />
      <span className="visually-hidden">{moved.up ? "up" : "down"}</span> {moved.text}
    </span>
  );
}
