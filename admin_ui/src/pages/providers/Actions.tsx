import { CirclePause, Ellipsis, Play } from "lucide-react";
import type { Provider } from "@/api/types";
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
