import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PlugZap } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { fieldError } from "@/api/errors";
import type { CatalogEntry, Provider, ProviderKind } from "@/api/types";
import { useApp } from "@/app-context";
import { useSoon } from "@/frame/soon";
import { buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { Empty } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { CatalogSearch } from "./CatalogSearch";
import { blankModel, ModelFields, newModelBody, withFacts } from "./ModelFields";

interface Props {
  providers: Provider[];
  kinds: ProviderKind[];
  onClose: () => void;
}

/** A new model; without a provider there is nothing to serve it, so that comes first. */
export function NewModel({ providers, kinds, onClose }: Props) {
  if (providers.length > 0) return <Form providers={providers} kinds={kinds} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="Add model" shape="drawer">
      <div className="panel-body">
        <Empty
          icon={PlugZap}
          title="First a provider"
          action={
            <Link to="/providers" search={{ create: true }} className={buttonClass({ tone: "primary" })}>
              Add a provider
            </Link>
          }
        >
          A model is served by a provider, and there is none yet.
        </Empty>
      </div>
    </Dialog>
  );
}

function Form({ providers, kinds, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const [initial] = useState(() => blankModel(providers.find((item) => item.active)?.id ?? providers[0]?.id ?? ""));
  const [draft, setDraft] = useState(initial);
  const [id, setId] = useState<string | null>(null);
  const [picked, setPicked] = useState<CatalogEntry | null>(null);
  const chosenId = id ?? draft.upstream_model;
  const provider = providers.find((item) => item.id === draft.provider);
  const kind = kinds.find((item) => item.kind === provider?.kind);
  const save = async () => {
    const body = { ...newModelBody(draft, provider?.kind, picked), id: chosenId.trim() };
    const model = await data(api.POST("/api/admin/models", { body }));
    await queries.invalidateQueries();
    toast({ tone: "ok", what: `${model.id} was added.`, more: `Clients can name it ${soon}.` });
  };
  return (
    <FormDrawer
      title="Add model"
      description="A name your clients may send as “model”."
      dirty={draft !== initial || id !== null}
      submit="Add model"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          {/* A self-hosted kind has no list of its own: search everything. */}
          <CatalogSearch
            kind={kind?.base_url ? kind.kind : undefined}
            onPick={(entry) => {
              setDraft(withFacts(draft, entry));
              setPicked(entry);
            }}
          />
          <Field
            label="Name for clients"
            hint={id === null ? "The upstream name, unless you choose another." : undefined}
            error={fieldError(error, "id")}
          >
            {(field) => (
              <TextInput
                {...field}
                mono
                value={chosenId}
                onChange={setId}
                required
                maxLength={128}
                spellCheck={false}
                placeholder="gpt-4o-mini"
              />
            )}
          </Field>
          <ModelFields
            draft={draft}
            change={(part) => setDraft({ ...draft, ...part })}
            providers={providers}
            error={error}
          />
        </>
      )}
    </FormDrawer>
  );
}
