import {
  actionNames,
  activeAuditFilters,
  auditFilters,
  auditLabels,
  nounNames,
  type AuditFilter,
  type AuditSearch,
} from "@/format/audit-search";
import { AddFilter, type FilterField } from "@/ui/AddFilter";
import { Chip } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TimeFilter } from "@/ui/TimeFilter";

interface Props {
  search: AuditSearch;
  /** Names of people whom the list already has. */
  actors: readonly string[];
  change: (part: Partial<AuditSearch>) => void;
  clear: () => void;
}

/** What the log is narrowed to: the time, chips for the rest, and a way to add one. All of it is in the URL. */
export function AuditFilters({ search, actors, change, clear }: Props) {
  const active = activeAuditFilters(search);
  const suggestions: Partial<Record<AuditFilter, readonly string[]>> = {
    actor: actors,
    action: actionNames,
    noun: nounNames,
  };
  const fields = auditFilters
    .filter((name) => search[name] === undefined)
    .map((name): FilterField<AuditFilter> => ({ name, ...auditLabels[name], suggestions: suggestions[name] }));
  return (
    <div className="filters">
      <TimeFilter value={search} ranges={["1h", "24h", "7d", "30d", "90d"]} onChange={change} />
      <AddFilter fields={fields} onAdd={(name, value) => change({ [name]: value })} />
      {active.map(({ name, value }) => (
        <Chip key={name} name={auditLabels[name].label} value={value} onRemove={() => change({ [name]: undefined })} />
      ))}
      {active.length > 1 && (
        <Button size="compact" tone="quiet" onClick={clear}>
          Clear all
        </Button>
      )}
    </div>
  );
}
