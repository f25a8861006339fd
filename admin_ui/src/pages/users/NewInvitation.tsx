import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "@/api/errors";
import { createInvitation, invitationLink, type CreatedInvitation, type Role } from "@/api/users";
import { useApp } from "@/app-context";
import { exact } from "@/format/times";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/Copy";
import { Dialog } from "@/ui/Dialog";
import { Check, Field, Select, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { Note } from "@/ui/Note";
import { RoleField } from "./RoleField";

const blank = { role: "user" as Role, hours: "72", note: "" };
const lasting = [
  { value: "1", label: "An hour" },
  { value: "24", label: "A day" },
  { value: "72", label: "Three days" },
  { value: "168", label: "A week" },
  { value: "720", label: "30 days" },
];

/** A new invitation; its link goes to `onCreated` and nowhere else. */
export function NewInvitation({
  onCreated,
  onClose,
}: {
  onCreated: (created: CreatedInvitation) => void;
  onClose: () => void;
}) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(blank);
  const save = async () => {
    const created = await createInvitation(api, {
      role: draft.role,
      expires_in_hours: Number(draft.hours),
      note: draft.note.trim() || null,
    });
    onCreated(created);
    await queries.invalidateQueries({ queryKey: ["invitations"] });
  };
  return (
    <FormDrawer
      title="Invite someone"
      description="You get a link that works once. Send it to them yourself."
      dirty={draft !== blank}
      submit="Make the link"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field label="For" optional hint="A note for this list, such as a name." error={fieldError(error, "note")}>
            {(field) => (
              <TextInput
                {...field}
                value={draft.note}
                onChange={(note) => setDraft({ ...draft, note })}
                maxLength={200}
                placeholder="Kim, support"
              />
            )}
          </Field>
          <RoleField
            value={draft.role}
            onChange={(role) => setDraft({ ...draft, role })}
            error={fieldError(error, "role")}
          />
          <Field label="Good for" error={fieldError(error, "expires_in_hours")}>
            {(field) => (
              <Select
                {...field}
                value={draft.hours}
                onChange={(hours) => setDraft({ ...draft, hours })}
                options={lasting}
              />
            )}
          </Field>
        </>
      )}
    </FormDrawer>
  );
}

/** Shows the link once: only a hash of its token is kept. */
export function InvitationReveal({ created, onClose }: { created: CreatedInvitation; onClose: () => void }) {
  const [sent, setSent] = useState(false);
  const link = invitationLink(location.origin, created.token);
  return (
    <Dialog
      open
      shape="dialog broad"
      title="Copy this link now"
      description={`Good once, until ${exact(created.expires_at).slice(0, 16)}.`}
      footer={
        <>
          <span className="left">
            <Check checked={sent} onChange={setSent} label="I have stored it" />
          </span>
          <Button tone="primary" disabled={!sent} onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="panel-body">
        <div className="secret">
          <code>{link}</code>
          <CopyButton text={link} label="Copy link" />
        </div>
        <Note>
          Whoever has it becomes a user with the role “{created.role}”. What stands behind the # is not part of what a
          browser asks for, so it is in no log.
        </Note>
      </div>
    </Dialog>
  );
}
