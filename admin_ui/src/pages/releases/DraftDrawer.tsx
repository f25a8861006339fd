import { useQuery } from "@tanstack/react-query";
import { Trash2, Upload } from "lucide-react";
import { useState } from "react";
import { draftQuery } from "@/api/releases";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Dialog } from "@/ui/Dialog";
import { Diff } from "@/ui/Diff";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useDiscard, usePublish } from "./use-moves";

/** What is edited and not in force yet: look at it, publish it, or throw it away. */
export function DraftDrawer({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const may = useAllowed();
  const draft = useQuery(draftQuery(api));
  const publish = usePublish();
  const discard = useDiscard();
  const [discarding, setDiscarding] = useState(false);
  const found = draft.data;
  const count = found?.changes.length ?? 0;
  const again = () => void draft.refetch();
  return (
    <Dialog
      open
      onClose={onClose}
      shape="drawer broad"
      title="Changes not published"
      description={
        found ? `Requests still run under ${found.number ? `release #${found.number}` : "nothing"}.` : undefined
      }
      footer={
        <>
          <span className="left">
            {may("discard", "POST") && (
              <Button tone="danger" icon={Trash2} disabled={count === 0} onClick={() => setDiscarding(true)}>
                Discard…
              </Button>
            )}
          </span>
          <Button onClick={onClose}>Close</Button>
          {may("publish", "POST") && (
            <Button
              tone="primary"
              icon={Upload}
              disabled={!found || count === 0}
              busy={publish.isPending}
              onClick={() =>
                found &&
                publish.mutate({ number: found.number, release: found.after }, { onSuccess: onClose, onError: again })
              }
            >
              Publish {count > 0 && `${count} ${count === 1 ? "change" : "changes"}`}
            </Button>
          )}
        </>
      }
    >
      <div className="panel-body">
        {draft.error && <LoadProblem error={draft.error} retry={again} />}
        {draft.isPending && <Skeleton width={90} height={160} />}
        {found && <Diff changes={found.changes} none="Everything that was edited is in force." />}
      </div>
      {discarding && found && (
        <Confirm
          title="Discard the draft?"
          action="Discard changes"
          busy={discard.isPending}
          onClose={() => setDiscarding(false)}
          onConfirm={() =>
            discard.mutate(found.number, { onSuccess: onClose, onError: again, onSettled: () => setDiscarding(false) })
          }
        >
          {count === 1 ? "The change" : `All ${count} changes`} above will be lost: providers, upstream keys, models and
          routes become again what release #{found.number} has.
        </Confirm>
      )}
    </Dialog>
  );
}
