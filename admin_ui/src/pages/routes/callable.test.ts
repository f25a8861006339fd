import { expect, test } from "vitest";
import type { ProviderHealth } from "@/api/routing";
import type { Provider, RouteTarget } from "@/api/types";
import { callable, callableText, type Known } from "./callable";

const now = 1000;
const target = (provider: string, part: Partial<RouteTarget> = {}): RouteTarget => ({ provider, model: "m", ...part });
const provider = (id: string, part: object = {}) => ({ id, active: true, paused_until: null, ...part }) as Provider;
const health = (keys: string[], breaker = "closed") =>
  ({ keys: keys.map((state) => ({ state })), targets: [{ model: "m", breaker }] }) as unknown as ProviderHealth;

const known: Known = {
  providers: [
    provider("good"),
    provider("late", { paused_until: 2000 }),
    provider("early", { paused_until: 900 }),
    provider("off", { active: false }),
    provider("dead"),
    provider("half"),
    provider("open"),
    provider("bare"),
  ],
  health: new Map([
    ["good", health(["ok"])],
    ["dead", health(["dead", "cooling"])],
    ["half", health(["dead", "ok"])],
    ["open", health(["ok"], "open")],
    ["bare", health([], "half_open")],
  ]),
};
const words = (targets: RouteTarget[], built_in = false) => callableText(callable({ built_in, targets }, known, now));

test("what can be called is not spoken of", () => {
  expect(words([target("good"), target("early"), target("half"), target("bare")])).toBe("");
});

test("pauses of targets and of providers count alike", () => {
  expect(words([target("good"), target("late"), target("good", { paused_until: 2000 })])).toBe("2 of 3 paused");
  expect(words([target("late"), target("good", { paused_until: 2000 })])).toBe("paused");
});

test("dead keys, open breakers and providers that are gone are in the way as well", () => {
  expect(words([target("good"), target("dead"), target("late"), target("bare")])).toBe("2 of 4 cannot be called");
  expect(words([target("open"), target("dead"), target("off"), target("gone")])).toBe("no target can be called");
  expect(words([target("open", { model: "other" })])).toBe("");
});

test("a built-in route is not blamed for providers that nobody set up", () => {
  expect(words([target("gone"), target("good")], true)).toBe("");
  expect(words([target("gone"), target("good")])).toBe("1 of 2 cannot be called");
  expect(words([target("gone")], true)).toBe("no target can be called");
});

test("before anything is known nothing is claimed", () => {
  const nothing = { providers: undefined, health: undefined };
  expect(callable({ built_in: false, targets: [target("gone")] }, nothing, now).obstacles).toEqual([]);
});
