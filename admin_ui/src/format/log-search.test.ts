import { expect, test } from "vitest";
import { logQueryOf } from "@/api/queries";
import { filterProblem, logSearch } from "./log-search";
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
  const query = logQueryOf({ range: "1h", min_cost: 0.25, live: true, status: "5xx" }, 7_200_123);
  expect(query).toMatchObject({ from: 3_600_000, min_cost_nano: 250_000_000, status: "5xx" });
  expect(query).not.toHaveProperty("min_cost");
});

test.each([
  ["status", "600"],
  ["status", "4x"],
  ["status", ""],
  ["min_ms", "1.5"],
  ["min_ms", "-1"],
  ["min_cost", "a"],
] as const)("%s = %j is refused in words", (name, text) => {
  expect(filterProblem(name, text)).toBeTruthy();
});

test.each([
  ["status", "5xx"],
  ["min_cost", "0.01"],
  ["min_tokens", "1000"],
] as const)("%s = %j is taken", (name, text) => {
  expect(filterProblem(name, text)).toBeUndefined();
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
