import { expect, test } from "vitest";
import type { CacheRule } from "@/api/cache";
import type { Route } from "@/api/types";
import { gatewayRows, lookedUp } from "./gateway-rows";

const rule: CacheRule = { mode: "exact", ttl_seconds: 60, scope: "team", threshold: 0.95, embedding_model: null };
const figures = (hits: number, saved_usd: string) => ({
  requests: hits + 3,
  hits,
  semantic: 0,
  misses: 2,
  bypassed: 1,
  hit_rate: hits / (hits + 2),
  saved_usd,
});
const routes = [
  { id: "on", cache: rule },
  { id: "quiet", cache: rule },
  { id: "off", cache: null },
] as unknown as Route[];

test("what saved most comes first; a route that keeps answers is there though nobody asked it", () => {
  const report = {
    routes: [
      { route: "on", ...figures(1, "0.000000002") },
      { route: "gone", ...figures(4, "1.5") },
    ],
  };
  const rows = gatewayRows(report, routes, null);
  expect(rows.map(({ route, known, saved }) => [route, known, saved])).toEqual([
    ["gone", false, 1_500_000_000],
    ["on", true, 2],
    ["quiet", true, 0],
  ]);
  expect(rows.map((row) => row.rule !== null)).toEqual([false, true, true]);
});

test("the rule of the settings is that of models without a route", () => {
  const report = { routes: [{ route: null, ...figures(2, "0") }] };
  expect(gatewayRows(report, [], rule)).toMatchObject([{ route: null, rule }]);
  expect(gatewayRows({ routes: [] }, [], rule)).toMatchObject([{ route: null, figures: { hits: 0 } }]);
  expect(gatewayRows({ routes: [] }, [], null)).toEqual([]);
  expect(lookedUp(figures(2, "0"))).toBe(5);
});
