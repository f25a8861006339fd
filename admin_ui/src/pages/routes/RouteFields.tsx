import { CacheRuleFields } from "@/pages/cache-rule/CacheRuleFields";
import { Check, Field, Segments, Select, TextInput } from "@/ui/Field";
import { faultAt } from "./faults";
import { TargetChoice } from "./ModelField";
import { retryDefaults, type RetryName, type RouteDraft, type ShareDraft } from "./route-draft";
import { RouteGuardrails } from "./RouteGuardrails";
import { optionsOf, stickyBy, strategies } from "./strategies";
import { Targets } from "./Targets";

interface Props {
  draft: RouteDraft;
  change: (part: Partial<RouteDraft>) => void;
  error: Error | null;
  /** What is not finished just now; a field says so when it is left. */
  now: Error | null;
}

/** The whole of a route. `fixedId`: its name is not to be changed. */
export function RouteFields({ draft, change, error, now, fixedId }: Props & { fixedId: boolean }) {
  const strategyOptions = Object.entries(strategies).map(([value, { label }]) => ({ value, label }));
  return (
    <>
      <section className="card form-card" aria-label="Route">
        <fieldset className="fieldset two">
          <Field
            label="Id"
            hint={fixedId ? "What clients send as the model." : "What clients send as the model. Fixed once created."}
            error={faultAt(error, "id")}
          >
            {(field) => (
              <TextInput
                {...field}
                mono
                value={draft.id}
                onChange={(id) => change({ id })}
                readOnly={fixedId}
                required
                maxLength={128}
                placeholder="support-chat"
                spellCheck={false}
                autoComplete="off"
              />
            )}
          </Field>
          <Field label="Strategy" hint={strategies[draft.strategy].line} error={faultAt(error, "strategy")}>
            {(field) => (
              <Select
                {...field}
                value={draft.strategy}
                onChange={(strategy) => change({ strategy: strategy as RouteDraft["strategy"] })}
                options={strategyOptions}
              />
            )}
          </Field>
          {draft.strategy === "sticky" && (
            <Field label="Sticky by" hint="Who always gets the same target." error={faultAt(error, "sticky_by")}>
              {(field) => (
                <Select
                  {...field}
                  value={draft.sticky_by}
                  onChange={(by) => change({ sticky_by: by as RouteDraft["sticky_by"] })}
                  options={optionsOf(stickyBy)}
                />
              )}
            </Field>
          )}
        </fieldset>
        <Check
          checked={draft.active}
          onChange={(active) => change({ active })}
          label="Active"
          hint="A disabled route answers as if its name did not exist."
        />
      </section>
      <section className="section" aria-label="Targets">
        <h2>Targets</h2>
        <Targets draft={draft} change={change} error={error} now={now} />
      </section>
      <section className="section" aria-label="What it keeps out">
        <h2>Guardrails</h2>
        <RouteGuardrails ids={draft.guardrails} onChange={(guardrails) => change({ guardrails })} error={error} />
      </section>
      <section className="section" aria-label="Cache">
        <h2>Cache</h2>
        <div className="card form-card">
          <CacheRuleFields
            draft={draft.cache}
            change={(part) => change({ cache: { ...draft.cache, ...part } })}
            error={(field) => faultAt(error, `cache.${field}`)}
            fault={(field) => faultAt(now, `cache.${field}`)}
          />
        </div>
      </section>
      <Advanced draft={draft} change={change} error={error} now={now} />
    </>
  );
}

const advancedFields = ["canary", "mirror", "retry", "hedge_seconds", "on_disconnect"];

