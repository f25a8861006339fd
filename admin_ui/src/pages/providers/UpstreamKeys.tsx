import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import type { ProviderHealth } from "@/api/routing";
import type { Provider } from "@/api/types";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { Button } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { Note, Problem } from "@/ui/Note";
import { EnvironmentKey, KeyLine } from "./KeyLine";

interface Props {
  provider: Provider;
  needsKey: boolean;
  health: ProviderHealth | undefined;
}

/** The provider's credentials: masked, each with its state and quota; new ones go in and never come out. */
export function UpstreamKeys({ provider, needsKey, health }: Props) {
  const may = useAllowed();
  const [adding, setAdding] = useState(false);
  const elsewhere = health?.keys.filter((known) => !provider.keys.some((key) => key.id === known.id)) ?? [];
  const none = elsewhere.length === 0 && provider.keys.every((key) => !key.active);
  return (
    <section className="section" aria-label="Keys">
      <div className="row between">
        <h3>Keys</h3>
        {!adding && may("upstream-keys", "POST") && (
          <Button size="compact" icon={Plus} onClick={() => setAdding(true)}>
            Add key
          </Button>
        )}
      </div>
      {!may("upstream-keys", "POST") && (
        <p className="muted small">Only an administrator may add, change or delete a provider’s credentials.</p>
      )}
      {none && needsKey && !adding && <Note tone="warn">Without an active key this provider answers no requests.</Note>}
      {adding && <AddKey provider={provider} onDone={() => setAdding(false)} />}
      {provider.keys.length + elsewhere.length > 0 && (
        <ul className="card key-list">
          {provider.keys.map((key) => (
            <KeyLine
              key={key.id}
              provider={provider}
              item={key}
              health={health?.keys.find((known) => known.id === key.id)}
              twin={provider.keys.some((other) => other.id !== key.id && shownName(other) === shownName(key))}
            />
          ))}
          {elsewhere.map((known) => (
            <EnvironmentKey key={known.id} provider={provider} health={known} />
          ))}
        </ul>
      )}
    </section>
  );
}

const shownName = ({ reference, hint }: Provider["keys"][number]) => reference ?? hint;

function AddKey({ provider, onDone }: { provider: Provider; onDone: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [value, setValue] = useState("");
  const reference = value.startsWith("arn:");
  const add = useMutation({
    mutationFn: () =>
      data(
        api.POST("/api/admin/providers/{id}/keys", {
          params: { path: { id: provider.id } },
          body: reference ? { reference: value.trim() } : { value: value.trim() },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onDone();
    },
  });
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Field
        label="New key"
        hint={
          reference
            ? "Read from there at run time; only the ARN is stored."
            : "Encrypted on arrival, never shown again. Or the ARN of a secret or parameter."
        }
      >
        {(field) => (
          <TextInput
            {...field}
            mono
            type={reference ? "text" : "password"}
            value={value}
            onChange={setValue}
            autoComplete="off"
            required
            spellCheck={false}
          />
        )}
      </Field>
      {add.error && <Problem error={add.error} />}
      <div className="row">
        <Button type="submit" tone="primary" size="compact" busy={add.isPending}>
          Store key
        </Button>
        <Button size="compact" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
