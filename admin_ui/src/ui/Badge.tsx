import { Ban, CircleCheck, CircleDashed, CircleX, Clock, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import { X } from "lucide-react";
import type { ReactNode } from "react";

const icons = {
  ok: CircleCheck,
  warn: TriangleAlert,
  error: CircleX,
  info: Info,
  off: Ban,
  idle: CircleDashed,
  time: Clock,
};
const tones: Record<keyof typeof icons, string> = {
  ok: "ok",
  warn: "warn",
  error: "error",
  info: "info",
  off: "",
  idle: "",
  time: "warn",
};

/** A state: always an icon and a word, never colour alone. */
export function Badge({
  state,
  icon,
  children,
}: {
  state: keyof typeof icons;
  icon?: LucideIcon;
  children: ReactNode;
}) {
  const Icon = icon ?? icons[state];
  return (
    <span className={`badge ${tones[state]}`}>
      <Icon className="icon" aria-hidden />
      {children}
    </span>
  );
}

/** The HTTP status of a request, with the icon of its class. */
export function StatusBadge({ status, running }: { status: number; running?: boolean }) {
  if (running)
    return (
      <Badge state="info" icon={CircleDashed}>
        running
      </Badge>
    );
  const state = status >= 500 || status === 0 ? "error" : status >= 400 ? "warn" : "ok";
  return <Badge state={state}>{status === 0 ? "no answer" : status}</Badge>;
}

/** One active filter; its cross takes it away. */
export function Chip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  return (
    <span className="chip">
      <span className="truncate">
        <span className="chip-key">{name}</span> {value}
      </span>
      <button type="button" aria-label={`Remove filter ${name} ${value}`} onClick={onRemove}>
        <X className="icon" aria-hidden />
      </button>
    </span>
  );
}
