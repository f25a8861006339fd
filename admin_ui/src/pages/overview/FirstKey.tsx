import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/client";
import { fieldError } from "@/api/errors";
import type { CreatedKey } from "@/api/types";
import { useApp } from "@/app-context";
import { Button } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { Problem } from "@/ui/Note";

/** A virtual key by its name alone; everything else can be said later. */
export function FirstKey({ onCreated }: { onCreated: (created: CreatedKey) => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [name, setName] = useState("First key");
  const create = useMutation({
    mutationFn: () => data(api.POST("/api/admin/keys", { body: { name: name.trim() } })),
    onSuccess: async (created) => {
      onCreated(created);
      await queries.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Field label="Name" hint="Who or what uses it." error={fieldError(create.error, "name")}>
        {(field) => <TextInput {...field} value={name} onChange={setName} required maxLength={200} />}
      </Field>
      {create.error && <Problem error={create.error} />}
      <div>
        <Button type="submit" tone="primary" busy={create.isPending}>
          Create key
        </Button>
      </div>
    </form>
  );
}
