import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/client";
import { fieldError } from "@/api/errors";
import type { ProviderKind } from "@/api/types";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { Field, Select, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { blankDraft, bodyOf, ProviderFields, type ProviderDraft } from "./ProviderFields";

/** `openai`, then `openai-2` when that is taken. */
export function freeId(kind: string, taken: string[]): string {
  const base = kind.replaceAll("_", "-");
  if (!taken.includes(base)) return base;
  let number = 2;
  while (taken.includes(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

interface Props {
  kinds: ProviderKind[];
  taken: string[];
  onClose: () => void;
}

/** A new provider and its first key, in one form. */
export function NewProvider({ kinds, taken, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const mayKeys = useAllowed()("upstream-keys", "POST");
  const toast = useToast();
  const [kindName, setKindName] = useState(kinds[0]?.kind ?? "");
  const [id, setId] = useState<string | null>(null);
  const [draft, setDraft] = useState<ProviderDraft>(blankDraft);
  const [secret, setSecret] = useState("");
  const kind = kinds.find((item) => item.kind === kindName);
  const chosenId = id ?? freeId(kindName, taken);

  const save = async () => {
    const body = bodyOf(draft);
    const provider = await data(
      api.POST("/api/admin/providers", {
        body: { ...body, id: chosenId.trim(), kind: kindName, name: body.name ?? kind?.title ?? null },
      }),
    );
    let keyProblem = "";
    if (secret.trim()) {
      await data(
        api.POST("/api/admin/providers/{id}/keys", {
          params: { path: { id: provider.id } },
          body: { value: secret.trim() },
        }),
      ).catch((problem: unknown) => {
        keyProblem = problem instanceof Error ? problem.message : String(problem);
      });
    }
    await queries.invalidateQueries();
    if (keyProblem)
      toast({
        tone: "error",
        what: `${provider.name} was added, but its key was refused.`,
        more: `${keyProblem} Open the provider to add a key.`,
      });
    else
      toast({
        tone: "ok",
        what: `${provider.name} was added.`,
        more: `Requests can use it ${soon}. Next: offer a model.`,
      });
  };

  return (
    <FormDrawer
      title="Add provider"
      description="An account at a vendor, or a server of your own."
      dirty={draft !== blankDraft || secret !== "" || id !== null}
      submit="Add provider"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field
            label="Kind"
            error={fieldError(error, "kind")}
            hint={kind && `Speaks ${kind.dialects.map(dialectName).join(", ")}.`}
          >
            {(field) => (
              <Select
                {...field}
                value={kindName}
                onChange={setKindName}
                options={kinds.map((item) => ({ value: item.kind, label: item.title }))}
              />
            )}
          </Field>
          <Field
            label="API key"
            optional={!kind?.needs_key}
            hint={mayKeys ? "Encrypted on arrival, never shown again." : "An administrator adds the key."}
            error={fieldError(error, "value")}
          >
            {(field) => (
              <TextInput
                {...field}
                mono
                type="password"
                value={secret}
                onChange={setSecret}
                disabled={!mayKeys}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          <fieldset className="fieldset two">
            <Field label="Name" optional error={fieldError(error, "name")}>
              {(field) => (
                <TextInput
                  {...field}
                  value={draft.name}
                  onChange={(name) => setDraft({ ...draft, name })}
                  placeholder={kind?.title}
                  maxLength={200}
                />
              )}
            </Field>
            <Field label="Id" hint="Fixed once created." error={fieldError(error, "id")}>
              {(field) => (
                <TextInput
                  {...field}
                  mono
                  value={chosenId}
                  onChange={setId}
                  required
                  maxLength={128}
                  spellCheck={false}
                />
              )}
            </Field>
          </fieldset>
          <ProviderFields
            draft={draft}
            change={(part) => setDraft({ ...draft, ...part })}
            kind={kind}
            error={error}
            mayAddress={mayKeys}
          />
        </>
      )}
    </FormDrawer>
  );
}

const names: Record<string, string> = {
  openai_chat: "OpenAI Chat Completions",
  openai_responses: "OpenAI Responses",
  openai_embeddings: "OpenAI Embeddings",
  anthropic_messages: "Anthropic Messages",
  gemini: "Gemini",
  bedrock_converse: "Bedrock Converse",
};

/** The name of a wire format as its vendor writes it. */
export const dialectName = (dialect: string) => names[dialect] ?? dialect;
