import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { keysQuery } from "@/api/queries";
import type { Route } from "@/api/types";
import { useApp } from "@/app-context";
import { useSoon } from "@/frame/soon";
import { Confirm } from "@/ui/Confirm";
import { useToast } from "@/ui/Toasts";
import { remakeRoute } from "./remake";

interface Props {
  route: Route;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before a route goes, and names who depends on it. */
export function DeleteRoute({ route, onDeleted, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const keys = useQuery(keysQuery(api)).data?.filter((key) => key.allowed_models.includes(route.id)) ?? [];
  const undo = async () => {
    try {
      await remakeRoute(api, route);
      toast({ tone: "ok", what: `${route.id} is there again.` });
    } catch (problem) {
      toast({ tone: "error", what: "Nothing was undone.", more: problem instanceof Error ? problem.message : "" });
    } finally {
      await queries.invalidateQueries();
    }
  };
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/admin/routes/{id}", { params: { path: { id: route.id } } }),
    onSuccess: async () => {
      onDeleted();
      await queries.invalidateQueries();
      toast({
        tone: "ok",
        what: `${route.id} was deleted.`,
        action: { label: "Undo", run: () => void undo() },
      });
    },
  });
  return (
    <Confirm
      title={`Delete ${route.id}?`}
      action="Delete route"
      typeName={route.id}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      Clients that name it get “model not found” {soon}, unless a model or a built-in route has the same name.
      {keys.length > 0 && (
        <>
          {" "}
          {keys.length === 1 ? "One virtual key lists" : `${keys.length} virtual keys list`} it among the allowed
          models:{" "}
          {keys
            .slice(0, 3)
            .map((key) => key.name)
            .join(", ")}
          {keys.length > 3 && " and others"}.
        </>
      )}{" "}
      Log rows stay. To stop it for a while, disable it instead.
    </Confirm>
  );
}
