import { expect, test } from "vitest";
import { sorted, sortingOf, sortText, type SortKeys } from "./use-sorted";

interface Row {
  name: string;
  price: number | null;
}
const keys: SortKeys<Row> = {
  name: { first: "asc", value: (row) => row.name },
  price: { first: "desc", value: (row) => row.price },
};
const rows: Row[] = [
  { name: "b10", price: null },
  { name: "B9", price: 2 },
  { name: "a", price: 0 },
];
const names = (sort: string | undefined) => sorted(rows, keys, sortingOf(keys, sort))?.map(({ name }) => name);

test("an address names a column and a direction; what it does not know leaves the rows as they are", () => {
  expect(names("name")).toEqual(["a", "B9", "b10"]);
  expect(names("-name")).toEqual(["b10", "B9", "a"]);
  expect(names(undefined)).toEqual(["b10", "B9", "a"]);
  expect(names("colour")).toEqual(["b10", "B9", "a"]);
  expect(sortText({ by: "price", dir: "desc" })).toBe("-price");
});

test("rows without a value come last in both directions, zero is a value", () => {
  expect(names("price")).toEqual(["a", "B9", "b10"]);
  expect(names("-price")).toEqual(["B9", "a", "b10"]);
});
