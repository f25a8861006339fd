import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { changeBalance } from "@/api/balances";
import { useApp } from "@/app-context";
import { count } from "@/format/numbers";
import { BulkFailures, type Failure } from "@/pages/lists/BulkFailures";
import { Button, IconButton } from "@/ui/Button";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import type { Selection } from "@/ui/Selection";
import { useToast } from "@/ui/Toasts";
import { changeId, newStamp, tokensOf } from "./balance-text";

const users = (number: number) => `${count(number)} ${number === 1 ? "user" : "users"}`;

/** What can be done to the ticked balances. */
export function TopUpBar({ selection }: { selection: Selection }) {
  const [open, setOpen] = useState(false);
  const [failures, setFailures] = useState<Failure[] | null>(null);
  const many = selection.ids.size;
  return (
    <>
      {many > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label="Selected">
          <span className="num" role="status">
            {users(many)} selected
          </span>
          <Button size="compact" icon={Plus} onClick={() => setOpen(true)}>
            Top up…
          </Button>
          <IconButton size="compact" icon={X} label="Select none" className="end" onClick={selection.clear} />
        </div>
      )}
      {open && <TopUpMany selection={selection} onFailures={setFailures} onClose={() => setOpen(false)} />}
      {failures && <BulkFailures failures={failures} one="user" many="users" onClose={() => setFailures(null)} />}
    </>
  );
}

interface Props {
  selection: Selection;
  onFailures: (failures: Failure[]) => void;
  onClose: () => void;
}

/** The same number of tokens for each of several users. */
function TopUpMany({ selection, onFailures, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [ids] = useState(() => [...selection.ids]);
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  // One id for all: whoever has it already, because an answer was lost, gets nothing twice.
  const [stamp] = useState(newStamp);
  const tokens = tokensOf(text);
  const run = useMutation({
    mutationFn: async (amount: number) => {
      const failed: Failure[] = [];
      for (const id of ids) {
        await changeBalance(api, id, amount, changeId(reason, stamp)).catch((problem: unknown) => {
          const why = problem instanceof Error ? problem.message : String(problem);
          failed.push({ id, name: selection.name(id), why, of: ids.length });
        });
      }
      return failed;
    },
  });
  const save = async () => {
    const failed = await run.mutateAsync(tokens ?? 0);
    await queries.invalidateQueries({ queryKey: ["balances"] });
    if (failed.length > 0) onFailures(failed);
    else selection.clear();
    const worked = ids.length - failed.length;
    if (worked > 0) toast({ tone: "ok", what: `${users(worked)} got ${count(tokens ?? 0)} tokens each.` });
  };
  return (
    <FormDrawer
      title={`Top up ${users(ids.length)}`}
      description={ids
        .slice(0, 5)
        .map(selection.name)
        .join(", ")
        .concat(ids.length > 5 ? ` and ${ids.length - 5} more` : "")}
      dirty={text !== "" || reason !== ""}
      submit="Top up"
      onSubmit={save}
      onClose={onClose}
    >
      {() => (
        <>
          <Field
            label="Tokens to add to each"
            hint={tokens === null ? undefined : `${count(tokens * ids.length)} in all.`}
            fault={tokens === null ? "A whole number of tokens, such as 500000." : undefined}
          >
            {(field) => (
              <TextInput {...field} inputMode="numeric" value={text} onChange={setText} required placeholder="500000" />
            )}
          </Field>
          <Field label="Reason" hint="Kept in the history of each.">
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
        </>
      )}
    </FormDrawer>
  );
}
