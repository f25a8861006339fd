import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { createAgent, deleteAgent, updateAgent, type Agent } from "@/api/agents";
import type { ChatAgent } from "@/api/dialogs";
import { fieldError, staleness } from "@/api/errors";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { agentBody, agentDraft, agentPatch, blankAgent, likeBuiltIn, remade } from "./agent-draft";
import { AgentFields } from "./AgentFields";

/** A new agent. `like`: a built-in one, whose place it takes. */
export function NewAgent({ like, onClose }: { like: ChatAgent | undefined; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const soon = useSoon();
  const [initial] = useState(() => (like ? likeBuiltIn(like) : blankAgent));
  const [id, setId] = useState(like?.id ?? "");
  const [draft, setDraft] = useState(initial);
  const save = async () => {
    const made = await createAgent(api, agentBody(id, draft));
    await queries.invalidateQueries();
    toast({ tone: "ok", what: `${made.name} was added.`, more: `Chats can name it ${soon}.` });
  };
  return (
    <FormDrawer
      title={like ? `Change ${like.name}` : "Add agent"}
      description={
        like
          ? "Yours takes the place of the built-in agent, which is back when you delete yours."
          : "What chats that name it say where they say nothing themselves."
      }
      dirty={like !== undefined || draft !== initial || id !== ""}
      submit={like ? "Save" : "Add agent"}
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field label="Id" hint="What clients name. It stays as it is." error={fieldError(error, "id")}>
            {(field) => (
              <TextInput
                {...field}
                mono
                value={id}
                onChange={setId}
                required
                readOnly={like !== undefined}
                maxLength={64}
                spellCheck={false}
                autoCapitalize="off"
                placeholder="support"
              />
            )}
          </Field>
          <AgentFields draft={draft} change={(part) => setDraft({ ...draft, ...part })} error={error} />
        </>
      )}
    </FormDrawer>
  );
}

/** The drawer of one agent that was made here. */
export function EditAgent({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { api } = useApp();
  const may = useAllowed();
  const queries = useQueryClient();
  const toast = useToast();
  const soon = useSoon();
  const [base] = useState(agent);
  const [initial] = useState(() => agentDraft(agent));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const save = async () => {
    if (!dirty) return;
    await updateAgent(api, agent.id, agentPatch(draft), base.version).catch((problem: unknown) => {
      throw staleness(problem);
    });
    await queries.invalidateQueries();
    toast({ tone: "ok", what: `${draft.name || agent.id} was saved.`, more: `Chats follow ${soon}.` });
  };
  return (
    <FormDrawer
      title={agent.name}
      description={`Agent ${agent.id}${agent.built_in ? ", in the place of a built-in one" : ""}`}
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
      locked={!may("agents", "PATCH")}
      left={
        may("agents", "DELETE") && (
          <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
            Delete
          </Button>
        )
      }
      below={deleting && <DeleteAgent agent={agent} onDeleted={onClose} onClose={() => setDeleting(false)} />}
    >
      {(error) => <AgentFields draft={draft} change={(part) => setDraft({ ...draft, ...part })} error={error} />}
    </FormDrawer>
  );
}

interface DeleteProps {
  agent: Agent;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before an agent goes; the message afterwards offers to make it again. */
export function DeleteAgent({ agent, onDeleted, onClose }: DeleteProps) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const soon = useSoon();
  const undo = async () => {
    try {
      await createAgent(api, remade(agent));
      toast({ tone: "ok", what: `${agent.name} is there again.` });
    } catch (problem) {
      toast({ tone: "error", what: "Nothing was undone.", more: problem instanceof Error ? problem.message : "" });
    } finally {
      await queries.invalidateQueries();
    }
  };
  const remove = useMutation({
    mutationFn: () => deleteAgent(api, agent.id),
    onSuccess: async () => {
      onDeleted();
      toast({ tone: "ok", what: `${agent.name} was deleted.`, action: { label: "Undo", run: () => void undo() } });
      await queries.invalidateQueries();
    },
  });
  return (
    <Confirm
      title={`Delete ${agent.name}?`}
      action="Delete agent"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {agent.built_in
        ? `Chats that name it get the built-in agent of this id again ${soon}.`
        : `Chats that name it go on without it ${soon}: nothing of its prompt, model and settings is applied any more.`}
    </Confirm>
  );
}
