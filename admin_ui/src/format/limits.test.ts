import { expect, test } from "vitest";
import type { Standing } from "@/api/limits";
import {
  budgetPeriods,
  isNothing,
  limitCount,
  limitFaults,
  limitsBody,
  limitsDraft,
  limitsText,
  noLimits,
  standingText,
  taken,
  tightest,
} from "./limits";

const standing = (part: Partial<Standing>): Standing => ({
  name: "day",
  unit: "nano_usd",
  limit: 10e9,
  used: 0,
  held: 0,
  remaining: 10e9,
  reset: null,
  ...part,
});

test("a form there and back", () => {
  const limits = {
    requests_per_minute: 60,
    tokens_per_minute: null,
    concurrent: 3,
    budgets: [
      { period: "month" as const, usd: "12.5", timezone: "Europe/Berlin", reset_time: "06:30", reset_day: 15 },
      { period: "total" as const, usd: "0", timezone: "UTC", reset_time: "00:00", reset_day: 1 },
    ],
  };
  expect(limitsBody(limitsDraft(limits))).toEqual(limits);
  expect(limitsBody(noLimits)).toBeNull();
  expect(limitsBody(limitsDraft(null))).toBeNull();
  expect(limitCount(limits)).toBe(4);
});

test("numbers may be written as people write them", () => {
  const draft = { ...noLimits, tokens_per_minute: "100,000", requests_per_minute: " 1 000 " };
  expect(limitsBody(draft)).toMatchObject({ tokens_per_minute: 100_000, requests_per_minute: 1000 });
  const day = { ...noLimits.budgets.day, usd: "$1,250.50" };
  expect(limitsBody({ ...noLimits, budgets: { ...noLimits.budgets, day } })?.budgets).toMatchObject([
    { usd: "1250.50" },
  ]);
});

test.each(["1,50", "0,5", "1.000,50", "10,00", "1,0000", "1 50"])(
  "%s is no amount: a comma is no decimal point",
  (usd) => {
    const day = { ...noLimits.budgets.day, usd };
    expect(Object.keys(limitFaults({ ...noLimits, budgets: { ...noLimits.budgets, day } }))).toEqual(["day.usd"]);
  },
);

test.each(["0", "-1", "1.5", "1,5", "ten", "1000001"])("%s is no number of requests at once", (concurrent) => {
  const draft = { ...noLimits, concurrent };
  expect(limitFaults(draft)).toEqual({ concurrent: "A whole number from 1 to 1,000,000." });
  expect(() => limitsBody(draft)).toThrow(/whole number/);
});

test.each([
  ["usd", "1e3"],
  ["usd", "0.0000000001"],
  ["timezone", "Mars/Olympus"],
  ["reset_time", ""],
  ["reset_day", "29"],
  ["reset_day", "0"],
])("a monthly budget with %s = %j is refused beside that field", (field, value) => {
  const month = { ...noLimits.budgets.month, usd: "5", [field]: value };
  expect(Object.keys(limitFaults({ ...noLimits, budgets: { ...noLimits.budgets, month } }))).toEqual([
    `month.${field}`,
  ]);
});

test("without an amount the rest of a budget says nothing", () => {
  const day = { ...noLimits.budgets.day, timezone: "nowhere" };
  const draft = { ...noLimits, budgets: { ...noLimits.budgets, day } };
  expect(limitFaults(draft)).toEqual({});
  expect(budgetPeriods(draft)).toEqual([]);
  expect([isNothing("0.00"), isNothing("0.01"), isNothing("")]).toEqual([true, false, false]);
});

test("the tightest budget is the one with the largest part taken, held amounts counted", () => {
  const day = standing({ used: 4e9, held: 3e9 });
  const month = standing({ name: "month", limit: 100e9, used: 60e9 });
  const rate = standing({ name: "requests", unit: "requests", limit: 1, used: 1 });
  expect(tightest([rate, month, day])).toBe(day);
  expect(tightest([rate])).toBeNull();
  expect(taken(standing({ limit: 0, used: 0 }))).toBe(1);
  expect(tightest([day, standing({ name: "total", limit: 0, remaining: 0 })])?.name).toBe("total");
});

test("a bar in words: settled and held apart", () => {
  expect(standingText(standing({ used: 4e9, held: 1e9, remaining: 5e9 }))).toBe(
    "$4.00 settled, $1.00 held, $5.00 left of $10.00 (50 %)",
  );
  const slots = standing({ name: "concurrent", unit: "requests", limit: 4, held: 1, remaining: 3 });
  expect(standingText(slots)).toBe("1 running, 3 left of 4 (25 %)");
  const rate = standing({ name: "tokens", unit: "tokens", limit: 60_000, used: 600, remaining: 59_400 });
  expect(standingText(rate)).toBe("600 used, 59,400 left of 60,000 (1 %)");
});

test("limits in a line", () => {
  expect(limitsText(null)).toBe("");
  expect(limitsText({ requests_per_minute: 60, concurrent: 4, budgets: [{ period: "day", usd: "12.5" }] })).toBe(
    "60 requests/min · 4 at once · $12.5/day",
  );
});
