import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { staleness } from "@/api/errors";
import { accountQuery, updateAccount, type Account, type AccountKind } from "@/api/limits";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { limitCount } from "@/format/limits";
import { BalancePanel } from "@/pages/balances/BalancePanel";
import { AccountLimits } from "@/pages/limits/ScopePanel";
import { Button, buttonClass } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Check } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { accountBody, accountDraft, AccountFields } from "./AccountFields";
import { DeleteAccount } from "./DeleteAccount";
import { words } from "./words";

interface Props {
  kind: AccountKind;
  id: string;
  onClose: () => void;
}

/** The drawer of one team or end user. */
export function EditAccount({ kind, id, onClose }: Props) {
  const { api } = useApp();
  const found = useQuery(accountQuery(api, kind, id));
  const { one } = words[kind];
  if (found.data) return <Form kind={kind} item={found.data} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={found.data === null ? `No such ${one}` : id} shape="drawer">
      <div className="panel-body">
        {found.error && <LoadProblem error={found.error} retry={() => void found.refetch()} />}
        {found.isPending && <Skeleton width={60} height={120} />}
        {found.data === null && (
          <>
            <p>Nothing is said of “{id}”. Keys may name it all the same: they then have no limits but their own.</p>
            <Link
              to="/teams"
              search={{ tab: kind === "user" ? "users" : undefined, create: true, id }}
              className={buttonClass({})}
            >
              Add this {one}
            </Link>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Form({ kind, item, onClose }: { kind: AccountKind; item: Account; onClose: () => void }) {
  const { api } = useApp();
  const may = useAllowed();
  const queries = useQueryClient();
  const toast = useToast();
  const [base] = useState(item);
  const [initial] = useState(() => accountDraft(item));
  const [draft, setDraft] = useState(initial);
  const [deleting, setDeleting] = useState(false);
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const limited = limitCount(base.limits);
  const { one } = words[kind];
  const save = async () => {
    if (!dirty) return;
    const body = accountBody(kind, draft);
    // The box shows minutes: an untouched expiry keeps its seconds. An emptied name is the id again.
    const valid_until = draft.expiry === initial.expiry ? base.valid_until : body.valid_until;
    const changed = await updateAccount(
      api,
      kind,
      item.id,
      { ...body, name: body.name ?? item.id, valid_until },
      base.version,
    ).catch((problem: unknown) => {
      throw staleness(problem);
    });
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["accounts"] }),
      queries.invalidateQueries({ queryKey: ["limits"] }),
    ]);
    toast({ tone: "ok", what: `${changed.name} was saved.`, more: "The gateway follows within half a minute." });
  };
  return (
    <FormDrawer
      title={item.name}
      description={`${kind === "team" ? "Team" : "End user"} ${item.id}`}
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
      locked={!may(kind === "team" ? "teams" : "end-users", "PATCH")}
      above={limited > 0 && <AccountLimits kind={kind} id={item.id} rows={limited} />}
      left={
        <Button tone="danger" icon={Trash2} onClick={() => setDeleting(true)}>
          Delete
        </Button>
      }
      below={
        <>
          {kind === "user" && <BalancePanel id={item.id} pays={base.token_balance ?? false} />}
          {deleting && <DeleteAccount kind={kind} item={item} onDeleted={onClose} onClose={() => setDeleting(false)} />}
        </>
      }
    >
      {(error) => (
        <>
          <Check
            checked={draft.active}
            onChange={(active) => setDraft({ ...draft, active })}
            label="Active"
            hint={`All keys of a disabled ${one} are refused; it can be enabled again.`}
          />
          <AccountFields kind={kind} draft={draft} change={(part) => setDraft({ ...draft, ...part })} error={error} />
        </>
      )}
    </FormDrawer>
  );
}
