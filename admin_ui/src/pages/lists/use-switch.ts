import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { showAtOnce } from "@/api/optimistic";
import { useToast } from "@/ui/Toasts";

interface Options {
  /** The lists that show it; the change is seen there at once. */
  queryKey: QueryKey;
  put: (id: string, active: boolean) => Promise<unknown>;
  /** What follows when it is switched off. */
  off?: string;
  /** What is read anew afterwards: the lists, unless more follows from it. */
  refresh?: QueryKey | "all";
}

interface Switch {
  id: string;
  name: string;
  active: boolean;
}

/** Enables or disables one thing: seen at once, taken back with a message when it is refused, and with an undo when it worked. */
export function useSwitch({ queryKey, put, off, refresh }: Options) {
  const queries = useQueryClient();
  const toast = useToast();
  const change = useMutation({
    mutationFn: ({ id, active }: Switch) => put(id, active),
    onMutate: ({ id, active }) => showAtOnce(queries, queryKey, [id], { active }),
    onSuccess: (_stored, { id, name, active }) =>
      toast({
        tone: "ok",
        what: `${name} is ${active ? "enabled" : "disabled"}.`,
        more: active ? undefined : off,
        action: { label: "Undo", run: () => change.mutate({ id, name, active: !active }) },
      }),
    onError: (error, _wanted, back) => {
      back?.();
      toast({ tone: "error", what: "Nothing was changed.", more: error.message });
    },
    onSettled: () => queries.invalidateQueries(refresh === "all" ? undefined : { queryKey: refresh ?? queryKey }),
  });
  return change;
}
