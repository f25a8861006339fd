import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Gauge, Minus, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { balanceHistoryQuery, type BalanceEntry } from "@/api/balances";
import { ownerQuery, type Owner } from "@/api/owners";
import { useApp } from "@/app-context";
import { count, short } from "@/format/numbers";
import { useAllowed } from "@/frame/access";
import { Button } from "@/ui/Button";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { Ago } from "@/ui/Value";
import { reasonOf } from "./balance-text";
import { ChangeForm, LimitForm } from "./BalanceForms";

interface Props {
  id: string;
  /** Whether requests are paid from it; where it is not said, what the balance itself knows. */
  pays?: boolean;
}

/** A token balance: what is left, adding and taking, the most that may be used, and what changed it. */
export function BalancePanel({ id, pays }: Props) {
  const { api } = useApp();
  const may = useAllowed();
  const balance = useQuery(ownerQuery(api, id));
  const [mode, setMode] = useState<"add" | "take" | "limit" | null>(null);
  const done = () => setMode(null);
  const owner = balance.data ?? undefined;
  return (
    <section className="section" aria-label="Token balance">
      <div className="row between wrap">
        <h3>Token balance</h3>
        {!mode && owner && (
          <span className="row wrap">
            {may("balances", "POST") && (
              <>
                <Button size="compact" icon={Plus} onClick={() => setMode("add")}>
                  Top up
                </Button>
                <Button size="compact" icon={Minus} onClick={() => setMode("take")}>
                  Deduct
                </Button>
              </>
            )}
            {may("balances", "PATCH") && (
              <Button size="compact" icon={Gauge} onClick={() => setMode("limit")}>
                Limit
              </Button>
            )}
          </span>
        )}
      </div>
      {(pays ?? owner?.pays) === false && (
        <p className="muted small">Requests do not pay from it while “Pays with a token balance” is off.</p>
      )}
      {balance.error && <LoadProblem error={balance.error} retry={() => void balance.refetch()} />}
      {balance.data === null && <p className="muted small">Nobody is called so (any more).</p>}
      {balance.data !== null && <Figures owner={owner} />}
      {owner && (mode === "add" || mode === "take") && (
        <ChangeForm key={mode} id={id} mode={mode} available={owner.available} onDone={done} />
      )}
      {owner && mode === "limit" && <LimitForm id={id} limit={owner.limit} used={owner.used} onDone={done} />}
      {owner && <History id={id} />}
    </section>
  );
}

function Figures({ owner }: { owner: Owner | undefined }) {
  const figures: [string, number | null | undefined][] = [
    ["Available", owner?.available],
    ["Held", owner?.held],
    ["Used", owner?.used],
    ["Granted", owner?.granted],
    ["Limit", owner?.limit],
  ];
  return (
    <dl className="balance">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num" title={value == null ? undefined : `${count(value)} tokens`}>
            {value === undefined ? <Skeleton width={6} /> : value === null ? "none" : short(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function History({ id }: { id: string }) {
  const { api } = useApp();
  const found = useInfiniteQuery(balanceHistoryQuery(api, id));
  const rows = useMemo(() => found.data?.pages.flat(), [found.data]);
  if (found.error) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  if (rows?.length === 0) return <p className="muted small">Nothing has changed it yet.</p>;
  return (
    <>
      <ul className="balance-history" aria-label="What changed the balance" aria-busy={!rows}>
        {rows?.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
      {found.hasNextPage && (
        <div>
          <Button size="compact" busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function Entry({ entry }: { entry: BalanceEntry }) {
  const { what, note } = reasonOf(entry);
  return (
    <li>
      <span className="num amount" title={`${count(entry.amount)} tokens`}>
        {entry.amount > 0 ? "+" : "−"}
        {short(Math.abs(entry.amount))}
      </span>
      <span className="grow breakable">
        {entry.request_id ? (
          <Link to="/logs/$id" params={{ id: entry.request_id }}>
            {what}
          </Link>
        ) : (
          what
        )}
        {note && <span className="muted"> {note}</span>}
      </span>
      <span className="muted small">
        <Ago ms={Date.parse(entry.created_at)} />
      </span>
    </li>
  );
}
