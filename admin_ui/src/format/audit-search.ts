import { isRange } from "./ranges";
import type { TimeChoice } from "@/ui/TimeFilter";

/** What the audit page keeps in its URL. */
export interface AuditSearch extends TimeChoice, Partial<Record<AuditFilter, string>> {}

export const auditFilters = ["actor", "action", "noun", "id"] as const;
export type AuditFilter = (typeof auditFilters)[number];

/** The name of a filter on its chip, and what its value means. */
export const auditLabels: Record<AuditFilter, { label: string; hint: string }> = {
  actor: { label: "Who", hint: "A user’s name or id" },
  action: { label: "Action", hint: "What was done" },
  noun: { label: "Kind", hint: "What kind of thing it was done to" },
  id: { label: "Id", hint: "The thing’s id" },
};

const isMoment = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Keeps what the page understands; anything else in the URL is dropped. */
export function auditSearch(raw: Record<string, unknown>): AuditSearch {
  const kept: AuditSearch = {};
  if (isMoment(raw.from) && isMoment(raw.to) && raw.from < raw.to) {
    kept.from = Math.floor(raw.from);
    kept.to = Math.floor(raw.to);
  } else if (isRange(raw.range)) kept.range = raw.range;
  for (const name of auditFilters) {
    // An id that looks like a number is read as one from the URL.
    const value = typeof raw[name] === "number" ? String(raw[name]) : raw[name];
    if (typeof value === "string" && value && value.length <= 256) kept[name] = value;
  }
  return kept;
}

/** The filters that are set. */
export const activeAuditFilters = (search: AuditSearch): { name: AuditFilter; value: string }[] =>
  auditFilters.flatMap((name) => {
    const value = search[name];
    return value === undefined ? [] : [{ name, value }];
  });

/** What the words of the audit log mean, in the past tense. */
const actions: Record<string, string> = {
  create: "created",
  update: "changed",
  delete: "deleted",
  publish: "published",
  discard: "discarded",
  rollback: "rolled back",
  apply: "applied",
  sign_in: "signed in",
  refresh_reuse: "sent a refresh token again",
  sign_out: "signed out",
  register: "registered",
  reset: "reset",
  revive: "revived",
  close: "closed the breaker of",
  stop: "stopped",
  top_up: "topped up",
  deduct: "deducted from",
  limit: "limited",
  clear: "cleared",
};

export const actionNames = Object.keys(actions);
export const actionWord = (action: string): string => actions[action] ?? action.replaceAll("_", " ");

export const nounNames = [
  "provider",
  "upstream_key",
  "model",
  "guardrail",
  "route",
  "cache",
  "agent",
  "virtual_key",
  "team",
  "end_user",
  "user",
  "invitation",
  "release",
  "settings",
  "target",
  "request",
];

/** When an entry began, in Unix ms: its id begins with it. Undefined when it is no id of an entry. */
export function entryTime(id: string): number | undefined {
  const found = /^aud_([0-9a-f]{12})[0-9a-f]{20}$/.exec(id);
  return found ? Number.parseInt(found[1] ?? "", 16) : undefined;
}
