import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeBalance, limitBalance } from "@/api/balances";
import { useApp } from "@/app-context";
import { count } from "@/format/numbers";
import { Button } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { Problem } from "@/ui/Note";
import { useToast } from "@/ui/Toasts";
import { changeId, newStamp, tokensOf } from "./balance-text";

interface ChangeProps {
  id: string;
  mode: "add" | "take";
  available: number;
  onDone: () => void;
}

/** Adds tokens or takes them, with a reason. */
export function ChangeForm({ id, mode, available, onDone }: ChangeProps) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [left, setLeft] = useState(false);
  // One id per form: sent twice, because an answer was lost, it still counts once.
  const [stamp] = useState(newStamp);
  const amount = tokensOf(text);
  const problem =
    left && text.trim() !== "" && amount === null ? "A whole number of tokens, such as 500000." : undefined;
  const add = mode === "add";
  const change = useMutation({
    mutationFn: (tokens: number) => changeBalance(api, id, add ? tokens : -tokens, changeId(reason, stamp)),
    onSuccess: async (now) => {
      onDone();
      toast({ tone: "ok", what: `${count(now.balance)} tokens are available to ${id} now.` });
      await queries.invalidateQueries({ queryKey: ["balances"] });
    },
  });
  const after = amount === null ? null : available + (add ? amount : -amount);
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

interface LimitProps {
  id: string;
  limit: number | null;
  used: number;
  onDone: () => void;
}

/** The most tokens that may ever be used, however many are added. */
export function LimitForm({ id, limit, used, onDone }: LimitProps) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [text, setText] = useState(limit === null ? "" : String(limit));
  const wanted = text.trim() === "" ? null : text.trim() === "0" ? 0 : (tokensOf(text) ?? undefined);
  const change = useMutation({
    mutationFn: (most: number | null) => limitBalance(api, id, most),
    onSuccess: async ({ limit: now }) => {
      onDone();
      const what = now === null ? `${id} has no token limit now.` : `${id} may use ${count(now)} tokens in all.`;
      toast({ tone: "ok", what });
      await queries.invalidateQueries({ queryKey: ["balances"] });
    },
  });
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== undefined) change.mutate(wanted);
      }}
    >
      <Field
        label="Token limit"
        optional
        fault={wanted === undefined ? "A whole number of tokens, such as 500000." : undefined}
        hint={
          wanted != null && wanted <= used
            ? `${count(used)} are used already: requests are refused.`
            : "The most that may ever be used. Empty: no limit."
        }
      >
        {(field) => <TextInput {...field} inputMode="numeric" value={text} onChange={setText} placeholder="No limit" />}
      </Field>
      {change.error && <Problem error={change.error} kept="The limit is as it was." />}
      <div className="row">
        <Button type="submit" size="compact" tone="primary" busy={change.isPending} disabled={wanted === undefined}>
          Set limit
        </Button>
        <Button size="compact" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
