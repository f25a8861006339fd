import { useQuery } from "@tanstack/react-query";
import { modelsQuery, routesQuery } from "@/api/queries";
import { settingsQuery } from "@/api/settings";
import { useApp } from "@/app-context";
import { lastingOf, units, type Unit } from "@/format/lasting";
import { useAllowed } from "@/frame/access";
import { Field, Segments, Select, TextInput } from "@/ui/Field";
import { Note } from "@/ui/Note";
import type { CacheDraft } from "./cache-draft";
import { modes, scopes } from "./words";

interface Props {
  draft: CacheDraft;
  change: (part: Partial<CacheDraft>) => void;
  /** What the API said of a field, and what is wrong with what it holds now. */
  error: (field: string) => string | undefined;
  fault: (field: string) => string | undefined;
}

type Choice = "off" | CacheDraft["mode"];
const choices: { value: Choice; label: string }[] = [
  { value: "off", label: "Off" },
  { value: "exact", label: modes.exact.label },
  { value: "semantic", label: modes.semantic.label },
];
const off = "Every request asks a provider.";

/** A cache rule: when an answer is given again, to whom, and for how long. */
export function CacheRuleFields({ draft, change, error, fault }: Props) {
  const choice: Choice = draft.on ? draft.mode : "off";
  const choose = (next: Choice) => change(next === "off" ? { on: false } : { on: true, mode: next });
  return (
    <>
      <div className="field">
        <span className="label">Give an answer again for</span>
        <div>
          <Segments label="Give an answer again for" value={choice} onChange={choose} options={choices} />
        </div>
        <p className="hint">{choice === "off" ? off : modes[choice].line}</p>
      </div>
      {draft.on && (
        <fieldset className="fieldset two">
          <Lasting draft={draft} change={change} error={error} fault={fault} />
          <Field label="Shared by" hint={scopes[draft.scope].line} error={error("scope")}>
            {(field) => (
              <Select
                {...field}
                value={draft.scope}
                onChange={(scope) => change({ scope: scope as CacheDraft["scope"] })}
                options={Object.entries(scopes).map(([value, { label }]) => ({ value, label }))}
              />
            )}
          </Field>
        </fieldset>
      )}
      {draft.on && draft.scope === "deployment" && (
        <Note tone="warn">
          Answers cross teams and users. Choose this only where no question holds anything that is not for everybody.
        </Note>
      )}
      {draft.on && draft.mode === "semantic" && <Meaning draft={draft} change={change} error={error} fault={fault} />}
    </>
  );
}

const usual = [300, 3_600, 86_400, 604_800];

/** For how long: a number and a unit, with the usual ones at hand. */
function Lasting({ draft, change, error, fault }: Props) {
  const { number, unit } = draft.lasting;
  return (
    <Field
      label="Kept for"
      hint="7 days at most. A client may ask for less."
      fault={fault("ttl_seconds")}
      error={error("ttl_seconds")}
    >
      {(field) => (
        <span className="lasting">
          <TextInput
            {...field}
            inputMode="decimal"
            list={`${field.id}-usual`}
            autoComplete="off"
            value={number}
            onChange={(next) => change({ lasting: { number: next, unit } })}
          />
          <datalist id={`${field.id}-usual`}>
            {usual
              .map(lastingOf)
              .filter((one) => one.unit === unit)
              .map((one) => (
                <option key={one.number} value={one.number} />
              ))}
          </datalist>
          <Select
            aria-label="Unit of time"
            value={unit}
            onChange={(next) => change({ lasting: { number, unit: next as Unit } })}
            options={Object.keys(units).map((value) => ({ value, label: value }))}
          />
        </span>
      )}
    </Field>
  );
}

/** What decides that two questions mean the same. */
function Meaning({ draft, change, error, fault }: Props) {
  const { api } = useApp();
  const may = useAllowed();
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data;
  const routes = useQuery({ ...routesQuery(api), staleTime: 60_000 }).data ?? [];
  const deployment = useQuery({ ...settingsQuery(api), enabled: may("settings"), staleTime: 60_000 }).data?.deployment;
  const embedders = (models ?? []).filter(({ kind }) => kind === "embedding");
  const chosen = draft.embedding_model;
  const known = embedders.find(({ id }) => id === chosen);
  // A route, or a provider's model that is not listed, may be named as well; only the API knows those.
  const other = chosen !== "" && !known && (chosen.includes("/") || routes.some(({ id }) => id === chosen));
  const gone = chosen !== "" && models !== undefined && !known && !other;
  const options = [
    { value: "", label: "Built in, offline" },
    ...(other ? [{ value: chosen, label: chosen }] : []),
    ...(gone ? [{ value: chosen, label: `${chosen} (gone)` }] : []),
    ...embedders.map(({ id, active }) => ({ value: id, label: active ? id : `${id} (disabled)` })),
  ];
  return (
    <>
      <fieldset className="fieldset two">
        <Field
          label="Compared by"
          hint={
            chosen === ""
              ? "The deployment’s own embedder: costs nothing, and no question leaves your account."
              : "Asked for each question that is not found word by word; what it costs is in the log."
          }
          error={error("embedding_model")}
        >
          {(field) => (
            <Select
              {...field}
              value={chosen}
              onChange={(embedding_model) => change({ embedding_model })}
              options={options}
            />
          )}
        </Field>
        <Field
          label="Similarity of at least"
          hint="0.5 to 1. Higher: fewer hits, and fewer that are wrong. 0.95 is careful."
          fault={fault("threshold")}
          error={error("threshold")}
        >
          {(field) => (
            <TextInput
              {...field}
              inputMode="decimal"
              value={draft.threshold}
              onChange={(threshold) => change({ threshold })}
            />
          )}
        </Field>
      </fieldset>
      {chosen === "" && deployment && !deployment.offline_embedder && (
        <Note tone="warn">
          This deployment has no embedder of its own, so only the same request is found. Choose an embedding model, or
          deploy with the parameter <code>OfflineEmbedder</code>.
        </Note>
      )}
      {(gone || (known && !known.active)) && (
        <Note tone="warn">
          {chosen} is {gone ? "no embedding model of this gateway" : "disabled"}: until it is there, only the same
          request is found.
        </Note>
      )}
    </>
  );
}
