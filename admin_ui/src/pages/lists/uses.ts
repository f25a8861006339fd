import type { Route, RouteTarget } from "@/api/types";

/** Routes of one's own of which a target, the canary or the mirror is such a one. */
export const routesOf = (
  routes: readonly Route[] | undefined,
  fits: (target: Pick<RouteTarget, "provider" | "model">) => boolean,
) =>
  routes?.filter(
    ({ built_in, targets, canary, mirror }) =>
      !built_in && [...targets, canary, mirror].some((one) => one != null && fits(one)),
  ) ?? [];

/** "3 routes use them: chat, agents, smart.", "" when none does. */
export function routesThat(
  routes: readonly Route[] | undefined,
  verb: string,
  fits: (target: Pick<RouteTarget, "provider" | "model">) => boolean,
  what = "them",
): string {
  const found = routesOf(routes, fits).map(({ id }) => id);
  if (found.length === 0) return "";
  const names = `${found.slice(0, 3).join(", ")}${found.length > 3 ? " and others" : ""}`;
  return `${found.length === 1 ? `One route ${verb}s` : `${found.length} routes ${verb}`} ${what}: ${names}.`;
}
