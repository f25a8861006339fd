import { expect, test } from "vitest";
import { cacheShare, saved } from "./cache-savings";

const price = { input: "3", output: "15", cache_read: "0.30", cache_write_5m: "3.75", cache_write_1h: "6" };
const tokens = (read: number, five: number, hour: number) => ({
  cache_read_tokens: read,
  cache_write_5m_tokens: five,
  cache_write_1h_tokens: hour,
});

test("reading saves the difference to fresh input, writing costs the difference", () => {
  expect(saved(tokens(1_000_000, 0, 0), price)).toBe(2_700_000_000);
  expect(saved(tokens(0, 1_000_000, 0), price)).toBe(-750_000_000);
  expect(saved(tokens(0, 0, 1_000_000), price)).toBe(-3_000_000_000);
  expect(saved(tokens(1_000_000, 200_000, 0), price)).toBe(2_550_000_000);
});

test("a price of its own that is missing is the price of input", () => {
  expect(saved(tokens(5, 7, 9), { input: "0.15" })).toBe(0);
  expect(saved(tokens(1, 0, 0), { input: "0.0375", cache_read: "0.0075" })).toBe(30);
});

test("large sums stay exact", () => {
  expect(saved(tokens(987_654_321_987, 0, 0), { ...price, input: "0.000001", cache_read: "0" })).toBe(987_654_321);
});

test("a share needs input", () => {
  expect(cacheShare({ cache_read_tokens: 25, input_tokens: 100 })).toBe(0.25);
  expect(cacheShare({ cache_read_tokens: 0, input_tokens: 0 })).toBeNull();
});
