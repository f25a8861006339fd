import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { showAtOnce } from "./optimistic";

test("lists, pages and single things show a change at once, and go back", async () => {
  const queries = new QueryClient();
  const list = [
    { id: "a", active: true },
    { id: "b", active: true },
  ];
  const pages = { pages: [{ items: list }], pageParams: [undefined] };
  queries.setQueryData(["things"], list);
  queries.setQueryData(["things", "pages"], pages);
  queries.setQueryData(["things", "one", "b"], list[1]);
  queries.setQueryData(["others"], list);

  const undo = await showAtOnce(queries, ["things"], ["b"], { active: false });
  expect(queries.getQueryData(["things"])).toEqual([list[0], { id: "b", active: false }]);
  expect(queries.getQueryData(["things", "pages"])).toEqual({
    pages: [{ items: [list[0], { id: "b", active: false }] }],
    pageParams: [undefined],
  });
  expect(queries.getQueryData(["things", "one", "b"])).toEqual({ id: "b", active: false });
  expect(queries.getQueryData(["others"])).toBe(list);

  undo();
  expect(queries.getQueryData(["things"])).toEqual(list);
  expect(queries.getQueryData(["things", "pages"])).toEqual(pages);
});
