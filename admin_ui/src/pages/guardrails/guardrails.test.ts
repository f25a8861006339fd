import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import type { Guardrail } from "@/api/guardrails";
import {
  actionsOf,
  blankGuardrail,
  everyRole,
  faults,
  freeId,
  type GuardrailDraft,
  guardrailBody,
  guardrailChanges,
  guardrailDraft,
  lineMessage,
  starters,
  stagesOf,
  withKind,
  withRole,
  withStage,
} from "./guardrail-draft";
import { pieces } from "./marked-text";

test("what the API found by code points is marked in a text of UTF-16 units", () => {
  const text = "👋🏽 mail kim@example.com now";
  const at = Array.from(text).indexOf("k");
  expect(pieces(text, [{ start: at, end: at + 15, sort: "email" }])).toEqual([
    { text: "👋🏽 mail " },
    { text: "kim@example.com", sort: "email" },
    { text: " now" },
  ]);
});

test("matches in any order are shown in that of the text; what overlaps or lies outside is left out", () => {
  const matches = [
    { start: 4, end: 5, sort: "b" },
    { start: 0, end: 2, sort: "a" },
    { start: 1, end: 3, sort: "over" },
    { start: 5, end: 99, sort: "beyond" },
  ];
  expect(pieces("aabbc", matches)).toEqual([{ text: "aa", sort: "a" }, { text: "bb" }, { text: "c", sort: "b" }]);
  expect(pieces("", [])).toEqual([]);
});

test("every beginning is finished, and only its own kind's fields are sent", () => {
  for (const { draft } of starters) {
    expect(faults(draft)).toEqual({});
    expect(actionsOf(draft.kind)).toContain(draft.action);
    for (const stage of draft.stages) expect(stagesOf(draft.kind)).toContain(stage);
  }
  const mixed = {
    ...blankGuardrail,
    id: " x ",
    keywords: "a\n\n  b c \n",
    pii: ["email" as const],
    model: "m",
    threshold: "1",
  };
  expect(guardrailBody(mixed)).toMatchObject({
    id: "x",
    keywords: ["a", "b c"],
    pii: [],
    model: null,
    threshold: null,
  });
});

test("another kind takes back what it cannot do", () => {
  const masking = { ...blankGuardrail, stages: ["output" as const], action: "mask" as const };
  expect(withKind(masking, "max_input")).toMatchObject({ stages: ["input"], action: "block" });
  expect(withKind(masking, "pii")).toMatchObject({ stages: ["output"], action: "mask" });
  expect(withStage(["output"], "input", true)).toEqual(["input", "output"]);
});

test.each([
  [{ kind: "deny" }, "keywords"],
  [{ kind: "deny", keywords: "a", stages: [] }, "stages"],
  [{ kind: "deny", keywords: "a", roles: [] }, "roles"],
  [{ kind: "max_input", max_tokens: "9", roles: ["user"] }, "roles"],
  [{ kind: "pii" }, "pii"],
  [{ kind: "max_input" }, "max_characters"],
  [{ kind: "max_input", max_tokens: "1.5" }, "max_tokens"],
  [{ kind: "moderation" }, "model"],
  [{ kind: "moderation", model: "m", categories: ["hate"], threshold: "2" }, "threshold"],
] satisfies [Partial<GuardrailDraft>, keyof GuardrailDraft][])("%j is not finished: %s", (part, field) => {
  expect(Object.keys(faults({ ...blankGuardrail, ...part }))).toEqual([field]);
});

test("all roles are looked at until somebody takes one out, and always where requests are not", () => {
  const body = (part: Partial<GuardrailDraft>) => guardrailBody({ ...blankGuardrail, ...part }).roles;
  expect(body({})).toEqual(everyRole);
  const users = withRole(withRole(everyRole, "system", false), "assistant", false);
  expect(body({ roles: users })).toEqual(["user"]);
  expect(withRole(users, "system", true)).toEqual(["user", "system"]);
  expect(body({ roles: [], stages: ["output"] })).toEqual(everyRole);
  expect(faults({ ...blankGuardrail, keywords: "a", roles: [], stages: ["output"] })).toEqual({});
});

test("an order of roles is no change of them", () => {
  const first = starters[0]?.draft ?? blankGuardrail;
  const stored = { ...guardrailBody(first), roles: ["system", "user", "assistant"], version: 1 } as Guardrail;
  expect(guardrailChanges(first, guardrailDraft(stored))).toEqual({});
});

test("an error about one of several entries says which", () => {
  const refused = (field: string) => lineMessage(new ApiError(422, "validation_error", "No.", field));
  expect(refused("body.guardrail.patterns[2]")).toBe("Entry 3: No.");
  expect(refused("message")).toBe("No.");
});

test("a change sends what differs, and a stored one comes back as it was", () => {
  const first = starters[0]?.draft ?? blankGuardrail;
  expect(guardrailChanges(first, { ...first, action: "block", message: " " })).toEqual({ action: "block" });
  const stored = { ...guardrailBody(first), version: 1, updated_at: 1 } as Guardrail;
  expect(guardrailDraft(stored)).toEqual(first);
  expect(freeId("a", new Set(["a", "a-2"]))).toBe("a-3");
});
