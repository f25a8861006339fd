// What a rule may look at, and how.

export type ValueType = "text" | "number" | "boolean";
export type Operator =
  "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "contains" | "not_contains" | "regex" | "in" | "not_in" | "exists";

const text: readonly Operator[] = ["eq", "ne", "contains", "not_contains", "regex", "in", "not_in", "exists"];
const number: readonly Operator[] = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "not_in", "exists"];
const dates: readonly Operator[] = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "not_in"];
const boolean: readonly Operator[] = ["eq", "ne", "exists"];

export interface FieldKind {
  /** The whole name of the field, or its beginning where `open`. */
  name: string;
  label: string;
  /** The rest of the name is the person's: a header, a path into the body. */
  open?: { label: string; placeholder: string };
  /** What its values are; undefined = whatever the client sends. */
  type?: ValueType;
  operators: readonly Operator[];
  hint?: string;
  /** Read in a time zone of the condition's own; UTC where it names none. */
  zoned?: true;
  /** How its value is asked for, where that is not a plain box. */
  input?: "date";
}

const every: readonly Operator[] = [
  "eq",
  "ne",
  "gt",
  "gte",
  "lt",
  "lte",
  "contains",
  "not_contains",
  "regex",
  "in",
  "not_in",
  "exists",
];

export const fieldKinds: readonly FieldKind[] = [
  { name: "model", label: "Requested model", type: "text", operators: text },
  { name: "stream", label: "Streamed", type: "boolean", operators: boolean },
  {
    name: "headers.",
    label: "Header",
    open: { label: "Header name", placeholder: "x-team" },
    type: "text",
    operators: text,
  },
  {
    name: "body.",
    label: "Body",
    open: { label: "Path in the body", placeholder: "metadata.tier" },
    operators: every,
    hint: "Members by dots, list items by [0]: messages[0].role",
  },
  { name: "tokens.input", label: "Input tokens", type: "number", operators: number },
  { name: "key.id", label: "Key id", type: "text", operators: text },
  { name: "key.name", label: "Key name", type: "text", operators: text },
  { name: "key.team_id", label: "Team", type: "text", operators: text },
  { name: "user.id", label: "User", type: "text", operators: text, hint: "The person the virtual key belongs to." },
  { name: "time.hour", label: "Hour", type: "number", operators: number, hint: "0 to 23", zoned: true },
  { name: "time.minute", label: "Minute", type: "number", operators: number, hint: "0 to 59", zoned: true },
  {
    name: "time.weekday",
    label: "Weekday",
    type: "number",
    operators: number,
    hint: "1 = Monday, 7 = Sunday",
    zoned: true,
  },
  { name: "time.date", label: "Date", type: "text", operators: dates, zoned: true, input: "date" },
];

/** A field that this dashboard does not list. */
export const otherKind: FieldKind = {
  name: "",
  label: "Other",
  open: { label: "Field", placeholder: "key.id" },
  operators: every,
};

export const kindOf = (field: string): FieldKind =>
  fieldKinds.find((kind) => (kind.open ? field.startsWith(kind.name) : field === kind.name)) ?? otherKind;

/** The operators of a field; for an open value, those of its type. */
export function operatorsOf(field: string, type: ValueType): readonly Operator[] {
  const kind = kindOf(field);
  if (kind.type) return kind.operators;
  return { text: kind.operators, number, boolean }[type];
}

export const operatorWords: Record<Operator, string> = {
  eq: "is",
  ne: "is not",
  gt: "is more than",
  gte: "is at least",
  lt: "is less than",
  lte: "is at most",
  contains: "contains",
  not_contains: "does not contain",
  regex: "matches the pattern",
  in: "is one of",
  not_in: "is none of",
  exists: "is",
};

export const isOperator = (word: unknown): word is Operator =>
  typeof word === "string" && Object.hasOwn(operatorWords, word);
export const takesList = (operator: Operator) => operator === "in" || operator === "not_in";
