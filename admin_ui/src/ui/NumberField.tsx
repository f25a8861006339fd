import { useState, type ReactNode } from "react";
import { Field, TextInput } from "./Field";

interface Props {
  label: string;
  hint?: ReactNode;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  /** Below it nothing is taken. */
  least?: number;
  /** What else is wrong with a number. */
  problem: (value: number) => string | undefined;
  placeholder?: string;
  /** What the server said of it. */
  error?: string;
}

/** Why a text is no number that may be sent; undefined when it is one, or empty. */
function wrongWith(text: string, least: number, problem: Props["problem"]): string | undefined {
  if (!text.trim()) return undefined;
  const number = Number(text);
  return Number.isFinite(number) && number >= least ? problem(number) : `A number of ${least} or more`;
}

/** A number or nothing; what cannot be sent stays in the box and says why. */
export function NumberField(props: Props) {
  const { label, hint, value, onChange, least = 0, problem, placeholder = "As the model does", error } = props;
  const [text, setText] = useState(value === undefined ? "" : String(value));
  const wrong = wrongWith(text, least, problem);
  return (
    <Field label={label} hint={hint} error={wrong ?? error}>
      {(field) => (
        <TextInput
          {...field}
          value={text}
          inputMode={least < 0 ? "text" : "decimal"}
          placeholder={placeholder}
          autoComplete="off"
          onChange={(given) => {
            setText(given);
            onChange(given.trim() && !wrongWith(given, least, problem) ? Number(given) : undefined);
          }}
        />
      )}
    </Field>
  );
}
