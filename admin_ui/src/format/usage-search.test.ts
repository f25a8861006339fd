import { expect, test } from "vitest";
import { usageAsked } from "@/api/usage";
import { spanOf } from "./spans";
import { filtersOf, grouping, usageSearch } from "./usage-search";

const now = Date.parse("2026-11-21T10:51Z");

test("what the page does not understand is dropped from its URL", () => {
  expect(
    usageSearch({
      range: "3y",
      interval: "week",
      by: "ip",
      then: "key",
      metric: "joy",
      tz: "Mars",
      sort: "x",
      dir: 1,
      key: "",
    }),
  ).toEqual({});
  expect(usageSearch({ from: 5, to: 6 })).toEqual({});
});

test("two ends replace a range; an id of digits stays an id; a second grouping is another one", () => {
  const [from, to] = [now - 1000, now];
  expect(usageSearch({ range: "7d", from, to, team: 42 })).toEqual({ from, to, team: "42" });
  expect(grouping(usageSearch({ then: "key" }))).toEqual(["key"]);
  expect(grouping(usageSearch({ by: "team", then: "model" }))).toEqual(["team", "model"]);
  expect(grouping(usageSearch({ by: "none", then: "model" }))).toEqual([]);
});

test("the API is asked for what the URL says", () => {
  const search = usageSearch({ range: "yesterday", by: "team", provider: "openai", metric: "tokens", tz: "UTC" });
  expect(filtersOf(search)).toEqual({ provider: "openai" });
  expect(usageAsked(search, spanOf(search, now, "UTC"), "UTC")).toEqual({
    from: Date.parse("2026-11-20T00:00Z"),
    to: Date.parse("2026-11-21T00:00Z"),
    interval: "hour",
    timezone: "UTC",
    group_by: ["team"],
    provider: "openai",
    limit: 100,
  });
});
