import { spanPresets, type SpanPreset } from "./spans";
import { isZone } from "./zone";

/** The dimensions that usage is kept by, and what they are called. */
export const parts = {
  key: "Key",
  user: "User",
  team: "Team",
  model: "Model",
  requested_model: "Requested model",
  provider: "Provider",
  route: "Route",
} as const;
export type Part = keyof typeof parts;
export const partNames = Object.keys(parts) as Part[];

export const metrics = { cost: "Cost", tokens: "Tokens", requests: "Requests", errors: "Errors" } as const;
export type Metric = keyof typeof metrics;

export const sortColumns = [
  "name",
  "cost",
  "share",
  "change",
  "requests",
  "errors",
  "tokens",
  "input",
  "cached",
  "output",
  "lost",
  "copies",
  "saved",
  "unpriced",
  "first_byte",
] as const;
export type SortColumn = (typeof sortColumns)[number];

export type UsageFilters = Partial<Record<Part, string>>;

/** What the usage page keeps in its URL. `by` "none" = no grouping; `then` is the second grouping; `dir` as `sort`. */
export interface UsageSearch extends UsageFilters {
  range?: SpanPreset;
  from?: number;
  to?: number;
  interval?: "hour" | "day";
  by?: Part | "none";
  then?: Part;
  metric?: Metric;
  tz?: string;
  sort?: SortColumn;
  dir?: "asc" | "desc";
}

const isPart = (value: unknown): value is Part => typeof value === "string" && Object.hasOwn(parts, value);
// The years 2001 to 2099, as the API has it.
const isMoment = (value: unknown): value is number =>
  typeof value === "number" && value >= 978_307_200_000 && value < 4_102_444_800_000;

/** Keeps what the page understands; anything else in the URL is dropped. */
export function usageSearch(raw: Record<string, unknown>): UsageSearch {
  const kept: UsageSearch = {};
  if (typeof raw.range === "string" && Object.hasOwn(spanPresets, raw.range)) kept.range = raw.range as SpanPreset;
  if (isMoment(raw.from) && isMoment(raw.to) && raw.from < raw.to) {
    kept.from = Math.floor(raw.from);
    kept.to = Math.floor(raw.to);
    delete kept.range;
  }
  if (raw.interval === "hour" || raw.interval === "day") kept.interval = raw.interval;
  if (isPart(raw.by) || raw.by === "none") kept.by = raw.by;
  if (isPart(raw.then) && kept.by !== "none" && raw.then !== (kept.by ?? "key")) kept.then = raw.then;
  if (typeof raw.metric === "string" && Object.hasOwn(metrics, raw.metric)) kept.metric = raw.metric as Metric;
  if (isZone(raw.tz)) kept.tz = raw.tz;
  if (sortColumns.includes(raw.sort as SortColumn)) kept.sort = raw.sort as SortColumn;
  if (raw.dir === "asc" || raw.dir === "desc") kept.dir = raw.dir;
  for (const name of partNames) {
    const value = raw[name];
    // An id of digits in the URL is read as a number.
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text === "string" && text && text.length <= 256) kept[name] = text;
  }
  return kept;
}

/** The filters of a search alone. */
export const filtersOf = (search: UsageSearch): UsageFilters =>
  Object.fromEntries(partNames.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])));

/** What a search groups by; by key when it does not say. */
export function grouping(search: UsageSearch): Part[] {
  const by = search.by ?? "key";
  if (by === "none") return [];
  return search.then ? [by, search.then] : [by];
}
