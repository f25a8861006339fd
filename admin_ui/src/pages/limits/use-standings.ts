import { useQueries } from "@tanstack/react-query";
import { manyScopes, scopesQuery, type Limits, type ScopeKind, type Standing } from "@/api/limits";
import { useApp } from "@/app-context";

interface Limited {
  id: string;
  limits: Limits | null;
}

/** Where the limits of those of a list stand that have budgets, by id; asked for by the fifty. */
export function useStandings(scope: ScopeKind, list: readonly Limited[] | undefined): Map<string, readonly Standing[]> {
  const { api } = useApp();
  const ids = (list ?? []).filter(({ limits }) => (limits?.budgets?.length ?? 0) > 0).map(({ id }) => id);
  const parts = Array.from({ length: Math.ceil(ids.length / manyScopes) }, (_, at) =>
    ids.slice(at * manyScopes, (at + 1) * manyScopes),
  );
  const found = useQueries({ queries: parts.map((part) => scopesQuery(api, scope, part)) });
  return new Map(found.flatMap(({ data }) => data ?? []).map((one) => [one.id, one.limits]));
}
