import { Link } from "@tanstack/react-router";
import type { LogVerdict } from "@/api/guardrails";
import { count } from "@/format/numbers";
import { actions, done, kinds, sortText, stages } from "@/pages/guardrails/words";
import { Badge } from "@/ui/Badge";
import { Tooltip } from "@/ui/Tooltip";

const states = { block: "error", mask: "warn", annotate: "info" } as const;
const unreachable = ({ sorts, count: found }: LogVerdict) => found === 0 && sorts.includes("unreachable");

/** What guardrails found in a request and its answer, in the order in which they did; never the text itself. */
export function Verdicts({ verdicts }: { verdicts: LogVerdict[] }) {
  if (verdicts.length === 0) return null;
  return (
    <section className="section" aria-label="Guardrails">
      <h3>
        Guardrails <span className="muted">what was found is counted, not kept</span>
      </h3>
      <ul className="verdicts">
        {verdicts.map((verdict, index) => (
          <li key={index}>
            <span className="row wrap">
              <Badge state={states[verdict.action]} icon={actions[verdict.action].icon}>
                {done[verdict.action]}
              </Badge>
              <Link to="/guardrails" search={{ open: verdict.guardrail }}>
                {verdict.name ?? verdict.guardrail}
              </Link>
              <span className="muted">
                {kinds[verdict.kind].label.toLowerCase()}, in the {verdict.stage === "input" ? "request" : "answer"}
              </span>
            </span>
            <span className="small">
              {unreachable(verdict)
                ? "The model that judges did not answer."
                : `Found ${count(verdict.count)}: ${verdict.sorts.map(sortText).join(", ")}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const rank = ["block", "mask", "annotate"] as const;

/** The most severe of them, in a cell of the list. */
export function Guarded({ verdicts }: { verdicts: LogVerdict[] }) {
  const action = rank.find((one) => verdicts.some((verdict) => verdict.action === one));
  if (!action) return null;
  const text = verdicts
    .map(
      ({ name, guardrail, action: own, stage }) => `${name ?? guardrail}: ${done[own]}, ${stages[stage].toLowerCase()}`,
    )
    .join("; ");
  return (
    <Tooltip text={text}>
      <span>
        <Badge state={states[action]} icon={actions[action].icon}>
          {done[action]}
          {verdicts.length > 1 && ` +${verdicts.length - 1}`}
        </Badge>
      </span>
    </Tooltip>
  );
}
