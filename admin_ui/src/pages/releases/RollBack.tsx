import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { releaseQuery } from "@/api/queries";
import { diffQuery } from "@/api/releases";
import { useApp } from "@/app-context";
import { shortHash } from "@/format/release-search";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Diff } from "@/ui/Diff";
import { Note } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useRollBack } from "./use-moves";

interface Props {
  release: string;
  /** As which number it was in force. */
  number: number | undefined;
  onClose: () => void;
  onDone: () => void;
}

/** Says what a rollback changes, then does it, unless something else came into force meanwhile. */
export function RollBack({ release, number, onClose, onDone }: Props) {
  const { api } = useApp();
  const present = useQuery(releaseQuery(api));
  const diff = useQuery(diffQuery(api, release, undefined));
  const back = useRollBack();
  const now = present.data;
  // The diff must be against what the number says, or the person would confirm something else.
  const fits = now !== undefined && diff.data !== undefined && diff.data.before === now.release;
  const run = () =>
    fits &&
    back.mutate(
      { release, number: now.number, former: now.release },
      { onSuccess: onDone, onError: () => void diff.refetch() },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      shape="dialog broad"
      title={`Roll back to ${number === undefined ? shortHash(release) : `release #${number}`}?`}
      description="What becomes different from the release in force. It gets a new number; nothing of the history is lost."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="danger-primary" icon={Undo2} disabled={!fits} busy={back.isPending} onClick={run}>
            Roll back
          </Button>
        </>
      }
    >
      <div className="panel-body">
        {diff.error && <LoadProblem error={diff.error} retry={() => void diff.refetch()} />}
        {now !== undefined && now.pending > 0 && (
          <Note tone="warn">
            {now.pending === 1 ? "1 change that is" : `${now.pending} changes that are`} not published will be lost: the
            draft becomes this release as well.
          </Note>
        )}
        {diff.isPending && <Skeleton width={80} height={120} />}
        {diff.data && (
          <Diff changes={diff.data.changes} none="It holds the same as the release in force: nothing changes." />
        )}
        <p className="small muted">
          Virtual keys, teams and end users are no part of a release: they stay. Credentials that were deleted since
          come back as they were sealed.
        </p>
      </div>
    </Dialog>
  );
}
