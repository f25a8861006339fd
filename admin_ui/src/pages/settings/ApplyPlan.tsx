import type { Plan } from "@/api/settings";
import { changesText } from "@/format/changes";
import { Confirm } from "@/ui/Confirm";
import { named, removedBy } from "./PlanResult";

interface Props {
  plan: Plan;
  busy: boolean;
  onConfirm: (plan: Plan) => void;
  onClose: () => void;
}

/** Asks before a plan is carried out; where things go, with a word to type. */
export function ApplyPlan({ plan, busy, onConfirm, onClose }: Props) {
  const removed = removedBy(plan);
  return (
    <Confirm
      title="Apply this plan?"
      action="Apply"
      busy={busy}
      typeName={removed.length > 0 ? "remove" : undefined}
      onConfirm={() => onConfirm(plan)}
      onClose={onClose}
    >
      {changesText(plan.changes)}, put in force at once as one release.
      {removed.length > 0 && ` This removes ${removed.map(named).join(", ")}.`} Releases can be rolled back; virtual
      keys, teams and end users are no part of them.
    </Confirm>
  );
}
