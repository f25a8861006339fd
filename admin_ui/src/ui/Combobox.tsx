import { Search } from "lucide-react";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import type { Wiring } from "./Field";

export interface Suggestion {
  value: string;
  note?: ReactNode;
}

interface Props<T extends Suggestion> extends Wiring {
  text: string;
  onText: (text: string) => void;
  /** What fits the text; other text may be typed as well. */
  options: readonly T[];
  onPick: (option: T) => void;
  listLabel: string;
  placeholder?: string;
  /** With a magnifier, for searches. */
  search?: boolean;
  /** The list lies over what follows instead of pushing it down. */
  over?: boolean;
  maxLength?: number;
}

/** A text box with suggestions: arrow keys choose, Enter takes, Escape closes the list alone. */
export function Combobox<T extends Suggestion>(props: Props<T>) {
  const { text, onText, options, onPick, listLabel, search, over, id, ...rest } = props;
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const shown = open && options.length > 0;
  const current = Math.min(at, options.length - 1);
  const pick = (option: T) => {
    setOpen(false);
    setAt(-1);
    onPick(option);
  };
  const move = (to: number) => {
    setOpen(true);
    setAt(to);
    document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const option = options[current];
    if (event.key === "ArrowDown") move(shown ? Math.min(current + 1, options.length - 1) : 0);
    else if (event.key === "ArrowUp") move(Math.max(current - 1, 0));
    else if (event.key === "Enter" && shown && option && !event.ctrlKey && !event.metaKey) pick(option);
    else if (event.key === "Escape" && shown) {
      setOpen(false);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };
  const input = (
    <input
      {...rest}
      id={id}
      className={`input ${search ? "" : "mono"}`}
      role="combobox"
      aria-expanded={shown}
      aria-controls={`${id}-list`}
      aria-activedescendant={shown && current >= 0 ? `${id}-${current}` : undefined}
      aria-autocomplete="list"
      value={text}
      onChange={(event) => {
        onText(event.target.value);
        setOpen(true);
        setAt(search ? 0 : -1);
      }}
      onClick={() => setOpen(true)}
      onFocus={() => search && setOpen(true)}
      onBlur={() => setOpen(false)}
      onKeyDown={onKeyDown}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
    />
  );
  return (
    <span className={over ? "combobox over" : "combobox"}>
      {search ? (
        <span className="affix has-icon">
          <Search className="icon before" aria-hidden />
          {input}
        </span>
      ) : (
        input
      )}
      {shown && (
        <div className="suggest" role="listbox" id={`${id}-list`} aria-label={listLabel}>
          {options.map((option, index) => (
            // The input has the keyboard (combobox pattern). Pointer down, not click: the input's blur would close the list first.
            <div
              key={`${index} ${option.value}`}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === current}
              onPointerDown={(event) => {
                event.preventDefault();
                pick(option);
              }}
            >
              <span className="mono truncate">{option.value}</span>
              {option.note && <span className="muted nowrap num">{option.note}</span>}
            </div>
          ))}
        </div>
      )}
    </span>
  );
}
