// Publications and what is between two releases, and the acts that move what is in force.
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Change } from "@/format/changes";
import { data, type Api } from "./client";
import { staleness } from "./errors";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Publication = Schemas["PublicationOut"];
export type ReleaseContent = Schemas["ReleaseContent"];

const readList = (api: Api, cursor: string | undefined, limit: number, signal: AbortSignal) =>
  data(api.GET("/api/admin/releases", { params: { query: { limit, cursor } }, signal }));

export const publicationsQuery = (api: Api) =>
  infiniteQueryOptions({
    queryKey: ["releases", "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => readList(api, pageParam, 50, signal),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** A publication and the one before it; null where there is none. */
export interface Placed {
  own: Publication | null;
  former: Publication | null;
}

const mostPages = 50;

/** Where a release came into force: as `number`, or the last time that it did. */
export const publicationQuery = (api: Api, release: string, number: number | undefined) =>
  queryOptions({
    queryKey: ["releases", "placed", release, number],
    queryFn: async ({ signal }): Promise<Placed> => {
      let own: Publication | null = null;
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const { items, next_cursor } = await readList(api, cursor, 100, signal);
        for (const item of items) {
          if (own) return { own, former: item };
          if (item.release === release && (number === undefined || item.number === number)) own = item;
        }
        cursor = next_cursor ?? undefined;
        if (!cursor) break;
      }
      return { own, former: null };
    },
  });

/** The publication of a number, the newest of which come first; null when there is none. */
export const numberedQuery = (api: Api, number: number) =>
  queryOptions({
    queryKey: ["releases", "numbered", number],
    queryFn: async ({ signal }): Promise<Publication | null> => {
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const { items, next_cursor } = await readList(api, cursor, 100, signal);
        const found = items.find((item) => item.number <= number);
        if (found) return found.number === number ? found : null;
        cursor = next_cursor ?? undefined;
        if (!cursor) break;
      }
      return null;
    },
  });

export const contentQuery = (api: Api, release: string) =>
  queryOptions({
    queryKey: ["releases", "content", release],
    queryFn: ({ signal }) =>
      data(api.GET("/api/admin/releases/{hash}", { params: { path: { hash: release } }, signal })),
  });

/** What a release has different from `since`; without it, from the one in force. */
export const diffQuery = (api: Api, release: string, since: string | undefined) =>
  queryOptions({
    queryKey: ["releases", "diff", release, since],
    queryFn: ({ signal }) =>
      data(
        api.GET("/api/admin/releases/{hash}/diff", {
          params: { path: { hash: release }, query: { since } },
          signal,
        }),
      ),
    // Two releases never change; the one in force does.
    staleTime: since === undefined ? 0 : Infinity,
  });

/** Everything of a release as added: what the very first one changed. */
export const asAdded = ({ items }: ReleaseContent): Change[] =>
  items.map(({ noun, id, fields }) => ({ noun, id, before: null, after: fields }));

export const draftQuery = (api: Api) =>
  queryOptions({
    queryKey: ["releases", "draft"],
    queryFn: ({ signal }) => data(api.GET("/api/admin/releases/draft", { signal })),
    staleTime: 0,
  });

const matching = (number: number) => ({ "if-match": `"${number}"` });
const fresh = <T>(reply: Promise<{ data?: T }>): Promise<T> =>
  data(reply).catch((problem: unknown) => {
    throw staleness(problem);
  });

/** Put a release in force again, if `number` still is. */
export const rollBack = (api: Api, release: string, number: number) =>
  fresh(
    api.POST("/api/admin/releases/{hash}/rollback", {
      params: { path: { hash: release }, header: matching(number) },
    }),
  );

/** Put the draft in force as it was looked at, if `number` still is. */
export const publishDraft = (api: Api, number: number, release: string) =>
  fresh(
    api.POST("/api/admin/releases/draft/publish", {
      params: { header: matching(number) },
      body: { release },
    }),
  );

export const discardDraft = (api: Api, number: number) =>
  fresh(api.POST("/api/admin/releases/draft/discard", { params: { header: matching(number) } }));
