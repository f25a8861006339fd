// What the pages keep in their URLs. The router merges what these functions return over the raw search, so unknown or refused values would come
// through to a page: pages therefore read their search through the same function again.
import { isRange, type Range } from "./ranges";

type Raw = Record<string, unknown>;

const word = (value: unknown) => (typeof value === "string" && value ? value : undefined);
const moment = (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : undefined;

export interface LoginSearch {
  next?: string;
}

/** Where to go after signing in: only an address of this dashboard, whatever a link says (`//host`, `/\host`, `javascript:`). */
export function loginSearch({ next }: Raw): LoginSearch {
  const text = word(next);
  if (!text?.startsWith("/")) return {};
  try {
    const url = new URL(text, location.origin);
    return url.origin === location.origin ? { next: url.pathname + url.search + url.hash } : {};
  } catch {
    return {};
  }
}

export interface OverviewSearch {
  range?: Range;
  from?: number;
  to?: number;
}

/** A range in a word, or two ends in Unix ms. */
export function overviewSearch({ range, from, to }: Raw): OverviewSearch {
  const [start, end] = [moment(from), moment(to)];
  if (start && end && start < end) return { from: start, to: end };
  return isRange(range) ? { range } : {};
}

/** Lists whose drawer is part of the URL: `open` is the id of the thing, `create` the empty form, `q` the text filter, `sort` "name" or "-name". */
export interface ListSearch {
  open?: string;
  create?: true;
  q?: string;
  sort?: string;
}

/** The name of a column, with a minus for the other way round; the page knows its columns. */
const order = (value: unknown) => (typeof value === "string" && /^-?[a-z_]{1,32}$/.test(value) ? value : undefined);

/** An id or a filter that looks like a number is read as one from the URL. */
const text = (value: unknown) => (typeof value === "number" ? String(value) : word(value));

/** The list of routes: a text filter, an order, and whether the dry run is open. */
export interface RoutesSearch {
  q?: string;
  sort?: string;
  dry?: true;
  /** What the dry run asks for. */
  model?: string;
}

export function routesSearch({ q, sort, dry, model }: Raw): RoutesSearch {
  const kept: RoutesSearch = {};
  if (order(sort)) kept.sort = order(sort);
  if (dry === true && text(model)) kept.model = text(model);
  if (text(q)) kept.q = text(q);
  if (dry === true) kept.dry = true;
  return kept;
}

/** One route: `id` of the one to change, `like` of the one a new one begins with, and what a narrow screen shows. */
export interface RouteSearch {
  id?: string;
  like?: string;
  view?: "dry";
}

export function routeSearch({ id, like, view }: Raw): RouteSearch {
  const kept: RouteSearch = {};
  if (text(id)) kept.id = text(id);
  else if (text(like)) kept.like = text(like);
  if (view === "dry") kept.view = view;
  return kept;
}

export function listSearch({ open, create, q, sort }: Raw): ListSearch {
  const kept: ListSearch = {};
  if (order(sort)) kept.sort = order(sort);
  if (text(open)) kept.open = text(open);
  if (create === true) kept.create = true;
  if (text(q)) kept.q = text(q);
  return kept;
}

/** The guardrails: `start` is the beginning that a new one is made from. */
export interface GuardrailsSearch extends ListSearch {
  start?: string;
}

export function guardrailsSearch(raw: Raw): GuardrailsSearch {
  const kept: GuardrailsSearch = listSearch(raw);
  if (kept.create && text(raw.start)) kept.start = text(raw.start);
  return kept;
}

/** Which of the tabs of users and teams: teams without one, `users` the end users, `people` those of the dashboard, `invitations`. */
export type AccountsTab = "users" | "people" | "invitations";
const accountsTabs: readonly AccountsTab[] = ["users", "people", "invitations"];

/** Users and teams: the tab, the id that a new one begins with, and what the dashboard's users are filtered by. */
export interface AccountsSearch extends ListSearch {
  tab?: AccountsTab;
  id?: string;
  role?: "admin" | "operator" | "user";
  source?: "deployment" | "local" | "external";
  active?: boolean;
}

const one = <T extends string>(value: unknown, options: readonly T[]) => options.find((option) => option === value);

export function accountsSearch(raw: Raw): AccountsSearch {
  const kept: AccountsSearch = listSearch(raw);
  const tab = one(raw.tab, accountsTabs);
  if (tab) kept.tab = tab;
  if (kept.create && text(raw.id)) kept.id = text(raw.id);
  if (tab !== "people") return kept;
  const role = one(raw.role, ["admin", "operator", "user"] as const);
  const source = one(raw.source, ["deployment", "local", "external"] as const);
  if (role) kept.role = role;
  if (source) kept.source = source;
  if (typeof raw.active === "boolean") kept.active = raw.active;
  return kept;
}

/** The cache page: over which time, whose cache (the gateway's own without a word), and of which route or model. */
export interface CacheSearch extends OverviewSearch {
  whose?: "providers";
  route?: string;
  model?: string;
}

export function cacheSearch(raw: Raw): CacheSearch {
  const kept: CacheSearch = overviewSearch(raw);
  if (raw.whose === "providers") kept.whose = raw.whose;
  if (text(raw.route)) kept.route = text(raw.route);
  if (text(raw.model)) kept.model = text(raw.model);
  return kept;
}