function Advanced({ draft, change, error, now }: Props) {
  const wrong = advancedFields.some(
    (name) =>
      faultAt(error, name) ??
      Object.keys({ ...retryDefaults, ...draft.canary }).some((part) => faultAt(error, `${name}.${part}`)),
  );
  const used = draft.canary.on || draft.mirror.on || draft.retry !== null || draft.hedge_seconds !== "";
  return (
    <details className="card advanced" open={wrong || used || undefined}>
      <summary>
        Advanced <span className="muted">canary, mirror, retries, hedging, disconnects</span>
      </summary>
      <div className="stack form-card">
        <ShareFields name="canary" draft={draft} change={change} error={error} now={now} />
        <ShareFields name="mirror" draft={draft} change={change} error={error} now={now} />
        <RetryFields draft={draft} change={change} error={error} now={now} />
        <Field
          label="Hedging"
          optional
          hint="Without content after this long, a second target is asked beside the first. The loser is ended, and its cost shown."
          fault={faultAt(now, "hedge_seconds")}
          error={faultAt(error, "hedge_seconds")}
        >
          {(field) => (
            <TextInput
              {...field}
              className="narrow"
              after="seconds"
              inputMode="decimal"
              value={draft.hedge_seconds}
              onChange={(hedge_seconds) => change({ hedge_seconds })}
              placeholder="off"
            />
          )}
        </Field>
        <div className="field">
          <span className="label">When the client leaves</span>
          <div>
            <Segments
              label="When the client leaves"
              value={draft.on_disconnect}
              onChange={(on_disconnect) => change({ on_disconnect })}
              options={[
                { value: "cancel", label: "Cancel the answer" },
                { value: "drain", label: "Read it to its end" },
              ]}
            />
          </div>
          <p className="hint">What the provider bills is counted either way.</p>
        </div>
      </div>
    </details>
  );
}

const shareWords = {
  canary: {
    label: "Canary: try another target on a share of the requests",
    hint: "It answers this share; the strategy takes over when it cannot.",
  },
  mirror: {
    label: "Mirror: send a copy of a share of the requests to another target",
    hint: "Nobody sees its answers; they are logged and cost money. The real answer is never delayed.",
  },
} as const;

function ShareFields({ name, draft, change, error, now }: Props & { name: "canary" | "mirror" }) {
  const share = draft[name];
  const put = (part: Partial<ShareDraft>) => change({ [name]: { ...share, ...part } });
  const { label, hint } = shareWords[name];
  return (
    <div className="stack tight" role="group" aria-label={name === "canary" ? "Canary" : "Mirror"}>
      <Check checked={share.on} onChange={(on) => put({ on })} label={label} hint={hint} />
      {share.on && (
        <div className="inset stack">
          <div className="target-choice">
            <TargetChoice value={share} onChange={put} error={error} path={name} />
          </div>
          <fieldset className="fieldset two">
            <Field label="Share" fault={faultAt(now, `${name}.percent`)} error={faultAt(error, `${name}.percent`)}>
              {(field) => (
                <TextInput
                  {...field}
                  after="%"
                  inputMode="decimal"
                  value={share.percent}
                  onChange={(percent) => put({ percent })}
                />
              )}
            </Field>
            <div className="field">
              <span className="label">Of</span>
              <div>
                <Segments
                  label={`Share of the ${name}`}
                  value={share.by}
                  onChange={(by) => put({ by })}
                  options={[
                    { value: "request", label: "Requests" },
                    { value: "key", label: "Virtual keys" },
                  ]}
                />
              </div>
            </div>
          </fieldset>
        </div>
      )}
    </div>
  );
}

const retryLabels: Record<RetryName, { label: string; hint: string; unit?: string }> = {
  attempts: { label: "Calls of one target", hint: "With one key, the first included" },
  max_calls: { label: "Calls in all", hint: "Of one request, over all targets" },
  base_seconds: { label: "First wait, up to", hint: "Doubles with each retry", unit: "seconds" },
  max_seconds: { label: "Longest wait", hint: "Between two calls", unit: "seconds" },
  retry_after_seconds: { label: "Heed Retry-After up to", hint: "Longer: somebody else is asked", unit: "seconds" },
};

function RetryFields({ draft, change, error, now }: Props) {
  const { retry } = draft;
  return (
    <div className="stack tight" role="group" aria-label="Retries">
      <Check
        checked={retry !== null}
        onChange={(own) => change({ retry: own ? retryDefaults : null })}
        label="Retries of its own"
        hint="Otherwise those of the deployment."
      />
      {retry && (
        <fieldset className="fieldset two inset">
          {(Object.keys(retryLabels) as RetryName[]).map((name) => (
            <Field
              key={name}
              label={retryLabels[name].label}
              hint={retryLabels[name].hint}
              fault={faultAt(now, `retry.${name}`)}
              error={faultAt(error, `retry.${name}`)}
            >
              {(field) => (
                <TextInput
                  {...field}
                  after={retryLabels[name].unit}
                  inputMode="decimal"
                  value={retry[name]}
                  onChange={(value) => change({ retry: { ...retry, [name]: value } })}
                />
              )}
            </Field>
          ))}
        </fieldset>
      )}
    </div>
  );
}
