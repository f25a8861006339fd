import { Check as Tick } from "lucide-react";
import type { Plan, PlannedChange } from "@/api/settings";
import { nounWord } from "@/format/changes";
import { Button } from "@/ui/Button";
import { Diff } from "@/ui/Diff";
import { Note } from "@/ui/Note";

/** What a plan removes. */
export const removedBy = (plan: Plan): PlannedChange[] =>
  plan.changes.filter((change) => change.before !== null && change.after === null);

export const named = ({ noun, id }: PlannedChange) => `${nounWord(noun).toLowerCase()} ${id}`;

/** What applying a document would change, what it warns of, and the way on. */
export function PlanResult({ plan, onApply }: { plan: Plan; onApply: () => void }) {
  const removed = removedBy(plan);
  return (
    <section className="section" aria-label="Plan">
      <h3>Plan</h3>
      {plan.missing.length > 0 && (
        <Note tone="error">
          <strong>Secrets are missing: it cannot be applied.</strong>
          <ul>
            {plan.missing.map(({ path, message }) => (
              <li key={path}>
                <code>{path}</code>: {message}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {plan.warnings.length > 0 && (
        <Note tone="warn">
          <ul>
            {plan.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Note>
      )}
      {removed.length > 0 && (
        <Note tone="warn">
          <strong>{removed.length === 1 ? "1 thing goes:" : `${removed.length} things go:`}</strong>{" "}
          {removed.map(named).join(", ")}.
        </Note>
      )}
      <Diff
        changes={plan.changes}
        none="Everything is so already: there is nothing to apply."
        beside={({ path }) => path && <code className="muted wide-only">{path}</code>}
      />
      {plan.changes.length > 0 && (
        <div className="row">
          <Button tone="primary" icon={Tick} disabled={plan.missing.length > 0} onClick={onApply}>
            Apply…
          </Button>
        </div>
      )}
    </section>
  );
}
