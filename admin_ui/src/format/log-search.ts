import { isRange, type Range } from "./ranges";

/** What the log page keeps in its URL. Numbers are units of the API, except `min_cost`, which is US dollars. */
export interface LogSearch {
  range?: Range;
  from?: number;
  to?: number;
  live?: true;
  requested_model?: string;
  model?: string;
  provider?: string;
  status?: string;
  error?: string;
  key_id?: string;
  user_id?: string;
  session?: string;
  min_retries?: number;
  min_tokens?: number;
  min_ms?: number;
  min_cost?: number;
}

export const textFilters = [
  "requested_model",
  "model",
  "provider",
  "status",
  "error",
  "key_id",
  "user_id",
  "session",
] as const;
export const numberFilters = ["min_retries", "min_tokens", "min_ms", "min_cost"] as const;
export type FilterName = (typeof textFilters)[number] | (typeof numberFilters)[number];

/** The name of a filter on its chip, and what its value means. */
export const filterLabels: Record<FilterName, { label: string; hint: string }> = {
  status: { label: "Status", hint: "A code such as 429, or a class such as 5xx" },
  error: { label: "Error", hint: "An error word such as upstream_timeout, or any" },
  requested_model: { label: "Requested model", hint: "Beginning of the name the client sent" },
  model: { label: "Used model", hint: "Beginning of the name that served it" },
  provider: { label: "Provider", hint: "The provider's id" },
  key_id: { label: "Key", hint: "The virtual key" },
  user_id: { label: "User", hint: "The user's id" },
  session: { label: "Session", hint: "The client's session id" },
  min_ms: { label: "Duration ≥ ms", hint: "Milliseconds in total" },
  min_tokens: { label: "Tokens ≥", hint: "Input and output together" },
  min_cost: { label: "Cost ≥ $", hint: "US dollars" },
  min_retries: { label: "Retries ≥", hint: "Calls of an upstream beyond the first" },
};

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Keeps what the page understands; anything else in the URL is dropped. */
export function logSearch(raw: Record<string, unknown>): LogSearch {
  const kept: LogSearch = {};
  if (isRange(raw.range)) kept.range = raw.range;
  if (isNumber(raw.from) && isNumber(raw.to) && raw.from < raw.to) {
    kept.from = Math.floor(raw.from);
    kept.to = Math.floor(raw.to);
    delete kept.range;
  }
  if (raw.live === true) kept.live = true;
  for (const name of textFilters) {
    const value = raw[name];
    // A value such as 429 in the URL is read as a number.
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text === "string" && text && text.length <= 256) kept[name] = text;
  }
  for (const name of numberFilters) {
    const value = raw[name];
    if (isNumber(value)) kept[name] = value;
  }
  return kept;
}

/** Why a value cannot be used for a filter; undefined when it can. */
export function filterProblem(name: FilterName, text: string): string | undefined {
  if (!text.trim()) return "Give a value";
  if (name === "status" && !/^([1-5][0-9][0-9]|[1-5]xx)$/.test(text))
    return "A code such as 429, or a class such as 4xx";
  if ((numberFilters as readonly string[]).includes(name)) {
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) return "A number of 0 or more";
    if (name !== "min_cost" && !Number.isInteger(value)) return "A whole number";
  }
  return undefined;
}
