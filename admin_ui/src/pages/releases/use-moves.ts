import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";
import { discardDraft, publishDraft, rollBack } from "@/api/releases";
import { useApp } from "@/app-context";
import { useToast } from "@/ui/Toasts";

interface Back {
  release: string;
  /** The number that is in force: when it is not any more, nothing happens. */
  number: number;
  /** What was in force, for the way back; null = there is none. */
  former: string | null;
  /** This is itself the way back. */
  undoing?: boolean;
}

/** What moves the release in force: all of a configuration may be different after it. */
function useAfter() {
  const queries = useQueryClient();
  const toast = useToast();
  return {
    toast,
    refresh: () => queries.invalidateQueries(),
    refused: (error: Error) => {
      if (error instanceof ApiError && error.status === 412) void queries.invalidateQueries({ queryKey: ["release"] });
      toast({ tone: "error", what: "Nothing was changed.", more: error.message });
    },
  };
}

/** Rolls back; the message offers the way back, which is another rollback. */
export function useRollBack() {
  const { api } = useApp();
  const { toast, refresh, refused } = useAfter();
  const back = useMutation({
    mutationFn: ({ release, number }: Back) => rollBack(api, release, number),
    onSuccess: async (moved, { former, undoing }) => {
      await refresh();
      if (!moved.changed) {
        toast({ tone: "ok", what: "It was in force already; nothing was changed." });
        return;
      }
      toast({
        tone: "ok",
        what: undoing ? "The rollback was undone." : "Rolled back.",
        more: `In force as #${moved.number}; the gateway follows within seconds.`,
        action:
          undoing || !former
            ? undefined
            : {
                label: "Undo",
                run: () => back.mutate({ release: former, number: moved.number, former: null, undoing: true }),
              },
      });
    },
    onError: refused,
  });
  return back;
}

/** Publishes the draft that was looked at. */
export function usePublish() {
  const { api } = useApp();
  const { toast, refresh, refused } = useAfter();
  return useMutation({
    mutationFn: ({ number, release }: { number: number; release: string }) => publishDraft(api, number, release),
    onSuccess: async (moved) => {
      await refresh();
      toast({
        tone: "ok",
        what: `Published as release #${moved.number}.`,
        more: "The gateway follows within seconds.",
      });
    },
    onError: refused,
  });
}

export function useDiscard() {
  const { api } = useApp();
  const { toast, refresh, refused } = useAfter();
  return useMutation({
    mutationFn: (number: number) => discardDraft(api, number),
    onSuccess: async () => {
      await refresh();
      toast({ tone: "ok", what: "The draft was discarded.", more: "What is stored is what is in force again." });
    },
    onError: refused,
  });
}
