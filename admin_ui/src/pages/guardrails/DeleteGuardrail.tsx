import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Guardrail } from "@/api/guardrails";
import { useApp } from "@/app-context";
import { useSoon } from "@/frame/soon";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Dialog } from "@/ui/Dialog";
import { useToast } from "@/ui/Toasts";
import { remakeGuardrail } from "./remake";

interface Props {
  guardrail: Guardrail;
  /** The routes that name it. */
  routes: readonly string[];
  onDeleted: () => void;
  onClose: () => void;
}

/** Asks before a guardrail goes; while routes name it, says which instead. */
export function DeleteGuardrail(props: Props) {
  return props.routes.length > 0 ? <InUse {...props} /> : <Ask {...props} />;
}

function InUse({ guardrail, routes, onClose }: Props) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${guardrail.name ?? guardrail.id} is in use`}
      description={
        routes.length === 1
          ? "A route names it. Take it out there first, or disable it."
          : `${routes.length} routes name it. Take it out of them first, or disable it.`
      }
      footer={
        <Button tone="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="panel-body">
        <ul className="failures">
          {routes.map((id) => (
            <li key={id}>
              <Link to="/routes/edit" search={{ id }} className="breakable">
                {id}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function Ask({ guardrail, onDeleted, onClose }: Props) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const name = guardrail.name ?? guardrail.id;
  const undo = async () => {
    try {
      await remakeGuardrail(api, guardrail);
      toast({ tone: "ok", what: `${name} is there again.` });
    } catch (problem) {
      toast({ tone: "error", what: "Nothing was undone.", more: problem instanceof Error ? problem.message : "" });
    } finally {
      await queries.invalidateQueries();
    }
  };
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/admin/guardrails/{id}", { params: { path: { id: guardrail.id } } }),
    onSuccess: async () => {
      onDeleted();
      toast({ tone: "ok", what: `${name} was deleted.`, action: { label: "Undo", run: () => void undo() } });
      await queries.invalidateQueries();
    },
  });
  return (
    <Confirm
      title={`Delete ${name}?`}
      action="Delete guardrail"
      typeName={guardrail.everywhere && guardrail.active ? guardrail.id : undefined}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {guardrail.everywhere && guardrail.active
        ? `Every request and answer passes without it ${soon}.`
        : "No request passes it now."}{" "}
      Log rows stay. To stop it for a while, disable it instead.
    </Confirm>
  );
}
