// Token balances: of end users, of whoever signs in here, of keys without a user.
import { infiniteQueryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type BalanceEntry = Schemas["TransactionOut"];

const part = 10;

/** What changed a balance, newest first. */
export const balanceHistoryQuery = (api: Api, id: string) =>
  infiniteQueryOptions({
    queryKey: ["balances", "history", id],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      data<BalanceEntry[]>(
        api.GET("/api/v1/admin/users/{id}/tokens/history", {
          params: { path: { id }, query: { skip: pageParam, limit: part } },
          signal,
        }),
      ),
    getNextPageParam: (page, pages) => (page.length === part ? pages.length * part : undefined),
  });

/** Adds tokens, or takes them (negative). The same `change` again changes nothing, so that a lost answer may be asked for once more. */
export const changeBalance = (api: Api, id: string, amount: number, change: string) =>
  data(api.POST("/api/v1/admin/users/{id}/tokens", { params: { path: { id } }, body: { amount, id: change } }));

/** The most tokens that may ever be used; null = no limit. */
export const limitBalance = (api: Api, id: string, limit: number | null) =>
  data(api.PATCH("/api/v1/admin/users/{id}/limits", { params: { path: { id } }, body: { limit } }));
