import { Ban, CopyCheck } from "lucide-react";
import type { Judged, Plan, PlanStep, ShareShown } from "@/api/routing";
import { faultText } from "@/format/attempts";
import { untilText } from "@/format/health";
import { count, duration, percent, short } from "@/format/numbers";
import { ruleText } from "@/pages/cache-rule/words";
import { Badge } from "@/ui/Badge";
import { Note } from "@/ui/Note";
import { Tooltip } from "@/ui/Tooltip";
import { Money, useNow } from "@/ui/Value";
import { strategies } from "./strategies";
import { VerdictTree } from "./VerdictTree";

const named = (one: { provider: string; model: string }) => `${one.provider}/${one.model}`;

/** What a dry run says: who would be asked in which order, who would not and why, and what each condition comes to. */
export function PlanView({ plan }: { plan: Plan }) {
  const judged = new Map(plan.targets.filter((one) => one.reason === null).map((one) => [named(one), one]));
  return (
    <div className="stack">
      {plan.refusal && (
        <Note tone="error">
          <strong>This request would be refused with {plan.refusal.status}.</strong> {plan.refusal.message}
        </Note>
      )}
      <Facts plan={plan} />
      {plan.candidates.length > 0 && (
        <section className="section" aria-label="Order">
          <h3>Asked in this order</h3>
          <ol className="plan-list">
            {plan.candidates.map((step, index) => (
              <StepLine
                key={`${named(step)} ${index}`}
                step={step}
                number={index + 1}
                target={judged.get(named(step))}
              />
            ))}
          </ol>
        </section>
      )}
      <NotAsked plan={plan} />
      {plan.mirrored_to && (
        <p className="small row">
          <CopyCheck className="icon muted" aria-hidden />
          <span className="breakable">
            A copy goes to <span className="mono">{named(plan.mirrored_to)}</span>; nobody sees its answer.
          </span>
        </p>
      )}
    </div>
  );
}

/** What the plan was made with, in a line or two. */
function Facts({ plan }: { plan: Plan }) {
  const parts = [
    plan.strategy &&
      `${strategies[plan.strategy].label}${plan.strategy_from === "hint" ? ", as the request asks" : ""}`,
    plan.held_by && `held by ${plan.held_by}`,
    plan.input_tokens !== null && `about ${short(plan.input_tokens)} input tokens`,
    plan.canary && shareText("canary", plan.canary),
    plan.mirror && shareText("mirror", plan.mirror),
    plan.cache && `cache: ${ruleText(plan.cache)}`,
  ].filter(Boolean);
  return parts.length === 0 ? null : <p className="muted small">{parts.join(" · ")}</p>;
}

function shareText(what: string, { draw, reason }: ShareShown): string {
  const drawn = `${what} of ${draw.percent}\u00a0%: ${draw.hit ? "this request is in it" : "not this request"}`;
  return reason ? `${drawn}, but ${(faultText(reason) ?? reason).replace(/\.$/, "").toLowerCase()}` : drawn;
}

function StepLine({ step, number, target }: { step: PlanStep; number: number; target: Judged | undefined }) {
  const calls = step.health.ok + step.health.bad;
  return (
    <li>
      <span className="step" aria-hidden>
        {number}
      </span>
      <div className="grow stack tight">
        <div className="row wrap">
          <strong>{step.provider}</strong>
          <span className="mono breakable">{step.model}</span>
          {step.role === "canary" && <Badge state="info">canary</Badge>}
          {step.half_open && (
            <Tooltip text="Only the one call that its circuit breaker lets through.">
              <span>
                <Badge state="warn">half-open</Badge>
              </span>
            </Tooltip>
          )}
        </div>
        <p className="muted small num">
          <Price step={step} />
          {step.health.p50_ms !== null && ` · first content in ${duration(step.health.p50_ms)}`}
          {calls > 0
            ? ` · ${percent(step.health.ok / calls)} of ${count(calls)} ${calls === 1 ? "call" : "calls"} worked`
            : " · not called lately"}
        </p>
        {step.keys.length > 0 && (
          <p className="muted small breakable">
            {step.keys.length === 1 ? "Key" : "Keys"}{" "}
            <span className="mono">{step.keys.map((key) => key.hint).join(", ")}</span>
          </p>
        )}
        {target?.verdict && <Rule target={target} />}
      </div>
    </li>
  );
}

function Price({ step: { estimate } }: { step: PlanStep }) {
  if (!estimate) return "no price";
  const output = `${short(estimate.output_tokens)} output tokens${estimate.assumed ? " assumed" : ""}`;
  return (
    <>
      about <Money nano={estimate.nano_usd} /> with {output}
    </>
  );
}

function Rule({ target }: { target: Judged }) {
  if (target.fault) return <Note tone="error">Its condition cannot be read: {target.fault}</Note>;
  if (!target.verdict) return null;
  return (
    <details open={target.reason === "rules" || undefined}>
      <summary className="small">
        {target.verdict.holds ? "Its condition holds" : "Its condition does not hold"}
      </summary>
      <VerdictTree verdict={target.verdict} />
    </details>
  );
}

/** The targets of the route that are no candidates, and what else was skipped (a canary). */
function NotAsked({ plan }: { plan: Plan }) {
  const now = useNow();
  const own = new Set(plan.targets.map(named));
  const others = plan.skipped
    .filter((one) => !own.has(named(one)))
    .map((one): Judged => ({ ...one, priority: 0, weight: 0, verdict: null, fault: null }));
  const list = [...plan.targets.filter((one) => one.reason !== null), ...others];
  if (list.length === 0) return null;
  return (
    <section className="section" aria-label="Not asked">
      <h3>Not asked</h3>
      <ul className="plan-list">
        {list.map((target, index) => (
          <li key={`${named(target)} ${index}`} className="skipped">
            <Ban className="icon" aria-hidden />
            <div className="grow stack tight">
              <div className="row wrap">
                <strong>{target.provider}</strong>
                <span className="mono breakable">{target.model}</span>
              </div>
              <p className="small">
                {faultText(target.reason)}
                {target.until_ms > now && <span className="muted"> Until {untilText(target.until_ms, now)}.</span>}
              </p>
              <Rule target={target} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
