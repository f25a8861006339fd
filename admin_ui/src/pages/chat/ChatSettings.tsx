import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { chatAgentsQuery, chatModelsQuery, dialogQuery, updateDialog, type Dialog } from "@/api/dialogs";
import { fieldError } from "@/api/errors";
import { useApp } from "@/app-context";
import { ConfigFields } from "@/pages/agents/ConfigFields";
import { settingsText } from "@/pages/agents/model-settings";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { bodyOf, draftOf, type ChatDraft } from "./draft";
import { AgentSelect, ModelSelect } from "./Choices";
import { nameOf } from "./thread";

/** What an existing dialog is called, who answers in it, and how. */
export function ChatSettings({ dialog, onClose }: { dialog: Dialog; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const save = async (draft: ChatDraft) => {
    const stored = await updateDialog(api, dialog.id, bodyOf(draft, draftOf(dialog)));
    queries.setQueryData(dialogQuery(api, dialog.id).queryKey, stored);
    await queries.invalidateQueries({ queryKey: ["dialogs", "list"] });
    toast({ tone: "ok", what: `“${nameOf(stored)}” was saved.`, more: "It holds from the next message on." });
  };
  return <SettingsForm title={nameOf(dialog)} given={draftOf(dialog)} onSave={save} onClose={onClose} />;
}

interface Props {
  title: string;
  given: ChatDraft;
  onSave: (draft: ChatDraft) => Promise<void>;
  onClose: () => void;
}

/** The form of it, for a dialog that there is or that is to be. */
export function SettingsForm({ title, given, onSave, onClose }: Props) {
  const { api } = useApp();
  const [initial] = useState(given);
  const [draft, setDraft] = useState(initial);
  const models = useQuery(chatModelsQuery(api)).data;
  const agents = useQuery(chatAgentsQuery(api)).data;
  const agent = agents?.find(({ id }) => id === draft.agent);
  const change = (part: Partial<ChatDraft>) => setDraft({ ...draft, ...part });
  const window = models?.find(({ name }) => name === draft.model)?.context_window ?? null;
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  return (
    <FormDrawer
      title={title}
      description="What holds for every message of this chat."
      dirty={dirty}
      submit="Save"
      onSubmit={() => onSave(draft)}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field
            label="Title"
            optional
            hint="Empty: the beginning of the first message."
            error={fieldError(error, "title")}
          >
            {(field) => (
              <TextInput {...field} value={draft.title} onChange={(text) => change({ title: text })} maxLength={255} />
            )}
          </Field>
          <Field label="Model" error={fieldError(error, "model_name")}>
            {(field) => <ModelSelect {...field} value={draft.model} onChange={(model) => change({ model })} />}
          </Field>
          <Field label="Agent" hint={agent && agentHint(agent)} error={fieldError(error, "agent")}>
            {(field) => <AgentSelect {...field} value={draft.agent} onChange={(id) => change({ agent: id })} />}
          </Field>
          <Field
            label="System prompt"
            optional
            hint={agent?.system_prompt && !draft.prompt ? "Empty: the agent’s own." : "What the model is told first."}
            error={fieldError(error, "system_prompt")}
          >
            {(field) => (
              <textarea
                {...field}
                className="input"
                rows={5}
                maxLength={32_000}
                value={draft.prompt}
                onChange={(event) => change({ prompt: event.target.value })}
              />
            )}
          </Field>
          <ConfigFields
            settings={draft.config}
            onChange={(part) => change({ config: { ...draft.config, ...part } })}
            window={window}
            error={error}
            under="agent_config."
            placeholder={draft.agent ? "As the agent says" : "As the model does"}
          />
        </>
      )}
    </FormDrawer>
  );
}

const agentHint = ({ description, config }: { description: string; config: object }) =>
  [description, settingsText(config)].filter(Boolean).join(" · ");
