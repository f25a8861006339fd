import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ComponentProps, Ref } from "react";
import { Tooltip } from "./Tooltip";

interface Look {
  tone?: "normal" | "primary" | "danger" | "danger-primary" | "quiet";
  size?: "normal" | "compact";
}

export interface ButtonProps extends ComponentProps<"button">, Look {
  icon?: LucideIcon;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export const buttonClass = ({ tone = "normal", size = "normal" }: Look, more = "") =>
  ["button", tone === "normal" ? "" : tone.replace("-", " "), size === "compact" ? "compact" : "", more]
    .filter(Boolean)
    .join(" ");

/** The only button. `busy` keeps its width, shows a spinner and refuses a second click. */
export function Button({ tone, size, icon: Icon, busy, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled ?? busy}
      aria-busy={busy}
      className={buttonClass({ tone, size }, className)}
    >
      {busy ? <LoaderCircle className="icon spin" aria-hidden /> : Icon && <Icon className="icon" aria-hidden />}
      {children}
    </button>
  );
}

/** A square button with an icon; its label is its accessible name and its tooltip. */
export function IconButton({
  label,
  icon: Icon,
  tone = "quiet",
  size,
  className = "",
  ...rest
}: ButtonProps & { label: string; icon: LucideIcon }) {
  return (
    <Tooltip text={label}>
      <button type="button" aria-label={label} {...rest} className={buttonClass({ tone, size }, `square ${className}`)}>
        <Icon className="icon" aria-hidden />
      </button>
    </Tooltip>
  );
}
