import type { Figures, UsageGroup, UsageReport } from "@/api/usage";
import type { ChartColor, Series } from "@/charts/series";
import { change } from "./numbers";
import { metrics, parts, type Metric, type Part, type SortColumn } from "./usage-search";

/** One line of the breakdown: a group, or all groups beyond the listed ones together (`id` undefined). */
export interface UsageRow {
  key: string;
  name: string;
  /** What to filter by for this row alone; undefined where that cannot be said: several groups, or requests without a value. */
  filter: Partial<Record<Part, string>> | undefined;
  figures: Figures;
  previous: Figures | undefined;
  /** True when it had nothing in the time before. */
  fresh: boolean;
  lines: UsageReport["groups"][number]["lines"];
  /** Its colour in the chart; undefined for what is drawn as "others". */
  color: ChartColor | undefined;
}

const palette: ChartColor[] = ["c1", "c4", "c3", "c5", "c6", "c7", "c2", "c8"];

/** The value of a metric. */
export function metricOf(figures: Figures, metric: Metric): number {
  if (metric === "cost") return figures.total_cost_nano;
  if (metric === "tokens") return figures.input_tokens + figures.output_tokens;
  return figures[metric];
}

/** "demo-gpt", "no team", "Support bot · demo-gpt". */
export function groupName(group: Pick<UsageGroup, "ids" | "names">, by: readonly Part[]): string {
  return by.map((part) => group.names[part] ?? group.ids[part] ?? `no ${parts[part].toLowerCase()}`).join(" · ");
}

const keyOf = (group: Pick<UsageGroup, "ids">, by: readonly Part[]) =>
  JSON.stringify(by.map((part) => group.ids[part] ?? null));

function filterOf(group: UsageGroup, by: readonly Part[]): UsageRow["filter"] {
  const pairs = by.flatMap((part) => (group.ids[part] ? [[part, group.ids[part]] as const] : []));
  return pairs.length === by.length ? Object.fromEntries(pairs) : undefined;
}

/** The lines of the breakdown; those with the most of a metric have a colour. `before` is the report of the time before. */
export function usageRows(report: UsageReport, before: UsageReport | undefined, metric: Metric): UsageRow[] {
  const by = report.group_by;
  const earlier = new Map(before?.groups.map((group) => [keyOf(group, by), group.figures]));
  const ranked = [...report.groups].sort((a, b) => metricOf(b.figures, metric) - metricOf(a.figures, metric));
  const rows = ranked.map((group, index): UsageRow => {
    const key = keyOf(group, by);
    return {
      key,
      name: groupName(group, by),
      filter: filterOf(group, by),
      figures: group.figures,
      previous: earlier.get(key),
      // One that is not listed may be in the earlier report's rest; without a rest, it had nothing.
      fresh: before !== undefined && !before.rest && !earlier.has(key),
      lines: group.lines,
      color: metricOf(group.figures, metric) > 0 ? palette[index] : undefined,
    };
  });
  if (report.rest) {
    const { groups, figures, lines } = report.rest;
    rows.push({
      key: "rest",
      name: `${groups} more`,
      filter: undefined,
      figures,
      previous: undefined,
      fresh: false,
      lines,
      color: undefined,
    });
  }
  return rows;
}

const add = (one: number[], other: number[] | undefined) => one.map((value, at) => value + (other?.[at] ?? 0));
const lineNames = { cost: "cost_nano", tokens: "tokens", requests: "requests", errors: "errors" } as const;

/** The stack of a metric by group: the greatest ones, then all others together. Its sums are those of the whole report. */
export function groupSeries(report: UsageReport, rows: readonly UsageRow[], metric: Metric): Series[] {
  const values = (row: UsageRow) => row.lines?.[lineNames[metric]] ?? [];
  const shown = rows.filter((row) => row.color);
  const others = rows.filter((row) => !row.color && metricOf(row.figures, metric) > 0);
  const series: Series[] = shown.map((row) => ({
    label: row.name,
    id: row.key,
    values: values(row),
    color: row.color ?? "c1",
  }));
  if (others.length > 0) {
    const sum = others.reduce(
      (total, row) => add(total, values(row)),
      report.series.map(() => 0),
    );
    series.push({ label: others.length === 1 ? (others[0]?.name ?? "") : "All others", values: sum, color: "c-ended" });
  }
  return series;
}

