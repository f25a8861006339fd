import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";

export interface Sorting<T extends string = string> {
  by: T;
  dir: "asc" | "desc";
}

interface Props<T extends string> {
  name: T;
  sorting: Sorting<T>;
  onSort: (next: Sorting<T>) => void;
  right?: boolean;
  /** Names are sorted upwards first, numbers downwards. */
  first?: "asc" | "desc";
  title?: string;
  children: ReactNode;
}

const other = { asc: "desc", desc: "asc" } as const;

/** The head of a column that sorts its table; again, the other way round. */
export function SortHead<T extends string>({
  name,
  sorting,
  onSort,
  right,
  first = "desc",
  title,
  children,
}: Props<T>) {
  const current = sorting.by === name ? sorting.dir : undefined;
  const Arrow = current === "asc" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      className={right ? "right" : undefined}
      aria-sort={current && (current === "asc" ? "ascending" : "descending")}
    >
      <button
        type="button"
        className="sort"
        title={title}
        onClick={() => onSort({ by: name, dir: current ? other[current] : first })}
      >
        {children}
        <Arrow className={current ? "icon" : "icon off"} aria-hidden />
      </button>
    </th>
  );
}
