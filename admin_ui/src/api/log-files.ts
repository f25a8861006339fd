import { queryOptions } from "@tanstack/react-query";
import type { LogSearch } from "@/format/log-search";
import { DAY } from "@/format/zone";
import { data, type Api } from "./client";
import { partedFile, type Exported, type FileFormat } from "./parted-file";
import { logQueryOf } from "./queries";
import type { components } from "./schema";

export type RequestsTimeline = components["schemas"]["Timeline"];

/** How far back the bars reach while the list has no time range. */
export const timelineDays = 30;
const bars = 72;

/** Requests by time for the same filters as the list. */
export const timelineQuery = (api: Api, search: LogSearch) => {
  const { live, ...filters } = search;
  return queryOptions({
    queryKey: ["log-timeline", filters],
    queryFn: ({ signal }) => {
      const now = Date.now();
      const query = logQueryOf(filters, now);
      const from = query.from ?? now - timelineDays * DAY;
      return data(api.GET("/api/admin/logs/timeline", { params: { query: { ...query, from, bars } }, signal }));
    },
    placeholderData: (previous) => previous,
    refetchInterval: filters.to !== undefined && filters.to < Date.now() ? false : live ? 10_000 : 60_000,
    refetchOnWindowFocus: false,
  });
};

/** All rows of a search as a file; see `partedFile`. */
export function logFile(
  api: Api,
  search: LogSearch,
  format: FileFormat,
  tell: (rows: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const now = Date.now();
  const asked = logQueryOf(search, now);
  // Rows that come while it is being read would only be in some parts.
  const query = { ...asked, to: asked.to ?? now, format };
  return partedFile(
    format,
    (cursor, limit) =>
      api.GET("/api/admin/logs/export", { params: { query: { ...query, cursor, limit } }, parseAs: "text", signal }),
    tell,
  );
}
