import { CirclePause, Play } from "lucide-react";
import { useState } from "react";
import { untilText } from "@/format/health";
import { fromLocalInput, toLocalInput } from "@/format/times";
import { Badge } from "./Badge";
import { Button } from "./Button";
import { Menu, MenuItem } from "./Menu";
import { useNow } from "./Value";

interface Props {
  /** What is paused, for screen readers. */
  what: string;
  /** Unix ms; null = not paused. A moment that has passed is none. */
  value: number | null;
  onChange: (until: number | null) => void;
  /** Each change acts at once: a moment is then taken when it is whole, not while it is typed. */
  atOnce?: boolean;
}

const MINUTE = 60_000;
/** A pause that a person ends, not the clock. */
export const FOREVER = Date.UTC(2999, 11, 31);

export const pauses = [
  { label: "For 15 minutes", ms: 15 * MINUTE },
  { label: "For 1 hour", ms: 60 * MINUTE },
  { label: "For 24 hours", ms: 1440 * MINUTE },
] as const;

/** When a pause that begins now ends, at a whole minute. */
export const pauseEnd = (ms: number) => Math.ceil((Date.now() + ms) / MINUTE) * MINUTE;

/** "until 14:05 (in 3 min.)", or until someone resumes it. */
export const pauseText = (until: number, now: number) =>
  until >= FOREVER ? "until it is resumed" : `until ${untilText(until, now)}`;

/** Pauses something until a moment, and resumes it. */
export function Pause({ what, value, onChange, atOnce = false }: Props) {
  const now = useNow();
  const [until, setUntil] = useState<number | null>(null);
  const [choosing, setChoosing] = useState(false);
  if (value !== null && value > now && !choosing) {
    return (
      <span className="row wrap">
        <Badge state="time">paused</Badge>
        <span className="small">{pauseText(value, now)}</span>
        <Button size="compact" icon={Play} aria-label={`Resume ${what}`} onClick={() => onChange(null)}>
          Resume
        </Button>
      </span>
    );
  }
  const choose = () => {
    const first = pauseEnd(60 * MINUTE);
    setUntil(first);
    if (!atOnce) onChange(first);
    setChoosing(true);
  };
  const done = (moment: number | null) => {
    if (moment !== null) onChange(moment);
    setChoosing(false);
  };
  if (choosing) {
    return (
      <span className="row wrap">
        <input
          className="input pause-until"
          type="datetime-local"
          aria-label={`Pause ${what} until`}
          min={toLocalInput(now)}
          defaultValue={toLocalInput(until ?? now)}
          onChange={(event) => {
            const moment = fromLocalInput(event.target.value);
            setUntil(moment);
            if (!atOnce) onChange(moment);
          }}
        />
        <Button
          size="compact"
          tone={atOnce ? "primary" : undefined}
          disabled={atOnce && (until === null || until <= now)}
          onClick={() => done(atOnce ? until : null)}
        >
          {atOnce ? "Pause until then" : "Done"}
        </Button>
        {atOnce && (
          <Button size="compact" onClick={() => done(null)}>
            Cancel
          </Button>
        )}
      </span>
    );
  }
  return (
    <Menu
      label={`Pause ${what}`}
      align="start"
      trigger={
        <Button size="compact" icon={CirclePause} aria-label={`Pause ${what}`}>
          Pause
        </Button>
      }
    >
      {pauses.map(({ label, ms }) => (
        <MenuItem key={label} onSelect={() => onChange(pauseEnd(ms))}>
          {label}
        </MenuItem>
      ))}
      <MenuItem onSelect={choose}>Until a moment…</MenuItem>
      <MenuItem onSelect={() => onChange(FOREVER)}>Until it is resumed</MenuItem>
    </Menu>
  );
}
