import { ChevronDown, CircleAlert } from "lucide-react";
import {
  use,
  useEffect,
  useId,
  useRef,
  useState,
  type ComponentProps,
  type FocusEvent,
  type ReactNode,
  type Ref,
  type SyntheticEvent,
} from "react";
import { Tried } from "./tried";

export interface Wiring {
  id: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

interface FieldProps {
  label: ReactNode;
  optional?: boolean;
  hint?: ReactNode;
  /** What is wrong with it, said at once: the server has found it. */
  error?: string;
  /** What is wrong with what it holds now: said when somebody leaves it who has typed in it, or who has tried to save. */
  fault?: string;
  children: (field: Wiring) => ReactNode;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const isControl = (target: EventTarget): target is Control => target instanceof HTMLElement && "validity" in target;

/** Opens what an element is folded away in; what cannot be seen takes no focus. */
export function unfold(element: Element) {
  for (let box = element.closest("details"); box; box = box.parentElement?.closest("details") ?? null) box.open = true;
}

/** What the browser finds wrong with the control of a field: when it is left with something wrong in it, and when the form is sent. */
function useOwnFault() {
  const [fault, setFault] = useState<string>();
  const control = useRef<Control>(null);
  // Filled in by something else, such as a choice from the catalog: nothing but the control itself knows.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  useEffect(() => {
    if (fault && control.current?.validity.valid) setFault(undefined);
  });
  const find = (target: EventTarget) => {
    if (!isControl(target)) return;
    control.current = target;
    return target;
  };
  const wiring = {
    onInvalidCapture: (event: SyntheticEvent) => {
      const wrong = find(event.target);
      if (!wrong) return;
      // Said here, not in a bubble of the browser's; the focus is then ours to move, to the first that is wrong.
      event.preventDefault();
      unfold(wrong);
      setFault(wrong.validationMessage);
      const first = [...(wrong.form?.elements ?? [])].find((one) => isControl(one) && !one.validity.valid);
      if (first === wrong) wrong.focus();
    },
    onBlurCapture: (event: FocusEvent) => {
      const left = find(event.target);
      if (left && !left.validity.valid && !left.validity.valueMissing) setFault(left.validationMessage);
    },
    // Not while the event goes down: React would then put the old value back before the new one is heard of.
    onInput: () => setFault(undefined),
  };
  return { fault, wiring };
}

/** A label, its control, and beside it the hint or what is wrong. */
export function Field({ label, optional, hint, error: given, fault, children }: FieldProps) {
  const id = useId();
  const { fault: own, wiring } = useOwnFault();
  const tried = use(Tried);
  const [typed, setTyped] = useState(false);
  const [left, setLeft] = useState(false);
  const error = (tried || left ? fault : undefined) ?? given ?? own;
  return (
    <div
      className="field"
      {...wiring}
      onInput={() => {
        wiring.onInput();
        setTyped(true);
      }}
      onBlur={() => typed && setLeft(true)}
    >
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
  /** The group that it belongs to is not finished. */
  invalid?: boolean;
}

/** A checkbox whose whole line can be clicked. */
export function Check({ checked, onChange, label, hint, disabled, invalid }: CheckProps) {
  const id = useId();
  return (
    <div className="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-invalid={invalid ? true : undefined}
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

interface CheckGroupProps<T extends string> {
  label: ReactNode;
  hint?: ReactNode;
  options: readonly { value: T; label: ReactNode; hint?: ReactNode }[];
  values: readonly T[];
  onChange: (value: T, on: boolean) => void;
  /** As those of a `Field`. */
  error?: string;
  fault?: string;
}

/** Boxes to tick that make one field together. */
export function CheckGroup<T extends string>(props: CheckGroupProps<T>) {
  const { label, hint, options, values, onChange, error: given, fault } = props;
  const tried = use(Tried);
  const [touched, setTouched] = useState(false);
  const error = (tried || touched ? fault : undefined) ?? given;
  return (
    <fieldset className="plain field">
      <legend className="label">{label}</legend>
      {options.map((option, index) => (
        <Check
          key={option.value}
          label={option.label}
          hint={option.hint}
          checked={values.includes(option.value)}
          invalid={index === 0 && error !== undefined}
          onChange={(on) => {
            setTouched(true);
            onChange(option.value, on);
          }}
        />
      ))}
      {error ? (
        <p className="problem" role="alert">
          <CircleAlert className="icon" aria-hidden />
          <span>{error}</span>
        </p>
      ) : (
        hint && <p className="hint">{hint}</p>
      )}
    </fieldset>
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
