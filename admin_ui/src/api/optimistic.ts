// Changes that show before the server has said yes, and go back when it says no.
import type { QueryClient, QueryKey } from "@tanstack/react-query";

interface Item {
  id: string;
}
interface Pages {
  pages: { items: Item[] }[];
}

const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && "id" in value;
const hasPages = (value: unknown): value is Pages => typeof value === "object" && value !== null && "pages" in value;

/** A list, pages of a list, or one thing, with `part` put over those of these ids. */
function patched(value: unknown, ids: ReadonlySet<string>, part: object): unknown {
  const put = (item: unknown) => (isItem(item) && ids.has(item.id) ? { ...item, ...part } : item);
  if (Array.isArray(value)) return value.map(put);
  if (hasPages(value)) {
    return { ...value, pages: value.pages.map((page) => ({ ...page, items: page.items.map(put) })) };
  }
  return put(value);
}

/** Shows `part` on these things in every cached query below `queryKey` at once; what it gives back undoes that. */
export async function showAtOnce(queries: QueryClient, queryKey: QueryKey, ids: readonly string[], part: object) {
  await queries.cancelQueries({ queryKey });
  const before = queries.getQueriesData({ queryKey });
  const set = new Set(ids);
  queries.setQueriesData({ queryKey }, (value: unknown) => patched(value, set, part));
  return () => {
    for (const [key, value] of before) queries.setQueryData(key, value);
  };
}
