import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "@/api/errors";
import { createUser, type Role } from "@/api/users";
import { useApp } from "@/app-context";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { PasswordField } from "./PasswordField";
import { RoleField } from "./RoleField";
import { nameProblem } from "./names";

const blank = { username: "", password: "", role: "user" as Role };

/** A new user of the dashboard, with a password to begin with. */
export function NewUser({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(blank);
  const save = async () => {
    const made = await createUser(api, { ...draft, username: draft.username.trim(), active: true });
    await queries.invalidateQueries({ queryKey: ["users"] });
    toast({ tone: "ok", what: `${made.username} was added.`, more: "They can sign in now, and change the password." });
  };
  return (
    <FormDrawer
      title="Add user"
      description="Someone who signs in to this dashboard. Or invite them: then they choose their own password."
      dirty={draft !== blank}
      submit="Add user"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field
            label="User name"
            hint="Letters, digits and . _ @ + -; upper and lower case are the same name."
            fault={nameProblem(draft.username)}
            error={fieldError(error, "username")}
          >
            {(field) => (
              <TextInput
                {...field}
                value={draft.username}
                onChange={(username) => setDraft({ ...draft, username })}
                required
                maxLength={64}
                autoComplete="off"
                spellCheck={false}
                autoCapitalize="none"
                placeholder="kim"
              />
            )}
          </Field>
          <PasswordField
            label="Password"
            value={draft.password}
            onChange={(password) => setDraft({ ...draft, password })}
            error={fieldError(error, "password")}
            hint="To begin with, at least 10 characters; they can change it."
          />
          <RoleField
            value={draft.role}
            onChange={(role) => setDraft({ ...draft, role })}
            error={fieldError(error, "role")}
          />
        </>
      )}
    </FormDrawer>
  );
}
