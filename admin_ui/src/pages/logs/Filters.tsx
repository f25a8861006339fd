import { useQuery } from "@tanstack/react-query";
import { guardrailsQuery } from "@/api/guardrails";
import { keysQuery, modelsQuery, providersQuery, routesQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import {
  activeFilters,
  filterLabels,
  filterPart,
  filterProblem,
  flagWords,
  isRangeFilter,
  wordFilters,
  type FilterName,
  type LogSearch,
} from "@/format/log-search";
import { useAllowed } from "@/frame/access";
import { AddFilter, type FilterField } from "@/ui/AddFilter";
import { Chip } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { TimeFilter } from "@/ui/TimeFilter";

interface Props {
  search: LogSearch;
  change: (part: Partial<LogSearch>) => void;
  clear: () => void;
}

const names = Object.keys(filterLabels) as FilterName[];

/** What the list is narrowed to: the time, chips for the rest, and a way to add one. All of it is in the URL. */
export function Filters({ search, change, clear }: Props) {
  const { api } = useApp();
  const keys = useQuery({ ...keysQuery(api), staleTime: 60_000 }).data ?? [];
  const active = activeFilters(search);
  const guardrails = useGuardrails();
  const spoken = (name: FilterName, value: string) => {
    if (name === "key_id") return keys.find((key) => key.id === value)?.name ?? value;
    if (name === "guardrail") return guardrails.find((one) => one.id === value)?.name ?? value;
    return value;
  };
  const taken = active.map(({ name }) => name);
  return (
    <div className="filters">
      <TimeFilter value={search} ranges={["1h", "24h", "7d", "30d"]} onChange={change} />
      {search.error === undefined && (
        <Button size="compact" onClick={() => change({ error: "any" })}>
          Errors only
        </Button>
      )}
      <Add taken={taken} onAdd={(...given) => change(filterPart(...given))} />
      {active.map(({ name, value }) => (
        <Chip
          key={name}
          name={filterLabels[name].label}
          value={spoken(name, value)}
          onRemove={() => change(filterPart(name))}
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

function useGuardrails() {
  const { api } = useApp();
  const may = useAllowed()("guardrails");
  return useQuery({ ...guardrailsQuery(api), enabled: may, staleTime: 60_000 }).data ?? [];
}

const present = (list: (string | null | undefined)[]) => [...new Set(list.filter((one) => one != null))].sort();

const pairs = (values: Record<string, string>) => Object.entries(values).map(([value, label]) => ({ value, label }));

interface AddProps {
  taken: FilterName[];
  onAdd: (name: FilterName, first: string, second: string) => void;
}

/** The fields that have no filter yet, with what there is to choose from. */
function Add({ taken, onAdd }: AddProps) {
  const { api } = useApp();
  const keys = useQuery({ ...keysQuery(api), staleTime: 60_000 }).data ?? [];
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data ?? [];
  const routes = useQuery({ ...routesQuery(api), staleTime: 60_000 }).data ?? [];
  const providers = useQuery({ ...providersQuery(api), staleTime: 60_000 }).data ?? [];
  const guardrails = useGuardrails();
  const words = (list: readonly string[]) => list.map((value) => ({ value, label: value }));
  const choices: Partial<Record<FilterName, { value: string; label: string }[]>> = {
    key_id: keys.map((key) => ({ value: key.id, label: key.name })),
    provider: providers.map((provider) => ({ value: provider.id, label: provider.name })),
    guardrail: guardrails.map(({ id, name }) => ({ value: id, label: name ?? id })),
    guarded: pairs(wordFilters.guarded),
    cache: pairs(wordFilters.cache),
    stream: words(flagWords.stream),
    mirror: words(flagWords.mirror),
  };
  const suggestions: Partial<Record<FilterName, string[]>> = {
    status: ["2xx", "4xx", "5xx", "401", "429"],
    error: ["any", "none"],
    model: models.map((model) => model.id),
    requested_model: present([...models, ...routes].map((one) => one.id)),
    user_id: present(keys.map((key) => key.user_id)),
  };
  const fields = names
    .filter((name) => !taken.includes(name))
    .map((name): FilterField<FilterName> => ({
      name,
      ...filterLabels[name],
      // Without a list, an id can be typed.
      choices: choices[name]?.length ? choices[name] : undefined,
      suggestions: suggestions[name],
      range: isRangeFilter(name),
      problem: (first, second) => filterProblem(name, first, second),
    }));
  return <AddFilter fields={fields} onAdd={onAdd} />;
}
