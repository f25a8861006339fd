import { expect, test } from "vitest";
import { mayOf } from "./access";
import { firstPage, pages, reachable } from "./pages";

const user = mayOf({ dialogs: ["DELETE", "GET", "PATCH", "POST"], usage: ["GET"], keys: [] });
const operator = mayOf({ overview: ["GET"], logs: ["GET"], usage: ["GET"], keys: ["GET"], models: ["GET", "PATCH"] });

test("what is not in the table is not allowed", () => {
  expect(user("usage")).toBe(true);
  expect(user("usage", "POST")).toBe(false);
  expect(user("keys")).toBe(false);
  expect(user("no such noun")).toBe(false);
});

test("the rail shows what the role may read, and sign-in leads to the first of it", () => {
  const labels = (may: typeof user) => pages.filter((page) => reachable(page.to, may)).map(({ label }) => label);
  expect(labels(user)).toEqual(["Chat", "Usage", "Cache"]);
  expect(firstPage(user)).toBe("/chat");
  expect(labels(operator)).toContain("Keys");
  expect(labels(operator)).not.toContain("Users & teams");
  expect(firstPage(operator)).toBe("/");
  expect(firstPage(mayOf({}))).toBeUndefined();
});

test("a page below another needs the same", () => {
  expect(reachable("/logs/req_1", user)).toBe(false);
  expect(reachable("/routes/edit", operator)).toBe(false);
  expect(reachable("/no-such-page", user)).toBe(true);
});
