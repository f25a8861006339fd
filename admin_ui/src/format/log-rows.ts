interface Row {
  id: string;
}

/** Newest first; where two lists hold the same request, the first one's row counts. Ids sort by time. */
export function merge<T extends Row>(...lists: readonly T[][]): T[] {
  const byId = new Map<string, T>();
  for (const row of lists.flat()) if (!byId.has(row.id)) byId.set(row.id, row);
  return [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}
