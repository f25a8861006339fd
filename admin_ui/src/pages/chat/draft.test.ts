import { expect, test } from "vitest";
import type { Dialog } from "@/api/dialogs";
import { blankDraft, bodyOf, draftOf } from "./draft";

const dialog: Dialog = {
  id: "dlg_1",
  user_id: "usr_1",
  title: null,
  system_prompt: null,
  model_name: "demo-gpt",
  agent: "default",
  agent_missing: false,
  agent_config: { temperature: 0.2 },
  created_at: "2026-11-21T17:00:00.000Z",
  updated_at: "2026-11-21T17:00:00.000Z",
  message_count: 0,
};

test("only what was changed is sent: a model that the deployment chose is not made the dialog's own", () => {
  const before = draftOf(dialog);
  expect(bodyOf(before, before)).toEqual({});
  expect(bodyOf({ ...before, title: " Plans " }, before)).toEqual({ title: "Plans" });
  expect(bodyOf({ ...before, agent: "", config: {} }, before)).toEqual({ agent: null, agent_config: {} });
});

test("a new dialog says what was chosen", () => {
  expect(bodyOf(blankDraft)).toEqual({});
  expect(bodyOf({ ...blankDraft, title: "Hi", model: "m", prompt: "Be brief." })).toEqual({
    title: "Hi",
    model_name: "m",
    system_prompt: "Be brief.",
  });
});
