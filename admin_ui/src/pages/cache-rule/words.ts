// What a cache rule means, in plain words.
import type { CacheRule, CacheRuleBody } from "@/api/cache";
import { lastingText } from "@/format/lasting";
import { wholeRule } from "./cache-draft";

export const modes: Record<CacheRule["mode"], { label: string; line: string }> = {
  exact: {
    label: "Same request",
    line: "A request that is the same in everything that decides its answer gets that answer again.",
  },
  semantic: {
    label: "Same meaning",
    line: "A request also gets the answer to another question that means the same, when all before it is the same. Numbers, names, negations and opposites must agree.",
  },
};

export const scopes: Record<CacheRule["scope"], { label: string; line: string }> = {
  key: { label: "The key alone", line: "An answer made for one virtual key is given to no other." },
  user: { label: "The same user", line: "All keys of one user share answers; a key without a user shares with none." },
  team: { label: "The same team", line: "All keys of one team share answers; a key without a team shares with none." },
  deployment: {
    label: "Everybody",
    line: "All keys share answers: what one person asked, another may get the answer of.",
  },
};

/** "same request, 1 hour, per team". */
export function ruleText(given: CacheRuleBody): string {
  const rule = wholeRule(given);
  const who = { key: "per key", user: "per user", team: "per team", deployment: "shared by everybody" }[rule.scope];
  const what = rule.mode === "exact" ? "same request" : `same meaning (${rule.threshold})`;
  return `${what}, ${lastingText(rule.ttl_seconds)}, ${who}`;
}
