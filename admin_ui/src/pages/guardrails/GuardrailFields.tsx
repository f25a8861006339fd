import { useQuery } from "@tanstack/react-query";
import { fieldError } from "@/api/errors";
import type { GuardrailKind, PiiKind } from "@/api/guardrails";
import { modelsQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { Combobox } from "@/ui/Combobox";
import { Check, CheckGroup, Field, Segments, Select, TextInput } from "@/ui/Field";
import { TagInput } from "@/ui/TagInput";
import {
  actionsOf,
  everyRole,
  faults,
  lineMessage,
  stagesOf,
  withKind,
  withRole,
  withStage,
  type GuardrailDraft,
} from "./guardrail-draft";
import { actions, kinds, pii, roles, stages } from "./words";

interface Props {
  draft: GuardrailDraft;
  change: (part: Partial<GuardrailDraft>) => void;
  error: Error | null;
}

const kindOptions = Object.entries(kinds).map(([value, { label }]) => ({ value, label }));

/** The whole of a guardrail. `fixed`: its id and kind are not to be changed. */
export function GuardrailFields({ draft, change, error, fixed }: Props & { fixed?: boolean }) {
  return (
    <>
      {!fixed && (
        <Field label="Looks for" hint={kinds[draft.kind].line} error={fieldError(error, "kind")}>
          {(field) => (
            <Select
              {...field}
              value={draft.kind}
              onChange={(kind) => change(withKind(draft, kind as GuardrailKind))}
              options={kindOptions}
            />
          )}
        </Field>
      )}
      <fieldset className="fieldset two">
        <Field label="Name" optional error={fieldError(error, "name")}>
          {(field) => (
            <TextInput
              {...field}
              value={draft.name}
              onChange={(name) => change({ name })}
              maxLength={200}
              placeholder="No customer data"
            />
          )}
        </Field>
        <Field
          label="Id"
          hint={fixed ? "Routes, logs and refusals name it." : "Routes, logs and refusals name it. Fixed once created."}
          error={fieldError(error, "id")}
        >
          {(field) => (
            <TextInput
              {...field}
              mono
              value={draft.id}
              onChange={(id) => change({ id })}
              readOnly={fixed}
              required
              maxLength={128}
              placeholder="no-customer-data"
              spellCheck={false}
              autoComplete="off"
            />
          )}
        </Field>
      </fieldset>
      <What draft={draft} change={change} error={error} />
      <Where draft={draft} change={change} error={error} />
      <Whose draft={draft} change={change} error={error} />
      <Then draft={draft} change={change} error={error} />
      <Check
        checked={draft.everywhere}
        onChange={(everywhere) => change({ everywhere })}
        label="For every request"
        hint={
          draft.everywhere
            ? "Whatever the route says, and for models without a route as well."
            : "Otherwise it holds for the routes that choose it."
        }
      />
      <Check
        checked={draft.active}
        onChange={(active) => change({ active })}
        label="Active"
        hint="A disabled guardrail looks at nothing."
      />
      <Field label="Notes" optional hint="For your colleagues: why it is there." error={fieldError(error, "notes")}>
        {(field) => (
          <textarea
            {...field}
            className="input"
            rows={2}
            value={draft.notes}
            onChange={(event) => change({ notes: event.target.value })}
            maxLength={2000}
          />
        )}
      </Field>
    </>
  );
}

/** What it looks for: the fields of its kind. */
function What(props: Props) {
  switch (props.draft.kind) {
    case "deny":
      return <Words {...props} />;
    case "pii":
      return <Personal {...props} />;
    case "max_input":
      return <Size {...props} />;
    case "moderation":
      return <Moderation {...props} />;
  }
}

const lineError = (error: Error | null, field: string) =>
  error && fieldError(error, field) !== undefined ? lineMessage(error) : undefined;

function Words({ draft, change, error }: Props) {
  const wrong = faults(draft);
  const box = { className: "input mono", rows: 4, spellCheck: false, autoComplete: "off" } as const;
  return (
    <>
      <Field
        label="Words"
        hint="One per line. Whole words in any case and any script; several words may be one line."
        fault={wrong.keywords}
        error={lineError(error, "keywords")}
      >
        {(field) => (
          <textarea
            {...field}
            {...box}
            value={draft.keywords}
            onChange={(event) => change({ keywords: event.target.value })}
            placeholder={"project falcon\nACME Corp"}
          />
        )}
      </Field>
      <Field
        label="Patterns"
        optional
        hint={
          <>
            One per line, in the syntax of RE2: no look-around, no back-references. <code>(?i)</code> at the beginning
            ignores case.
          </>
        }
        error={lineError(error, "patterns")}
      >
        {(field) => (
          <textarea
            {...field}
            {...box}
            value={draft.patterns}
            onChange={(event) => change({ patterns: event.target.value })}
            placeholder={"\\bTICKET-\\d{4,}\\b"}
          />
        )}
      </Field>
    </>
  );
}

function Personal({ draft, change, error }: Props) {
  const all = Object.keys(pii) as PiiKind[];
  return (
    <CheckGroup
      label="Kinds"
      options={all.map((kind) => ({ value: kind, label: pii[kind].label, hint: pii[kind].line }))}
      values={draft.pii}
      onChange={(kind, on) => change({ pii: all.filter((one) => (one === kind ? on : draft.pii.includes(one))) })}
      fault={faults(draft).pii}
      error={fieldError(error, "pii")}
    />
  );
}

function Size({ draft, change, error }: Props) {
  const wrong = faults(draft);
  const fields = [
    { name: "max_characters", label: "At most", unit: "characters", hint: "Of all texts of the request together." },
    { name: "max_tokens", label: "Or at most", unit: "tokens", hint: "By estimate, as limits count before a request." },
  ] as const;
  return (
    <fieldset className="fieldset two">
      {fields.map(({ name, label, unit, hint }) => (
        <Field key={name} label={label} hint={hint} fault={wrong[name]} error={fieldError(error, name)}>
          {(field) => (
            <TextInput
              {...field}
              after={unit}
              aria-label={`${label} ${unit}`}
              inputMode="numeric"
              value={draft[name]}
              onChange={(value) => change({ [name]: value })}
            />
          )}
        </Field>
      ))}
    </fieldset>
  );
}

/** What the moderation models that are most in use call what they find. */
const usual = [
  "harassment",
  "harassment/threatening",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
  "self-harm",
  "self-harm/instructions",
  "self-harm/intent",
  "sexual",
  "sexual/minors",
  "violence",
  "violence/graphic",
];

function Moderation({ draft, change, error }: Props) {
  const { api } = useApp();
  const wrong = faults(draft);
  const models = useQuery({ ...modelsQuery(api), staleTime: 60_000 }).data ?? [];
  const judges = models.filter(({ kind }) => kind === "moderation");
  return (
    <>
      <Field
        label="Model"
        hint={
          judges.length > 0
            ? "It is asked once more for every request; what it costs is in the log."
            : "No model of the kind “moderation” is there yet: add one on the page Models."
        }
        fault={wrong.model}
        error={fieldError(error, "model")}
      >
        {(field) => (
          <Combobox
            {...field}
            over
            text={draft.model}
            onText={(model) => change({ model })}
            options={judges
              .filter(({ id }) => id.includes(draft.model.trim()))
              .map(({ id, provider }) => ({ value: id, note: provider }))}
            onPick={({ value }) => change({ model: value })}
            listLabel="Moderation models"
            placeholder="omni-moderation-latest"
            maxLength={128}
          />
        )}
      </Field>
      <Field
        label="Categories"
        optional
        hint="Empty: whatever the model itself flags. Enter adds one."
        error={fieldError(error, "categories")}
      >
        {(field) => (
          <TagInput
            {...field}
            values={draft.categories}
            onChange={(categories) => change({ categories })}
            options={usual}
            placeholder="Add a category"
          />
        )}
      </Field>
      <Field
        label="From a score of"
        optional
        hint="0 to 1. Empty: where the model itself draws the line."
        fault={wrong.threshold}
        error={fieldError(error, "threshold")}
      >
        {(field) => (
          <TextInput
            {...field}
            className="narrow"
            inputMode="decimal"
            value={draft.threshold}
            onChange={(threshold) => change({ threshold })}
            placeholder="0.8"
          />
        )}
      </Field>
    </>
  );
}

const holdBack =
  "While an answer streams, its last 256 characters are held back, so that nothing is told before what follows was looked at. The first words come a little later; of a match longer than that, the beginning may be out already.";

/** Where it looks. */
function Where({ draft, change, error }: Props) {
  if (stagesOf(draft.kind).length === 1) return null;
  return (
    <CheckGroup
      label="Looks at"
      options={[
        { value: "input", label: stages.input, hint: "What clients send, before any provider sees it." },
        {
          value: "output",
          label: stages.output,
          hint: draft.stages.includes("output") ? holdBack : "What models answer, before any client sees it.",
        },
      ]}
      values={draft.stages}
      onChange={(stage, on) => change({ stages: withStage(draft.stages, stage, on) })}
      fault={faults(draft).stages}
      error={fieldError(error, "stages")}
    />
  );
}

/** Whose words it looks at in a request. */
function Whose({ draft, change, error }: Props) {
  if (!draft.stages.includes("input")) return null;
  return (
    <CheckGroup
      label="In requests, what is said by"
      hint={
        draft.roles.length === everyRole.length
          ? "All of them, unless the system prompts of your own applications name the very words that are forbidden."
          : "Whoever writes a whole request chooses who says what, and can put a text where this does not look."
      }
      options={everyRole.map((role) => ({ value: role, label: roles[role].label, hint: roles[role].line }))}
      values={draft.roles}
      onChange={(role, on) => change({ roles: withRole(draft.roles, role, on) })}
      fault={faults(draft).roles}
      error={fieldError(error, "roles")}
    />
  );
}

/** What happens then. */
function Then({ draft, change, error }: Props) {
  const { action } = draft;
  const said = draft.stages.map((stage) => actions[action][stage]);
  return (
    <>
      <div className="field">
        <span className="label">When it finds something</span>
        <div>
          <Segments
            label="When it finds something"
            value={action}
            onChange={(next) => change({ action: next })}
            options={actionsOf(draft.kind).map((value) => ({ value, label: actions[value].label }))}
          />
        </div>
        <p className="hint">{[...new Set(said)].join(" ")}</p>
      </div>
      {action === "block" && (
        <Field
          label="Message"
          optional
          hint="What the caller is told. Empty: the guardrail’s id. What was found is never told."
          error={fieldError(error, "message")}
        >
          {(field) => (
            <TextInput
              {...field}
              value={draft.message}
              onChange={(message) => change({ message })}
              maxLength={500}
              placeholder="This may not be sent to a model."
            />
          )}
        </Field>
      )}
    </>
  );
}
