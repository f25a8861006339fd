import { Ban, FlaskConical } from "lucide-react";
import type { PlanCandidate, PlanReply, Verdict } from "@/api/routing";
import { faultText } from "@/format/attempts";
import { untilText } from "@/format/health";
import { duration, percent } from "@/format/numbers";
import { Badge } from "@/ui/Badge";
import { Note } from "@/ui/Note";
import { Money, useNow } from "@/ui/Value";
import { VerdictTree } from "./VerdictTree";

/** What a dry run says: who would be asked in which order, who would not and why, and what each condition comes to. */
export function PlanView({ plan }: { plan: PlanReply }) {
  const verdictOf = ({ provider, model }: { provider: string; model: string }) =>
    plan.verdicts.find((one) => one.provider === provider && one.model === model)?.verdict ?? null;
  return (
    <div className="stack">
      {plan.error && (
        <Note tone="error">
          <strong>This request would be refused.</strong> {plan.error.message}
        </Note>
      )}
      {plan.candidates.length > 0 && (
        <section className="section" aria-label="Order">
          <h3>Asked in this order</h3>
          <ol className="plan-list">
            {plan.candidates.map((candidate, index) => (
              <CandidateLine
                key={`${candidate.provider}/${candidate.model}/${index}`}
                candidate={candidate}
                number={index + 1}
                verdict={verdictOf(candidate)}
              />
            ))}
          </ol>
        </section>
      )}
      <SkippedList plan={plan} verdictOf={verdictOf} />
      {plan.mirror && (
        <p className="small row">
          <FlaskConical className="icon muted" aria-hidden />
          <span>
            A copy goes to <span className="mono">{`${plan.mirror.provider}/${plan.mirror.model}`}</span>; nobody sees
            its answer.
          </span>
        </p>
      )}
    </div>
  );
}

interface LineProps {
  candidate: PlanCandidate;
  number: number;
  verdict: Verdict | null;
}

function CandidateLine({ candidate, number, verdict }: LineProps) {
  const calls = candidate.ok + candidate.bad;
  return (
    <li>
      <span className="step" aria-hidden>
        {number}
      </span>
      <div className="grow stack tight">
        <div className="row wrap">
          <strong>{candidate.provider}</strong>
          <span className="mono breakable">{candidate.model}</span>
          {candidate.role === "canary" && <Badge state="info">canary</Badge>}
          {candidate.half_open && <Badge state="warn">half-open</Badge>}
        </div>
        <p className="muted small num">
          {candidate.estimate_nano === null ? (
            "no price"
          ) : (
            <>
              about <Money nano={candidate.estimate_nano} />
            </>
          )}
          {candidate.p50_ms !== null && ` · first content in ${duration(candidate.p50_ms)}`}
          {calls > 0 ? ` · ${percent(candidate.ok / calls)} of calls worked` : " · not called lately"}
        </p>
        {verdict && <Rule verdict={verdict} />}
      </div>
    </li>
  );
}

const Rule = ({ verdict, open }: { verdict: Verdict; open?: boolean }) => (
  <details open={open}>
    <summary className="small">{verdict.holds ? "Its condition holds" : "Its condition does not hold"}</summary>
    <VerdictTree verdict={verdict} />
  </details>
);

interface SkippedProps {
  plan: PlanReply;
  verdictOf: (target: { provider: string; model: string }) => Verdict | null;
}

function SkippedList({ plan, verdictOf }: SkippedProps) {
  const now = useNow();
  if (plan.skipped.length === 0) return null;
  return (
    <section className="section" aria-label="Skipped">
      <h3>Not asked</h3>
      <ul className="plan-list">
        {plan.skipped.map((target, index) => {
          const verdict = verdictOf(target);
          return (
            <li key={`${target.provider}/${target.model}/${index}`} className="skipped">
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
                {verdict && target.reason === "rules" && <Rule verdict={verdict} open />}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
