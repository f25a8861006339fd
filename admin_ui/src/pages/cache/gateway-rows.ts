import type { CacheFigures, CacheReport, CacheRuleBody } from "@/api/cache";
import type { Route } from "@/api/types";
import { nanoOf } from "@/format/numbers";

/** What the cache did for one route (`route` null: for models without one), and the rule that it keeps answers by now. */
export interface GatewayRow {
  route: string | null;
  /** The route is there to be opened. */
  known: boolean;
  rule: CacheRuleBody | null;
  figures: CacheFigures;
  saved: number;
}

const nothing: CacheFigures = {
  requests: 0,
  hits: 0,
  semantic: 0,
  misses: 0,
  bypassed: 0,
  hit_rate: null,
  saved_usd: "0",
};

/** The routes of a report, and those that keep answers though nobody asked them in this time. What saved most comes first. */
export function gatewayRows(
  report: Pick<CacheReport, "routes">,
  routes: readonly Route[] | undefined,
  fallback: CacheRuleBody | null | undefined,
): GatewayRow[] {
  const stored = new Map(routes?.map((route) => [route.id, route]));
  const ruleOf = (id: string | null) => (id === null ? fallback : stored.get(id)?.cache) ?? null;
  const row = (id: string | null, figures: CacheFigures): GatewayRow => ({
    route: id,
    known: id !== null && stored.has(id),
    rule: ruleOf(id),
    figures,
    saved: nanoOf(figures.saved_usd),
  });
  const rows = report.routes.map((one) => row(one.route, one));
  const seen = new Set(rows.map(({ route }) => route));
  const quiet = [...stored.values()].filter((route) => route.cache && !seen.has(route.id)).map(({ id }) => id);
  const all = [...rows, ...quiet.map((id) => row(id, nothing))];
  if (fallback && !seen.has(null)) all.push(row(null, nothing));
  return all.sort(
    (a, b) => b.saved - a.saved || b.figures.hits - a.figures.hits || (a.route ?? "").localeCompare(b.route ?? ""),
  );
}

/** Requests that the cache had anything to do with. */
export const lookedUp = ({ hits, misses, bypassed }: CacheFigures) => hits + misses + bypassed;
