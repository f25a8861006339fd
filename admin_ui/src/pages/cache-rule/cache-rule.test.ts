import { expect, test } from "vitest";
import { lastingOf, lastingText, secondsOf } from "@/format/lasting";
import { cacheBody, cacheDraft, cacheFaults, noCache } from "./cache-draft";
import { ruleText } from "./words";

test.each([
  [1, "1 second"],
  [90, "90 seconds"],
  [5_400, "90 minutes"],
  [3_600, "1 hour"],
  [604_800, "7 days"],
])("%d seconds are %s and come back", (seconds, text) => {
  expect(lastingText(seconds)).toBe(text);
  expect(secondsOf(lastingOf(seconds))).toBe(seconds);
});

test.each(["", "0", "-1", "x", "1e9", "0.0001"])("%j is no length of time", (number) => {
  expect(secondsOf({ number, unit: "seconds" })).toBeNull();
});

test("half an hour is 30 minutes; what lasts longer than a week is refused before it is sent", () => {
  expect(secondsOf({ number: "0.5", unit: "hours" })).toBe(1_800);
  const long = { ...noCache, on: true, lasting: { number: "8", unit: "days" as const } };
  expect(cacheFaults(long)).toMatchObject([{ field: "ttl_seconds", message: "At most 7 days." }]);
  expect(cacheFaults({ ...long, on: false })).toEqual([]);
});

test("a threshold counts only where meaning does", () => {
  const odd = { ...noCache, on: true, threshold: "x", embedding_model: "e" };
  expect(cacheFaults(odd)).toEqual([]);
  expect(cacheBody(odd)).toEqual({
    mode: "exact",
    ttl_seconds: 3_600,
    scope: "team",
    threshold: 0.95,
    embedding_model: null,
  });
  expect(cacheFaults({ ...odd, mode: "semantic" }).map(({ field }) => field)).toEqual(["threshold"]);
  expect(cacheBody({ ...odd, on: false })).toBeNull();
});

test("a rule is said in a line, and the form gives it back as it was", () => {
  const rule = {
    mode: "semantic",
    ttl_seconds: 5_400,
    scope: "deployment",
    threshold: 0.9,
    embedding_model: "e",
  } as const;
  expect(cacheBody(cacheDraft(rule))).toEqual(rule);
  expect(ruleText(rule)).toBe("same meaning (0.9), 90 minutes, shared by everybody");
});
