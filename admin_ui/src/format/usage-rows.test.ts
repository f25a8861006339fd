import { expect, test } from "vitest";
import type { Figures, UsageReport } from "@/api/usage";
import { groupSeries, kindSeries, sortRows, usageRows } from "./usage-rows";

const zero = Object.fromEntries(
  [
    "requests errors fresh_tokens cache_read_tokens cache_write_5m_tokens cache_write_1h_tokens input_tokens output_tokens",
    "reasoning_tokens cost_nano unpriced lost_cost_nano mirrors mirror_cost_nano mirror_unpriced total_cost_nano",
  ]
    .join(" ")
    .split(" ")
    .map((name) => [name, 0]),
) as unknown as Figures;

const figures = (part: Partial<Figures>): Figures => ({
  ...zero,
  first_byte_p50_ms: null,
  first_byte_p95_ms: null,
  first_byte_p99_ms: null,
  total_p50_ms: null,
  total_p95_ms: null,
  total_p99_ms: null,
  ...part,
});

const group = (id: string | null, cost: number, requests: number) => ({
  ids: { key: id },
  names: { key: id === "k1" ? "First" : null },
  figures: figures({ total_cost_nano: cost, requests }),
  previous: null,
  lines: { requests: [requests, 0], errors: [0, 0], tokens: [0, 0], cost_nano: [cost - 1, 1] },
});

const report = (groups: ReturnType<typeof group>[], rest: UsageReport["rest"] = null): UsageReport => ({
  from: 0,
  to: 2,
  interval: "hour",
  timezone: "UTC",
  group_by: ["key"],
  totals: figures({}),
  previous: null,
  previous_from: null,
  groups,
  rest,
  series: [
    { start: 0, end: 1, figures: figures({ output_tokens: 10, reasoning_tokens: 4, fresh_tokens: 3 }) },
    { start: 1, end: 2, figures: figures({ cost_nano: 5, lost_cost_nano: 2, mirror_cost_nano: 1 }) },
  ],
});

const many = Array.from({ length: 12 }, (_, index) => group(`g${index}`, 100 - index, index));

test("groups have names, filters and what they were before; those without a value cannot be filtered by", () => {
  const before = report([group("k1", 50, 1)]);
  const [first, none] = usageRows(report([group("k1", 75, 2), group(null, 10, 1)]), before, "cost");
  expect(first).toMatchObject({ name: "First", filter: { key: "k1" }, fresh: false, color: "c1" });
  expect(first?.previous?.total_cost_nano).toBe(50);
  expect(none).toMatchObject({ name: "no key", filter: undefined, fresh: true, previous: undefined });
});

test("a group that the earlier report does not list is new only where that one lists all", () => {
  const earlier = report([], { groups: 9, figures: figures({}), lines: null });
  expect(usageRows(report([group("k1", 1, 1)]), earlier, "cost")[0]?.fresh).toBe(false);
});

test("the stack holds the greatest of the measure, and its sums are the whole", () => {
  const rest = {
    groups: 3,
    figures: figures({ total_cost_nano: 9, requests: 7 }),
    lines: { requests: [7, 0], errors: [0, 0], tokens: [0, 0], cost_nano: [5, 4] },
  };
  const whole = report(many, rest);
  for (const metric of ["cost", "requests"] as const) {
    const rows = usageRows(whole, undefined, metric);
    const series = groupSeries(whole, rows, metric);
    expect(series).toHaveLength(9);
    expect(series.at(-1)).toMatchObject({ label: "All others", color: "c-ended" });
    const sum = series.flatMap((line) => line.values).reduce<number>((total, value) => total + (value ?? 0), 0);
    const all = [...many.map((one) => one.lines), rest.lines].flatMap((one) =>
      metric === "cost" ? one.cost_nano : one.requests,
    );
    expect(sum).toBe(all.reduce((total, value) => total + value, 0));
  }
  expect(groupSeries(whole, usageRows(whole, undefined, "requests"), "requests")[0]?.label).toBe("g11");
});

test("rows sort by any column both ways; what stands for several groups stays last", () => {
  const rows = usageRows(
    report(many, { groups: 3, figures: figures({ requests: 99 }), lines: null }),
    undefined,
    "cost",
  );
  const names = (...order: Parameters<typeof sortRows> extends [unknown, ...infer R] ? R : never) =>
    sortRows(rows, ...order).map((row) => row.name);
  expect(names("requests", "desc", "cost").slice(0, 2)).toEqual(["g11", "g10"]);
  expect(names("name", "asc", "cost").slice(0, 2)).toEqual(["g0", "g1"]);
  for (const dir of ["asc", "desc"] as const) expect(names("requests", dir, "cost").at(-1)).toBe("3 more");
});

test("kinds add up: reasoning is part of the output, the bill has three parts", () => {
  const at = (metric: "tokens" | "cost", index: number) =>
    kindSeries(report([]), metric).map((line) => line.values[index]);
  expect(at("tokens", 0)).toEqual([3, 0, 0, 6, 4]);
  expect(at("cost", 1)).toEqual([5, 2, 1]);
});
