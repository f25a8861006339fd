import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ownedDialogsQuery, ownerQuery, type OwnedDialog } from "@/api/owners";
import { useApp } from "@/app-context";
import { count } from "@/format/numbers";
import { useAllowed } from "@/frame/access";
import { nameOf } from "@/pages/chat/thread";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { Ago } from "@/ui/Value";

/** The dialogs of one user: what they are called and how long they are, nothing of what was said. */
export function OwnerDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { api } = useApp();
  const may = useAllowed();
  const owner = useQuery({ ...ownerQuery(api, id), enabled: may("balances") }).data;
  const found = useInfiniteQuery(ownedDialogsQuery(api, id));
  const rows = found.data?.pages.flatMap(({ items }) => items);
  return (
    <Dialog
      open
      onClose={onClose}
      shape="drawer"
      title={owner?.name ?? id}
      description={owner?.name && owner.name !== id ? id : "The dialogs, without what was said in them."}
    >
      <div className="panel-body">
        {owner && (
          <dl className="balance">
            {(
              [
                ["Dialogs", owner.dialogs],
                ["Messages", owner.messages],
                ["Tokens", owner.tokens],
              ] as const
            ).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="num">{count(value)}</dd>
              </div>
            ))}
          </dl>
        )}
        <div className="row wrap">
          {may("balances") && (
            <Link to="/balances" search={{ open: id }} className={buttonClass({ size: "compact" })}>
              Token balance
            </Link>
          )}
          {may("logs") && (
            <Link to="/logs" search={{ user_id: id }} className={buttonClass({ size: "compact" })}>
              Requests
            </Link>
          )}
        </div>
        {found.error && <LoadProblem error={found.error} retry={() => void found.refetch()} />}
        {found.isPending && <Skeleton width={60} height={120} />}
        {rows?.length === 0 && <p className="muted">There are none (any more).</p>}
        {rows && rows.length > 0 && (
          <ul className="owned-dialogs" aria-label="Dialogs">
            {rows.map((dialog) => (
              <Item key={dialog.id} dialog={dialog} />
            ))}
          </ul>
        )}
        {found.hasNextPage && (
          <div>
            <Button size="compact" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Item({ dialog }: { dialog: OwnedDialog }) {
  const { agent, model_name, message_count } = dialog;
  return (
    <li>
      <strong className="breakable">{nameOf(dialog)}</strong>
      <span className="sub">
        {count(message_count)} {message_count === 1 ? "message" : "messages"} ·{" "}
        <span className="mono breakable">{model_name ?? "usual model"}</span>
        {agent && <> · agent {agent}</>} · <Ago ms={Date.parse(dialog.updated_at)} />
      </span>
    </li>
  );
}
