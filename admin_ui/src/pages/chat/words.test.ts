import { expect, test } from "vitest";
import { todo, tokensText, usedUp } from "./words";

const tokens = { balance: 12_345, total_used: 655, limit: null, held: 0, pays: true };

test("what is left, and when it is nothing", () => {
  expect(tokensText(tokens)).toEqual(["12.3k tokens left", "12,345 tokens left, 655 used"]);
  expect(tokensText({ ...tokens, balance: -5, held: 10, limit: 1000 })).toEqual([
    "0 tokens left",
    "-5 tokens left, 10 held for answers on their way, 655 used of 1,000 at most",
  ]);
  expect(usedUp(tokens)).toBe(false);
  expect(usedUp({ ...tokens, balance: 0 })).toBe(true);
  expect(usedUp({ ...tokens, limit: 655 })).toBe(true);
  expect(usedUp({ ...tokens, balance: 0, pays: false })).toBe(false);
});

test("every trouble says what to do", () => {
  for (const status of [0, 200, 400, 401, 402, 403, 404, 409, 413, 429, 500, 504])
    expect(todo({ status, code: "X", message: "" })).not.toBe("");
  expect(todo({ status: 200, code: "INSUFFICIENT_TOKENS", message: "" })).toContain("administrator");
  expect(todo({ status: 400, code: "CONTENT_FILTERED", message: "" })).toContain("other words");
});
