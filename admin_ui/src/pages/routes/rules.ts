// A target's condition as the rows of an editor, and back to the JSON that the gateway keeps:
// {"all": […]}, {"any": […]}, {"not": …}, {"field", "op", "value"}.
import { isObject } from "@/format/json";
import {
  isOperator,
  kindOf,
  operatorsOf,
  operatorWords,
  takesList,
  type Operator,
  type ValueType,
} from "./rule-fields";

export interface Test {
  id: number;
  kind: "test";
  field: string;
  operator: Operator;
  /** Of the values, as far as the field leaves it open. */
  type: ValueType;
  /** The one value, as typed; for `exists` and booleans "true" or "false". */
  text: string;
  /** The values of `in` and `not_in`. */
  list: string[];
  /** The time zone of a field about time; "" = UTC. */
  zone: string;
}

export interface Group {
  id: number;
  kind: "group";
  mode: "all" | "any" | "none";
  items: Node[];
}

export type Node = Test | Group;

/** A row that cannot be saved as it is: which one and why. */
export class RuleProblem extends Error {
  constructor(
    readonly node: number,
    message: string,
  ) {
    super(message);
    this.name = "RuleProblem";
  }
}

export const emptyRule = (): Group => ({ id: 1, kind: "group", mode: "all", items: [] });

const all = (node: Node): Node[] => (node.kind === "test" ? [node] : [node, ...node.items.flatMap(all)]);
const nextId = (root: Group) => Math.max(...all(root).map((node) => node.id)) + 1;

// --- from JSON ---

class Unreadable extends Error {}

/** The rows for a condition; null when it holds something that rows cannot show. No condition = a group without rows. */
export function readRule(json: unknown): Group | null {
  if (json === null || json === undefined) return emptyRule();
  let last = 0;
  const id = () => (last += 1);
  try {
    if (isObject(json) && !("all" in json || "any" in json || "not" in json)) {
      return { id: id(), kind: "group", mode: "all", items: [readNode(json, id)] };
    }
    return readNode(json, id) as Group;
  } catch (problem) {
    if (problem instanceof Unreadable) return null;
    throw problem;
  }
}

function readNode(json: unknown, id: () => number): Node {
  if (!isObject(json)) throw new Unreadable();
  const names = Object.keys(json);
  const only = names.length === 1 ? names[0] : undefined;
  if (only === "all" || only === "any") return group(only, json[only], id);
  if (only === "not") {
    const inner = json.not;
    const many = isObject(inner) && Object.keys(inner).length === 1 && Array.isArray(inner.any);
    return group("none", many ? inner.any : [inner], id);
  }
  return readTest(json, id);
}

function group(mode: Group["mode"], items: unknown, id: () => number): Group {
  if (!Array.isArray(items)) throw new Unreadable();
  const own = id();
  return { id: own, kind: "group", mode, items: items.map((item) => readNode(item, id)) };
}

type Scalar = string | number | boolean;
const isScalar = (value: unknown): value is Scalar => ["string", "number", "boolean"].includes(typeof value);
const typeOf = (value: Scalar): ValueType =>
  typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "text";

function readTest(json: Record<string, unknown>, id: () => number): Test {
  const { field, op: operator, value, zone = "", ...rest } = json;
  if (typeof zone !== "string" || (zone && !kindOf(String(field)).zoned)) throw new Unreadable();
  if (typeof field !== "string" || !isOperator(operator) || Object.keys(rest).length > 0) throw new Unreadable();
  const test: Test = {
    id: id(),
    kind: "test",
    field,
    operator,
    type: kindOf(field).type ?? "text",
    text: "",
    list: [],
    zone,
  };
  if (operator === "exists") {
    if (typeof value !== "boolean") throw new Unreadable();
    return { ...test, text: String(value) };
  }
  const values = takesList(operator) ? value : [value];
  if (!Array.isArray(values) || !values.every(isScalar)) throw new Unreadable();
  const types = new Set(values.map(typeOf));
  const type = [...types][0] ?? test.type;
  // A list of mixed types, or a type that the field cannot have, is shown as JSON rather than changed by showing it.
  if (types.size > 1 || (kindOf(field).type ?? type) !== type || !operatorsOf(field, type).includes(operator))
    throw new Unreadable();
  const texts = values.map(String);
  return takesList(operator) ? { ...test, type, list: texts } : { ...test, type, text: texts[0] ?? "" };
}

// --- to JSON ---

/** The JSON of the rows, null where there are none; RuleProblem names the row that is not finished. */
export function writeRule(root: Group): Record<string, unknown> | null {
  return root.items.length === 0 ? null : writeNode(root);
}

function writeNode(node: Node): Record<string, unknown> {
  if (node.kind === "test") return writeTest(node);
  const items = node.items.map(writeNode);
  const [first] = items;
  if (first === undefined) throw new RuleProblem(node.id, "This group is empty: add a row, or remove it.");
  if (node.mode !== "none") return { [node.mode]: items };
  return { not: items.length === 1 ? first : { any: items } };
}

function writeTest(test: Test): Record<string, unknown> {
  const { id, field, operator: op } = test;
  const kind = kindOf(field);
  const zone = kind.zoned && test.zone.trim() ? { zone: test.zone.trim() } : {};
  if (kind.open && field.length === kind.name.length) throw new RuleProblem(id, `${kind.open.label} is missing.`);
  if (op === "exists") return { field, op, value: test.text !== "false", ...zone };
  if (takesList(op)) {
    if (test.list.length === 0) throw new RuleProblem(id, "Add at least one value.");
    return { field, op, value: test.list.map((text) => scalar(test, text)), ...zone };
  }
  return { field, op, value: scalar(test, test.text), ...zone };
}

