import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { deleteDialog } from "@/api/dialogs";
import { ApiError } from "@/api/errors";
import { useApp } from "@/app-context";
import { useToast } from "@/ui/Toasts";

/** As long as the toast with the undo is there. */
const wait = 6000;

/**
 * Deletes dialogs so that it can be undone: at once out of sight, and for good once the time for the undo has passed, or the page is left. The API
 * itself cannot bring anything back.
 */
export function useDeletion() {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set());
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());

  const show = useCallback((id: string) => setHidden((all) => new Set([...all].filter((one) => one !== id))), []);
  const carryOut = useCallback(
    async (id: string, leaving = false) => {
      clearTimeout(timers.current.get(id));
      timers.current.delete(id);
      try {
        await deleteDialog(api, id, leaving);
      } catch (problem) {
        if (!(problem instanceof ApiError && problem.status === 404)) {
          show(id);
          const more = problem instanceof Error ? problem.message : undefined;
          toast({ tone: "error", what: "The chat was not deleted.", more });
        }
      }
      await queries.invalidateQueries({ queryKey: ["dialogs", "list"] });
    },
    [api, queries, toast, show],
  );

  useEffect(() => {
    const waiting = timers.current;
    const leave = () => {
      for (const id of [...waiting.keys()]) void carryOut(id, true);
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [carryOut]);

  const remove = (id: string, title: string) => {
    setHidden((all) => new Set(all).add(id));
    timers.current.set(
      id,
      setTimeout(() => void carryOut(id), wait),
    );
    const undo = () => {
      if (!timers.current.has(id)) return;
      clearTimeout(timers.current.get(id));
      timers.current.delete(id);
      show(id);
    };
    toast({ tone: "ok", what: `“${title}” was deleted.`, action: { label: "Undo", run: undo } });
  };
  return { hidden, remove };
}
