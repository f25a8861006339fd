import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { entryTime, type AuditSearch } from "@/format/audit-search";
import { rangeMs } from "@/format/ranges";
import { data, type Api } from "./client";
import { partedFile, type Exported, type FileFormat } from "./parted-file";
import type { components } from "./schema";

export type AuditEntry = components["schemas"]["AuditOut"];
export type Outcome = AuditEntry["outcome"];

/** The API's query of what the URL says; a relative range begins at a whole minute, so that its pages fit together. */
function queryOf({ range, ...rest }: AuditSearch, now: number) {
  return range ? { ...rest, from: Math.floor((now - rangeMs(range)) / 60_000) * 60_000 } : rest;
}

/** Entries, newest first. A page may be short or empty and still have one after it. */
export const auditQuery = (api: Api, search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", "list", search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      data(
        api.GET("/api/admin/audit", {
          params: { query: { ...queryOf(search, Date.now()), limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

/** One entry, found by the time that its id tells; null when there is none. */
export const entryQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ["audit", "entry", id],
    queryFn: async ({ signal }): Promise<AuditEntry | null> => {
      const from = entryTime(id);
      if (from === undefined) return null;
      const query = { from, to: from + 1, limit: 100 };
      const { items } = await data(api.GET("/api/admin/audit", { params: { query }, signal }));
      return items.find((entry) => entry.id === id) ?? null;
    },
  });

/** All entries of a search as a file; see `partedFile`. */
export function auditFile(
  api: Api,
  search: AuditSearch,
  format: FileFormat,
  tell: (rows: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const now = Date.now();
  const asked = queryOf(search, now);
  // Entries that come while it is being read would only be in some parts.
  const query = { ...asked, to: asked.to ?? now, format };
  return partedFile(
    format,
    (cursor, limit) =>
      api.GET("/api/admin/audit/export", { params: { query: { ...query, cursor, limit } }, parseAs: "text", signal }),
    tell,
  );
}
