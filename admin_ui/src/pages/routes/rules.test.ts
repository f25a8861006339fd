import { expect, test } from "vitest";
import { operatorsOf } from "./rule-fields";
import {
  added,
  emptyRule,
  readRule,
  regrouped,
  removed,
  retested,
  rowAt,
  RuleProblem,
  ruleText,
  writeRule,
  type Group,
} from "./rules";

const rule = (json: unknown): Group => {
  const found = readRule(json);
  if (!found) throw new Error("not readable");
  return found;
};

test.each([
  [{ all: [{ field: "headers.x-team", op: "eq", value: "ml" }] }],
  [
    {
      any: [
        { field: "tokens.input", op: "gte", value: 8000 },
        {
          all: [
            { field: "body.stream", op: "eq", value: true },
            { not: { field: "model", op: "regex", value: "^gpt" } },
          ],
        },
        {
          not: {
            any: [
              { field: "key.id", op: "in", value: ["a", "b"] },
              { field: "headers.x", op: "exists", value: false },
            ],
          },
        },
      ],
    },
  ],
  [
    {
      all: [
        { field: "time.hour", op: "gte", value: 18, zone: "Europe/Berlin" },
        { field: "stream", op: "eq", value: false },
      ],
    },
  ],
  [{ not: { all: [{ field: "body.n", op: "not_in", value: [1, 2.5] }] } }],
])("rows and back give the same condition %#", (json) => {
  expect(writeRule(rule(json))).toEqual(json);
});

test("no condition has no rows, and a lone test becomes the row of a group", () => {
  expect(readRule(null)?.items).toEqual([]);
  expect(writeRule(emptyRule())).toBeNull();
  const lone = { field: "model", op: "eq", value: "x" };
  expect(writeRule(rule(lone))).toEqual({ all: [lone] });
});

test.each([
  [{ all: "x" }],
  [{ field: "model", op: "near", value: "x" }],
  [{ field: "model", op: "eq", value: "x", note: "?" }],
  [{ field: "model", op: "eq", value: null }],
  [{ field: "body.a", op: "in", value: [1, "1"] }],
  [{ field: "tokens.input", op: "gt", value: "8" }],
  [{ field: "model", op: "eq", value: "x", zone: "Europe/Berlin" }],
  [{ field: "model", operator: "eq", value: "x" }],
  [{ all: [], any: [] }],
  ["x"],
])("what rows cannot show without changing it is left to JSON %#", (json) => {
  expect(readRule(json)).toBeNull();
});

test("rows are added to the group meant, changed and removed; the others stay", () => {
  let root = added(emptyRule(), 1, "test");
  root = added(root, 1, "group");
  const group = root.items[1] as Group;
  root = added(root, group.id, "test");
  root = regrouped(root, group.id, "none");
  const [first, second] = (root.items[1] as Group).items;
  root = retested(root, root.items[0]?.id ?? 0, { field: "headers.x-a", text: "1" });
  root = retested(root, first?.id ?? 0, { field: "tokens.input", operator: "gt", text: "10" });
  root = retested(root, second?.id ?? 0, { field: "model", text: "m" });
  expect(writeRule(root)).toEqual({
    all: [
      { field: "headers.x-a", op: "eq", value: "1" },
      {
        not: {
          any: [
            { field: "tokens.input", op: "gt", value: 10 },
            { field: "model", op: "eq", value: "m" },
          ],
        },
      },
    ],
  });
  root = removed(root, group.id);
  expect(root.items).toHaveLength(1);
});

test("another field or operator keeps what still fits", () => {
  const start = rule({ all: [{ field: "headers.x", op: "regex", value: "a.*" }] });
  const id = start.items[0]?.id ?? 0;
  expect(retested(start, id, { field: "tokens.input" }).items[0]).toMatchObject({ type: "number", operator: "eq" });
  expect(retested(start, id, { operator: "in" }).items[0]).toMatchObject({ list: ["a.*"], text: "" });
  const listed = retested(start, id, { operator: "in" });
  expect(retested(listed, id, { operator: "eq" }).items[0]).toMatchObject({ list: [], text: "a.*" });
  const asked = retested(start, id, { operator: "exists" });
  expect(writeRule(asked)).toEqual({ all: [{ field: "headers.x", op: "exists", value: true }] });
  expect(retested(asked, id, { operator: "eq" }).items[0]).toMatchObject({ text: "" });
});

test("operators are those of the field", () => {
  expect(operatorsOf("tokens.input", "number")).not.toContain("regex");
  expect(operatorsOf("headers.x", "text")).not.toContain("gt");
  expect(operatorsOf("body.a", "boolean")).toEqual(["eq", "ne", "exists"]);
});

test("a row that is not finished is named", () => {
  const problem = (root: Group): RuleProblem => {
    try {
      writeRule(root);
    } catch (error) {
      return error as RuleProblem;
    }
    throw new Error("it was written");
  };
  const blank = added(emptyRule(), 1, "test");
  expect(problem(blank)).toMatchObject({ node: 2, message: "Header name is missing." });
  expect(problem(retested(blank, 2, { field: "tokens.input", text: "many" })).message).toMatch(/not a number/);
  expect(problem(retested(blank, 2, { field: "model", operator: "in" })).message).toMatch(/at least one/);
  const hollow = removed(added(emptyRule(), 1, "group"), 3);
  expect(problem(hollow)).toMatchObject({ node: 2 });
});

test("a path of the server's leads to its row", () => {
  const root = rule({
    all: [
      { field: "model", op: "eq", value: "m" },
      {
        not: {
          any: [
            { field: "headers.x", op: "regex", value: "(" },
            { field: "headers.y", op: "eq", value: "" },
          ],
        },
      },
      { not: { field: "headers.z", op: "eq", value: "" } },
    ],
  });
  const none = root.items[1] as Group;
  expect(rowAt(root, "all[1].not.any[0].value")).toBe(none.items[0]?.id);
  expect(rowAt(root, "all[0]")).toBe(root.items[0]?.id);
  expect(rowAt(root, "all[2].not.value")).toBe((root.items[2] as Group).items[0]?.id);
  expect(rowAt(root, "")).toBeUndefined();
});

test("a condition in one line", () => {
  expect(ruleText(null)).toBe("always");
  expect(
    ruleText({
      all: [
        { field: "tokens.input", op: "gt", value: 8000 },
        {
          any: [
            { field: "key.id", op: "in", value: ["a"] },
            { field: "headers.x", op: "exists", value: false },
          ],
        },
      ],
    }),
  ).toBe("tokens.input is more than 8000 and (key.id is one of “a” or headers.x is absent)");
});
