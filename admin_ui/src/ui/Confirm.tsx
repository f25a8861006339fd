import { useState, type ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Field, TextInput } from "./Field";
import { Problem } from "./Note";

interface Props {
  title: string;
  /** What breaks, in a sentence. */
  children: ReactNode;
  action: string;
  /** When set, the person types this text before the action is allowed. */
  typeName?: string;
  busy?: boolean;
  error?: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm({ title, children, action, typeName, busy, error, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const allowed = typeName === undefined || typed.trim() === typeName.trim();
  return (
    <Dialog open onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (allowed) onConfirm();
        }}
      >
        <div className="panel-body">
          <p>{children}</p>
          {typeName !== undefined && (
            <Field
              label={
                <>
                  Type <strong>{typeName}</strong> to confirm
                </>
              }
            >
              {(field) => (
                <TextInput {...field} value={typed} onChange={setTyped} autoComplete="off" spellCheck={false} />
              )}
            </Field>
          )}
          {error && <Problem error={error} />}
        </div>
        <div className="panel-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="danger-primary" disabled={!allowed} busy={busy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
