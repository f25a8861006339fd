import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { logsQuery, tailQuery } from "@/api/queries";
import type { LogItem } from "@/api/types";
import { useApp } from "@/app-context";
import { merge } from "@/format/log-rows";
import type { LogSearch } from "@/format/log-search";

const fill = 40;
const none: LogItem[] = [];

/** A pause: rows newer than `id` wait. It belongs to one set of filters and ends with them. */
interface Hold {
  search: string;
  id: string;
  by: "hand" | "scroll";
}

/** The rows to show: pages read so far and, when live, what has come since; a pause keeps the newer ones back and counts them. */
export function useLogRows(search: LogSearch) {
  const { api } = useApp();
  const live = Boolean(search.live);
  const pages = useInfiniteQuery(logsQuery(api, search));
  const tail = useQuery({ ...tailQuery(api, search), enabled: live && pages.isSuccess });
  const read = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? none, [pages.data]);
  const all = useMemo(() => merge(live ? (tail.data ?? none) : none, read), [live, tail.data, read]);

  const key = JSON.stringify(search);
  const [held, setHeld] = useState<Hold | null>(null);
  const hold = live && held?.search === key ? held : null;
  const rows = useMemo(() => (hold ? all.filter((row) => row.id <= hold.id) : all), [all, hold]);

  const freshAfter = useArrivals(live, pages.isSuccess, rows[0]?.id);

  // Pages may be short or empty while there is more: go on until the window is full.
  const { hasNextPage, isFetching, fetchNextPage, isError } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && read.length < fill) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage, read.length]);

  return {
    pages,
    rows,
    freshAfter,
    waiting: all.length - rows.length,
    paused: hold !== null,
    pause: (by: Hold["by"]) => {
      if (live && !hold) setHeld({ search: key, id: rows[0]?.id ?? "", by });
    },
    /** Ends a pause; with `by`, only one of that kind. */
    resume: (by?: Hold["by"]) => {
      if (!by || hold?.by === by) setHeld(null);
    },
  };
}

/** The id above which rows have come with the latest arrival; undefined while nothing has come since the list became live. */
function useArrivals(live: boolean, ready: boolean, newest = ""): string | undefined {
  const [seen, setSeen] = useState<{ newest: string; before?: string }>();
  if (!live || !ready) {
    if (seen) setSeen(undefined);
  } else if (!seen) setSeen({ newest });
  else if (newest > seen.newest) setSeen({ newest, before: seen.newest });
  return seen?.before;
}
