import type { LogDetail, Model } from "@/api/types";
import type { Outcome } from "./ask";

export interface Cost {
  nano: number | null;
  /** "exact": as it was billed here; "estimated": from prices and counts; "unpriced": the model has no price. */
  kind: "exact" | "estimated" | "unpriced";
}

/** The cost of an answer: the log row's, as soon as it is settled, else what the model's price and the answer's own counts make. */
export function costOf(outcome: Outcome, row: LogDetail | undefined, models: readonly Model[]): Cost | undefined {
  if (row && row.state !== "running" && row.cost_nano !== null)
    return { nano: row.cost_nano, kind: row.tokens.source === "estimated" ? "estimated" : "exact" };
  if (row && row.state !== "running")
    return row.cost_state === "unpriced" ? { nano: null, kind: "unpriced" } : undefined;
  const { counts, target } = outcome;
  const price = models.find(({ provider, upstream_model, id }) =>
    [`${provider}/${upstream_model}`, `${provider}/${id}`].includes(target ?? ""),
  )?.price;
  if (!price || counts?.input === undefined || counts.output === undefined) return undefined;
  const cached = counts.cached ?? 0;
  const usd =
    (counts.input - cached) * Number(price.input) +
    cached * Number(price.cache_read ?? price.input) +
    counts.output * Number(price.output);
  return { nano: Math.round(usd * 1000), kind: "estimated" };
}
