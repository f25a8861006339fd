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

/** Lists whose drawer is part of the URL: `open` is the id of the thing, `create` the empty form, `q` the text filter. */
export interface ListSearch {
  open?: string;
  create?: true;
  q?: string;
}

/** An id or a filter that looks like a number is read as one from the URL. */
const text = (value: unknown) => (typeof value === "number" ? String(value) : word(value));

/** The list of routes: a text filter, and whether the dry run is open. */
export interface RoutesSearch {
  q?: string;
  dry?: true;
  /** What the dry run asks for. */
  model?: string;
}

export function routesSearch({ q, dry, model }: Raw): RoutesSearch {
  const kept: RoutesSearch = {};
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

export function listSearch({ open, create, q }: Raw): ListSearch {
  const kept: ListSearch = {};
  if (text(open)) kept.open = text(open);
  if (create === true) kept.create = true;
  if (text(q)) kept.q = text(q);
  return kept;
}

/** Users and teams: which of the two, and the id that a new one begins with. */
export interface AccountsSearch extends ListSearch {
  tab?: "users";
  id?: string;
}

export function accountsSearch(raw: Raw): AccountsSearch {
  const kept: AccountsSearch = listSearch(raw);
  if (raw.tab === "users") kept.tab = "users";
  if (kept.create && text(raw.id)) kept.id = text(raw.id);
  return kept;
}
