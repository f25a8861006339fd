import { expect, test } from "vitest";
import { blocks } from "./use-standings";

const limits = { budgets: [{ period: "day" as const, usd: "1" }] };
const list = Array.from({ length: 120 }, (_, at) => ({ id: String(at), limits: at % 2 ? limits : null }));

test("only the blocks in sight are asked about, and of them only what has budgets", () => {
  expect(blocks(list, { first: 60, last: 70 })).toEqual([
    list.slice(50, 100).flatMap(({ id, limits: own }) => (own ? [id] : [])),
  ]);
  expect(blocks(list, { first: 40, last: 119 }).map((part) => part.length)).toEqual([25, 25, 10]);
  expect(blocks(list, { first: 0, last: Infinity }).flat()).toHaveLength(60);
  expect(blocks([{ id: "a", limits: null }], { first: 0, last: 9 })).toEqual([]);
  expect(blocks([], { first: 0, last: -1 })).toEqual([]);
});
