import { useQuery } from "@tanstack/react-query";
import { chatAgentsQuery, chatModelsQuery } from "@/api/dialogs";
import { useApp } from "@/app-context";
import { Select } from "@/ui/Field";

interface Props {
  id?: string;
  "aria-label"?: string;
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
  className?: string;
  disabled?: boolean;
  value: string;
  onChange: (value: string) => void;
}

type Option = { value: string; label: string };

/** The options, and the one that is chosen though it is not among them, any more or until they are read. */
function withChosen(none: string, options: Option[] | undefined, value: string): Option[] {
  const all = [{ value: "", label: none }, ...(options ?? [])];
  if (all.some((option) => option.value === value)) return all;
  return [...all, { value, label: options ? `${value} (not available)` : value }];
}

/** A model that one may use; "" leaves it to the agent and the deployment. */
export function ModelSelect({ value, ...rest }: Props) {
  const { api } = useApp();
  const models = useQuery(chatModelsQuery(api)).data;
  const options = models
    ?.filter(({ enabled }) => enabled)
    .map(({ name, provider }) => ({ value: name, label: provider ? `${name} · ${provider}` : name }));
  return <Select {...rest} value={value} options={withChosen("Usual model", options, value)} />;
}

/** An agent of the deployment, or none. */
export function AgentSelect({ value, ...rest }: Props) {
  const { api } = useApp();
  const agents = useQuery(chatAgentsQuery(api)).data;
  const options = agents?.map(({ id, name }) => ({ value: id, label: name }));
  return <Select {...rest} value={value} options={withChosen("No agent", options, value)} />;
}
