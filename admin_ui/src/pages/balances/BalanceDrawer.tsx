import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CirclePause } from "lucide-react";
import { ownerQuery, type Owner } from "@/api/owners";
import { createAccount, updateAccount } from "@/api/limits";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { BalancePanel } from "./BalancePanel";

/** One balance: what it stands at, what changed it, and whether anything is paid from it. */
export function BalanceDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { api } = useApp();
  const may = useAllowed();
  const owner = useQuery(ownerQuery(api, id)).data;
  return (
    <Dialog
      open
      onClose={onClose}
      shape="drawer"
      title={owner?.name ?? id}
      description={owner?.name && owner.name !== id ? id : "Token balance"}
    >
      <div className="panel-body">
        {owner === undefined && <Skeleton width={60} height={40} />}
        {owner && <Pays owner={owner} />}
        <BalancePanel id={id} pays />
        {owner && (
          <div className="row wrap">
            {owner.source === "account" && may("end-users") && (
              <Link to="/teams" search={{ tab: "users", open: id }} className={buttonClass({ size: "compact" })}>
                Limits and keys
              </Link>
            )}
            {owner.dialogs > 0 && may("all-dialogs") && (
              <Link to="/dialogs" search={{ open: id }} className={buttonClass({ size: "compact" })}>
                Dialogs
              </Link>
            )}
            {may("logs") && (
              <Link to="/logs" search={{ user_id: id }} className={buttonClass({ size: "compact" })}>
                Requests
              </Link>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}

/** Whether requests are paid from it, and the way to change that. */
function Pays({ owner }: { owner: Owner }) {
  const { api } = useApp();
  const may = useAllowed();
  const queries = useQueryClient();
  const toast = useToast();
  const { id, pays, source, name } = owner;
  const account = source === "account";
  const turn = useMutation({
    mutationFn: (token_balance: boolean) =>
      account
        ? updateAccount(api, "user", id, { token_balance })
        : createAccount(api, "user", { id, name, token_balance }),
    onSuccess: async (_made, on) => {
      toast({
        tone: "ok",
        what: on ? `${name ?? id} pays with the balance.` : `${name ?? id} does not pay with the balance any more.`,
        more: "The gateway follows within half a minute.",
        action: account ? { label: "Undo", run: () => turn.mutate(!on) } : undefined,
      });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["balances"] }),
        queries.invalidateQueries({ queryKey: ["accounts"] }),
      ]);
    },
    onError: (error) => toast({ tone: "error", what: "Nothing was changed.", more: error.message }),
  });
  const possible = account ? may("end-users", "PATCH") : source === "user" && may("end-users", "POST");
  if (pays) {
    return (
      <Note
        tone="ok"
        action={
          account &&
          possible && (
            <Button size="compact" icon={CirclePause} busy={turn.isPending} onClick={() => turn.mutate(false)}>
              Stop
            </Button>
          )
        }
      >
        Requests and messages are paid from this balance; without any tokens left they are refused.
        {!account && " New users of this deployment begin with a grant."}
      </Note>
    );
  }
  return (
    <Note
      action={
        possible && (
          <Button size="compact" icon={CircleCheck} busy={turn.isPending} onClick={() => turn.mutate(true)}>
            Enable
          </Button>
        )
      }
    >
      Nothing is paid from this balance: requests and messages are only bound by other limits.
    </Note>
  );
}
