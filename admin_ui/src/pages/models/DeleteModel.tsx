import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { keysQuery, routesQuery } from "@/api/queries";
import type { Model } from "@/api/types";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { routesThat } from "@/pages/lists/uses";
import { Confirm } from "@/ui/Confirm";
import { useToast } from "@/ui/Toasts";
import { remakeModel } from "./remake";

interface Props {
  model: Model;
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before a model goes, and names what uses it; the message afterwards offers to make it again. */
export function DeleteModel({ model, onDeleted, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const may = useAllowed();
  const routes = useQuery(routesQuery(api)).data;
  const keys = useQuery({ ...keysQuery(api), enabled: may("keys") }).data?.filter((key) =>
    key.allowed_models.includes(model.id),
  );
  const undo = async () => {
    try {
      await remakeModel(api, model);
      toast({ tone: "ok", what: `${model.id} is there again.` });
    } catch (problem) {
      toast({ tone: "error", what: "Nothing was undone.", more: problem instanceof Error ? problem.message : "" });
    } finally {
      await queries.invalidateQueries();
    }
  };
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/admin/models/{id}", { params: { path: { id: model.id } } }),
    onSuccess: async () => {
      onDeleted();
      toast({ tone: "ok", what: `${model.id} was deleted.`, action: { label: "Undo", run: () => void undo() } });
      await queries.invalidateQueries();
    },
  });
  const used = routesThat(
    routes,
    "use",
    (one) => one.provider === model.provider && (one.model === model.id || one.model === model.upstream_model),
    "it",
  );
  return (
    <Confirm
      title={`Delete ${model.id}?`}
      action="Delete model"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      Clients that name it get “model not found” {soon}. {used}{" "}
      {keys && keys.length > 0 && (
        <>
          {keys.length === 1 ? "One key lists" : `${keys.length} keys list`} it among the allowed models:{" "}
          {keys
            .slice(0, 3)
            .map((key) => key.name)
            .join(", ")}
          {keys.length > 3 && " and others"}.{" "}
        </>
      )}
      Log rows stay. To stop it for a while, disable it instead.
    </Confirm>
  );
}
