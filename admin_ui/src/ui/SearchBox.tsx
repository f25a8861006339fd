import { Search } from "lucide-react";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  count?: number;
  of?: number;
}

/** Filters a list while typing, and says how much of it is left. */
export function SearchBox({ label, value, onChange, count, of }: Props) {
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
        {count !== undefined && of !== undefined && (value ? `${count} of ${of}` : `${of} in total`)}
      </span>
    </div>
  );
}
