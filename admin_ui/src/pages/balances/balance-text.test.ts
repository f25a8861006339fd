import { expect, test } from "vitest";
import { changeId, reasonOf, tokensOf } from "./balance-text";

test("tokens are read as people write them; nothing else is", () => {
  expect(["500000", "500,000", " 500 000 ", "500k", "0.5M", "2m"].map(tokensOf)).toEqual([
    500_000,
    500_000,
    500_000,
    500_000,
    null,
    2_000_000,
  ]);
  expect(["", "0", "-5", "1e6", "many", "9999999999999999"].map(tokensOf)).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("a reason survives being an id, also one with a # in it", () => {
  const entry = (reason: string, id: string | null) => reasonOf({ reason, message_id: id, model: null });
  expect(entry("admin_top_up", changeId(" Invoice #4711 ", "123"))).toEqual({
    what: "Topped up",
    note: "Invoice #4711",
  });
  expect(entry("admin_deduct", "chg_1")).toEqual({ what: "Deducted", note: "" });
  expect(reasonOf({ reason: "llm_usage", message_id: null, model: "gpt-4o" })).toEqual({
    what: "Request",
    note: "gpt-4o",
  });
});
