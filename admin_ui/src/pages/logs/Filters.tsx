import * as Popover from "@radix-ui/react-popover";
import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { useState } from "react";
import { keysQuery, modelsQuery, providersQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { filterLabels, filterProblem, numberFilters, type FilterName, type LogSearch } from "@/format/log-search";
import { rangeOptions } from "@/format/ranges";
import { clock, day } from "@/format/times";
import { Chip } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Field, Segments, Select, TextInput } from "@/ui/Field";

interface Props {
  search: LogSearch;
  change: (part: Partial<LogSearch>) => void;
  clear: () => void;
}

const all = "all";
const times = [{ value: all, label: "All" } as const, ...rangeOptions("1h", "24h", "7d", "30d")];
const names = Object.keys(filterLabels) as FilterName[];

/** What the list is narrowed to: the time, chips for the rest, and a way to add one. All of it is in the URL. */
export function Filters({ search, change, clear }: Props) {
  const { api } = useApp();
  const keys = useQuery({ ...keysQuery(api), staleTime: 60_000 }).data ?? [];
  const active = names.filter((name) => search[name] !== undefined);
  const spoken = (name: FilterName) => {
    const value = String(search[name]);
    return name === "key_id" ? (keys.find((key) => key.id === value)?.name ?? value) : value;
  };
  return (
    <div className="filters">
      {search.from !== undefined && search.to !== undefined ? (
        <Chip
          name="Time"
          value={`${stamp(search.from)} – ${stamp(search.to)}`}
          onRemove={() => change({ from: undefined, to: undefined })}
        />
      ) : (
        <Segments
          label="Time range"
          value={search.range ?? all}
          options={times}
          onChange={(value) => change({ range: value === all ? undefined : value })}
        />
      )}
      {search.error === undefined && (
        <Button size="compact" onClick={() => change({ error: "any" })}>
          Errors only
        </Button>
      )}
      <AddFilter taken={active} onAdd={(name, value) => change({ [name]: value })} />
      {active.map((name) => (
        <Chip
          key={name}
          name={filterLabels[name].label}
          value={spoken(name)}
          onRemove={() => change({ [name]: undefined })}
        />
      ))}
      {active.length > 1 && (
        <Button size="compact" tone="quiet" onClick={clear}>
          Clear all
        </Button>
      )}
    </div>
  );
}

const stamp = (ms: number) => `${day(ms)} ${clock(ms)}`;

function AddFilter({
  taken,
  onAdd,
}: {
  taken: FilterName[];
  onAdd: (name: FilterName, value: string | number) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button size="compact" icon={ListFilter}>
          Add filter
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu popover"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Add filter"
        >
          <FilterForm
            free={names.filter((name) => !taken.includes(name))}
            onAdd={(name, value) => {
              onAdd(name, value);
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function FilterForm({
  free,
  onAdd,
}: {
  free: FilterName[];
  onAdd: (name: FilterName, value: string | number) => void;
}) {
  const { api } = useApp();
  const [name, setName] = useState<FilterName>(free[0] ?? "status");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const keys = useQuery(keysQuery(api)).data ?? [];
  const models = useQuery(modelsQuery(api)).data ?? [];
  const providers = useQuery(providersQuery(api)).data ?? [];
  const choices: Partial<Record<FilterName, { value: string; label: string }[]>> = {
    key_id: keys.map((key) => ({ value: key.id, label: key.name })),
    provider: providers.map((provider) => ({ value: provider.id, label: provider.name })),
  };
  const choice = choices[name];
  const suggestions =
    name === "model" || name === "requested_model"
      ? models.map((model) => model.id)
      : name === "status"
        ? ["2xx", "4xx", "5xx", "401", "429"]
        : [];
  const value = choice && !choice.some((option) => option.value === text) ? (choice[0]?.value ?? "") : text;
  const submit = () => {
    const wrong = filterProblem(name, value.trim());
    setProblem(wrong);
    if (!wrong) onAdd(name, (numberFilters as readonly string[]).includes(name) ? Number(value) : value.trim());
  };
  return (
    <form
      className="stack filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Field">
        {(field) => (
          <Select
            {...field}
            value={name}
            onChange={(next) => {
              setName(next as FilterName);
              setText("");
              setProblem(undefined);
            }}
            options={free.map((item) => ({ value: item, label: filterLabels[item].label }))}
          />
        )}
      </Field>
      <Field label="Value" hint={filterLabels[name].hint} error={problem}>
        {(field) =>
          choice ? (
            <Select {...field} value={value} onChange={setText} options={choice} />
          ) : (
            <>
              <TextInput
                {...field}
                value={text}
                onChange={setText}
                list={`${field.id}-list`}
                autoComplete="off"
                spellCheck={false}
              />
              <datalist id={`${field.id}-list`}>
                {suggestions.map((item) => (
                  <option key={item} value={item} />
                ))}
              </datalist>
            </>
          )
        }
      </Field>
      <Button type="submit" tone="primary">
        Add
      </Button>
    </form>
  );
}
