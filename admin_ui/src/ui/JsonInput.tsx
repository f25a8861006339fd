import type { Wiring } from "./Field";

interface Props extends Wiring {
  value: string;
  onChange: (text: string) => void;
  onBlur?: () => void;
  rows?: number;
  placeholder?: string;
}

/** A box for JSON. Tab leaves it, as the keyboard expects; what is wrong with its text is the field's to say. */
export function JsonInput({ onChange, rows = 5, ...rest }: Props) {
  return (
    <textarea
      {...rest}
      rows={rows}
      className="input mono json"
      onChange={(event) => onChange(event.target.value)}
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
    />
  );
}
