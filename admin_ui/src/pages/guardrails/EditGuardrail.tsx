import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { staleness } from "@/api/errors";
import type { Guardrail } from "@/api/guardrails";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { DeleteGuardrail } from "./DeleteGuardrail";
import { guardrailChanges, guardrailDraft } from "./guardrail-draft";
import { GuardrailFields } from "./GuardrailFields";
import { TryIt } from "./TryIt";
import { kinds } from "./words";

interface Props {
  id: string;
  guardrail: Guardrail | undefined;
  /** The routes that name it. */
  routes: readonly string[];
  onClose: () => void;
}

/** The drawer of one guardrail. */
export function EditGuardrail({ id, guardrail, routes, onClose }: Props) {
  if (guardrail) return <Form guardrail={guardrail} routes={routes} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="No such guardrail" shape="drawer">
      <div className="panel-body">
        <p>There is no guardrail “{id}” (any more).</p>
      </div>
    </Dialog>
  );
}

type FormProps = Omit<Props, "id" | "guardrail"> & { guardrail: Guardrail };

function Form({ guardrail, routes, onClose }: FormProps) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const may = useAllowed();
  const [base] = useState(guardrail);
  const [initial] = useState(() => guardrailDraft(guardrail));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const name = base.name ?? base.id;
  const save = async () => {
    if (!dirty) return;
    const params = { path: { id: base.id }, header: { "if-match": `"${base.version}"` } };
    await data(api.PATCH("/api/admin/guardrails/{id}", { params, body: guardrailChanges(initial, draft) })).catch(
      (problem: unknown) => {
        throw staleness(problem);
      },
    );
    await queries.invalidateQueries();
    toast({ tone: "ok", what: `${name} was saved.`, more: `Requests follow it ${soon}.` });
  };
  return (
    <FormDrawer
      title={name}
      description={kinds[base.kind].line}
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
      locked={!may("guardrails", "PATCH")}
      left={
        may("guardrails", "DELETE") && (
          <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
            Delete
          </Button>
        )
      }
      beside={<TryIt draft={draft} />}
      below={
        deleting && (
          <DeleteGuardrail guardrail={base} routes={routes} onDeleted={onClose} onClose={() => setDeleting(false)} />
        )
      }
    >
      {(error) => (
        <GuardrailFields
          draft={draft}
          change={(part) => setDraft((old) => ({ ...old, ...part }))}
          error={error}
          fixed
        />
      )}
    </FormDrawer>
  );
}
