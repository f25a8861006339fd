import { Ban, CircleCheck, CirclePause, Ellipsis, Play } from "lucide-react";
import { data } from "@/api/client";
import type { Provider } from "@/api/types";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { useSwitch } from "@/pages/lists/use-switch";
import { IconButton } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import { pauseEnd, pauses } from "@/ui/Pause";
import { useNow } from "@/ui/Value";
import { usePauseProvider } from "./pause-hook";

/** What is done to a provider at once, without its form: for the middle of an incident. */
export function Actions({ provider }: { provider: Provider }) {
  const now = useNow();
  const paused = (provider.paused_until ?? 0) > now;
  const pause = usePauseProvider(provider);
  const { api } = useApp();
  const may = useAllowed();
  const toggle = useSwitch({
    queryKey: ["providers"],
    put: (id, active) => data(api.PATCH("/api/admin/providers/{id}", { params: { path: { id } }, body: { active } })),
    off: "It gets no request from now on.",
    refresh: "all",
  });
  return (
    <span className="row actions-cell">
      <Menu
        label={`Actions for ${provider.name}`}
        trigger={<IconButton size="compact" label={`Actions for ${provider.name}`} icon={Ellipsis} />}
      >
        {may("providers", "PATCH") && (
          <MenuItem
            icon={provider.active ? Ban : CircleCheck}
            onSelect={() => toggle.mutate({ id: provider.id, name: provider.name, active: !provider.active })}
          >
            {provider.active ? "Disable" : "Enable"}
          </MenuItem>
        )}
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
