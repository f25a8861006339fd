import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { useColumns } from "./Columns";

const all = [
  { id: "name", label: "Name", fixed: true },
  { id: "state", label: "State" },
  { id: "id", label: "Id", off: true },
];

beforeEach(() => localStorage.clear());

test("what is chosen is kept, by table, and can be taken back", () => {
  const first = renderHook(() => useColumns("things", all));
  expect([...first.result.current.hidden]).toEqual(["id"]);
  act(() => first.result.current.show("state", false));
  act(() => first.result.current.show("id", true));
  expect([...first.result.current.hidden]).toEqual(["state"]);
  expect([...renderHook(() => useColumns("things", all)).result.current.hidden]).toEqual(["state"]);
  expect([...renderHook(() => useColumns("others", all)).result.current.hidden]).toEqual(["id"]);
  act(() => first.result.current.reset());
  expect([...renderHook(() => useColumns("things", all)).result.current.hidden]).toEqual(["id"]);
});

test("a fixed column stays, and what cannot be read counts as nothing chosen", () => {
  localStorage.setItem("gateway.columns.things", '{"name":false}');
  expect([...renderHook(() => useColumns("things", all)).result.current.hidden]).toEqual(["id"]);
  localStorage.setItem("gateway.columns.things", "{");
  expect([...renderHook(() => useColumns("things", all)).result.current.hidden]).toEqual(["id"]);
});
