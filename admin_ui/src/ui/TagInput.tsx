import { X } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";
import type { Wiring } from "./Field";

interface Props extends Wiring {
  values: string[];
  onChange: (values: string[]) => void;
  /** What is suggested; other text is taken as well. */
  options: string[];
  placeholder: string;
  /** Where no label stands beside it. */
  "aria-label"?: string;
}

/** True when a suggestion was chosen, which is not typing: a name may be the beginning of a longer one. */
const chosen = (event: Event) => !(event instanceof InputEvent) || event.inputType === "insertReplacementText";

/** Several short texts: Enter or choosing a suggestion adds one, Backspace in the empty box takes the last away. */
export function TagInput({ values, onChange, options, placeholder, ...wiring }: Props) {
  const [text, setText] = useState("");
  const list = useId();
  const left = options.filter((option) => !values.includes(option));
  const add = (value: string) => {
    const clean = value.trim();
    if (clean && !values.includes(clean)) onChange([...values, clean]);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter never submits from here: it would be pressed once too often.
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) add(text);
    else if (event.key === "Backspace" && !text) onChange(values.slice(0, -1));
    else return;
    event.preventDefault();
  };
  return (
    <div className="stack tight">
      <input
        {...wiring}
        className="input"
        list={list}
        value={text}
        placeholder={placeholder}
        onChange={(event) =>
          chosen(event.nativeEvent) && left.includes(event.target.value)
            ? add(event.target.value)
            : setText(event.target.value)
        }
        onKeyDown={onKeyDown}
        onBlur={() => add(text)}
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id={list}>
        {left.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
      {values.length > 0 && (
        <div className="tags">
          {values.map((value) => (
            <span className="chip" key={value}>
              <span className="mono truncate">{value}</span>
              <button
                type="button"
                aria-label={`Remove ${value}`}
                onClick={() => onChange(values.filter((item) => item !== value))}
              >
                <X className="icon" aria-hidden />
              </button>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
