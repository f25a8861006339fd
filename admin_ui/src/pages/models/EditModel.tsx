import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { staleness } from "@/api/errors";
import type { Model, Provider } from "@/api/types";
import { useApp } from "@/app-context";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { DeleteModel } from "./DeleteModel";
import { modelChanges, modelDraft, ModelFields } from "./ModelFields";

interface Props {
  id: string;
  model: Model | undefined;
  providers: Provider[];
  onClose: () => void;
}

/** The drawer of one model. */
export function EditModel({ id, model, providers, onClose }: Props) {
  if (model) return <Form model={model} providers={providers} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="No such model" shape="drawer">
      <div className="panel-body">
        <p>There is no model “{id}” (any more).</p>
      </div>
    </Dialog>
  );
}

function Form({ model, providers, onClose }: { model: Model; providers: Provider[]; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [base] = useState(model);
  const [initial] = useState(() => modelDraft(model));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const save = async () => {
    if (!dirty) return;
    const params = { path: { id: model.id }, header: { "if-match": `"${base.version}"` } };
    await data(api.PATCH("/api/admin/models/{id}", { params, body: modelChanges(initial, draft) })).catch(
      (problem: unknown) => {
        throw staleness(problem);
      },
    );
    await queries.invalidateQueries();
    toast({ tone: "ok", what: `${model.id} was saved.` });
  };
  return (
    <FormDrawer
      title={model.id}
      description={model.display_name ?? `Served by ${model.provider}`}
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
      left={
        <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
          Delete
        </Button>
      }
      below={deleting && <DeleteModel model={model} onDeleted={onClose} onClose={() => setDeleting(false)} />}
    >
      {(error) => (
        <ModelFields
          draft={draft}
          change={(part) => setDraft({ ...draft, ...part })}
          providers={providers}
          error={error}
        />
      )}
    </FormDrawer>
  );
}
