import { isRange, type Range } from "./ranges";

/** What the log page keeps in its URL. Numbers are units of the API, except costs, which are US dollars. */
export interface LogSearch
  extends Partial<Record<TextFilter, string>>, Partial<Record<RangeEnd, number>>, Partial<WordFilters> {
  range?: Range;
  from?: number;
  to?: number;
  live?: true;
  stream?: boolean;
  mirror?: boolean;
}

export const textFilters = [
  "requested_model",
  "model",
  "provider",
  "status",
  "error",
  "key_id",
  "user_id",
  "team_id",
  "session",
  "route",
  "release",
  "guardrail",
] as const;
/** Filters of which all values are known, with what each says. */
export const wordFilters = {
  guarded: { blocked: "blocked", masked: "masked", annotated: "noted" },
  cache: {
    any: "given again",
    hit: "hit: the same request",
    semantic: "hit: the same meaning",
    miss: "not found",
    bypass: "bypassed",
    replay: "repeated with an idempotency key",
    off: "off",
  },
} as const;
type WordFilters = { [name in keyof typeof wordFilters]: keyof (typeof wordFilters)[name] };
type WordFilter = keyof WordFilters;
export const rangeFilters = ["ms", "tokens", "cost", "retries"] as const;
export const flagFilters = ["stream", "mirror"] as const;
type TextFilter = (typeof textFilters)[number];
type RangeFilter = (typeof rangeFilters)[number];
type FlagFilter = (typeof flagFilters)[number];
type RangeEnd = `${"min" | "max"}_${RangeFilter}`;
export type FilterName = TextFilter | WordFilter | RangeFilter | FlagFilter;

/** The name of a filter on its chip, and what its value means. */
export const filterLabels: Record<FilterName, { label: string; hint: string }> = {
  status: { label: "Status", hint: "A code such as 429, or a class such as 5xx" },
  error: { label: "Error", hint: "An error word such as upstream_timeout; any, or none" },
  requested_model: { label: "Requested model", hint: "Beginning of the name the client sent" },
  model: { label: "Used model", hint: "Beginning of the name that served it" },
  provider: { label: "Provider", hint: "The provider's id" },
  key_id: { label: "Key", hint: "The virtual key" },
  user_id: { label: "User", hint: "The user's id" },
  team_id: { label: "Team", hint: "The team's id" },
  session: { label: "Session", hint: "The client's session id" },
  route: { label: "Route", hint: "The route that chose the target" },
  release: { label: "Release", hint: "The configuration release that it ran under, by its hash" },
  guardrail: { label: "Guardrail", hint: "A guardrail that found something, by its id" },
  guarded: { label: "Guarded", hint: "What a guardrail did" },
  cache: { label: "Cache", hint: "What the gateway’s own cache did" },
  ms: { label: "Duration", hint: "Milliseconds in total" },
  tokens: { label: "Tokens", hint: "Input and output together" },
  cost: { label: "Cost", hint: "US dollars; requests without a cost are left out" },
  retries: { label: "Retries", hint: "Calls of an upstream beyond the first" },
  stream: { label: "Stream", hint: "Whether the answer was streamed" },
  mirror: { label: "Mirrored copies", hint: "Copies that a route made and nobody waited for" },
};

/** What a flag's chip says. */
export const flagWords: Record<FlagFilter, [yes: string, no: string]> = {
  stream: ["yes", "no"],
  mirror: ["only", "none"],
};

export const isText = (name: FilterName): name is TextFilter => (textFilters as readonly string[]).includes(name);
export const isWord = (name: FilterName): name is WordFilter => Object.hasOwn(wordFilters, name);
export const isRangeFilter = (name: FilterName): name is RangeFilter =>
  (rangeFilters as readonly string[]).includes(name);
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
  Object.assign(kept, words(raw));
  for (const name of rangeFilters.flatMap((one) => [`min_${one}`, `max_${one}`] as const)) {
    const value = raw[name];
    if (isNumber(value)) kept[name] = value;
  }
  for (const name of flagFilters) {
    const value = raw[name];
    if (typeof value === "boolean") kept[name] = value;
  }
  return kept;
}

const words = (raw: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(wordFilters)
      .filter(([name, values]) => typeof raw[name] === "string" && Object.hasOwn(values, raw[name]))
      .map(([name]) => [name, raw[name]]),
  );

/** A filter that is set: its name and what its chip says. */
export function activeFilters(search: LogSearch): { name: FilterName; value: string }[] {
  return (Object.keys(filterLabels) as FilterName[]).flatMap((name) => {
    const value = filterValue(search, name);
    return value === undefined ? [] : [{ name, value }];
  });
}

const units: Record<RangeFilter, (value: number) => string> = {
  ms: (value) => `${value} ms`,
  tokens: String,
  cost: (value) => `$${value}`,
  retries: String,
};

function filterValue(search: LogSearch, name: FilterName): string | undefined {
  if (isText(name)) return search[name];
  if (isWord(name)) {
    const value = search[name];
    return value && (wordFilters[name] as Record<string, string>)[value];
  }
  if (!isRangeFilter(name)) {
    const flag = search[name];
    return flag === undefined ? undefined : flagWords[name][flag ? 0 : 1];
  }
  const [low, high] = [search[`min_${name}`], search[`max_${name}`]];
  const unit = units[name];
  if (low !== undefined && high !== undefined) return low === high ? unit(low) : `${unit(low)} – ${unit(high)}`;
  return low !== undefined ? `≥ ${unit(low)}` : high !== undefined ? `≤ ${unit(high)}` : undefined;
}

/** The part of a search that a filter is in, with what a form gave for it; without values, what takes it away. */
export function filterPart(name: FilterName, first = "", second = ""): Partial<LogSearch> {
  if (isText(name) || isWord(name)) return { [name]: first || undefined };
  if (!isRangeFilter(name)) return { [name]: first ? first === flagWords[name][0] : undefined };
  const number = (text: string) => (text ? Number(text) : undefined);
  return { [`min_${name}`]: number(first), [`max_${name}`]: number(second) };
}

/** Why a value, or the two ends of a range, cannot be used for a filter; undefined when they can. */
export function filterProblem(name: FilterName, first: string, second = ""): string | undefined {
  if (!first.trim() && !second.trim()) return "Give a value";
  if (name === "status" && !/^([1-5][0-9][0-9]|[1-5]xx)$/.test(first))
    return "A code such as 429, or a class such as 4xx";
  if (!isRangeFilter(name)) return undefined;
  const ends = [first, second].map((text) => (text.trim() ? Number(text) : undefined));
  if (ends.some((value) => value !== undefined && !isNumber(value))) return "A number of 0 or more";
  if (name !== "cost" && ends.some((value) => value !== undefined && !Number.isInteger(value))) return "A whole number";
  const [low, high] = ends;
  return low !== undefined && high !== undefined && low > high ? "The end lies before the beginning" : undefined;
}
