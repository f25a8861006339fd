import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/client";
import { fieldError } from "@/api/errors";
import type { ProviderKind } from "@/api/types";
import { useApp } from "@/app-context";
import { freeId } from "@/pages/providers/NewProvider";
import { urlProblem } from "@/pages/providers/ProviderFields";
import { Button } from "@/ui/Button";
import { Check, Field, Select, TextInput } from "@/ui/Field";
import { Problem } from "@/ui/Note";

interface Props {
  kinds: ProviderKind[];
  taken: string[];
  onConnected: (id: string) => void;
}

/** The first provider with as little as it needs: its kind and its key, and an address where the kind has none. */
export function Connect({ kinds, taken, onConnected }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const [kindName, setKindName] = useState(kinds[0]?.kind ?? "");
  const [secret, setSecret] = useState("");
  const [url, setUrl] = useState("");
  const [own, setOwn] = useState(false);
  const [state, setState] = useState<{ busy: boolean; error: Error | null; made: string | null }>({
    busy: false,
    error: null,
    made: null,
  });
  const kind = kinds.find((item) => item.kind === kindName);
  const asksUrl = !kind?.base_url;
  const { error } = state;
  const save = async () => {
    setState({ ...state, busy: true, error: null });
    let { made } = state;
    try {
      if (!made) {
        const body = {
          id: freeId(kindName, taken),
          kind: kindName,
          name: kind?.title ?? null,
          base_url: asksUrl ? url.trim() : null,
          allow_private: asksUrl && own,
        };
        made = (await data(api.POST("/api/admin/providers", { body }))).id;
      }
      if (secret.trim()) {
        const params = { path: { id: made } };
        await data(api.POST("/api/admin/providers/{id}/keys", { params, body: { value: secret.trim() } }));
      }
      onConnected(made);
      await queries.invalidateQueries();
    } catch (problem) {
      // A provider whose key was refused is there: the next try only stores the key.
      setState({ busy: false, error: problem instanceof Error ? problem : new Error(String(problem)), made });
    }
  };
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (!state.busy) void save();
      }}
    >
      <div className="fieldset two">
        <Field label="Provider" error={fieldError(error, "kind")}>
          {(field) => (
            <Select
              {...field}
              value={kindName}
              onChange={setKindName}
              disabled={state.made !== null}
              options={kinds.map((item) => ({ value: item.kind, label: item.title }))}
            />
          )}
        </Field>
        <Field
          label="API key"
          optional={!kind?.needs_key}
          hint="Encrypted on arrival, never shown again."
          error={fieldError(error, "value")}
        >
          {(field) => (
            <TextInput
              {...field}
              mono
              type="password"
              value={secret}
              onChange={setSecret}
              required={kind?.needs_key}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
      </div>
      {asksUrl && (
        <>
          <Field label="Base URL" fault={urlProblem(url, true)} error={fieldError(error, "base_url")}>
            {(field) => (
              <TextInput
                {...field}
                mono
                value={url}
                onChange={setUrl}
                required
                spellCheck={false}
                placeholder="https://llm.example.com/v1"
              />
            )}
          </Field>
          <Check checked={own} onChange={setOwn} label="It is in a private network" />
        </>
      )}
      {error && <Problem error={error} kept="What you entered is still here." />}
      <div>
        <Button type="submit" tone="primary" busy={state.busy}>
          Connect
        </Button>
      </div>
    </form>
  );
}
