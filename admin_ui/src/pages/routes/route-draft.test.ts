import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import type { Route } from "@/api/types";
import { ruleFault } from "./faults";
import { blankRoute, DraftProblem, extended, moved, problemOf, routeBody, routeDraft, unfinished } from "./route-draft";
import type { RouteDraft } from "./route-draft";
import { added, emptyRule } from "./rules";

const target = (provider: string, priority: number) => ({
  provider,
  model: "m",
  priority,
  weight: 1,
  rules: null,
  paused_until: null,
});
const route = {
  id: "chat",
  active: true,
  strategy: "priority",
  sticky_by: "auto",
  targets: [target("b", 2), target("a", 1)],
  retry: { attempts: 3, base_seconds: 0.2, max_seconds: 4, retry_after_seconds: 5, max_calls: 6 },
  on_disconnect: "drain",
  hedge_seconds: 1.5,
  canary: { provider: "c", model: "m", percent: 5, by: "key" },
  mirror: null,
  guardrails: ["first", "second"],
  cache: { mode: "semantic", ttl_seconds: 90, scope: "user", threshold: 0.9, embedding_model: null },
} as unknown as Route;

const problem = (draft: RouteDraft): DraftProblem => {
  try {
    routeBody(draft);
  } catch (error) {
    return error as DraftProblem;
  }
  throw new Error("it was taken");
};

test("a route goes through the form unchanged, its targets in the order of their priority", () => {
  expect(routeBody(routeDraft(route))).toEqual({ ...route, targets: [target("a", 1), target("b", 2)] });
});

test("what is not finished is named by its field", () => {
  const start = { ...blankRoute(), id: "chat" };
  expect(problem(start)).toMatchObject({ field: "targets[0].provider" });
  const [first] = routeDraft(route).targets;
  if (!first) throw new Error("no target");
  const put = (part: object) => ({ ...routeDraft(route), targets: [first, { ...first, ...part }] });
  expect(problem(put({ weight: "-1" }))).toMatchObject({ field: "targets[1].weight" });
  expect(problem(put({ priority: "1.5" }))).toMatchObject({ field: "targets[1].priority" });
  expect(problem(put({ condition: { view: "json", text: "{" } }))).toMatchObject({ field: "targets[1].rules" });
  const group = added(emptyRule(), 1, "test");
  expect(problem(put({ condition: { view: "rows", group } }))).toMatchObject({ field: "targets[1].rules", node: 2 });
  const draft = routeDraft(route);
  expect(problem({ ...draft, canary: { ...draft.canary, percent: "101" } })).toMatchObject({ field: "canary.percent" });
  expect(problem({ ...draft, cache: { ...draft.cache, threshold: "" } })).toMatchObject({ field: "cache.threshold" });
});

test("moving a target keeps priorities rising with the order", () => {
  const { targets } = routeDraft({ ...route, targets: [target("a", 0), target("b", 0), target("c", 5)] });
  expect(moved(targets, 2, 0).map(({ provider, priority }) => `${provider}${priority}`)).toEqual(["c0", "a0", "b5"]);
  expect(moved(targets, 0, -1)).toEqual(targets);
  const loose = targets.map((item, index) => ({ ...item, priority: String(9 - index) }));
  expect(moved(loose, 0, 2).map(({ provider, priority }) => `${provider}${priority}`)).toEqual(["b8", "c7", "a9"]);
});

test("a further target is the next step of a fallback, and one more beside the others elsewhere", () => {
  const draft = routeDraft(route);
  expect(extended(draft).at(-1)).toMatchObject({ key: 3, priority: "3" });
  expect(extended({ ...draft, strategy: "cost" }).at(-1)).toMatchObject({ priority: "0" });
});

test("an empty form says all that it lacks, and what was filled in since is blamed no more", () => {
  const blank = blankRoute();
  const found = problem(blank);
  expect([found, ...found.others].map(({ field }) => field)).toEqual(["id", "targets[0].provider"]);
  expect(unfinished(found, problemOf({ ...blank, id: "chat" }))).toMatchObject({ field: "targets[0].provider" });
  expect(unfinished(found, problemOf(routeDraft(route)))).toBeNull();
  const draft = routeDraft(route);
  expect(unfinished(found, problemOf({ ...draft, hedge_seconds: "x" }))).toBeNull();
});

test("a share of nothing is refused beside its field", () => {
  const draft = routeDraft(route);
  const zero = problem({ ...draft, canary: { ...draft.canary, percent: "0" } });
  expect(zero).toMatchObject({ field: "canary.percent", message: "The share must be above 0 %." });
});

test("a fault of the server's names the part of the row that is to blame", () => {
  const group = added(emptyRule(), 1, "test");
  const refused = (field: string) => new ApiError(422, "invalid", "no", `body.targets[0].rules${field}`);
  const fault = (field: string) => ruleFault(refused(field), "targets[0].rules", group);
  expect(fault(".all[0].value")).toEqual({ node: 2, part: "value", message: "no" });
  expect(fault(".all[0].value[3]")).toMatchObject({ node: 2, part: "value" });
  expect(fault(".all[0].field")).toMatchObject({ part: "field" });
  expect(fault(".all[0]")?.part).toBeUndefined();
});
