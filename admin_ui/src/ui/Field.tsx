import { ChevronDown, CircleAlert } from "lucide-react";
import { useId, type ComponentProps, type ReactNode, type Ref } from "react";

export interface Wiring {
  id: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

interface FieldProps {
  label: ReactNode;
  optional?: boolean;
  hint?: ReactNode;
  error?: string;
  children: (field: Wiring) => ReactNode;
}

/** A label, its control, and beside it the hint or what is wrong. */
export function Field({ label, optional, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {optional && <span className="optional">(optional)</span>}
      </label>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": (error ?? hint) ? `${id}-note` : undefined,
      })}
      {error ? (
        <p className="problem" id={`${id}-note`}>
          <CircleAlert className="icon" aria-hidden />
          <span>{error}</span>
        </p>
      ) : (
        hint && (
          <p className="hint" id={`${id}-note`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

interface TextInputProps extends Omit<ComponentProps<"input">, "onChange" | "value"> {
  value: string;
  onChange: (value: string) => void;
  mono?: boolean;
  before?: string;
  after?: string;
  ref?: Ref<HTMLInputElement>;
}

/** One line of text; `before` and `after` are units shown inside the box. */
export function TextInput({ onChange, mono, before, after, className = "", ...rest }: TextInputProps) {
  const input = (
    <input
      {...rest}
      className={`input ${mono ? "mono" : ""} ${className}`}
      onChange={(event) => onChange(event.target.value)}
    />
  );
  if (!before && !after) return input;
  return (
    <span className={`affix ${before ? "has-before" : ""} ${after ? "has-after" : ""}`}>
      {before && (
        <span className="before" aria-hidden>
          {before}
        </span>
      )}
      {input}
      {after && (
        <span className="after" aria-hidden>
          {after}
        </span>
      )}
    </span>
  );
}

interface SelectProps extends Omit<ComponentProps<"select">, "onChange" | "value"> {
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
}

/** The system's own select: it is what phones and screen readers handle best, and Radix's injects a <style> that our CSP refuses. */
export function Select({ onChange, options, className = "", ...rest }: SelectProps) {
  return (
    <span className="select">
      <select {...rest} className={`input ${className}`} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown className="icon" aria-hidden />
    </span>
  );
}

interface CheckProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

/** A checkbox whose whole line can be clicked. */
export function Check({ checked, onChange, label, hint, disabled }: CheckProps) {
  const id = useId();
  return (
    <div className="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-note`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string }[];
}

/** A choice among a few, all visible; arrow keys move it, as in any radio group. */
export function Segments<T extends string>({ label, value, onChange, options }: SegmentsProps<T>) {
  const move = (from: HTMLElement, by: number) => {
    const index = options.findIndex((option) => option.value === value);
    const next = options[(index + by + options.length) % options.length];
    if (!next) return;
    onChange(next.value);
    const buttons = from.parentElement?.querySelectorAll("button");
    buttons?.[options.indexOf(next)]?.focus();
  };
  return (
    <div className="segments" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
          onKeyDown={(event) => {
            const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (by === undefined) return;
            event.preventDefault();
            move(event.currentTarget, by);
          }}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
