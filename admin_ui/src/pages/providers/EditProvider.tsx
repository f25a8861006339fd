import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { data } from "@/api/client";
import { fieldError, staleness } from "@/api/errors";
import { modelsQuery, routesQuery } from "@/api/queries";
import type { Provider, ProviderKind } from "@/api/types";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { routesThat } from "@/pages/lists/uses";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Dialog } from "@/ui/Dialog";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { Pause } from "@/ui/Pause";
import { useToast } from "@/ui/Toasts";
import { changesOf, draftOf, ProviderFields } from "./ProviderFields";
import { HealthNote } from "./Health";
import { useHealth } from "./health-hooks";
import { ModelPicker } from "./ModelPicker";
import { usePauseProvider } from "./pause-hook";
import { Targets } from "./Targets";
import { UpstreamKeys } from "./UpstreamKeys";

interface Props {
  id: string;
  provider: Provider | undefined;
  kinds: ProviderKind[];
  onClose: () => void;
}

/** The drawer of one provider; says so when there is none of that id. */
export function EditProvider({ id, provider, kinds, onClose }: Props) {
  if (provider)
    return <Form provider={provider} kind={kinds.find((item) => item.kind === provider.kind)} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title="No such provider" shape="drawer">
      <div className="panel-body">
        <p>There is no provider “{id}” (any more).</p>
      </div>
    </Dialog>
  );
}

function Form({
  provider,
  kind,
  onClose,
}: {
  provider: Provider;
  kind: ProviderKind | undefined;
  onClose: () => void;
}) {
  const { api } = useApp();
  const may = useAllowed();
  const queries = useQueryClient();
  const toast = useToast();
  const [base, setBase] = useState(provider.version);
  const [initial] = useState(() => draftOf(provider));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const health = useHealth()?.get(provider.id);
  // A pause of one's own is no change by someone else: what the form holds stays good.
  const pause = usePauseProvider(provider, ({ version }) => setBase((old) => (version === old + 1 ? version : old)));
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);

  const save = async () => {
    if (!dirty) return;
    const body = changesOf(draft, initial);
    await data(
      api.PATCH("/api/admin/providers/{id}", {
        params: { path: { id: provider.id }, header: { "if-match": `"${base}"` } },
        body,
      }),
    ).catch((problem: unknown) => {
      throw staleness(problem);
    });
    await queries.invalidateQueries();
    toast({ tone: "ok", what: `${draft.name.trim() || provider.id} was saved.` });
  };

  return (
    <FormDrawer
      title={provider.name}
      description={`${kind?.title ?? provider.kind} · ${provider.id}`}
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
      left={
        may("providers", "DELETE") && (
          <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
            Delete
          </Button>
        )
      }
      above={health && health.state !== "ok" && <HealthNote health={health} />}
      below={
        <>
          <UpstreamKeys provider={provider} needsKey={kind?.needs_key ?? false} health={health} />
          {may("providers", "POST") && (
            <section className="section" aria-label="Models">
              <h3>Models it offers</h3>
              <p className="muted small">Asks the provider with its own key. Nothing is sent to a model.</p>
              <ModelPicker provider={provider.id} />
            </section>
          )}
          {health && <Targets health={health} />}
          {deleting && <DeleteProvider provider={provider} onDeleted={onClose} onClose={() => setDeleting(false)} />}
        </>
      }
    >
      {(error) => (
        <>
          <Field label="Name" error={fieldError(error, "name")}>
            {(field) => (
              <TextInput
                {...field}
                value={draft.name}
                onChange={(name) => setDraft({ ...draft, name })}
                required
                maxLength={200}
              />
            )}
          </Field>
          <ProviderFields
            draft={draft}
            change={(part) => setDraft({ ...draft, ...part })}
            kind={kind}
            error={error}
            mayAddress={may("upstream-keys", "POST")}
            pause={
              <Pause
                what="the provider"
                value={provider.paused_until ?? null}
                onChange={(until) => pause.mutate(until)}
                atOnce
              />
            }
          />
        </>
      )}
    </FormDrawer>
  );
}

function DeleteProvider({
  provider,
  onDeleted,
  onClose,
}: {
  provider: Provider;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [state, setState] = useState<{ busy: boolean; error: Error | null }>({ busy: false, error: null });
  const models = useQuery(modelsQuery(api)).data?.filter((model) => model.provider === provider.id).length ?? 0;
  const routes = useQuery(routesQuery(api)).data;
  const remove = async () => {
    setState({ busy: true, error: null });
    try {
      await api.DELETE("/api/admin/providers/{id}", { params: { path: { id: provider.id } } });
      await queries.invalidateQueries();
      toast({ tone: "ok", what: `${provider.name} was deleted.` });
      onDeleted();
    } catch (problem) {
      setState({ busy: false, error: problem instanceof Error ? problem : new Error(String(problem)) });
    }
  };
  return (
    <Confirm
      title={`Delete ${provider.name}?`}
      action="Delete provider"
      typeName={provider.id}
      busy={state.busy}
      error={state.error}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      {models > 0
        ? `${models === 1 ? "One model uses" : `${models} models use`} this provider: delete or move ${models === 1 ? "it" : "them"} first. `
        : "No model uses this provider. "}
      {routesThat(routes, "use", (one) => one.provider === provider.id, "this provider")} Its stored keys are deleted
      with it and cannot be brought back. Log rows stay.
    </Confirm>
  );
}
