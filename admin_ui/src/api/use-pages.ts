import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Page } from "./types";

/** What a list shows of its pages so far. */
export interface Pages<T> {
  /** Undefined while the first page is read. */
  rows: T[] | undefined;
  /** How many there are in all; null: more than are shown, and nobody has counted them. */
  total: number | null | undefined;
  more: boolean;
  busy: boolean;
  loadMore: () => void;
}

/** With fewer rows than this the API is asked to look further: a filter that fits little can leave its first pages empty. */
const few = 20;

/** The rows of a paged list. The first page says how many there are; where it could not, the last one does. */
export function usePages<T>(query: UseInfiniteQueryResult<InfiniteData<Page<T>>>): Pages<T> {
  const { data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const sparse = rows !== undefined && rows.length < few && hasNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (sparse && !isFetching) void fetchNextPage();
  }, [sparse, isFetching, fetchNextPage]);
  return {
    rows,
    total: rows && (data?.pages[0]?.total ?? (hasNextPage ? null : rows.length)),
    more: hasNextPage,
    busy: query.isFetchingNextPage,
    loadMore: () => void fetchNextPage(),
  };
}
