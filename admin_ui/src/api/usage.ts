import { queryOptions } from "@tanstack/react-query";
import { intervalOf, type Compared } from "@/format/spans";
import { filtersOf, grouping, type UsageSearch } from "@/format/usage-search";
import { data, type Api } from "./client";
import type { components, paths } from "./schema";

export type UsageReport = components["schemas"]["UsageReport"];
export type UsageGroup = components["schemas"]["UsageGroup"];
export type Figures = components["schemas"]["Figures"];
type Asked = paths["/api/admin/usage"]["get"]["parameters"]["query"];

/** Many lines of many groups are much to read: fewer groups by the hour. */
const mostGroups = (span: Compared, interval: "hour" | "day") =>
  interval === "hour" && span.to - span.from > 4 * 86_400_000 ? 40 : 100;

/** What the API is asked for by the page and, without `limit`, by its export: the same range, grouping and filters. */
export function usageAsked(search: UsageSearch, span: Compared, zone: string): Asked & { limit: number } {
  const interval = intervalOf(span, search.interval);
  return {
    ...filtersOf(search),
    from: span.from,
    to: span.to,
    interval,
    timezone: zone,
    group_by: grouping(search),
    limit: mostGroups(span, interval),
  };
}

const refresh = 60_000;

export const usageQuery = (api: Api, asked: ReturnType<typeof usageAsked>, open: boolean) =>
  queryOptions({
    queryKey: ["usage", asked],
    queryFn: ({ signal }) => data(api.GET("/api/admin/usage", { params: { query: asked }, signal })),
    refetchInterval: open ? refresh : false,
    placeholderData: (previous) => previous,
  });

/** The sums of the time before, for comparison: every group the API gives, without lines. */
export function usageBeforeQuery(api: Api, asked: ReturnType<typeof usageAsked>, before: Compared["before"]) {
  const query = { ...asked, ...before, interval: "none" as const, limit: 200 };
  return queryOptions({
    queryKey: ["usage", query],
    queryFn: ({ signal }) => data(api.GET("/api/admin/usage", { params: { query }, signal })),
    staleTime: refresh,
  });
}

/** The report as a file: every group, by interval. */
export async function usageFile(api: Api, asked: ReturnType<typeof usageAsked>, format: "csv" | "json"): Promise<Blob> {
  const query = { ...asked, limit: undefined, format };
  const { data: file } = await api.GET("/api/admin/usage/export", { params: { query }, parseAs: "blob" });
  return file as unknown as Blob;
}
