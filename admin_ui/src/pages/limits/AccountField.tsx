import { useQuery } from "@tanstack/react-query";
import { accountQuery, someAccountsQuery, type AccountKind } from "@/api/limits";
import { useApp } from "@/app-context";
import { limitsText } from "@/format/limits";
import { Combobox } from "@/ui/Combobox";
import { Field } from "@/ui/Field";
import { useDebounced } from "@/ui/use-debounced";

interface Props {
  kind: AccountKind;
  value: string;
  onChange: (id: string) => void;
  error: string | undefined;
}

/** The team or user of a key: one that is known, or any other id. */
export function AccountField({ kind, value, onChange, error }: Props) {
  const { api } = useApp();
  const word = kind === "team" ? "team" : "user";
  const id = useDebounced(value.trim(), 200);
  const some = useQuery(someAccountsQuery(api, kind, id)).data ?? [];
  const own = useQuery({ ...accountQuery(api, kind, id), enabled: id !== "" });
  // A whole id is where somebody begins to look for another one.
  const all = useQuery({ ...someAccountsQuery(api, kind, ""), enabled: own.data != null }).data;
  const options = (own.data ? (all ?? some) : some).map((one) => ({
    value: one.id,
    note: one.name === one.id ? undefined : one.name,
  }));
  const hint = own.data
    ? limitsText(own.data.limits) || `${own.data.name}: no limits.`
    : own.data === null && id !== ""
      ? `Nothing is said of this ${word} yet: it has no limits.`
      : kind === "team"
        ? "Whose limits hold beside the key’s own, and who pays in reports."
        : "A person or an app, by your own id.";
  return (
    <Field label={kind === "team" ? "Team" : "User"} optional hint={hint} error={error}>
      {(field) => (
        <Combobox
          {...field}
          over
          text={value}
          onText={onChange}
          options={options}
          onPick={(option) => onChange(option.value)}
          listLabel={kind === "team" ? "Teams" : "Users"}
          placeholder={kind === "team" ? "research" : "ada@example.com"}
          maxLength={128}
        />
      )}
    </Field>
  );
}
