import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/client";
import type { CreatedKey } from "@/api/types";
import { useApp } from "@/app-context";
import { FormDrawer } from "@/ui/FormDrawer";
import { blankKey, keyBody, KeyFields } from "./KeyFields";

/** A new virtual key; its secret goes to `onCreated` and nowhere else. */
export function NewKey({ onCreated, onClose }: { onCreated: (created: CreatedKey) => void; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(blankKey);
  const save = async () => {
    const created = await data(api.POST("/api/admin/keys", { body: keyBody(draft) }));
    onCreated(created);
    await queries.invalidateQueries({ queryKey: ["keys"] });
  };
  return (
    <FormDrawer
      title="Create key"
      description="You will see the key once, right after this."
      dirty={draft !== blankKey}
      submit="Create key"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => <KeyFields draft={draft} change={(part) => setDraft({ ...draft, ...part })} error={error} />}
    </FormDrawer>
  );
}
