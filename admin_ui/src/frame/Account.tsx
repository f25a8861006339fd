import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "@/api/errors";
import { sessionOf } from "@/api/session";
import { changePassword } from "@/api/users";
import { useApp } from "@/app-context";
import { PasswordField } from "@/pages/users/PasswordField";
import { Confirm } from "@/ui/Confirm";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";

const blank = { current: "", next: "" };

/** One's own password. Every other session ends; this one goes on. */
export function OwnPassword({ onClose }: { onClose: () => void }) {
  const { api, session } = useApp();
  const toast = useToast();
  const [draft, setDraft] = useState(blank);
  const save = async () => {
    session.renew(sessionOf(await changePassword(api, { current: draft.current, new: draft.next })));
    toast({ tone: "ok", what: "Your password was changed.", more: "Your sessions in other browsers have ended." });
  };
  return (
    <FormDrawer
      title="Change password"
      description="Your sessions in all other browsers end with it."
      dirty={draft !== blank}
      submit="Change password"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field label="Present password" error={fieldError(error, "current")}>
            {(field) => (
              <TextInput
                {...field}
                type="password"
                value={draft.current}
                onChange={(current) => setDraft({ ...draft, current })}
                autoComplete="current-password"
                required
                maxLength={1024}
              />
            )}
          </Field>
          <PasswordField
            label="New password"
            value={draft.next}
            onChange={(next) => setDraft({ ...draft, next })}
            error={fieldError(error, "new")}
          />
        </>
      )}
    </FormDrawer>
  );
}

/** Ends all of one's own sessions, this one as well. */
export function EndEverywhere({ onLeft, onClose }: { onLeft: () => void; onClose: () => void }) {
  const { api } = useApp();
  const end = useMutation({
    mutationFn: () => api.POST("/api/auth/logout-everywhere"),
    onSuccess: onLeft,
  });
  return (
    <Confirm
      title="Sign out everywhere?"
      action="Sign out everywhere"
      busy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    >
      You are signed out in every browser, here as well. Sign in again with your password.
    </Confirm>
  );
}
