import { useQuery } from "@tanstack/react-query";
import { fieldError } from "@/api/errors";
import { modelsQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { useCallables } from "@/pages/playground/use-callables";
import { Combobox } from "@/ui/Combobox";
import { Field, TextInput } from "@/ui/Field";
import { ConfigFields } from "./ConfigFields";
import type { AgentDraft } from "./agent-draft";

interface Props {
  draft: AgentDraft;
  change: (part: Partial<AgentDraft>) => void;
  error: Error | null;
}

/** The fields of an agent, without its id. */
export function AgentFields({ draft, change, error }: Props) {
  const { api } = useApp();
  const { names } = useCallables();
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data;
  const window = models?.find(({ id }) => id === draft.model)?.context_window ?? null;
  const typed = draft.model.trim().toLowerCase();
  const exact = names.some(({ value }) => value === draft.model);
  return (
    <>
      <Field label="Name" optional hint="What people choose by; empty: the id." error={fieldError(error, "name")}>
        {(field) => <TextInput {...field} value={draft.name} onChange={(name) => change({ name })} maxLength={200} />}
      </Field>
      <Field label="Description" optional error={fieldError(error, "description")}>
        {(field) => (
          <TextInput
            {...field}
            value={draft.description}
            onChange={(description) => change({ description })}
            maxLength={1000}
            placeholder="Answers customers from the handbook"
          />
        )}
      </Field>
      <Field
        label="System prompt"
        optional
        hint="Holds where a chat has none of its own."
        error={fieldError(error, "system_prompt")}
      >
        {(field) => (
          <textarea
            {...field}
            className="input"
            rows={6}
            maxLength={32_000}
            value={draft.prompt}
            onChange={(event) => change({ prompt: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Model"
        optional
        hint={
          draft.model && names.length > 0 && !exact ? "Not in the list of models and routes." : "Empty: the usual one."
        }
        error={fieldError(error, "model")}
      >
        {(field) => (
          <Combobox
            {...field}
            over
            text={draft.model}
            onText={(model) => change({ model })}
            options={exact ? names : names.filter(({ value }) => value.toLowerCase().includes(typed))}
            onPick={({ value }) => change({ model: value })}
            listLabel="Models and routes"
            placeholder="Model or route"
            maxLength={512}
          />
        )}
      </Field>
      <ConfigFields
        settings={draft.settings}
        onChange={(part) => change({ settings: { ...draft.settings, ...part } })}
        window={window}
        error={error}
        placeholder="As the model does"
      />
    </>
  );
}
