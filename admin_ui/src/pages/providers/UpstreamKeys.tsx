import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import type { Provider, UpstreamKey } from "@/api/types";
import { useApp } from "@/app-context";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Field, TextInput } from "@/ui/Field";
import { Note, Problem } from "@/ui/Note";
import { Ago } from "@/ui/Value";

/** The provider's credentials: masked, each may be disabled or deleted, new ones go in and never come out. */
export function UpstreamKeys({ provider, needsKey }: { provider: Provider; needsKey: boolean }) {
  const [adding, setAdding] = useState(false);
  const none = provider.keys.every((key) => !key.active);
  return (
    <section className="section" aria-label="Keys">
      <div className="row between">
        <h3>Keys</h3>
        {!adding && (
          <Button size="compact" icon={Plus} onClick={() => setAdding(true)}>
            Add key
          </Button>
        )}
      </div>
      {none && needsKey && !adding && <Note tone="warn">Without an active key this provider answers no requests.</Note>}
      {adding && <AddKey provider={provider} onDone={() => setAdding(false)} />}
      {provider.keys.length > 0 && (
        <ul className="card key-list">
          {provider.keys.map((key) => (
            <KeyLine key={key.id} provider={provider} item={key} />
          ))}
        </ul>
      )}
    </section>
  );
}

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

function KeyLine({ provider, item }: { provider: Provider; item: UpstreamKey }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const params = { path: { id: provider.id, key_id: item.id }, header: { "if-match": `"${item.version}"` } };
  const refresh = () => queries.invalidateQueries();
  const toggle = useMutation({
    mutationFn: () =>
      data(api.PATCH("/api/admin/providers/{id}/keys/{key_id}", { params, body: { active: !item.active } })),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/admin/providers/{id}/keys/{key_id}", { params: { path: params.path } }),
    onSuccess: refresh,
  });
  return (
    <li>
      <KeyRound className="icon muted" aria-hidden />
      <span className="mono truncate">{item.reference ?? item.hint}</span>
      {item.active ? <Badge state="ok">active</Badge> : <Badge state="off">disabled</Badge>}
      <span className="muted small grow">
        changed <Ago ms={item.updated_at} />
      </span>
      <Button size="compact" busy={toggle.isPending} onClick={() => toggle.mutate()}>
        {item.active ? "Disable" : "Enable"}
      </Button>
      <IconButton size="compact" label={`Delete key ${item.hint}`} icon={Trash2} onClick={() => setDeleting(true)} />
      {toggle.error && <Problem error={toggle.error} />}
      {deleting && (
        <Confirm
          title={`Delete the key ${item.hint}?`}
          action="Delete key"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setDeleting(false)}
        >
          {provider.keys.filter((key) => key.active).length === 1 && item.active
            ? "It is the only active key of this provider: requests to it will fail."
            : "Requests will use the provider’s other keys."}{" "}
          The stored key cannot be brought back.
        </Confirm>
      )}
    </li>
  );
}
