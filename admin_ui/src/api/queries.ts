import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { data, type Api } from "./client";
import { merge } from "@/format/log-rows";
import type { LogSearch } from "@/format/log-search";
import { rangeMs } from "@/format/ranges";
import type { LogItem, LogQuery, Page } from "./types";

/** Reads every page of a list that is sorted, filtered and counted here; a cursor that leads back to itself is an error, never an end. */
export async function everything<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const reply = await read(cursor);
    all.push(...reply.items);
    const next = reply.next_cursor ?? undefined;
    if (next !== undefined && next === cursor) throw new Error("The list of the admin API does not end.");
    cursor = next;
  } while (cursor !== undefined);
  return all;
}

export const providersQuery = (api: Api) =>
  queryOptions({
    queryKey: ["providers"],
    queryFn: ({ signal }) =>
      everything((cursor) =>
        data(api.GET("/api/admin/providers", { params: { query: { limit: 100, cursor } }, signal })),
      ),
  });

export const kindsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["provider-kinds"],
    queryFn: async ({ signal }) => (await data(api.GET("/api/admin/provider-kinds", { signal }))).items,
    staleTime: Infinity,
  });

export const modelsQuery = (api: Api) =>
  queryOptions({
    queryKey: ["models"],
    queryFn: ({ signal }) =>
      everything((cursor) => data(api.GET("/api/admin/models", { params: { query: { limit: 100, cursor } }, signal }))),
  });

export const routesQuery = (api: Api) =>
  queryOptions({
    queryKey: ["routes"],
    queryFn: ({ signal }) =>
      everything((cursor) => data(api.GET("/api/admin/routes", { params: { query: { limit: 100, cursor } }, signal }))),
  });

export const catalogQuery = (api: Api, q: string, kind: string | undefined) =>
  queryOptions({
    queryKey: ["catalog", q, kind],
    queryFn: async ({ signal }) =>
      (await data(api.GET("/api/admin/catalog", { params: { query: { q, kind, limit: 30 } }, signal }))).items,
    staleTime: 300_000,
  });

export const keysQuery = (api: Api) =>
  queryOptions({
    queryKey: ["keys"],
    queryFn: ({ signal }) =>
      everything((cursor) => data(api.GET("/api/admin/keys", { params: { query: { limit: 100, cursor } }, signal }))),
  });

export const releaseQuery = (api: Api) =>
  queryOptions({
    queryKey: ["release"],
    queryFn: ({ signal }) => data(api.GET("/api/admin/release", { signal })),
    refetchInterval: 30_000,
  });

/** The API's query of what the URL says; a relative range begins at a whole minute, so that its pages fit together. */
export function logQueryOf(search: LogSearch, now: number): LogQuery {
  const { range, min_cost, max_cost, from, to, ...rest } = { ...search, live: undefined };
  const nano = (usd: number | undefined) => (usd === undefined ? undefined : Math.round(usd * 1e9));
  const start = range ? Math.floor((now - rangeMs(range)) / 60_000) * 60_000 : from;
  return {
    ...rest,
    from: start,
    to: range ? undefined : to,
    min_cost_nano: nano(min_cost),
    max_cost_nano: nano(max_cost),
  };
}

export const logsQuery = (api: Api, search: LogSearch) =>
  infiniteQueryOptions({
    queryKey: ["logs", { ...search, live: undefined }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/admin/logs", {
          params: { query: { ...logQueryOf(search, Date.now()), limit: 100, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
  });

const keptLive = 2000;

/** What has come since this began, read every two seconds; two minutes back, so that a row still running is seen to end. */
export const tailQuery = (api: Api, search: LogSearch) => {
  const queryKey = ["logs-tail", search] as const;
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<LogItem[]> => {
      const query = { ...logQueryOf(search, Date.now()), from: Date.now() - 120_000, to: undefined, limit: 100 };
      const page = await data(api.GET("/api/admin/logs", { params: { query }, signal }));
      return merge(page.items, client.getQueryData<LogItem[]>(queryKey) ?? []).slice(0, keptLive);
    },
    refetchInterval: 2000,
    gcTime: 0,
  });
};

export const logQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["log", id],
    queryFn: ({ signal }) => data(api.GET("/api/admin/logs/{id}", { params: { path: { id } }, signal })),
    refetchInterval: (query) => (query.state.data?.state === "running" ? 2000 : false),
  });
