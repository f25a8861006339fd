// Whoever has dialogs or a balance, as administrators see them.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import { ApiError } from "./errors";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Owner = Schemas["BalanceRow"];
export type OwnedDialog = Schemas["OwnedDialogOut"];

/** Owners whose id or name holds `q`, those last active first; `talking`: only those who have dialogs. */
export const ownersQuery = (api: Api, q: string, talking: boolean) =>
  infiniteQueryOptions({
    queryKey: ["balances", "list", talking, q],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/v1/admin/balances", {
          params: { query: { q: q || undefined, dialogs: talking || undefined, limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** One of them; null when nobody is called so. */
export const ownerQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["balances", "one", id],
    queryFn: ({ signal }) =>
      data<Owner>(api.GET("/api/v1/admin/balances/{id}", { params: { path: { id } }, signal })).catch(
        (problem: unknown) => {
          if (problem instanceof ApiError && problem.status === 404) return null;
          throw problem;
        },
      ),
    retry: false,
    refetchInterval: 10_000,
  });

/** The dialogs of an owner, without what was said in them. */
export const ownedDialogsQuery = (api: Api, user: string) =>
  infiniteQueryOptions({
    queryKey: ["owned-dialogs", user],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/v1/admin/dialogs", {
          params: { query: { user, limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