type Value = (figures: Figures) => number | null;
const kinds: Record<Metric, [label: string, color: ChartColor, pick: Value][]> = {
  cost: [
    ["Answers", "c1", (one) => one.cost_nano],
    ["Lost hedges", "c4", (one) => one.lost_cost_nano],
    ["Mirrored copies", "c3", (one) => one.mirror_cost_nano],
  ],
  tokens: [
    ["Fresh input", "c1", (one) => one.fresh_tokens],
    ["Cache read", "c2", (one) => one.cache_read_tokens],
    ["Cache write", "c5", (one) => one.cache_write_5m_tokens + one.cache_write_1h_tokens],
    ["Output", "c3", (one) => one.output_tokens - one.reasoning_tokens],
    ["Reasoning", "c4", (one) => one.reasoning_tokens],
  ],
  requests: [
    ["Answered", "c1", (one) => one.requests - one.errors],
    ["Errors", "c-error", (one) => one.errors],
  ],
  errors: [["Errors", "c-error", (one) => one.errors]],
};

/** The stack of a metric by what it consists of. */
export const kindSeries = (report: UsageReport, metric: Metric): Series[] =>
  kinds[metric].map(([label, color, pick]) => ({
    label,
    color,
    values: report.series.map(({ figures }) => pick(figures)),
  }));

/** Percentiles of the first byte or the whole request. */
export function latencySeries(report: UsageReport, which: "first_byte" | "total"): Series[] {
  const colors = { p50: "c1", p95: "c4", p99: "c5" } as const;
  return (["p50", "p95", "p99"] as const).map((name) => ({
    label: name,
    color: colors[name],
    values: report.series.map(({ figures }) => figures[`${which}_${name}_ms`]),
  }));
}

const changeOf = (row: UsageRow, metric: Metric) => {
  const [now, before] = [metricOf(row.figures, metric), row.previous ? metricOf(row.previous, metric) : 0];
  return before > 0 ? now / before - 1 : Number.NEGATIVE_INFINITY;
};

const cells: Record<Exclude<SortColumn, "name">, (row: UsageRow, metric: Metric) => number> = {
  cost: ({ figures }) => figures.total_cost_nano,
  share: (row, metric) => metricOf(row.figures, metric),
  change: changeOf,
  requests: ({ figures }) => figures.requests,
  errors: ({ figures }) => figures.errors,
  tokens: ({ figures }) => metricOf(figures, "tokens"),
  input: ({ figures }) => figures.input_tokens,
  cached: ({ figures }) => figures.cache_read_tokens,
  output: ({ figures }) => figures.output_tokens,
  lost: ({ figures }) => figures.lost_cost_nano,
  copies: ({ figures }) => figures.mirror_cost_nano,
  saved: ({ figures }) => figures.saved_nano,
  unpriced: ({ figures }) => figures.unpriced,
  first_byte: ({ figures }) => figures.first_byte_p95_ms ?? -1,
};

/** Sorted anew; what stands for several groups stays last. */
export function sortRows(rows: readonly UsageRow[], sort: SortColumn, dir: "asc" | "desc", metric: Metric): UsageRow[] {
  const sign = dir === "asc" ? 1 : -1;
  const compare = (a: UsageRow, b: UsageRow) => {
    if (sort === "name") return sign * a.name.localeCompare(b.name);
    const [x, y] = [cells[sort](a, metric), cells[sort](b, metric)];
    return x === y ? a.name.localeCompare(b.name) : sign * (x < y ? -1 : 1);
  };
  const rest = rows.filter((row) => row.key === "rest");
  return [...rows.filter((row) => row.key !== "rest").sort(compare), ...rest];
}

/** "▲ 18 %" in words and as a direction; null when there was nothing before or nothing changed. */
export const compared = (now: Figures, before: Figures | undefined, metric: Metric) =>
  before ? change(metricOf(now, metric), metricOf(before, metric)) : null;

export const metricLabel = (metric: Metric) => (metric === "cost" ? "Paid" : metrics[metric]);
