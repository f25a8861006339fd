// Limits of keys, teams and end users, and where they stand.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import { ApiError } from "./errors";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Limits = Schemas["LimitsIO"];
export type Budget = Schemas["BudgetIO"];
export type Period = Budget["period"];
export type Standing = Schemas["StandingOut"];
export type Scope = Schemas["ScopeOut"];
export type KeyScopes = Schemas["KeyScopesOut"];
export type Team = Schemas["TeamOut"];
export type EndUser = Schemas["EndUserOut"];
export type AccountKind = "team" | "user";
/** A team or an end user; only the latter has a token balance. */
export type Account = Team & Partial<Pick<EndUser, "token_balance">>;
export type ScopeKind = Scope["scope"];
export type AccountBody = Schemas["EndUserPatch"];

const lists = { team: "/api/admin/teams", user: "/api/admin/end-users" } as const;
const items = { team: "/api/admin/teams/{id}", user: "/api/admin/end-users/{id}" } as const;
const standings = {
  key: "/api/admin/keys/{id}/limits",
  team: "/api/admin/teams/{id}/limits",
  user: "/api/admin/end-users/{id}/limits",
} as const;
const resets = {
  key: "/api/admin/keys/{id}/limits/reset",
  team: "/api/admin/teams/{id}/limits/reset",
  user: "/api/admin/end-users/{id}/limits/reset",
} as const;

const accountList = (
  api: Api,
  kind: AccountKind,
  query: { q?: string; limit: number; cursor?: string },
  signal: AbortSignal,
) =>
  data<{ items: Account[]; next_cursor: string | null; total: number | null }>(
    api.GET(lists[kind], { params: { query }, signal }),
  );

/** Teams or end users whose id or name holds `q`, page after page. */
export const accountsQuery = (api: Api, kind: AccountKind, q: string) =>
  infiniteQueryOptions({
    queryKey: ["accounts", kind, "list", q],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      accountList(api, kind, { q: q || undefined, limit: 50, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** A few of them, for suggestions. */
export const someAccountsQuery = (api: Api, kind: AccountKind, q: string) =>
  queryOptions({
    queryKey: ["accounts", kind, "some", q],
    queryFn: async ({ signal }) => (await accountList(api, kind, { q: q || undefined, limit: 20 }, signal)).items,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** One of them; null when there is none of that id. */
export const accountQuery = (api: Api, kind: AccountKind, id: string) =>
  queryOptions({
    queryKey: ["accounts", kind, "one", id],
    queryFn: ({ signal }) =>
      data<Account>(api.GET(items[kind], { params: { path: { id } }, signal })).catch((problem: unknown) => {
        if (problem instanceof ApiError && problem.status === 404) return null;
        throw problem;
      }),
    retry: false,
  });

export const createAccount = (api: Api, kind: AccountKind, body: Schemas["EndUserIn"]) =>
  data<Account>(api.POST(lists[kind], { body }));

export const updateAccount = (api: Api, kind: AccountKind, id: string, body: AccountBody, version?: number) =>
  data<Account>(
    api.PATCH(items[kind], {
      params: { path: { id }, header: version === undefined ? {} : { "if-match": `"${version}"` } },
      body,
    }),
  );

export const deleteAccount = (api: Api, kind: AccountKind, id: string) =>
  api.DELETE(items[kind], { params: { path: { id } } });

/** Where a key's limits stand, and those of its user and team; read again every few seconds while somebody looks. */
export const keyScopesQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["limits", "key", id],
    queryFn: ({ signal }) => data(api.GET(standings.key, { params: { path: { id } }, signal })),
    refetchInterval: 4000,
  });

export const accountScopeQuery = (api: Api, kind: AccountKind, id: string) =>
  queryOptions({
    queryKey: ["limits", kind, id],
    queryFn: ({ signal }) => data<Scope>(api.GET(standings[kind], { params: { path: { id } }, signal })),
    refetchInterval: 4000,
  });

/** The most a call of `scopesQuery` may ask for. */
export const manyScopes = 50;

/** Several at once, for lists. */
export const scopesQuery = (api: Api, scope: ScopeKind, id: string[]) =>
  queryOptions({
    queryKey: ["limits", scope, "several", id],
    queryFn: async ({ signal }) =>
      (await data(api.GET("/api/admin/limits", { params: { query: { scope, id } }, signal }))).items,
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  });

/** What a budget has spent in its present period becomes 0. */
export const resetBudget = (api: Api, scope: ScopeKind, id: string, name: Period) =>
  data<Scope>(api.POST(resets[scope], { params: { path: { id } }, body: { name } }));
