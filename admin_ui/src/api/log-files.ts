import { queryOptions } from "@tanstack/react-query";
import type { LogSearch } from "@/format/log-search";
import { DAY } from "@/format/zone";
import { data, type Api } from "./client";
import { logQueryOf } from "./queries";
import type { components } from "./schema";
import type { LogItem } from "./types";

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

/** Of one export: what a spreadsheet still opens with ease. */
export const mostExported = 50_000;

interface Exported {
  blob: Blob;
  rows: number;
  /** False when there is more than one export holds. */
  complete: boolean;
}

/** All rows of a search as a file, read part by part; `tell` hears how many there are so far. AbortError when it was stopped. */
export async function logFile(
  api: Api,
  search: LogSearch,
  format: "csv" | "json",
  tell: (rows: number) => void,
  signal: AbortSignal,
): Promise<Exported> {
  const now = Date.now();
  const asked = logQueryOf(search, now);
  // Rows that come while it is being read would only be in some parts.
  const query = { ...asked, to: asked.to ?? now, format };
  const parts: string[] = [];
  let cursor: string | undefined;
  let rows = 0;
  do {
    const reply = await api.GET("/api/admin/logs/export", {
      params: { query: { ...query, cursor, limit: Math.min(2000, mostExported - rows) } },
      parseAs: "text",
      signal,
    });
    const text = reply.data as unknown as string;
    const part = format === "csv" ? csvPart(text, parts.length === 0) : jsonPart(text);
    parts.push(part.text);
    rows += part.rows;
    tell(rows);
    cursor = reply.response.headers.get("x-next-cursor") ?? undefined;
  } while (cursor !== undefined && rows < mostExported);
  const whole = format === "csv" ? parts.join("") : `{"items":[${parts.filter(Boolean).join(",\n")}]}\n`;
  const type = format === "csv" ? "text/csv;charset=utf-8" : "application/json";
  return { blob: new Blob([whole], { type }), rows, complete: cursor === undefined };
}

/** A part without the line of names unless it is the first; line breaks inside quotes end no row. */
export function csvPart(text: string, first: boolean): { text: string; rows: number } {
  const head = text.indexOf("\n") + 1;
  let rows = 0;
  let quoted = false;
  for (let at = head; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "\n" && !quoted) rows += 1;
  }
  return { text: first ? text : text.slice(head), rows };
}

function jsonPart(text: string): { text: string; rows: number } {
  const { items } = JSON.parse(text) as { items: LogItem[] };
  return { text: items.map((item) => JSON.stringify(item)).join(",\n"), rows: items.length };
}
