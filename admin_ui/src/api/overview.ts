import { queryOptions } from "@tanstack/react-query";
import type { Range } from "@/format/ranges";
import { rangeMs } from "@/format/ranges";
import { data, type Api } from "./client";
import type { components } from "./schema";

export type Overview = components["schemas"]["Overview"];
export type Totals = Overview["totals"];
export type Point = Overview["series"][number];

/** A stretch of time: a word relative to now, or two ends in Unix ms. */
export type Span = { range: Range } | { from: number; to: number };

const DAY = 86_400_000;

/** Hours up to eight days, days beyond. */
export function bounds(span: Span, now: number): { from: number; to: number; bucket: "hour" | "day" } {
  const { from, to } = "range" in span ? { from: now - rangeMs(span.range), to: now } : span;
  return { from, to, bucket: to - from > 8 * DAY ? "day" : "hour" };
}

export const overviewQuery = (api: Api, span: Span) =>
  queryOptions({
    queryKey: ["overview", span],
    queryFn: ({ signal }) =>
      data(api.GET("/api/admin/overview", { params: { query: bounds(span, Date.now()) }, signal })),
    refetchInterval: "range" in span ? 30_000 : false,
    placeholderData: (previous) => previous,
  });
