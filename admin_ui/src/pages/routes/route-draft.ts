// What the route form holds, as text where people type, and the request body it makes.
import type { Route, RouteBody, RouteTarget, Share, Strategy } from "@/api/types";
import { parseJson, isObject } from "@/format/json";
import { cacheBody, cacheDraft, cacheFaults, noCache, type CacheDraft } from "@/pages/cache-rule/cache-draft";
import { emptyRule, readRule, RuleProblem, writeRule, type Group } from "./rules";

/** A condition in one of its two views; `group` null: only JSON can show it. */
export type Condition = { view: "rows"; group: Group } | { view: "json"; text: string };

export interface TargetDraft {
  /** For React, and to keep a target's fields together while it moves. */
  key: number;
  provider: string;
  model: string;
  priority: string;
  weight: string;
  /** Unix ms. */
  paused_until: number | null;
  condition: Condition;
}

export interface ShareDraft {
  on: boolean;
  provider: string;
  model: string;
  percent: string;
  by: "request" | "key";
}

const retryNames = ["attempts", "base_seconds", "max_seconds", "retry_after_seconds", "max_calls"] as const;
export type RetryName = (typeof retryNames)[number];

export interface RouteDraft {
  id: string;
  active: boolean;
  strategy: Strategy;
  sticky_by: NonNullable<RouteBody["sticky_by"]>;
  targets: TargetDraft[];
  retry: Record<RetryName, string> | null;
  on_disconnect: NonNullable<RouteBody["on_disconnect"]>;
  hedge_seconds: string;
  canary: ShareDraft;
  mirror: ShareDraft;
  /** Ids, in the order in which they look. */
  guardrails: string[];
  cache: CacheDraft;
}

/** What a deployment does where a route says nothing. */
export const retryDefaults: Record<RetryName, string> = {
  attempts: "2",
  base_seconds: "0.5",
  max_seconds: "8",
  retry_after_seconds: "10",
  max_calls: "8",
};

/** A field of the form that cannot be sent; `field` is its path, as the API would name it. */
export class DraftProblem extends Error {
  constructor(
    readonly field: string,
    message: string,
    /** The row of the rule editor, where the fault is in one. */
    readonly node?: number,
    /** What else is not finished. */
    readonly others: readonly DraftProblem[] = [],
  ) {
    super(message);
    this.name = "DraftProblem";
  }
}

const noShare: ShareDraft = { on: false, provider: "", model: "", percent: "5", by: "request" };

export const blankTarget = (key: number, priority: number): TargetDraft => ({
  key,
  provider: "",
  model: "",
  priority: String(priority),
  weight: "1",
  paused_until: null,
  condition: { view: "rows", group: emptyRule() },
});

export const blankRoute = (): RouteDraft => ({
  id: "",
  active: true,
  strategy: "priority",
  sticky_by: "auto",
  targets: [blankTarget(1, 0)],
  retry: null,
  on_disconnect: "cancel",
  hedge_seconds: "",
  canary: noShare,
  mirror: noShare,
  guardrails: [],
  cache: noCache,
});

export const jsonText = (value: unknown) =>
  value === null || value === undefined ? "" : JSON.stringify(value, null, 2);

function conditionOf(rules: unknown): Condition {
  const group = readRule(rules);
  return group ? { view: "rows", group } : { view: "json", text: jsonText(rules) };
}

const shareDraft = (share: Share | null | undefined): ShareDraft =>
  share
    ? {
        on: true,
        provider: share.provider,
        model: share.model,
        percent: String(share.percent),
        by: share.by ?? "request",
      }
    : noShare;

/** A route as the form shows it: its targets in the order of their priority. */
export function routeDraft(route: Route): RouteDraft {
  const targets = [...route.targets].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  return {
    id: route.id,
    active: route.active,
    strategy: route.strategy,
    sticky_by: route.sticky_by,
    targets: targets.map((target, index) => ({
      key: index + 1,
      provider: target.provider,
      model: target.model,
      priority: String(target.priority ?? 0),
      weight: String(target.weight ?? 1),
      paused_until: target.paused_until ?? null,
      condition: conditionOf(target.rules),
    })),
    retry: route.retry
      ? (Object.fromEntries(
          retryNames.map((name) => [name, String(route.retry?.[name] ?? retryDefaults[name])]),
        ) as Record<RetryName, string>)
      : null,
    on_disconnect: route.on_disconnect,
    hedge_seconds: route.hedge_seconds == null ? "" : String(route.hedge_seconds),
    canary: shareDraft(route.canary),
    mirror: shareDraft(route.mirror),
    guardrails: [...route.guardrails],
    cache: cacheDraft(route.cache),
  };
}

// --- to the request body ---

function numberOf(text: string, field: string, what: string, least: number, whole = false): number {
  const value = Number(text);
  if (!text.trim() || !Number.isFinite(value) || value < least || (whole && !Number.isInteger(value)))
    throw new DraftProblem(field, `${what} must be ${whole ? "a whole number" : "a number"} from ${least} on.`);
  return value;
}

/** The JSON of a condition; DraftProblem where it is not finished. */
export function conditionJson(condition: Condition, field: string): Record<string, unknown> | null {
  if (condition.view === "json") {
    if (!condition.text.trim()) return null;
    const { value, problem } = parseJson(condition.text);
    if (problem !== undefined) throw new DraftProblem(field, problem);
    if (!isObject(value)) throw new DraftProblem(field, "A condition is a JSON object.");
    return value;
  }
  try {
    return writeRule(condition.group);
  } catch (problem) {
    if (problem instanceof RuleProblem) throw new DraftProblem(field, problem.message, problem.node);
    throw problem;
  }
}

