import { useQueries } from "@tanstack/react-query";
import { manyScopes, scopesQuery, type Limits, type ScopeKind, type Standing } from "@/api/limits";
import { useApp } from "@/app-context";

interface Limited {
  id: string;
  limits: Limits | null;
}

/** Which of the rows of a list are looked at, from the first to the last. */
export interface Sight {
  first: number;
  last: number;
}

/**
 * Where the limits of those of a list stand that have budgets, by id; asked for by the fifty. Of a long list only `sight` is asked about: what
 * nobody sees need not be read every few seconds.
 */
export function useStandings(
  scope: ScopeKind,
  list: readonly Limited[] | undefined,
  sight: Sight = { first: 0, last: Infinity },
): Map<string, readonly Standing[]> {
  const { api } = useApp();
  const found = useQueries({ queries: blocks(list ?? [], sight).map((part) => scopesQuery(api, scope, part)) });
  return new Map(found.flatMap(({ data }) => data ?? []).map((one) => [one.id, one.limits]));
}

/** The ids to ask for: whole blocks, so that scrolling by a row asks for nothing new. */
export function blocks(list: readonly Limited[], { first, last }: Sight): string[][] {
  const parts: string[][] = [];
  for (let at = first - (first % manyScopes); at < list.length && at <= last; at += manyScopes) {
    const part = list.slice(at, at + manyScopes).filter(({ limits }) => (limits?.budgets?.length ?? 0) > 0);
    if (part.length > 0) parts.push(part.map(({ id }) => id));
  }
  return parts;
}
