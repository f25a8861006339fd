import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { healthQuery, type ProviderHealth } from "@/api/routing";
import { useApp } from "@/app-context";
import { useToast } from "@/ui/Toasts";

/** What is known of every provider, by id; undefined until it is read or when it cannot be. */
export function useHealth(): ReadonlyMap<string, ProviderHealth> | undefined {
  const { api } = useApp();
  const health = useQuery(healthQuery(api)).data;
  return health && new Map(health.providers.map((provider) => [provider.id, provider]));
}

/** An act on the health of something: it says so when it worked, and reads the health anew. */
export function useHealthAct(run: () => Promise<unknown>, said: string, more?: string) {
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      toast({ tone: "ok", what: said, more });
      await queries.invalidateQueries({ queryKey: ["health"] });
    },
    onError: (problem: Error) => toast({ tone: "error", what: problem.message }),
  });
}
