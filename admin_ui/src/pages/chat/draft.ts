// What is chosen for a dialog, in a form; "" = nothing.
import type { Dialog, DialogBody } from "@/api/dialogs";
import { settingsOf, type ModelSettings } from "@/pages/agents/model-settings";

export interface ChatDraft {
  title: string;
  model: string;
  agent: string;
  prompt: string;
  config: ModelSettings;
}

export const blankDraft: ChatDraft = { title: "", model: "", agent: "", prompt: "", config: {} };

export const draftOf = (dialog: Dialog): ChatDraft => ({
  title: dialog.title ?? "",
  model: dialog.model_name ?? "",
  agent: dialog.agent ?? "",
  prompt: dialog.system_prompt ?? "",
  config: settingsOf(dialog.agent_config),
});

/** The body of a request: only what differs from `before`, so that a model that nobody chose stays nobody's choice. */
export function bodyOf(draft: ChatDraft, before: ChatDraft = blankDraft): DialogBody {
  const body: DialogBody = {};
  if (draft.title !== before.title) body.title = draft.title.trim() || null;
  if (draft.model !== before.model) body.model_name = draft.model || null;
  if (draft.agent !== before.agent) body.agent = draft.agent || null;
  if (draft.prompt !== before.prompt) body.system_prompt = draft.prompt.trim() ? draft.prompt : null;
  if (JSON.stringify(draft.config) !== JSON.stringify(before.config)) body.agent_config = draft.config;
  return body;
}
