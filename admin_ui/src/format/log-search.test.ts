import { expect, test } from "vitest";
import { logQueryOf } from "@/api/queries";
import { activeFilters, filterPart, filterProblem, logSearch } from "./log-search";
import { merge } from "./log-rows";

test("what the page does not understand is dropped from its URL", () => {
  expect(
    logSearch({ range: "3y", status: 429, min_ms: -1, min_cost: "x", live: "yes", model: "", error: {}, evil: "1" }),
  ).toEqual({ status: "429" });
  expect(logSearch({ from: 20, to: 10 })).toEqual({});
});

test("two ends replace a range", () => {
  expect(logSearch({ range: "24h", from: 10, to: 20 })).toEqual({ from: 10, to: 20 });
});

test("the API gets nano-dollars and a start at a whole minute", () => {
  const query = logQueryOf({ range: "1h", min_cost: 0.25, max_cost: 1.5, live: true, status: "5xx" }, 7_200_123);
  expect(query).toMatchObject({
    from: 3_600_000,
    min_cost_nano: 250_000_000,
    max_cost_nano: 1_500_000_000,
    status: "5xx",
  });
  expect(query).not.toHaveProperty("min_cost");
});

test.each([
  ["status", "600"],
  ["status", "4x"],
  ["status", ""],
  ["ms", "1.5"],
  ["ms", "-1"],
  ["ms", "", "x"],
  ["ms", "20", "10"],
  ["cost", "a"],
  ["cost", "", ""],
] as const)("%s = %j %j is refused in words", (name, first, second?: string) => {
  expect(filterProblem(name, first, second)).toBeTruthy();
});

test.each([
  ["status", "5xx"],
  ["cost", "0.01"],
  ["cost", "0.01", "0.5"],
  ["tokens", "1000"],
  ["retries", "", "0"],
] as const)("%s = %j %j is taken", (name, first, second?: string) => {
  expect(filterProblem(name, first, second)).toBeUndefined();
});

test("a chip says what its filter keeps, and what its form gave comes back from the URL", () => {
  const search = logSearch({
    ...filterPart("ms", "100", "250"),
    ...filterPart("cost", "", "0.5"),
    ...filterPart("retries", "1"),
    ...filterPart("mirror", "none"),
    ...filterPart("status", "5xx"),
  });
  expect(search).toEqual({ min_ms: 100, max_ms: 250, max_cost: 0.5, min_retries: 1, mirror: false, status: "5xx" });
  expect(activeFilters(search).map(({ name, value }) => `${name}: ${value}`)).toEqual([
    "status: 5xx",
    "ms: 100 ms – 250 ms",
    "cost: ≤ $0.5",
    "retries: ≥ 1",
    "mirror: none",
  ]);
  expect(logSearch({ ...search, ...filterPart("ms"), ...filterPart("mirror") })).toEqual({
    max_cost: 0.5,
    min_retries: 1,
    status: "5xx",
  });
});

test("what guardrails and the cache did is one of their words, and said in ours", () => {
  const search = logSearch({ guarded: "blocked", cache: "any", guardrail: 7 });
  expect(search).toEqual({ guarded: "blocked", cache: "any", guardrail: "7" });
  expect(activeFilters(search).map(({ name, value }) => `${name}: ${value}`)).toEqual([
    "guardrail: 7",
    "guarded: blocked",
    "cache: given again",
  ]);
  expect(logSearch({ ...search, ...filterPart("cache"), ...filterPart("guarded", "masked") })).toEqual({
    guarded: "masked",
    guardrail: "7",
  });
  expect(logSearch({ guarded: "toString", cache: ["any"] })).toEqual({});
});

test("merged rows are newest first and the first list's row counts", () => {
  const rows = merge(
    [{ id: "c", state: "done" }],
    [
      { id: "a", state: "done" },
      { id: "c", state: "running" },
    ],
    [{ id: "b", state: "done" }],
  );
  expect(rows.map((row) => row.id)).toEqual(["c", "b", "a"]);
  expect(rows[0]?.state).toBe("done");
});
