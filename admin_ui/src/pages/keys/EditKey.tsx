import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { staleness } from "@/api/errors";
import type { VirtualKey } from "@/api/types";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { limitCount } from "@/format/limits";
import { KeyLimits } from "@/pages/limits/ScopePanel";
import { Button } from "@/ui/Button";
import { Check } from "@/ui/Field";
import { Dialog } from "@/ui/Dialog";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { DeleteKey } from "./DeleteKey";
import { keyBody, keyDraft, KeyFields } from "./KeyFields";

/** The drawer of one virtual key. */
export function EditKey({ id, item, onClose }: { id: string; item: VirtualKey | undefined; onClose: () => void }) {
  if (item) return <Form item={item} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="No such key" shape="drawer">
      <div className="panel-body">
        <p>There is no key “{id}” (any more). Its log rows are still there.</p>
      </div>
    </Dialog>
  );
}

function Form({ item, onClose }: { item: VirtualKey; onClose: () => void }) {
  const { api } = useApp();
  const may = useAllowed();
  const queries = useQueryClient();
  const toast = useToast();
  const [base] = useState(item);
  const [initial] = useState(() => ({ ...keyDraft(item), active: item.active }));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  // How much there is to see: its own limits, and those of its team and user.
  const limited = limitCount(base.limits) + (base.team_id ? 1 : 0) + (base.user_id ? 1 : 0);
  const save = async () => {
    if (!dirty) return;
    const params = { path: { id: item.id }, header: { "if-match": `"${base.version}"` } };
    const body = keyBody(draft);
    // The box shows minutes: an untouched expiry keeps its seconds.
    const valid_until = draft.expiry === initial.expiry ? base.valid_until : body.valid_until;
    await data(
      api.PATCH("/api/admin/keys/{id}", { params, body: { ...body, valid_until, active: draft.active } }),
    ).catch((problem: unknown) => {
      throw staleness(problem);
    });
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["keys"] }),
      queries.invalidateQueries({ queryKey: ["limits"] }),
    ]);
    toast({ tone: "ok", what: `${body.name} was saved.`, more: "The gateway follows within half a minute." });
  };
  return (
    <FormDrawer
      title={item.name}
      description={`${item.hint} · ${item.id}`}
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
      locked={!may("keys", "PATCH")}
      above={limited > 0 && <KeyLimits id={item.id} rows={limited} />}
      left={
        <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
          Delete
        </Button>
      }
      below={deleting && <DeleteKey item={item} onDeleted={onClose} onClose={() => setDeleting(false)} />}
    >
      {(error) => (
        <>
          <Check
            checked={draft.active}
            onChange={(active) => setDraft({ ...draft, active })}
            label="Active"
            hint="A disabled key is refused; it can be enabled again."
          />
          <KeyFields draft={draft} change={(part) => setDraft({ ...draft, ...part })} error={error} />
        </>
      )}
    </FormDrawer>
  );
}
