import { expect, test } from "vitest";
import { listSearch, loginSearch, overviewSearch } from "./search";

test.each([
  "//xss.invalid/",
  "/\\xss.invalid/",
  "/\t/xss.invalid",
  "https://xss.invalid/",
  "javascript:alert(1)",
  "",
  5,
  null,
])("after signing in, %j is no place to go", (next) => {
  expect(loginSearch({ next })).toEqual({});
});

test("a path of the dashboard is kept whole", () => {
  expect(loginSearch({ next: "/logs/req_1?status=5xx#x" })).toEqual({ next: "/logs/req_1?status=5xx#x" });
});

test("lists and the overview drop what they do not understand", () => {
  expect(listSearch({ open: 5, create: "yes", q: {}, evil: 1 })).toEqual({ open: "5" });
  expect(overviewSearch({ from: 5, to: 4, range: "1y" })).toEqual({});
  expect(overviewSearch({ from: 4, to: 5, range: "7d" })).toEqual({ from: 4, to: 5 });
});
