import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/client";
import { useApp } from "@/app-context";
import { useSoon } from "@/frame/soon";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { blankGuardrail, freeId, guardrailBody, starters, type GuardrailDraft } from "./guardrail-draft";
import { GuardrailFields } from "./GuardrailFields";
import { TryIt } from "./TryIt";

interface Props {
  /** The id of the beginning to start from. */
  start: string | undefined;
  taken: ReadonlySet<string>;
  onClose: () => void;
}

/** A new guardrail, empty or begun with one of the usual ones. */
export function NewGuardrail({ start, taken, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const [initial] = useState((): GuardrailDraft => {
    const begun = starters.find(({ draft }) => draft.id === start)?.draft;
    return begun ? { ...begun, id: freeId(begun.id, taken) } : blankGuardrail;
  });
  const [draft, setDraft] = useState(initial);
  const save = async () => {
    const made = await data(api.POST("/api/admin/guardrails", { body: guardrailBody(draft) }));
    await queries.invalidateQueries();
    toast({
      tone: "ok",
      what: `${made.name ?? made.id} was created.`,
      more: made.everywhere
        ? `Every request passes it ${soon}.`
        : "Nothing passes it yet: choose it in the routes that need it.",
    });
  };
  return (
    <FormDrawer
      title="New guardrail"
      description="What to look for, where, and what then."
      dirty={draft !== initial}
      submit="Create guardrail"
      onSubmit={save}
      onClose={onClose}
      beside={<TryIt draft={draft} />}
    >
      {(error) => (
        <GuardrailFields draft={draft} change={(part) => setDraft((old) => ({ ...old, ...part }))} error={error} />
      )}
    </FormDrawer>
  );
}
