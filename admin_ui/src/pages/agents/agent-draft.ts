// The form of an agent; "" = nothing is said.
import type { Agent, AgentBody, AgentPatch } from "@/api/agents";
import type { ChatAgent } from "@/api/dialogs";
import { settingsBody, settingsOf, type ModelSettings } from "./model-settings";

export interface AgentDraft {
  name: string;
  description: string;
  prompt: string;
  model: string;
  settings: ModelSettings;
}

export const blankAgent: AgentDraft = { name: "", description: "", prompt: "", model: "", settings: {} };

export const agentDraft = (agent: Agent): AgentDraft => ({
  name: agent.name,
  description: agent.description,
  prompt: agent.system_prompt ?? "",
  model: agent.model ?? "",
  settings: settingsOf(agent),
});

/** The draft of one that takes the place of a built-in one: it begins as that one is. */
export const likeBuiltIn = (agent: ChatAgent): AgentDraft => ({
  name: agent.name,
  description: agent.description,
  prompt: agent.system_prompt ?? "",
  model: agent.model ?? "",
  settings: settingsOf(agent.config),
});

const changes = ({ description, prompt, model, settings }: AgentDraft) => ({
  description: description.trim(),
  system_prompt: prompt.trim() ? prompt : null,
  model: model || null,
  ...settingsBody(settings),
});

/** Without a name the id stands for it. */
export const agentBody = (id: string, draft: AgentDraft): AgentBody => ({
  id: id.trim(),
  name: draft.name.trim() || null,
  ...changes(draft),
});

export const agentPatch = (draft: AgentDraft): AgentPatch => ({
  ...(draft.name.trim() ? { name: draft.name.trim() } : {}),
  ...changes(draft),
});

/** A deleted agent as it was. */
export const remade = (agent: Agent): AgentBody => agentBody(agent.id, agentDraft(agent));
