import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { clearCache } from "@/api/cache";
import { someAccountsQuery } from "@/api/limits";
import { keysQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { Button } from "@/ui/Button";
import { Combobox, type Suggestion } from "@/ui/Combobox";
import { Dialog } from "@/ui/Dialog";
import { Field, Select, TextInput } from "@/ui/Field";
import { Problem } from "@/ui/Note";
import { useToast } from "@/ui/Toasts";
import { useDebounced } from "@/ui/use-debounced";

type Whose = "all" | "deployment" | "team" | "user" | "key";
const whose: { value: Whose; label: string }[] = [
  { value: "all", label: "All that are kept" },
  { value: "team", label: "Shared by a team" },
  { value: "user", label: "Shared by the keys of a user" },
  { value: "key", label: "Of one key" },
  { value: "deployment", label: "Shared by everybody" },
];
const word = "clear";

/** Throws kept answers away: everybody's, or those of one that shares them. */
export function ClearCache({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [kind, setKind] = useState<Whose>("all");
  const [id, setId] = useState("");
  const [typed, setTyped] = useState("");
  const named = kind === "team" || kind === "user" || kind === "key";
  const allowed = typed.trim() === word && (!named || id.trim() !== "");
  const clear = useMutation({
    mutationFn: () => clearCache(api, named ? `${kind}#${id.trim()}` : kind),
    onSuccess: async () => {
      onClose();
      toast({
        tone: "ok",
        what: named ? `What was kept for ${id.trim()} is gone.` : "What was kept is gone.",
        more: "The next requests ask providers again. The figures stay.",
      });
      await queries.invalidateQueries({ queryKey: ["cache"] });
    },
  });
  return (
    <Dialog open onClose={onClose} title="Clear the cache?">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (allowed) clear.mutate();
        }}
      >
        <div className="panel-body">
          <p>
            The next requests ask providers again, and pay for it. Nothing else is lost: logs and figures stay. It
            cannot be undone.
          </p>
          <Field label="Answers">
            {(field) => <Select {...field} value={kind} onChange={(next) => setKind(next as Whose)} options={whose} />}
          </Field>
          {named && <Owner kind={kind} id={id} onId={setId} />}
          <Field
            label={
              <>
                Type <strong>{word}</strong> to confirm
              </>
            }
          >
            {(field) => (
              <TextInput {...field} value={typed} onChange={setTyped} autoComplete="off" spellCheck={false} />
            )}
          </Field>
          {clear.error && <Problem error={clear.error} />}
        </div>
        <div className="panel-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="danger-primary" disabled={!allowed} busy={clear.isPending}>
            Clear
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface OwnerProps {
  kind: "team" | "user" | "key";
  id: string;
  onId: (id: string) => void;
}

/** Whose answers; any id may be typed, as not every user or team is listed. */
function Owner({ kind, id, onId }: OwnerProps) {
  const { api } = useApp();
  const may = useAllowed();
  const q = useDebounced(id.trim(), 200);
  const accounts = kind === "key" ? "team" : kind;
  const noun = kind === "user" ? "end-users" : "teams";
  const found = useQuery({ ...someAccountsQuery(api, accounts, q), enabled: kind !== "key" && may(noun) }).data ?? [];
  const keys = useQuery({ ...keysQuery(api), enabled: kind === "key" && may("keys") }).data ?? [];
  const needle = id.trim().toLowerCase();
  const options: Suggestion[] =
    kind === "key"
      ? keys
          .filter((key) => [key.id, key.name].some((text) => text.toLowerCase().includes(needle)))
          .slice(0, 20)
          .map((key) => ({ value: key.id, note: key.name }))
      : found.map((one) => ({ value: one.id, note: one.name === one.id ? undefined : one.name }));
  return (
    <Field label={`Id of the ${kind}`}>
      {(field) => (
        <Combobox
          {...field}
          over
          text={id}
          onText={onId}
          options={options}
          onPick={({ value }) => onId(value)}
          listLabel="Known ones"
          maxLength={256}
        />
      )}
    </Field>
  );
}
