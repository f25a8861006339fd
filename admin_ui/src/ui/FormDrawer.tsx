import type { ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Problem } from "./Note";
import { LeaveDialog, useSaving } from "./saving";
import { Tried } from "./tried";

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
  /** What belongs into the drawer but not into the form, before and after it. */
  above?: ReactNode;
  below?: ReactNode;
  /** What one looks at while filling the form in: at its side, where there is room. */
  beside?: ReactNode;
  /** The role may look, not change. */
  locked?: boolean;
  children: (error: Error | null) => ReactNode;
}

/** A drawer with a form: ⌘↵ saves, a failed save keeps everything, leaving with changes asks. */
export function FormDrawer(props: Props) {
  const { title, description, dirty, submit, onSubmit, onClose, left, above, below, beside, locked, children } = props;
  const { error, busy, tried, form, onKeyDown, blocker } = useSaving({ dirty, onSubmit, onClose });
  const id = "drawer-form";
  const content = (
    <form id={id} className="stack" {...form}>
      <fieldset className="plain stack" disabled={locked}>
        <Tried value={tried}>{children(error)}</Tried>
      </fieldset>
      {error && <Problem error={error} kept="What you entered is still here." />}
    </form>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      shape={beside ? "drawer double" : "drawer"}
      onKeyDown={onKeyDown}
      footer={
        locked ? (
          <>
            <span className="left muted small">Your role may look at this, not change it.</span>
            <Button onClick={onClose}>Close</Button>
          </>
        ) : (
          <>
            <span className="left row">{left}</span>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form={id} tone="primary" busy={busy}>
              {submit}
            </Button>
          </>
        )
      }
    >
      <div className="panel-body">
        {above}
        {beside ? (
          <div className="with-beside">
            {content}
            <aside>{beside}</aside>
          </div>
        ) : (
          content
        )}
        {below}
      </div>
      <LeaveDialog blocker={blocker} />
    </Dialog>
  );
}
