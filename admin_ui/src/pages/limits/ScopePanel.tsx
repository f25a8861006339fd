import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import { useState, type ReactNode } from "react";
import {
  accountScopeQuery,
  keyScopesQuery,
  resetBudget,
  type AccountKind,
  type Period,
  type Scope,
  type Standing,
} from "@/api/limits";
import { useApp, useSession } from "@/app-context";
import { isBudget, limitNames } from "@/format/limits";
import { count } from "@/format/numbers";
import { IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { LimitBars } from "./Bars";

/** Where the limits of a key stand, and those of its team and user: a request needs room in all of them. */
export function KeyLimits({ id, rows }: { id: string; rows: number }) {
  const { api } = useApp();
  const found = useQuery(keyScopesQuery(api, id));
  if (found.error && !found.data) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={rows} />;
  const { team, user, ...key } = found.data;
  return (
    <section className="stack" aria-label="Limits now">
      {key.limits.length > 0 && <ScopeBars scope={key} title="This key" />}
      {team && <Named scope={team} kind="team" />}
      {user && <Named scope={user} kind="user" />}
    </section>
  );
}

/** Where the limits of a team or an end user stand. */
export function AccountLimits({ kind, id, rows }: { kind: AccountKind; id: string; rows: number }) {
  const { api } = useApp();
  const found = useQuery(accountScopeQuery(api, kind, id));
  if (found.error && !found.data) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={rows} />;
  return (
    <section className="stack" aria-label="Limits now">
      <ScopeBars scope={found.data} title="All keys together" />
    </section>
  );
}

function Waiting({ rows }: { rows: number }) {
  return (
    <section className="stack" aria-label="Limits now" aria-busy>
      <Skeleton width={80} height={40 + 68 * rows} />
    </section>
  );
}

/** A team or user that a key names: its limits, or that it has none. */
function Named({ scope, kind }: { scope: Scope; kind: AccountKind }) {
  const word = kind === "team" ? "team" : "user";
  const tab = kind === "user" ? ("users" as const) : undefined;
  const title = (
    <>
      {kind === "team" ? "Team" : "User"}{" "}
      {scope.known ? (
        <Link to="/teams" search={{ tab, open: scope.id }}>
          {scope.name}
        </Link>
      ) : (
        <span className="mono">{scope.id}</span>
      )}
    </>
  );
  if (scope.limits.length > 0) return <ScopeBars scope={scope} title={title} />;
  return (
    <div className="scope small">
      <h3>{title}</h3>
      {scope.known ? (
        <p className="muted">This {word} has no limits.</p>
      ) : (
        <p className="muted">
          Nothing is said of this {word}, so it has no limits.{" "}
          <Link to="/teams" search={{ tab, create: true, id: scope.id }}>
            Add it
          </Link>
        </p>
      )}
    </div>
  );
}

function ScopeBars({ scope, title }: { scope: Scope; title: ReactNode }) {
  const session = useSession();
  const [resetting, setResetting] = useState<Period | null>(null);
  const reset = (one: Standing) =>
    isBudget(one.name) &&
    one.used > 0 &&
    session?.user.role === "admin" && (
      <IconButton
        size="compact"
        icon={RotateCcw}
        label={`Begin anew: ${limitNames[one.name]}`}
        onClick={() => setResetting(isBudget(one.name) ? one.name : null)}
      />
    );
  return (
    <div className="scope">
      <div className="row wrap between">
        <h3>{title}</h3>
        {scope.running !== null && (
          <span className="small muted num">
            {scope.running === 1 ? "1 request running" : `${count(scope.running)} requests running`}
          </span>
        )}
      </div>
      <LimitBars limits={scope.limits} whose={scope.name ?? scope.id} action={reset} />
      {resetting && <ResetBudget scope={scope} name={resetting} onClose={() => setResetting(null)} />}
    </div>
  );
}

function ResetBudget({ scope, name, onClose }: { scope: Scope; name: Period; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const reset = useMutation({
    mutationFn: () => resetBudget(api, scope.scope, scope.id, name),
    onSuccess: async () => {
      onClose();
      toast({ tone: "ok", what: `The ${limitNames[name].toLowerCase()} of ${scope.name} begins anew.` });
      await queries.invalidateQueries({ queryKey: ["limits"] });
    },
  });
  return (
    <Confirm
      title="Let this budget begin anew?"
      action="Begin anew"
      busy={reset.isPending}
      error={reset.error}
      onConfirm={() => reset.mutate()}
      onClose={onClose}
    >
      {limitNames[name]} of {scope.name}: what was spent in the present period no longer counts, so as much can be spent
      again. What running requests hold stays held; logs and usage stay as they are. This cannot be undone.
    </Confirm>
  );
}
