import { Search } from "lucide-react";
import { count as written } from "@/format/numbers";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** How many fit; null: nobody has counted them all. */
  count?: number | null;
  /** How many there are without the filter, where that is known. */
  of?: number;
  /** Something else than the text filters as well. */
  filtered?: boolean;
}

/** "3 of 120", "3 found", "120 in total", "too many to count". */
function counted({ value, count, of, filtered }: Pick<Props, "value" | "count" | "of" | "filtered">): string {
  if (count === undefined) return "";
  if (count === null) return "too many to count";
  if (!value && !filtered) return `${written(count)} in total`;
  return of === undefined ? `${written(count)} found` : `${written(count)} of ${written(of)}`;
}

/** Filters a list while typing, and says how much of it is left. */
export function SearchBox({ label, value, onChange, ...numbers }: Props) {
  return (
    <div className="row wrap">
      <span className="affix has-icon search-box">
        <Search className="icon before" aria-hidden />
        <input
          className="input"
          type="search"
          aria-label={label}
          placeholder={label}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          spellCheck={false}
        />
      </span>
      <span className="muted small num" role="status">
        {counted({ value, ...numbers })}
      </span>
    </div>
  );
}
