import { useMutation, useQueryClient } from "@tanstack/react-query";
import { data } from "@/api/client";
import { showAtOnce } from "@/api/optimistic";
import type { Provider } from "@/api/types";
import { useApp } from "@/app-context";
import { useToast } from "@/ui/Toasts";

/** Pauses a provider until a moment (Unix ms), or resumes it (null), at once and with an undo. `onStored` gets it as it is then. */
export function usePauseProvider(provider: Provider, onStored?: (stored: Provider) => void) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const put = async (paused_until: number | null) => {
    const params = { path: { id: provider.id } };
    // Seen at once, in the middle of an incident; taken back when it is refused.
    const back = await showAtOnce(queries, ["providers"], [provider.id], { paused_until });
    const stored = await data(api.PATCH("/api/admin/providers/{id}", { params, body: { paused_until } })).catch(
      (problem: unknown) => {
        back();
        throw problem;
      },
    );
    onStored?.(stored);
    await queries.invalidateQueries();
  };
  const problem = (error: Error) => toast({ tone: "error", what: error.message });
  const undo = useMutation({
    mutationFn: put,
    onSuccess: () => toast({ tone: "ok", what: `${provider.name} is as it was.` }),
    onError: problem,
  });
  return useMutation({
    // What it was is kept from before the change: the list is read anew meanwhile.
    mutationFn: async (until: number | null) => {
      const before = provider.paused_until ?? null;
      await put(until);
      return before !== null && before > Date.now() ? before : null;
    },
    onSuccess: (before, until) =>
      toast({
        tone: "ok",
        what: until === null ? `${provider.name} is called again.` : `${provider.name} is paused.`,
        action: { label: "Undo", run: () => undo.mutate(before) },
      }),
    onError: problem,
  });
}