function targetBody(target: TargetDraft, index: number): RouteTarget {
  const at = `targets[${index}]`;
  if (!target.provider) throw new DraftProblem(`${at}.provider`, "Choose a provider.");
  if (!target.model.trim()) throw new DraftProblem(`${at}.model`, "Name the model as the provider calls it.");
  return {
    provider: target.provider,
    model: target.model.trim(),
    priority: numberOf(target.priority, `${at}.priority`, "The priority", 0, true),
    weight: numberOf(target.weight, `${at}.weight`, "The weight", 0, true),
    paused_until: target.paused_until,
    rules: conditionJson(target.condition, `${at}.rules`),
  };
}

function shareBody(share: ShareDraft, name: "canary" | "mirror"): Share | null {
  if (!share.on) return null;
  if (!share.provider) throw new DraftProblem(`${name}.provider`, "Choose a provider.");
  if (!share.model.trim()) throw new DraftProblem(`${name}.model`, "Name the model as the provider calls it.");
  const percent = numberOf(share.percent, `${name}.percent`, "The share", 0);
  if (percent === 0) throw new DraftProblem(`${name}.percent`, "The share must be above 0 %.");
  if (percent > 100) throw new DraftProblem(`${name}.percent`, "A share is at most 100 %.");
  return { provider: share.provider, model: share.model.trim(), percent, by: share.by };
}

const whole = (name: RetryName) => name === "attempts" || name === "max_calls";
const retryBody = ({ retry }: RouteDraft) =>
  retry &&
  Object.fromEntries(
    retryNames.map((name) => [name, numberOf(retry[name], `retry.${name}`, "This", whole(name) ? 1 : 0, whole(name))]),
  );
const hedgeBody = ({ hedge_seconds }: RouteDraft) =>
  hedge_seconds.trim() ? numberOf(hedge_seconds, "hedge_seconds", "The wait", 0.1) : null;

function idBody({ id }: RouteDraft): string {
  if (!id.trim()) throw new DraftProblem("id", "Give the route a name.");
  return id.trim();
}

/** What is not finished, one field of each part of the form. */
function problemsOf(draft: RouteDraft): DraftProblem[] {
  const parts = [
    () => idBody(draft),
    ...draft.targets.map((target, index) => () => targetBody(target, index)),
    () => shareBody(draft.canary, "canary"),
    () => shareBody(draft.mirror, "mirror"),
    () => retryBody(draft),
    () => hedgeBody(draft),
    ...cacheFaults(draft.cache).map(({ field, message }) => () => {
      throw new DraftProblem(`cache.${field}`, message);
    }),
  ];
  return parts.flatMap((part) => {
    try {
      part();
      return [];
    } catch (problem) {
      if (problem instanceof DraftProblem) return [problem];
      throw problem;
    }
  });
}

const joined = ([first, ...others]: DraftProblem[]) =>
  first ? new DraftProblem(first.field, first.message, first.node, others) : null;

/** What keeps this draft from being sent; null = nothing. */
export const problemOf = (draft: RouteDraft): DraftProblem | null => joined(problemsOf(draft));

/** Of the fields that a save found not finished, those that still are; null = none. What was added since is not blamed before the next save. */
export function unfinished(found: DraftProblem, now: DraftProblem | null): DraftProblem | null {
  const before = new Set([found, ...found.others].map(({ field }) => field));
  return joined([now, ...(now?.others ?? [])].filter((one) => one !== null).filter(({ field }) => before.has(field)));
}

/** The body that creates this route; DraftProblem names the first field that is not finished, and has those of the other parts. */
export function routeBody(draft: RouteDraft): RouteBody {
  const problem = problemOf(draft);
  if (problem) throw problem;
  return {
    id: idBody(draft),
    active: draft.active,
    strategy: draft.strategy,
    sticky_by: draft.sticky_by,
    targets: draft.targets.map(targetBody),
    retry: retryBody(draft),
    on_disconnect: draft.on_disconnect,
    hedge_seconds: hedgeBody(draft),
    canary: shareBody(draft.canary, "canary"),
    mirror: shareBody(draft.mirror, "mirror"),
    guardrails: draft.guardrails,
    cache: cacheBody(draft.cache),
  };
}

// --- targets in order ---

/** Moves a target. Where the priorities rise with the order, they go on doing so: the order is what people see. */
export function moved(targets: readonly TargetDraft[], from: number, to: number): TargetDraft[] {
  const item = targets[from];
  if (!item || from === to || to < 0 || to >= targets.length) return [...targets];
  const rest = targets.filter((_, index) => index !== from);
  const next = [...rest.slice(0, to), item, ...rest.slice(to)];
  const numbers = targets.map((target) => Number(target.priority));
  const rising = numbers.every((value, index) => Number.isFinite(value) && value >= (numbers[index - 1] ?? value));
  return rising ? next.map((target, index) => ({ ...target, priority: String(numbers[index]) })) : next;
}

/** Adds a target behind the others: the next step of a fallback, one more beside them otherwise. */
export function extended(draft: RouteDraft): TargetDraft[] {
  const key = Math.max(0, ...draft.targets.map((target) => target.key)) + 1;
  const last = Math.max(-1, ...draft.targets.map((target) => Number(target.priority) || 0));
  return [...draft.targets, blankTarget(key, draft.strategy === "priority" ? last + 1 : 0)];
}
