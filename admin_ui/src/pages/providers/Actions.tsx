import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CirclePause, Ellipsis, Play } from "lucide-react";
import { data } from "@/api/client";
import type { Provider } from "@/api/types";
import { useApp } from "@/app-context";
import { IconButton } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import { pauseEnd, pauses } from "@/ui/Pause";
import { useToast } from "@/ui/Toasts";
import { useNow } from "@/ui/Value";

/** What is done to a provider at once, without its form: for the middle of an incident. */
export function Actions({ provider }: { provider: Provider }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const now = useNow();
  const paused = (provider.paused_until ?? 0) > now;
  const pause = useMutation({
    mutationFn: async (paused_until: number | null) => {
      await data(
        api.PATCH("/api/admin/providers/{id}", { params: { path: { id: provider.id } }, body: { paused_until } }),
      );
      return paused_until;
    },
    onSuccess: async (until) => {
      await queries.invalidateQueries();
      toast({
        tone: "ok",
        what: until === null ? `${provider.name} is called again.` : `${provider.name} is paused.`,
        ...(until === null
          ? {}
          : { action: { label: "Undo", run: () => pause.mutate(provider.paused_until ?? null) } }),
      });
    },
    onError: (problem) => toast({ tone: "error", what: problem.message }),
  });
  return (
    <span className="row actions-cell">
      <Menu
        label={`Actions for ${provider.name}`}
        trigger={<IconButton size="compact" label={`Actions for ${provider.name}`} icon={Ellipsis} />}
      >
        {paused ? (
          <MenuItem icon={Play} onSelect={() => pause.mutate(null)}>
            Resume
          </MenuItem>
        ) : (
          pauses.map(({ label, ms }) => (
            <MenuItem key={label} icon={CirclePause} onSelect={() => pause.mutate(pauseEnd(ms))}>
              Pause {label.toLowerCase()}
            </MenuItem>
          ))
        )}
      </Menu>
    </span>
  );
}
