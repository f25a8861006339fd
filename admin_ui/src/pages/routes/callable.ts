import type { ProviderHealth } from "@/api/routing";
import type { Provider, Route, RouteTarget } from "@/api/types";

/** Why a target cannot be called just now; `pause`: because somebody wished so. */
export interface Obstacle {
  target: string;
  why: string;
  pause: boolean;
}

/** What is known of the providers; undefined = not read yet. */
export interface Known {
  providers: readonly Provider[] | undefined;
  health: ReadonlyMap<string, ProviderHealth> | undefined;
}

/** The targets of a route that count, and what stands in the way of which. */
export interface Callable {
  count: number;
  obstacles: Obstacle[];
}

/** A built-in route names providers that many deployments have not: those do not count, unless none is left. */
export function callable(route: Pick<Route, "built_in" | "targets">, known: Known, now: number): Callable {
  const here = route.targets.filter((target) => !route.built_in || !isGone(target, known));
  const targets = here.length > 0 ? here : route.targets;
  const obstacles = targets.flatMap((target) => {
    const found = obstacle(target, known, now);
    return found ? [{ target: `${target.provider}/${target.model}`, ...found }] : [];
  });
  return { count: targets.length, obstacles };
}

function isGone({ provider }: RouteTarget, { providers }: Known): boolean {
  return providers !== undefined && !providers.some(({ id, active }) => id === provider && active);
}

function obstacle(target: RouteTarget, known: Known, now: number): Omit<Obstacle, "target"> | null {
  const provider = known.providers?.find(({ id }) => id === target.provider);
  const health = known.health?.get(target.provider);
  if (isGone(target, known)) return { why: "its provider is switched off or gone", pause: false };
  if ((target.paused_until ?? 0) > now) return { why: "it is paused", pause: true };
  if ((provider?.paused_until ?? 0) > now) return { why: "its provider is paused", pause: true };
  if (health && health.keys.length > 0 && health.keys.every(({ state }) => state !== "ok"))
    return { why: "its provider has no usable key", pause: false };
  const breaker = health?.targets.find(({ model }) => model === target.model)?.breaker;
  return breaker === "open" ? { why: "its circuit breaker is open", pause: false } : null;
}

/** The state in a few words; "" = every target can be called. */
export function callableText({ count, obstacles }: Callable): string {
  if (obstacles.length === 0) return "";
  const paused = obstacles.every(({ pause }) => pause);
  if (obstacles.length === count) return paused ? "paused" : "no target can be called";
  return `${obstacles.length} of ${count} ${paused ? "paused" : "cannot be called"}`;
}
