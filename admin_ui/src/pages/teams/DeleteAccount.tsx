import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { deleteAccount, type Account, type AccountKind } from "@/api/limits";
import { keysQuery } from "@/api/queries";
import { useApp } from "@/app-context";
import { Confirm } from "@/ui/Confirm";
import { useToast } from "@/ui/Toasts";
import { freed, words } from "./words";

interface Props {
  kind: AccountKind;
  item: Account;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before a team or an end user goes, and names the keys that lose its limits. */
export function DeleteAccount({ kind, item, onDeleted, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const { one, field } = words[kind];
  const keys = useQuery(keysQuery(api)).data?.filter((key) => key[field] === item.id) ?? [];
  const remove = useMutation({
    mutationFn: () => deleteAccount(api, kind, item.id),
    onSuccess: async () => {
      onDeleted();
      toast({ tone: "ok", what: `${item.name} was deleted.` });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["accounts"] }),
        queries.invalidateQueries({ queryKey: ["limits"] }),
      ]);
    },
  });
  return (
    <Confirm
      title={`Delete this ${one}?`}
      action={`Delete ${one}`}
      typeName={item.name}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {freed(
        kind,
        item,
        keys.map((key) => key.name),
      )}{" "}
      Logs and usage stay. {item.active && "To stop its keys instead, disable it."}
    </Confirm>
  );
}
