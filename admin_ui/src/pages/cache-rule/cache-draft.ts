// What the form of a cache rule holds, and the body it makes. A route has one, and the settings have one for models without a route.
import type { CacheRule, CacheRuleBody } from "@/api/cache";
import { lastingOf, secondsOf, type Lasting } from "@/format/lasting";

export interface CacheDraft {
  on: boolean;
  mode: CacheRule["mode"];
  lasting: Lasting;
  scope: CacheRule["scope"];
  threshold: string;
  /** "" = the deployment's own embedder. */
  embedding_model: string;
}

export const longestSeconds = 7 * 86_400;

/** What a rule is where nothing else is chosen. */
export const noCache: CacheDraft = {
  on: false,
  mode: "exact",
  lasting: { number: "1", unit: "hours" },
  scope: "team",
  threshold: "0.95",
  embedding_model: "",
};

/** A rule with what it leaves unsaid. */
export const wholeRule = (rule: CacheRuleBody): CacheRule => ({
  mode: "exact",
  ttl_seconds: 3_600,
  scope: "team",
  threshold: 0.95,
  embedding_model: null,
  ...rule,
});

export function cacheDraft(given: CacheRuleBody | null | undefined): CacheDraft {
  if (!given) return noCache;
  const rule = wholeRule(given);
  return {
    on: true,
    mode: rule.mode,
    lasting: lastingOf(rule.ttl_seconds),
    scope: rule.scope,
    threshold: String(rule.threshold),
    embedding_model: rule.embedding_model ?? "",
  };
}

export interface CacheFault {
  field: "ttl_seconds" | "threshold";
  message: string;
}

/** What is not finished. */
export function cacheFaults(draft: CacheDraft): CacheFault[] {
  if (!draft.on) return [];
  const found: CacheFault[] = [];
  const seconds = secondsOf(draft.lasting);
  if (seconds === null) found.push({ field: "ttl_seconds", message: "A number above 0." });
  else if (seconds > longestSeconds) found.push({ field: "ttl_seconds", message: "At most 7 days." });
  const threshold = Number(draft.threshold);
  if (draft.mode === "semantic" && !(draft.threshold.trim() !== "" && threshold >= 0.5 && threshold <= 1))
    found.push({ field: "threshold", message: "A number from 0.5 to 1." });
  return found;
}

/** The rule; null = nothing is kept. What only questions of the same meaning need stays as it is usual for the others. */
export function cacheBody(draft: CacheDraft): CacheRule | null {
  if (!draft.on) return null;
  const alike = draft.mode === "semantic";
  return {
    mode: draft.mode,
    ttl_seconds: secondsOf(draft.lasting) ?? 0,
    scope: draft.scope,
    threshold: alike ? Number(draft.threshold) : Number(noCache.threshold),
    embedding_model: alike ? draft.embedding_model.trim() || null : null,
  };
}
