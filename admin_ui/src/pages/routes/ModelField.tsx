import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { catalogQuery, modelsQuery, providersQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { catalogNote } from "@/pages/models/CatalogSearch";
import { Combobox, type Suggestion } from "@/ui/Combobox";
import { Field, Select } from "@/ui/Field";
import { faultAt } from "./faults";

interface Choice {
  provider: string;
  model: string;
}

interface Props {
  value: Choice;
  onChange: (part: Partial<Choice>) => void;
  error: Error | null;
  /** The path of what holds `provider` and `model`: "targets[0]", "canary". */
  path: string;
}

const most = 40;

/** A provider, and a model as that provider calls it: those of the release first, then the vendor's known ones, or any other name. */
export function TargetChoice({ value, onChange, error, path }: Props) {
  const { api } = useApp();
  const providers = useQuery({ ...providersQuery(api), staleTime: 60_000 }).data ?? [];
  const offered = useOffers(value);
  const gone = value.provider !== "" && !providers.some(({ id }) => id === value.provider);
  const options = [
    ...(value.provider === "" ? [{ value: "", label: "Choose…" }] : []),
    ...(gone ? [{ value: value.provider, label: `${value.provider} (gone)` }] : []),
    ...providers.map(({ id, name, active }) => ({ value: id, label: active ? name : `${name} (disabled)` })),
  ];
  return (
    <>
      <Field label="Provider" error={faultAt(error, `${path}.provider`)}>
        {(field) => (
          <Select
            {...field}
            value={value.provider}
            onChange={(provider) => onChange({ provider, model: provider === value.provider ? value.model : "" })}
            options={options}
          />
        )}
      </Field>
      <Field label="Model" error={faultAt(error, `${path}.model`)}>
        {(field) => (
          <Combobox
            {...field}
            over
            text={value.model}
            onText={(model) => onChange({ model })}
            options={offered}
            onPick={(option) => onChange({ model: option.value })}
            listLabel="Models of the provider"
            placeholder="As the provider calls it"
            maxLength={512}
          />
        )}
      </Field>
    </>
  );
}

function useOffers({ provider, model }: Choice): Suggestion[] {
  const { api } = useApp();
  const q = useDeferredValue(model.trim());
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data ?? [];
  const kind = useQuery({ ...providersQuery(api), staleTime: 60_000 }).data?.find(({ id }) => id === provider)?.kind;
  const known = useQuery({
    ...catalogQuery(api, q, kind),
    enabled: kind !== undefined,
    placeholderData: keepPreviousData,
  }).data;
  const own = models
    .filter((item) => item.provider === provider)
    .map((item) => ({ value: item.upstream_model, note: item.id === item.upstream_model ? "in use" : item.id }));
  const exact = own.some(({ value }) => value === q);
  const fitting = own.filter(({ value }) => exact || value.toLowerCase().includes(q.toLowerCase()));
  const taken = new Set(own.map(({ value }) => value));
  const more = (known ?? [])
    .filter((entry) => !taken.has(entry.upstream_model))
    .map((entry) => ({ value: entry.upstream_model, note: catalogNote(entry) }));
  return [...fitting, ...(exact ? [] : more)].slice(0, most);
}
