import { expect, test } from "vitest";
import { actionWord, activeAuditFilters, auditSearch, entryTime } from "./audit-search";

test("keeps what the page understands and drops the rest", () => {
  expect(auditSearch({ actor: "admin", id: 42, noun: "", action: {}, range: "7d", other: 1 })).toEqual({
    actor: "admin",
    id: "42",
    range: "7d",
  });
  expect(auditSearch({ from: 5, to: 9, range: "7d" })).toEqual({ from: 5, to: 9 });
  expect(auditSearch({ from: 9, to: 5, range: "year" })).toEqual({});
});

test("filters become chips in a fixed order", () => {
  expect(activeAuditFilters({ noun: "model", actor: "eve", range: "1h" })).toEqual([
    { name: "actor", value: "eve" },
    { name: "noun", value: "model" },
  ]);
});

test("an entry's id tells its time", () => {
  expect(entryTime(`aud_${(1_790_000_000_000).toString(16).padStart(12, "0")}${"a".repeat(20)}`)).toBe(
    1_790_000_000_000,
  );
  expect(entryTime("aud_x")).toBeUndefined();
});

test("an action that is not known is shown as it is", () => {
  expect(actionWord("top_up")).toBe("topped up");
  expect(actionWord("new_thing")).toBe("new thing");
});
