import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Minus, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { balanceHistoryQuery, balanceQuery, changeBalance, type BalanceEntry } from "@/api/balances";
import { useApp } from "@/app-context";
import { count, short } from "@/format/numbers";
import { useAllowed } from "@/frame/access";
import { Button } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { Problem } from "@/ui/Note";
import { LoadProblem, Skeleton } from "@/ui/Page";
import { useToast } from "@/ui/Toasts";
import { Ago } from "@/ui/Value";
import { changeId, reasonOf, tokensOf } from "./balance-text";

/** The token balance of an end user: what is left, adding and taking, and what changed it. */
export function BalancePanel({ id, pays }: { id: string; pays: boolean }) {
  const { api } = useApp();
  const may = useAllowed();
  const balance = useQuery(balanceQuery(api, id));
  const [mode, setMode] = useState<"add" | "take" | null>(null);
  const done = () => setMode(null);
  return (
    <section className="section" aria-label="Token balance">
      <div className="row between wrap">
        <h3>Token balance</h3>
        {may("end-users", "POST") && !mode && (
          <span className="row">
            <Button size="compact" icon={Plus} onClick={() => setMode("add")}>
              Top up
            </Button>
            <Button size="compact" icon={Minus} onClick={() => setMode("take")}>
              Deduct
            </Button>
          </span>
        )}
      </div>
      {!pays && <p className="muted small">Requests do not pay from it while “Pays with a token balance” is off.</p>}
      {balance.error && <LoadProblem error={balance.error} retry={() => void balance.refetch()} />}
      <dl className="balance">
        {(
          [
            ["Available", balance.data?.available],
            ["Held", balance.data?.held],
            ["Used", balance.data?.used],
            ["Granted at first", balance.data?.granted],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num" title={value === undefined ? undefined : `${count(value)} tokens`}>
              {value === undefined ? <Skeleton width={6} /> : short(value)}
            </dd>
          </div>
        ))}
      </dl>
      {mode && <ChangeForm key={mode} id={id} mode={mode} available={balance.data?.available} onDone={done} />}
      <History id={id} />
    </section>
  );
}

interface ChangeProps {
  id: string;
  mode: "add" | "take";
  available: number | undefined;
  onDone: () => void;
}

function ChangeForm({ id, mode, available, onDone }: ChangeProps) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [left, setLeft] = useState(false);
  // One id per form: sent twice, because an answer was lost, it still counts once.
  const [stamp] = useState(() => crypto.getRandomValues(new Uint32Array(2)).join(""));
  const amount = tokensOf(text);
  const problem =
    left && text.trim() !== "" && amount === null ? "A whole number of tokens, such as 500000." : undefined;
  const add = mode === "add";
  const change = useMutation({
    mutationFn: (tokens: number) => changeBalance(api, id, add ? tokens : -tokens, changeId(reason, stamp)),
    onSuccess: async (now) => {
      onDone();
      toast({ tone: "ok", what: `${count(now.available)} tokens are available to ${id} now.` });
      await queries.invalidateQueries({ queryKey: ["balances", id] });
    },
  });
  const after = amount === null || available === undefined ? null : available + (add ? amount : -amount);
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        setLeft(true);
        if (amount !== null) change.mutate(amount);
      }}
    >
      <div className="fieldset two">
        <Field
          label={add ? "Tokens to add" : "Tokens to take"}
          error={problem}
          hint={
            after === null ? undefined : `${count(after)} available then${after < 0 ? ": requests are refused" : ""}.`
          }
        >
          {(field) => (
            <TextInput
              {...field}
              inputMode="numeric"
              value={text}
              onChange={setText}
              onBlur={() => setLeft(true)}
              required
              placeholder="500000"
            />
          )}
        </Field>
        <Field label="Reason" hint="Kept in the history.">
          {(field) => (
            <TextInput
              {...field}
              value={reason}
              onChange={setReason}
              required
              maxLength={80}
              placeholder="Invoice 4711"
            />
          )}
        </Field>
      </div>
      {change.error && <Problem error={change.error} kept="The balance is as it was." />}
      <div className="row">
        <Button type="submit" size="compact" tone="primary" busy={change.isPending}>
          {add ? "Top up" : "Deduct"}
        </Button>
        <Button size="compact" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function History({ id }: { id: string }) {
  const { api } = useApp();
  const found = useInfiniteQuery(balanceHistoryQuery(api, id));
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items), [found.data]);
  if (found.error) return <LoadProblem error={found.error} retry={() => void found.refetch()} />;
  if (rows?.length === 0) return <p className="muted small">Nothing has changed it yet.</p>;
  return (
    <>
      <ul className="balance-history" aria-label="What changed the balance" aria-busy={!rows}>
        {rows?.map((entry, index) => (
          <Entry key={`${entry.at} ${entry.id ?? ""} ${index}`} entry={entry} />
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
        <Ago ms={entry.at} />
      </span>
    </li>
  );
}
