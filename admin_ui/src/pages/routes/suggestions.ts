import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { keysQuery, logsQuery, modelsQuery, routesQuery } from "@/api/queries";
import { useApp } from "@/app-context";

const headers = ["user-agent", "anthropic-beta", "anthropic-version", "openai-organization", "x-session-id", "x-title"];
const paths = [
  "max_tokens",
  "temperature",
  "tools",
  "tool_choice",
  "reasoning_effort",
  "response_format.type",
  "metadata.user_id",
  "messages[0].role",
  "messages[0].content",
];

const distinct = (...values: (string | null | undefined)[]) =>
  [...new Set(values.filter((value) => value != null && value !== ""))] as string[];

/** What a rule's box offers: names for the open part of a field, and the values that were seen of late. */
export function useSuggestions() {
  const { api } = useApp();
  const keys = useQuery({ ...keysQuery(api), staleTime: 60_000 }).data ?? [];
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data ?? [];
  const routes = useQuery({ ...routesQuery(api), staleTime: 60_000 }).data ?? [];
  const seen = useInfiniteQuery({ ...logsQuery(api, {}), staleTime: 60_000 }).data?.pages[0]?.items ?? [];
  const values: Record<string, string[]> = {
    model: distinct(
      ...seen.map((row) => row.requested_model),
      ...routes.map(({ id }) => id),
      ...models.map(({ id }) => id),
    ),
    "key.id": keys.map((key) => key.id),
    "key.name": distinct(...keys.map((key) => key.name)),
    "key.team_id": distinct(...keys.map((key) => key.team_id), ...seen.map((row) => row.team_id)),
    "user.id": distinct(...keys.map((key) => key.user_id), ...seen.map((row) => row.user_id)),
  };
  return {
    names: (kind: string) => (kind === "headers." ? headers : kind === "body." ? paths : []),
    values: (field: string) => (values[field] ?? []).slice(0, 50),
  };
}
