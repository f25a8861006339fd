import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useDeferredValue, useId, useState, type KeyboardEvent } from "react";
import { catalogQuery } from "@/api/queries";
import type { CatalogEntry } from "@/api/types";
import { useApp } from "@/app-context";
import { windowSize } from "@/format/numbers";

interface Props {
  /** Only models of this kind of provider. */
  kind: string | undefined;
  onPick: (entry: CatalogEntry) => void;
}

/** A combobox over the known models of a vendor; choosing one fills in the form. */
export function CatalogSearch({ kind, onPick }: Props) {
  const { api } = useApp();
  const id = useId();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const q = useDeferredValue(text.trim());
  const found = useQuery({ ...catalogQuery(api, q, kind), placeholderData: keepPreviousData }).data ?? [];
  const current = Math.min(at, found.length - 1);
  const pick = (entry: CatalogEntry) => {
    setText(entry.upstream_model);
    setOpen(false);
    onPick(entry);
  };
  const move = (to: number) => {
    setOpen(true);
    setAt(to);
    document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const entry = found[current];
    if (event.key === "ArrowDown") move(open ? Math.min(current + 1, found.length - 1) : 0);
    else if (event.key === "ArrowUp") move(Math.max(current - 1, 0));
    else if (event.key === "Enter" && open && entry) pick(entry);
    else if (event.key === "Escape" && open) {
      setOpen(false);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  };
  const shown = open && found.length > 0;
  return (
    <div className="field">
      <label htmlFor={id}>Catalog</label>
      <span className="affix has-icon">
        <Search className="icon before" aria-hidden />
        <input
          id={id}
          className="input"
          role="combobox"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown ? `${id}-${current}` : undefined}
          aria-autocomplete="list"
          placeholder="Search, for example 4o-mini or haiku"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setAt(0);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
          autoComplete="off"
          spellCheck={false}
        />
      </span>
      {shown && (
        <div className="suggest" role="listbox" id={`${id}-list`} aria-label="Catalog models">
          {found.map((entry, index) => (
            // The input has the keyboard (combobox pattern). Pointer down, not click: the input's blur would close the list first.

            <div
              key={`${entry.provider_kind} ${entry.upstream_model}`}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === current}
              onPointerDown={(event) => {
                event.preventDefault();
                pick(entry);
              }}
            >
              <span className="mono truncate">{entry.upstream_model}</span>
              <span className="muted nowrap num">
                {entry.context_window ? `${windowSize(entry.context_window)} · ` : ""}
                {entry.price ? `$${entry.price.input} / $${entry.price.output}` : "no price"}
              </span>
            </div>
          ))}
        </div>
      )}
      <p className="hint">
        {kind && q && found.length === 0
          ? "Not in the catalog: fill in the fields by hand."
          : "Fills in names, window and price; every field can be changed."}
      </p>
    </div>
  );
}
