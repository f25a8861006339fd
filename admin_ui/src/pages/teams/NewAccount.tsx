import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "@/api/errors";
import { createAccount, type AccountKind } from "@/api/limits";
import { useApp } from "@/app-context";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { accountBody, AccountFields, blankAccount } from "./AccountFields";
import { words } from "./words";

interface Props {
  kind: AccountKind;
  /** The id to begin with: one that keys name already. */
  wanted: string | undefined;
  onClose: () => void;
}

/** A new team or end user. */
export function NewAccount({ kind, wanted = "", onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [id, setId] = useState(wanted);
  const [draft, setDraft] = useState(blankAccount);
  const { one, field } = words[kind];
  const save = async () => {
    // Without a name the id stands for it.
    const { name, ...rest } = accountBody(kind, draft);
    const made = await createAccount(api, kind, { id: id.trim(), ...rest, name: name ?? null } as Parameters<
      typeof createAccount
    >[2]);
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["accounts"] }),
      queries.invalidateQueries({ queryKey: ["limits"] }),
    ]);
    toast({ tone: "ok", what: `${made.name} was added.`, more: "Its limits hold within half a minute." });
  };
  return (
    <FormDrawer
      title={`Add ${one}`}
      description={`What is said here holds for all keys of the ${one} together.`}
      dirty={draft !== blankAccount || id !== wanted}
      submit={`Add ${one}`}
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field label="Id" hint={`What keys name as their ${one} (${field}).`} error={fieldError(error, "id")}>
            {(wiring) => (
              <TextInput
                {...wiring}
                mono
                value={id}
                onChange={setId}
                required
                maxLength={128}
                spellCheck={false}
                autoCapitalize="off"
                placeholder={kind === "team" ? "research" : "ada@example.com"}
              />
            )}
          </Field>
          <AccountFields kind={kind} draft={draft} change={(part) => setDraft({ ...draft, ...part })} error={error} />
        </>
      )}
    </FormDrawer>
  );
}
