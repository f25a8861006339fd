import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { logsQuery, tailQuery } from "@/api/queries";
import type { LogItem } from "@/api/types";
import { useApp } from "@/app-context";
import type { LogSearch } from "@/format/log-search";

/** Newest first; where two lists hold the same request, the first one's row counts. Ids sort by time. */
export function merge(...lists: LogItem[][]): LogItem[] {
  const byId = new Map<string, LogItem>();
  for (const row of lists.flat()) if (!byId.has(row.id)) byId.set(row.id, row);
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

const fill = 40;

/** The rows to show: pages read so far and, when live, what has come since. `paused` freezes the list and counts what waits. */
export function useLogRows(search: LogSearch, paused: boolean) {
  const { api } = useApp();
  const pages = useInfiniteQuery(logsQuery(api, search));
  const live = Boolean(search.live);
  const tail = useQuery({ ...tailQuery(api, search), enabled: live && pages.isSuccess });
  const [fresh, setFresh] = useState<LogItem[]>([]);
  const [frozen, setFrozen] = useState<LogItem[] | null>(null);
  const key = JSON.stringify(search);
  const shownKey = useRef(key);

  useEffect(() => {
    // Another filter: what came in under the old one does not belong here.
    if (shownKey.current !== key) {
      shownKey.current = key;
      setFresh([]);
      setFrozen(null);
    }
  }, [key]);
  useEffect(() => {
    const items = tail.data?.items;
    if (items) setFresh((old) => merge(items, old).slice(0, 2000));
  }, [tail.data]);

  const read = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const all = useMemo(() => merge(live ? fresh : [], read), [live, fresh, read]);
  useEffect(() => {
    setFrozen((old) => (paused ? (old ?? all) : null));
  }, [paused, all]);

  // Pages may be short or empty while there is more: go on until the window is full.
  const { hasNextPage, isFetching, fetchNextPage, isError } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && read.length < fill) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage, read.length]);

  // What was read further down while paused still belongs to the list.
  const newest = frozen?.[0]?.id;
  const rows = frozen && newest ? all.filter((row) => row.id <= newest) : all;
  return { pages, rows, waiting: frozen ? all.length - rows.length : 0 };
}
