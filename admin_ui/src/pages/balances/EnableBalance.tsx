import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeBalance } from "@/api/balances";
import { fieldError } from "@/api/errors";
import { accountQuery, createAccount, someAccountsQuery, updateAccount } from "@/api/limits";
import { usersQuery } from "@/api/users";
import { useApp } from "@/app-context";
import { count } from "@/format/numbers";
import { useAllowed } from "@/frame/access";
import { Combobox } from "@/ui/Combobox";
import { Field, TextInput } from "@/ui/Field";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";
import { useDebounced } from "@/ui/use-debounced";
import { changeId, newStamp, tokensOf } from "./balance-text";

/** End users and whoever signs in here, by id or name. */
function usePeople(text: string) {
  const { api } = useApp();
  const may = useAllowed();
  const q = useDebounced(text.trim(), 200);
  const accounts = useQuery(someAccountsQuery(api, "user", q)).data ?? [];
  const users = useInfiniteQuery({ ...usersQuery(api, { q: q || undefined }), enabled: may("users") }).data;
  const named = new Map<string, string>();
  for (const { id, name } of accounts) named.set(id, name === id ? "end user" : name);
  for (const { id, username } of users?.pages[0]?.items ?? []) if (!named.has(id)) named.set(id, username);
  return [...named].slice(0, 20).map(([value, note]) => ({ value, note }));
}

/** A user pays with a balance from now on, and gets the first tokens of it. */
export function EnableBalance({ onClose }: { onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [id, setId] = useState("");
  const [text, setText] = useState("");
  const [stamp] = useState(newStamp);
  const people = usePeople(id);
  const tokens = text.trim() === "" ? 0 : tokensOf(text);
  const save = async () => {
    // A name will do where it is somebody's: it is easier to remember than an id.
    const person = people.find(({ value }) => value === id.trim()) ?? people.find(({ note }) => note === id.trim());
    const user = person?.value ?? id.trim();
    const name = person?.note ?? null;
    const known = await queries.query(accountQuery(api, "user", user));
    if (known) await updateAccount(api, "user", user, { token_balance: true }, known.version);
    else {
      const body = { id: user, name: name === "end user" ? null : name, token_balance: true };
      await createAccount(api, "user", body);
    }
    if (tokens) await changeBalance(api, user, tokens, changeId("First tokens", stamp));
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["balances"] }),
      queries.invalidateQueries({ queryKey: ["accounts"] }),
    ]);
    toast({
      tone: "ok",
      what: `${user} pays with a balance${tokens ? ` and got ${count(tokens)} tokens` : ""}.`,
      more: "The gateway follows within half a minute.",
    });
  };
  return (
    <FormDrawer
      title="Enable a balance"
      description="From then on every answer takes its tokens from the balance, and without any left requests are refused."
      dirty={id !== "" || text !== ""}
      submit="Enable"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <>
          <Field
            label="User"
            hint="An end user, as keys name them, or whoever signs in here. One that is not known yet is added."
            error={fieldError(error, "id")}
            fault={id.trim() === "" ? "Who is it?" : undefined}
          >
            {(field) => (
              <Combobox
                {...field}
                over
                text={id}
                onText={setId}
                options={people}
                onPick={({ value }) => setId(value)}
                listLabel="Users"
                placeholder="ada@example.com"
                maxLength={128}
              />
            )}
          </Field>
          <Field
            label="First tokens"
            optional
            hint="Added to what new users are granted."
            fault={tokens === null ? "A whole number of tokens, such as 500000." : undefined}
            error={fieldError(error, "amount")}
          >
            {(field) => (
              <TextInput {...field} inputMode="numeric" value={text} onChange={setText} placeholder="500000" />
            )}
          </Field>
        </>
      )}
    </FormDrawer>
  );
}
