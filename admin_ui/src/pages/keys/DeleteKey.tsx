import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { VirtualKey } from "@/api/types";
import { useApp } from "@/app-context";
import { Confirm } from "@/ui/Confirm";
import { useToast } from "@/ui/Toasts";

/** Deletes a key after its name was typed. */
export function DeleteKey({
  item,
  onDeleted,
  onClose,
}: {
  item: VirtualKey;
  onDeleted: () => void;
  onClose: () => void;
}) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/admin/keys/{id}", { params: { path: { id: item.id } } }),
    onSuccess: async () => {
      onDeleted();
      toast({ tone: "ok", what: `${item.name} was deleted.` });
      await queries.invalidateQueries({ queryKey: ["keys"] });
    },
  });
  return (
    <Confirm
      title="Delete this key?"
      action="Delete key"
      typeName={item.name}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      Everything that signs in with {item.hint} is refused within half a minute. This cannot be undone; to stop it for a
      while, disable it instead. Its log rows stay.
    </Confirm>
  );
}
