// The gateway's own cache: what it answered, what that saved, and how it is cleared.
import { queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type CacheRuleBody = Schemas["CacheRuleIO"];
export type CacheRule = Required<CacheRuleBody>;
export type CacheReport = Schemas["CacheReport"];
export type CacheFigures = Omit<CacheReport, "points" | "routes" | "from" | "to">;

export interface CacheAsked {
  from: number;
  to: number;
  route?: string;
  model?: string;
}

export const cacheQuery = (api: Api, asked: CacheAsked, open: boolean) =>
  queryOptions({
    queryKey: ["cache", asked],
    queryFn: ({ signal }) => data(api.GET("/api/admin/cache", { params: { query: asked }, signal })),
    refetchInterval: open ? 30_000 : false,
    placeholderData: (previous) => previous,
  });

/** Forgets the answers kept for a tenant (`team#…`, `user#…`, `key#…`, `deployment`); without one, all of them. */
export const clearCache = (api: Api, tenant: string | undefined) =>
  data(api.DELETE("/api/admin/cache", { params: { query: { tenant } } }));