function scalar({ id, type, operator }: Test, text: string): Scalar {
  if (type === "boolean") return text !== "false";
  if (type === "number") {
    const value = Number(text);
    if (!text.trim() || !Number.isFinite(value)) throw new RuleProblem(id, `“${text}” is not a number.`);
    return value;
  }
  if (text === "" && operator !== "eq" && operator !== "ne") throw new RuleProblem(id, "Give a value.");
  return text;
}

/** Where each row is in the JSON, from the root: "" is the root, "all[0].not.any[1]" a row. For the server's faults. */
export function rulePaths(root: Group): Map<string, number> {
  const paths = new Map<string, number>();
  const walk = (node: Node, path: string) => {
    paths.set(path, node.id);
    if (node.kind === "test") return;
    const own = path ? `${path}.` : "";
    const lone = node.mode === "none" && node.items.length === 1;
    const word = node.mode === "none" ? "not.any" : node.mode;
    node.items.forEach((item, index) => walk(item, lone ? `${own}not` : `${own}${word}[${index}]`));
  };
  walk(root, "");
  return paths;
}

/** The row that a path of the server's points into; the deepest one it names. */
export function rowAt(root: Group, path: string): number | undefined {
  const paths = rulePaths(root);
  for (let rest = path; rest; rest = rest.replace(/(\.[^.[]*|\[[^\]]*\]|^[^.[]+)$/, "")) {
    const found = paths.get(rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

// --- changes ---

export const newTest = (id: number): Test => ({
  id,
  kind: "test",
  field: "headers.",
  operator: "eq",
  type: "text",
  text: "",
  list: [],
  zone: "",
});

const mapped = (node: Group, change: (node: Node) => Node | null): Group => ({
  ...node,
  items: node.items.flatMap((item) => {
    const next = change(item.kind === "group" ? mapped(item, change) : item);
    return next ? [next] : [];
  }),
});

/** Adds a row or a group (with a first row in it) at the end of a group. */
export function added(root: Group, group: number, what: "test" | "group"): Group {
  const id = nextId(root);
  const item: Node = what === "test" ? newTest(id) : { id, kind: "group", mode: "any", items: [newTest(id + 1)] };
  const into = (node: Group): Group => (node.id === group ? { ...node, items: [...node.items, item] } : node);
  return into(mapped(root, (node) => (node.kind === "group" ? into(node) : node)));
}

/** Takes a row or group away. */
export const removed = (root: Group, id: number): Group => mapped(root, (node) => (node.id === id ? null : node));

/** Changes a group's mode. */
export const regrouped = (root: Group, id: number, mode: Group["mode"]): Group =>
  root.id === id ? { ...root, mode } : mapped(root, (node) => (node.id === id ? ({ ...node, mode } as Group) : node));

/** Changes a row, and keeps field, operator and type fit for each other. */
export const retested = (root: Group, id: number, part: Partial<Test>): Group =>
  mapped(root, (node) => (node.id === id && node.kind === "test" ? fitting({ ...node, ...part }, node) : node));

function fitting(test: Test, before: Test): Test {
  const type = kindOf(test.field).type ?? test.type;
  const operators = operatorsOf(test.field, type);
  const operator = operators.includes(test.operator) ? test.operator : (operators[0] ?? "eq");
  const next = { ...test, type, operator };
  if (takesList(operator) && !takesList(before.operator) && before.operator !== "exists" && test.text)
    return { ...next, list: [test.text], text: "" };
  if (!takesList(operator) && takesList(before.operator)) return { ...next, text: test.list[0] ?? "", list: [] };
  const asks = operator === "exists" || type === "boolean";
  if (asks) return { ...next, text: test.text === "false" ? "false" : "true" };
  const asked = before.operator === "exists" || before.type === "boolean";
  return asked ? { ...next, text: "" } : next;
}

// --- words ---

const quoted = (value: unknown) => (typeof value === "string" ? `“${value}”` : JSON.stringify(value));

/** One test as people say it: headers.x-team is “ml”. */
export function testText(field: string, operator: string, value: unknown, zone?: unknown): string {
  if (operator === "exists") return `${field} ${value === false ? "is absent" : "is present"}`;
  const word = isOperator(operator) ? operatorWords[operator] : operator;
  const what = Array.isArray(value) ? value.map(quoted).join(", ") : quoted(value);
  return `${field} ${word} ${what}${typeof zone === "string" && zone ? ` (${zone})` : ""}`;
}

/** A condition in one line, for lists. */
export function ruleText(json: unknown): string {
  if (!isObject(json)) return "always";
  if (Object.keys(json).length === 0) return "always";
  if (Array.isArray(json.all)) return joined(json.all, " and ");
  if (Array.isArray(json.any)) return joined(json.any, " or ");
  if (json.not !== undefined) return `not (${ruleText(json.not)})`;
  return testText(String(json.field), String(json.op), json.value, json.zone);
}

function joined(items: unknown[], word: string): string {
  if (items.length === 0) return "always";
  const nested = (item: unknown) =>
    isObject(item) && ("all" in item || "any" in item) && items.length > 1 ? `(${ruleText(item)})` : ruleText(item);
  return items.map(nested).join(word);
}
