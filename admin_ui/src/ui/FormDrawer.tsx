import { useBlocker } from "@tanstack/react-router";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Problem } from "./Note";

interface Props {
  title: ReactNode;
  description?: ReactNode;
  dirty: boolean;
  submit: string;
  /** Saves; what it throws is shown above the buttons and the form stays as it is. */
  onSubmit: () => Promise<unknown>;
  /** Goes back to the list; also called after a successful save. */
  onClose: () => void;
  /** Other actions, at the left of the footer. */
  left?: ReactNode;
  /** What belongs into the drawer but not into the form. */
  below?: ReactNode;
  children: (error: Error | null) => ReactNode;
}

/** A drawer with a form: ⌘↵ saves, a failed save keeps everything, leaving with changes asks. */
export function FormDrawer({ title, description, dirty, submit, onSubmit, onClose, left, below, children }: Props) {
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const saved = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  const blocked = () => dirty && !saved.current;
  const blocker = useBlocker({ shouldBlockFn: blocked, enableBeforeUnload: blocked, withResolver: true });
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
      saved.current = true;
      onClose();
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)));
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      form.current?.requestSubmit();
    }
  };
  const id = "drawer-form";
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      shape="drawer"
      footer={
        <>
          <span className="left row">{left}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={id} tone="primary" busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <div className="panel-body">
        {/* The shortcut works wherever the focus is inside the form. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <form
          id={id}
          onKeyDown={onKeyDown}
          ref={form}
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void save();
          }}
        >
          {children(error)}
          {error && <Problem error={error} kept="What you entered is still here." />}
        </form>
        {below}
      </div>
      {blocker.status === "blocked" && (
        <Dialog
          open
          title="Leave without saving?"
          onClose={blocker.reset}
          footer={
            <>
              <Button onClick={blocker.reset}>Keep editing</Button>
              <Button tone="danger-primary" onClick={blocker.proceed}>
                Discard changes
              </Button>
            </>
          }
        >
          <div className="panel-body">
            <p>What you entered here has not been saved.</p>
          </div>
        </Dialog>
      )}
    </Dialog>
  );
}
