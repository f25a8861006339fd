import { useState } from "react";

/** Rows that were ticked. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** All that can be ticked are. */
  all: boolean;
  name: (id: string) => string;
  can: (id: string) => boolean;
  toggle: (id: string) => void;
  toggleAll: () => void;
  clear: () => void;
}

interface Row {
  id: string;
}

/**
 * What of `rows` is ticked. What is not in the list any more, filtered away or deleted, is not ticked either: nobody acts on what they do not
 * see. `can` leaves rows out that nothing can be done to.
 */
export function useSelection<T extends Row>(
  rows: readonly T[] | undefined,
  name: (row: T) => string,
  can: (row: T) => boolean = () => true,
): Selection {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(() => new Set());
  const known = new Map(rows?.map((row) => [row.id, row]));
  const free = new Set((rows ?? []).filter(can).map(({ id }) => id));
  const ids = new Set([...free].filter((id) => ticked.has(id)));
  return {
    ids,
    all: free.size > 0 && ids.size === free.size,
    name: (id) => {
      const row = known.get(id);
      return row ? name(row) : id;
    },
    can: (id) => free.has(id),
    toggle: (id) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setTicked(next);
    },
    toggleAll: () => setTicked(ids.size === free.size ? new Set() : free),
    clear: () => setTicked(new Set()),
  };
}

interface PickProps {
  label: string;
  checked: boolean;
  /** Some of what it stands for is ticked, not all. */
  some?: boolean;
  onChange: () => void;
}

/** The box at the beginning of a row. */
export function Pick({ label, checked, some = false, onChange }: PickProps) {
  return (
    <label className="pick-box">
      <input
        type="checkbox"
        aria-label={label}
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = some && !checked;
        }}
        onChange={onChange}
      />
    </label>
  );
}
