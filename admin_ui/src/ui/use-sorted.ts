import type { Sorting } from "./SortHead";

type Value = string | number | boolean | null | undefined;
export type SortKeys<T> = Readonly<Record<string, { first: "asc" | "desc"; value: (row: T) => Value }>>;

const names = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compare(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return names.compare(a, b);
  return Number(a) - Number(b);
}

/** `sort` as it stands in an address: "name" or "-updated". */
export const sortingOf = <T>(keys: SortKeys<T>, text: string | undefined): Sorting | undefined => {
  if (!text) return undefined;
  const by = text.replace(/^-/, "");
  return keys[by] && { by, dir: text.startsWith("-") ? "desc" : "asc" };
};

export const sortText = ({ by, dir }: Sorting) => (dir === "desc" ? `-${by}` : by);

/** Rows in the order that the address asks for; those without a value come last, whichever way. Without an order they stay as they are. */
export function sorted<T>(rows: T[] | undefined, keys: SortKeys<T>, now: Sorting | undefined): T[] | undefined {
  const key = now && keys[now.by];
  if (!rows || !key) return rows;
  const way = now.dir === "desc" ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [key.value(a), key.value(b)];
    const gone = Number(x === null || x === undefined) - Number(y === null || y === undefined);
    return gone !== 0 ? gone : x === null || x === undefined ? 0 : way * compare(x, y);
  });
}

/** Everything a `ListTable` needs to sort. */
export const tableSorting = <T>(keys: SortKeys<T>, text: string | undefined, onSort: (text: string) => void) => ({
  first: Object.fromEntries(Object.entries(keys).map(([id, { first }]) => [id, first])),
  now: sortingOf(keys, text),
  onSort: (next: Sorting) => onSort(sortText(next)),
});
