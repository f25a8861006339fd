import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { keysQuery, modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import type { UsageReport } from "@/api/usage";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { intervalOf, spanLabel, spanPresets, type Compared, type SpanPreset } from "@/format/spans";
import {
  filtersOf,
  grouping,
  metrics,
  partNames,
  parts,
  type Metric,
  type Part,
  type UsageSearch,
} from "@/format/usage-search";
import { HOUR, offset, zones } from "@/format/zone";
import { AddFilter, type FilterField } from "@/ui/AddFilter";
import { Chip } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { CustomRange } from "@/ui/CustomRange";
import { Segments, Select } from "@/ui/Field";

interface Props {
  search: UsageSearch;
  span: Compared;
  zone: string;
  report: UsageReport | undefined;
  change: (part: Partial<UsageSearch>) => void;
}

type Option<T extends string> = { value: T; label: string };
const options = <T extends string>(labels: Record<T, string>) =>
  (Object.entries(labels) as [T, string][]).map(([value, label]): Option<T> => ({ value, label }));

const ranges = options(spanPresets);
const intervals: Option<"hour" | "day">[] = [
  { value: "hour", label: "Hours" },
  { value: "day", label: "Days" },
];
const none = { value: "none", label: "Nothing" } as const;

/** What the page shows: time, grouping, measure and filters. All of it is in the URL. */
export function Controls({ search, span, zone, report, change }: Props) {
  const by = grouping(search);
  const custom = search.from !== undefined;
  const range = search.range ?? "7d";
  const chosen = (next: SpanPreset) => change({ range: next, from: undefined, to: undefined, interval: undefined });
  return (
    <div className="usage-controls">
      <div className="filters">
        {custom ? (
          <Chip
            name="Time"
            value={spanLabel(span, zone)}
            onRemove={() => change({ from: undefined, to: undefined, interval: undefined })}
          />
        ) : (
          <>
            <span className="wide-only">
              <Segments label="Time range" value={range} options={ranges} onChange={chosen} />
            </span>
            <span className="phone-only">
              <Select
                aria-label="Time range"
                value={range}
                options={ranges}
                onChange={(next) => chosen(next as SpanPreset)}
              />
            </span>
          </>
        )}
        <CustomRange
          key={`${span.from} ${span.to} ${zone}`}
          span={span}
          zone={zone}
          onChange={(own) => change({ ...own, range: undefined, interval: undefined })}
        />
        <Segments
          label="Interval"
          value={intervalOf(span, search.interval)}
          options={span.to - span.from > 31 * 24 * HOUR ? intervals.slice(1) : intervals}
          onChange={(interval) => change({ interval })}
        />
        <Zone zone={zone} now={span.to} onChange={(tz) => change({ tz })} />
      </div>
      <div className="filters">
        <Segments
          label="Measure"
          value={search.metric ?? "cost"}
          options={options(metrics)}
          onChange={(metric: Metric) => change({ metric: metric === "cost" ? undefined : metric })}
        />
        <Inline label="by">
          <Select
            aria-label="Group by"
            value={by[0] ?? "none"}
            options={[...options(parts), none]}
            onChange={(next) => change({ by: next as Part | "none", then: by[1] === next ? undefined : by[1] })}
          />
        </Inline>
        {by.length > 0 && (
          <Inline label="and">
            <Select
              aria-label="And by"
              value={by[1] ?? "none"}
              options={[none, ...options(parts).filter(({ value }) => value !== by[0])]}
              onChange={(next) => change({ by: by[0], then: next === "none" ? undefined : (next as Part) })}
            />
          </Inline>
        )}
        <Filters search={search} report={report} change={change} />
      </div>
    </div>
  );
}

const Inline = ({ label, kind = "", children }: { label: string; kind?: string; children: ReactNode }) => (
  <span className={`inline-field ${kind}`}>
    <span className="muted" aria-hidden>
      {label}
    </span>
    {children}
  </span>
);

/** The zone whose days and hours are shown, with what it is off UTC at the end of the time. */
function Zone({ zone, now, onChange }: { zone: string; now: number; onChange: (zone: string) => void }) {
  const list = useMemo(() => [...new Set([...zones(), zone])].map((value) => ({ value, label: value })), [zone]);
  return (
    <Inline kind="zone" label={zone === "UTC" ? "in" : `UTC${offset(now, zone)}`}>
      <Select aria-label="Time zone" value={zone} options={list} onChange={onChange} />
    </Inline>
  );
}

/** A chip for each filter, with its name where one is known, and the way to add one. */
function Filters({ search, report, change }: Pick<Props, "search" | "report" | "change">) {
  const { api } = useApp();
  const may = useAllowed();
  const kept = (noun: string) => ({ staleTime: 60_000, enabled: may(noun) });
  const keys = useQuery({ ...keysQuery(api), ...kept("keys") }).data ?? [];
  const providers = useQuery({ ...providersQuery(api), ...kept("providers") }).data ?? [];
  const models = useQuery({ ...modelsQuery(api), ...kept("models") }).data ?? [];
  const routes = useQuery({ ...routesQuery(api), ...kept("routes") }).data ?? [];
  const ids = (list: (string | null | undefined)[]) => [...new Set(list.filter((one) => one != null))].sort();
  const named: Partial<Record<Part, Option<string>[]>> = {
    key: keys.map(({ id, name }) => ({ value: id, label: name })),
    provider: providers.map(({ id, name }) => ({ value: id, label: name })),
  };
  const known: Partial<Record<Part, string[]>> = {
    user: ids(keys.map((key) => key.user_id)),
    team: ids(keys.map((key) => key.team_id)),
    model: ids(models.map((model) => model.id)),
    requested_model: ids([...models, ...routes].map((one) => one.id)),
    route: ids([...models, ...routes].map((one) => one.id)),
  };
  const active = Object.entries(filtersOf(search)) as [Part, string][];
  const name = (part: Part, id: string) =>
    named[part]?.find(({ value }) => value === id)?.label ??
    report?.groups.find(({ ids: own }) => own[part] === id)?.names[part] ??
    id;
  const fields = partNames
    .filter((part) => search[part] === undefined)
    .map((part): FilterField<Part> => {
      const choices = named[part]?.length ? named[part] : undefined;
      return { name: part, label: parts[part], hint: "Its id, exactly", choices, suggestions: known[part] };
    });
  return (
    <>
      <AddFilter fields={fields} onAdd={(part, value) => change({ [part]: value })} />
      {active.map(([part, id]) => (
        <Chip key={part} name={parts[part]} value={name(part, id)} onRemove={() => change({ [part]: undefined })} />
      ))}
      {active.length > 1 && (
        <Button
          size="compact"
          tone="quiet"
          onClick={() => change(Object.fromEntries(active.map(([part]) => [part, undefined])))}
        >
          Clear all
        </Button>
      )}
    </>
  );
}
