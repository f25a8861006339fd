import { useBlocker } from "@tanstack/react-router";
import { useRef, useState, type FocusEvent, type KeyboardEvent, type SyntheticEvent } from "react";
import { flushSync } from "react-dom";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { unfold } from "./Field";

interface Options {
  dirty: boolean;
  /** Saves; what it throws is kept in `error` and the form stays as it is. */
  onSubmit: () => Promise<unknown>;
  /** Called after a successful save. */
  onClose: () => void;
  /** `onSubmit` itself looks at all fields and names what is wrong: it is called in any case. */
  checksItself?: boolean;
}

interface Place {
  pathname: string;
  search: object;
}

/** Whether a form stays where it is: `view` in the address only chooses what of it is seen. */
function samePlace(from: Place, to: Place): boolean {
  const rest = ({ search }: Place) => JSON.stringify({ ...search, view: undefined });
  return from.pathname === to.pathname && rest(from) === rest(to);
}

/** What every form does: ⌘↵ saves, a failed save keeps everything and goes to the field that is to blame, leaving with changes asks. */
export function useSaving({ dirty, onSubmit, onClose, checksItself = false }: Options) {
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const saved = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  const last = useRef<HTMLElement | null>(null);
  const blocked = () => dirty && !saved.current;
  const leaves = (from: Place, to: Place) => blocked() && !samePlace(from, to);
  const way = useBlocker({
    shouldBlockFn: ({ current, next }) => leaves(current, next),
    enableBeforeUnload: blocked,
    withResolver: true,
  });
  // Whoever stays goes on where they were; the panel's own return of the focus comes first.
  const stay = () => {
    way.reset?.();
    requestAnimationFrame(() => setTimeout(() => last.current?.focus()));
  };
  const blocker = way.status === "blocked" ? { ...way, reset: stay } : way;
  /** Goes to the first field that is said to be wrong; false when there is none. */
  const point = () => {
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    if (!wrong) return false;
    unfold(wrong);
    wrong.focus();
    return true;
  };
  const save = async () => {
    // At once: what the fields then say of themselves decides whether anything is sent.
    flushSync(() => {
      setError(null);
      setTried(!checksItself);
    });
    if (!checksItself && point()) return;
    setBusy(true);
    try {
      await onSubmit();
      saved.current = true;
      onClose();
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)));
      requestAnimationFrame(point);
    } finally {
      setBusy(false);
    }
  };
  /** ⌘↵ saves from anywhere in the panel, but for what is another form's or another dialog's, whose events come by here as well. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented || event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    const target = event.target as Element;
    const other = target.closest("form");
    if (!event.currentTarget.contains(target) || (other && other !== form.current)) return;
    event.preventDefault();
    form.current?.requestSubmit();
  };
  const wiring = {
    ref: form,
    onKeyDown,
    onFocus: (event: FocusEvent<HTMLElement>) => {
      last.current = event.target;
    },
    onSubmit: (event: SyntheticEvent) => {
      event.preventDefault();
      if (!busy) void save();
    },
  };
  /** Leave without the question: for an act that makes the form's content moot. */
  const abandon = () => {
    saved.current = true;
  };
  return { error, busy, tried, form: wiring, onKeyDown, blocker, abandon };
}

/** The question that a blocked way out asks. */
export function LeaveDialog({ blocker }: { blocker: ReturnType<typeof useSaving>["blocker"] }) {
  if (blocker.status !== "blocked") return null;
  return (
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
  );
}
