// Token balances of end users.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import type { components } from "./schema";

export type Balance = components["schemas"]["BalanceOut"];
export type BalanceEntry = components["schemas"]["EntryOut"];

export const balanceQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["balances", id, "now"],
    queryFn: ({ signal }) => data(api.GET("/api/admin/end-users/{id}/balance", { params: { path: { id } }, signal })),
    refetchInterval: 10_000,
  });

export const balanceHistoryQuery = (api: Api, id: string) =>
  infiniteQueryOptions({
    queryKey: ["balances", id, "history"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/admin/end-users/{id}/balance/history", {
          params: { path: { id }, query: { limit: 10, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** Adds tokens, or takes them (negative). The same `change` again changes nothing, so that a lost answer may be asked for once more. */
export const changeBalance = (api: Api, id: string, amount: number, change: string) =>
  data(api.POST("/api/admin/end-users/{id}/balance", { params: { path: { id } }, body: { amount, id: change } }));

/** The most tokens that may ever be used; null = no limit. */
export const limitBalance = (api: Api, id: string, limit: number | null) =>
  data(api.PATCH("/api/admin/end-users/{id}/balance", { params: { path: { id } }, body: { limit } }));
