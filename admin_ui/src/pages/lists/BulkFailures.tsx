import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

export interface Failure {
  id: string;
  name: string;
  why: string;
  /** How many were tried together. */
  of: number;
}

/** Which of several could not be changed, and why each. */
export function BulkFailures({
  failures,
  one,
  many,
  onClose,
}: {
  failures: Failure[];
  one: string;
  many: string;
  onClose: () => void;
}) {
  const of = failures[0]?.of ?? failures.length;
  const rest = of - failures.length;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${failures.length} of ${of} ${of === 1 ? one : many} could not be changed`}
      description={rest > 0 ? `The other ${rest === 1 ? "one was" : `${rest} were`} changed.` : "Nothing was changed."}
      footer={
        <Button tone="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="panel-body">
        <ul className="failures">
          {failures.map((failure) => (
            <li key={failure.id}>
              <strong className="breakable">{failure.name}</strong>
              <span className="muted">{failure.why}</span>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
