import { expect, test } from "vitest";
import type { Message } from "@/api/dialogs";
import { awaiting } from "./answer";
import { awaited, isStored, linesOf, toldOnce } from "./thread";

const message = (id: string, role: Message["role"], part: Partial<Message> = {}): Message => ({
  id,
  dialog_id: "dlg_1",
  role,
  content: `text of ${id}`,
  prompt_tokens: 0,
  completion_tokens: 0,
  created_at: "2026-11-21T17:00:00.000Z",
  error: null,
  model: null,
  ...part,
});
const late = { code: "LLM_TIMEOUT", message: "Too slow." };
const shown = (lines: ReturnType<typeof linesOf>) =>
  lines.map(({ role, text, state, again }) => [role, text, state, again?.id ?? ""].join("|"));

test("what is sent stands behind what is stored, with its answer as it comes", () => {
  const stored = [message("q1", "user"), message("a1", "assistant", { prompt_tokens: 9, completion_tokens: 3 })];
  const sending = { question: { id: "q2", content: "and?" }, reply: { ...awaiting, text: "wel" } };
  const lines = linesOf(stored, sending);
  expect(shown(lines)).toEqual([
    "user|text of q1|whole|",
    "assistant|text of a1|whole|",
    "user|and?|whole|",
    "assistant|wel|running|",
  ]);
  expect(lines[1]?.tokens).toBe(12);
});

test("a failed question is sent again under its own id, and what comes takes the place of what had come", () => {
  const stored = [
    message("q1", "user", { error: late }),
    message("a1", "assistant", { content: "hal", error: late }),
    message("q2", "user"),
    message("a2", "assistant"),
  ];
  expect(shown(toldOnce(linesOf(stored)))).toEqual([
    "user|text of q1|whole|",
    "assistant|hal|failed|q1",
    "user|text of q2|whole|",
    "assistant|text of a2|whole|",
  ]);
  const question = { id: "q1", content: "text of q1" };
  const again = linesOf(stored, { question, reply: { ...awaiting, text: "hello" } });
  expect(shown(again).slice(0, 2)).toEqual(["user|text of q1|whole|", "assistant|hello|running|"]);
  expect(again).toHaveLength(4);
});

test("a question alone that failed says so itself; one that waits is awaited", () => {
  expect(shown(toldOnce(linesOf([message("q1", "user", { error: late })])))).toEqual(["user|text of q1|failed|q1"]);
  const at = Date.parse("2026-11-21T17:00:30.000Z");
  expect(awaited([message("q1", "user", { error: late })], at)).toBeUndefined();
  expect(awaited([message("q1", "user"), message("a1", "assistant")], at)).toBeUndefined();
  expect(awaited([message("q1", "user")], at)).toMatchObject({ state: "running" });
  expect(awaited([message("q1", "user")], at + 90_000)).toMatchObject({ state: "failed", again: { id: "q1" } });
});

test("an answer that somebody stopped is not offered again under the same id", () => {
  for (const code of ["client_gone", "STOPPED"]) {
    const left = { code, message: "The client left." };
    const stored = [message("q1", "user"), message("a1", "assistant", { error: left })];
    expect(shown(linesOf(stored))[1]).toBe("assistant|text of a1|stopped|");
  }
});

test("what a filter ended, or a rule blocked, says so and is not offered again", () => {
  const filtered = { code: "CONTENT_FILTERED", message: "Not that." };
  const stored = [message("q1", "user", { error: filtered }), message("q2", "user")];
  const lines = toldOnce(linesOf([...stored, message("a2", "assistant", { content: "Hal", error: filtered })]));
  expect(shown(lines)).toEqual(["user|text of q1|filtered|", "user|text of q2|whole|", "assistant|Hal|filtered|"]);
  expect(lines.map(({ trouble }) => trouble?.message)).toEqual(["Not that.", undefined, "Not that."]);
  const trouble = { status: 400, ...filtered };
  const sending = { question: { id: "q3", content: "?" }, reply: { state: "failed" as const, text: "", trouble } };
  expect(shown(linesOf([], sending))).toEqual(["user|?|whole|", "assistant||filtered|"]);
});

test("what was sent goes once its end is stored", () => {
  const question = { id: "q1", content: "?" };
  const done = { question, reply: { state: "done" as const, text: "!" } };
  expect(isStored([message("q1", "user")], done)).toBe(false);
  expect(isStored([message("q1", "user"), message("a1", "assistant")], done)).toBe(true);
  expect(isStored([message("q1", "user", { error: late })], done)).toBe(true);
  expect(isStored([message("q1", "user", { error: late })], { question, reply: awaiting })).toBe(false);
});
