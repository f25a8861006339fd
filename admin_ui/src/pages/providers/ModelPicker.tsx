import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { importModels, probe, type ProbedModel } from "@/api/probe";
import { useApp } from "@/app-context";
import { duration, windowSize } from "@/format/numbers";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Note, Problem } from "@/ui/Note";
import { Skeleton } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { Pick } from "@/ui/Selection";
import { useToast } from "@/ui/Toasts";

interface Props {
  provider: string;
  /** Ask at once, not only when somebody clicks. */
  atOnce?: boolean;
  onImported?: (created: string[]) => void;
}

/** The most that one import takes. */
const most = 100;

/** Asks a provider for its models, says which are known and offered here already, and takes the ticked ones over. */
export function ModelPicker({ provider, atOnce = false, onImported }: Props) {
  const { api } = useApp();
  const ask = useMutation({ mutationFn: () => probe(api, provider) });
  const asked = useRef(false);
  const { mutate } = ask;
  useEffect(() => {
    if (!atOnce || asked.current) return;
    asked.current = true;
    mutate();
  }, [atOnce, mutate]);
  const found = ask.data;
  return (
    <div className="stack tight">
      {(!atOnce || ask.isSuccess || ask.isError) && (
        <div className="row wrap">
          <Button size="compact" icon={RotateCw} busy={ask.isPending} onClick={() => mutate()}>
            {found || ask.error ? "Ask again" : "Probe"}
          </Button>
          {found?.ok && (
            <span className="muted small" role="status">
              It answered in {duration(found.ms)}: {found.models.length}
              {found.more && "+"} {found.models.length === 1 ? "model" : "models"}.
            </span>
          )}
        </div>
      )}
      {ask.isPending && (
        <span role="status">
          <span className="visually-hidden">Asking the provider for its models</span>
          <Skeleton width={60} height={108} />
        </span>
      )}
      {ask.error && <Problem error={ask.error} />}
      {found && !found.ok && (
        <Note tone="error">
          <strong>{found.error ?? "It did not answer."}</strong>
          {found.status !== null &&
            !found.error?.includes(String(found.status)) &&
            ` It answered with status ${found.status}.`}{" "}
          Check the key and the base URL, then ask again. Of several keys it uses the one with the most weight.
        </Note>
      )}
      {found?.ok && (
        <Offer
          key={ask.submittedAt}
          provider={provider}
          models={found.models}
          more={found.more}
          onImported={(created) => {
            onImported?.(created);
            mutate();
          }}
        />
      )}
    </div>
  );
}

interface OfferProps {
  provider: string;
  models: ProbedModel[];
  more: boolean;
  onImported: (created: string[]) => void;
}

function Offer({ provider, models, more, onImported }: OfferProps) {
  const { api } = useApp();
  const may = useAllowed();
  const queries = useQueryClient();
  const toast = useToast();
  const soon = useSoon();
  const [q, setQ] = useState("");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(() => new Set());
  // Those that nobody has to explain come first: known ones, with a price.
  const sorted = useMemo(
    () => [...models].sort((a, b) => Number(b.known) - Number(a.known) || a.id.localeCompare(b.id)),
    [models],
  );
  const rows = sorted.filter((model) => `${model.id} ${model.title ?? ""}`.toLowerCase().includes(q.toLowerCase()));
  const take = useMutation({
    mutationFn: () => importModels(api, provider, [...ticked]),
    onSuccess: async ({ created, skipped }) => {
      await queries.invalidateQueries();
      if (created.length > 0)
        toast({
          tone: "ok",
          what: `${created.length === 1 ? `${created[0]} is` : `${created.length} models are`} offered now.`,
          more: `Clients can name them ${soon}.`,
        });
      if (skipped.length > 0)
        toast({
          tone: "error",
          what: `${skipped.length === 1 ? "One model was" : `${skipped.length} models were`} not taken over.`,
          more: skipped.map(({ id, reason }) => `${id}: ${reason}`).join(" "),
        });
      onImported(created);
    },
  });
  if (models.length === 0) return <Note>It answered, and lists no model. Add models by hand.</Note>;
  const toggle = (id: string) => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    setTicked(next);
  };
  return (
    <>
      {models.length > 8 && (
        <SearchBox label="Filter its models" value={q} onChange={setQ} count={rows.length} of={models.length} />
      )}
      {/* A long list scrolls in itself; the boxes in it have the keyboard. */}
      <ul className="card probe-list" aria-label="Models it offers">
        {rows.map((model) => (
          <Line
            key={model.id}
            model={model}
            ticked={ticked.has(model.id)}
            full={ticked.size >= most}
            onToggle={may("models", "POST") ? () => toggle(model.id) : undefined}
          />
        ))}
      </ul>
      {more && <p className="muted small">It lists more than is shown here. Add the others by hand.</p>}
      {take.error && <Problem error={take.error} />}
      {may("models", "POST") && (
        <div>
          <Button
            tone="primary"
            disabled={ticked.size === 0 || undefined}
            busy={take.isPending}
            onClick={() => take.mutate()}
          >
            {ticked.size === 0
              ? "Tick the models to offer"
              : `Offer ${ticked.size} ${ticked.size === 1 ? "model" : "models"}`}
          </Button>
        </div>
      )}
    </>
  );
}

interface LineProps {
  model: ProbedModel;
  ticked: boolean;
  full: boolean;
  onToggle: (() => void) | undefined;
}

function Line({ model, ticked, full, onToggle }: LineProps) {
  const here = model.configured.length > 0;
  const facts = [
    model.context_window && `${windowSize(model.context_window)} context`,
    model.input_price && `$${model.input_price} in`,
    model.output_price && `$${model.output_price} out per million`,
  ].filter(Boolean);
  return (
    <li>
      {here || !onToggle ? (
        <span className="pick-box" aria-hidden />
      ) : (
        <Pick
          label={`Offer ${model.id}`}
          checked={ticked}
          onChange={() => (full && !ticked ? undefined : onToggle())}
        />
      )}
      <span className="grow">
        <span className="mono breakable">{model.id}</span>
        <span className="muted small">
          {" "}
          {facts.length > 0 ? facts.join(", ") : here ? "" : "no facts known: give its price after the import"}
        </span>
      </span>
      {here && (
        <Badge state="ok">
          {model.configured.includes(model.id) ? "configured" : `configured as ${model.configured[0]}`}
        </Badge>
      )}
    </li>
  );
}
