import { Columns3 } from "lucide-react";
import { useState } from "react";
import { Button } from "./Button";
import { Menu, MenuCheck, MenuItem, MenuLine } from "./Menu";

export interface ColumnChoice {
  id: string;
  label: string;
  /** Always shown: the name of the thing, say. */
  fixed?: boolean;
  /** Hidden until somebody chooses it. */
  off?: boolean;
}

export interface Columns {
  all: readonly ColumnChoice[];
  hidden: ReadonlySet<string>;
  show: (id: string, shown: boolean) => void;
  reset: () => void;
}

const key = (place: string) => `gateway.columns.${place}`;

function read(place: string): Record<string, boolean> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key(place)) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, boolean>) : {};
  } catch {
    return {};
  }
}

/**
 * Which columns of the table `place` this browser shows. Only what differs from the usual is kept, so that a column that a later version adds
 * is not hidden from those who chose once.
 */
export function useColumns(place: string, all: readonly ColumnChoice[]): Columns {
  const [chosen, setChosen] = useState(() => read(place));
  const keep = (next: Record<string, boolean>) => {
    if (Object.keys(next).length > 0) localStorage.setItem(key(place), JSON.stringify(next));
    else localStorage.removeItem(key(place));
    setChosen(next);
  };
  const hidden = all.filter(({ id, fixed, off }) => !fixed && !(chosen[id] ?? !off)).map(({ id }) => id);
  return {
    all,
    hidden: new Set(hidden),
    show: (id, shown) => keep({ ...chosen, [id]: shown }),
    reset: () => keep({}),
  };
}

/** A menu of ticks over the columns of a table. */
export function ColumnChooser({ columns }: { columns: Columns }) {
  const free = columns.all.filter(({ fixed }) => !fixed);
  return (
    <Menu
      label="Columns"
      trigger={
        <Button size="compact" icon={Columns3} className="columns-button" aria-label="Columns">
          <span className="wide-only inline">Columns</span>
        </Button>
      }
    >
      {free.map(({ id, label }) => (
        <MenuCheck key={id} checked={!columns.hidden.has(id)} onChange={(shown) => columns.show(id, shown)}>
          {label}
        </MenuCheck>
      ))}
      <MenuLine />
      <MenuItem onSelect={columns.reset}>Reset columns</MenuItem>
    </Menu>
  );
}
