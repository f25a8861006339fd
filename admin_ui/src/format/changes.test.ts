import { expect, test } from "vitest";
import { changesText, diffLines, kindOf, nameIn, namesIn, nounWord } from "./changes";
import { exact } from "./times";

const route = (targets: object[]) => ({ targets });

test("nested values become one line each, and equal ones none", () => {
  const before = { name: "a", timeouts: { connect: 5, idle: 60 }, active: true };
  const after = { name: "b", timeouts: { connect: 5, idle: 90 }, active: true };
  expect(diffLines({ noun: "provider", id: "p", before, after })).toEqual([
    { path: "name", before: "a", after: "b" },
    { path: "timeouts.idle", before: "60", after: "90" },
  ]);
});

test("a list of things is compared place by place, a list of words as a whole", () => {
  const lines = diffLines({
    noun: "route",
    id: "r",
    before: { ...route([{ model: "a", weight: 1 }]), tags: ["x"] },
    after: { ...route([{ model: "a", weight: 2 }, { model: "b" }]), tags: ["x", "y"] },
  });
  expect(lines).toEqual([
    { path: "targets[0].weight", before: "1", after: "2" },
    { path: "tags", before: "x", after: "x, y" },
    { path: "targets[1].model", before: undefined, after: "b" },
  ]);
});

test("what is empty is no value, false and 0 are", () => {
  const after = { name: "", base_url: null, models: [], rules: {}, active: false, weight: 0 };
  expect(diffLines({ noun: "model", id: "m", before: null, after })).toEqual([
    { path: "active", before: undefined, after: "false" },
    { path: "weight", before: undefined, after: "0" },
  ]);
});

test("times are told as times", () => {
  const at = 1_790_000_000_000;
  expect(
    diffLines({ noun: "virtual_key", id: "k", before: { valid_until: null }, after: { valid_until: at } })[0]?.after,
  ).toBe(exact(at));
});

test("kinds are counted", () => {
  const change = { noun: "model", id: "m" };
  const changes = [
    { ...change, before: null, after: {} },
    { ...change, before: {}, after: null },
    { ...change, before: {}, after: {} },
    { ...change, before: null, after: null },
  ];
  expect(changes.map(kindOf)).toEqual(["added", "removed", "changed", "unknown"]);
  expect(changesText(changes)).toBe("1 added · 1 changed · 1 removed · 1 not kept");
  expect(changesText([])).toBe("nothing");
});

test("nouns are told as words", () => {
  expect(nounWord("upstream_key")).toBe("Upstream key");
  expect(nounWord("something_new")).toBe("Something new");
});

test("a change says what its thing is called, afterwards or before", () => {
  const key = { noun: "virtual_key", id: "key_1" };
  const renamed = { ...key, before: { name: "Old" }, after: { name: "New" } };
  expect(nameIn(renamed)).toBe("New");
  expect(nameIn({ ...key, before: { name: "Old" }, after: null })).toBe("Old");
  expect(nameIn({ ...key, before: { active: true }, after: { active: false } })).toBeUndefined();
  expect(nameIn({ noun: "user", id: "usr_1", before: null, after: { username: "dana" } })).toBe("dana");
  const credential = {
    noun: "upstream_key",
    id: "uk_1",
    before: null,
    after: { provider: "anthropic", hint: "sk-****7Q2x" },
  };
  expect(nameIn(credential)).toBe("anthropic · sk-****7Q2x");
  const names = namesIn([renamed, { ...key, before: null, after: { name: "Old" } }, credential]);
  expect([...names]).toEqual([
    ["virtual_key key_1", "New"],
    ["upstream_key uk_1", "anthropic · sk-****7Q2x"],
  ]);
});
