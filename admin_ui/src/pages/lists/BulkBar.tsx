import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { Ban, CircleCheck, Trash2, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { bulk, type BulkAction, type BulkNoun, type BulkResult } from "@/api/bulk";
import { showAtOnce } from "@/api/optimistic";
import { useApp } from "@/app-context";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import type { Selection } from "@/ui/Selection";
import { useToast } from "@/ui/Toasts";
import { BulkFailures, type Failure } from "./BulkFailures";

interface Props {
  noun: BulkNoun;
  one: string;
  many: string;
  selection: Selection;
  /** The lists that show these things; an act shows there at once. */
  queryKey: QueryKey;
  /** The ones of them that are active now: an undo must not touch what was so before. */
  active: ReadonlySet<string>;
  /** What the role may do to them. */
  may: { change: boolean; remove: boolean };
  /** What becomes of everything else when these go. */
  breaks: (ids: readonly string[]) => ReactNode;
  /** What else is read anew; everything, where a release is made. */
  refresh?: QueryKey;
}

const done = { activate: "enabled", deactivate: "disabled", delete: "deleted" } as const;

/** What can be done to the ticked rows of a list. It says of each that failed why. */
export function BulkBar(props: Props) {
  const { one, many, selection, active, may, breaks } = props;
  const [asking, setAsking] = useState<string[] | null>(null);
  const [failures, setFailures] = useState<Failure[] | null>(null);
  const run = useBulk(props, setFailures);
  const ids = [...selection.ids];
  const act = (action: BulkAction) => run.mutate({ action, ids });
  const counted = (count: number) => `${count} ${count === 1 ? one : many}`;
  return (
    <>
      {ids.length > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label="Selected">
          <span className="num" role="status">
            {counted(ids.length)} selected
          </span>
          {may.change && ids.some((id) => !active.has(id)) && (
            <Button size="compact" icon={CircleCheck} disabled={run.isPending} onClick={() => act("activate")}>
              Enable
            </Button>
          )}
          {may.change && ids.some((id) => active.has(id)) && (
            <Button size="compact" icon={Ban} disabled={run.isPending} onClick={() => act("deactivate")}>
              Disable
            </Button>
          )}
          {may.remove && (
            <Button size="compact" tone="danger" icon={Trash2} disabled={run.isPending} onClick={() => setAsking(ids)}>
              Delete…
            </Button>
          )}
          <IconButton size="compact" icon={X} label="Select none" className="end" onClick={selection.clear} />
        </div>
      )}
      {asking && (
        <Confirm
          title={`Delete ${counted(asking.length)}?`}
          action={`Delete ${counted(asking.length)}`}
          typeName={counted(asking.length)}
          busy={run.isPending}
          error={run.error}
          onConfirm={() => run.mutate({ action: "delete", ids: asking }, { onSuccess: () => setAsking(null) })}
          onClose={() => setAsking(null)}
        >
          {namesOf(asking, selection)}. {breaks(asking)}
        </Confirm>
      )}
      {failures && <BulkFailures failures={failures} one={one} many={many} onClose={() => setFailures(null)} />}
    </>
  );
}

function namesOf(ids: readonly string[], selection: Selection): string {
  const names = ids.slice(0, 5).map(selection.name).join(", ");
  return ids.length > 5 ? `${names} and ${ids.length - 5} more` : names;
}

function useBulk(
  { noun, one, many, selection, queryKey, active, refresh }: Props,
  onFailures: (list: Failure[]) => void,
) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const counted = (count: number) => `${count} ${count === 1 ? one : many}`;
  const name = selection.name;
  return useMutation({
    mutationFn: async ({ action, ids }: { action: BulkAction; ids: string[]; undone?: true }) => {
      const before = new Set(active);
      // What is listed anew meanwhile may not have these any more.
      const names = new Map(ids.map((id) => [id, name(id)]));
      const back =
        action === "delete" ? undefined : await showAtOnce(queries, queryKey, ids, { active: action === "activate" });
      const results = await bulk(api, { noun, ids, action }).catch((problem: unknown) => {
        back?.();
        throw problem;
      });
      return { results, before, names };
    },
    onSuccess: ({ results, before, names }, { action, undone }) => {
      const worked = results.filter(({ ok }) => ok).map(({ id }) => id);
      const turned = worked.filter((id) => before.has(id) === (action === "deactivate"));
      const opposite = action === "activate" ? "deactivate" : "activate";
      if (worked.length > 0) selection.clear();
      if (worked.length > 0)
        toast({
          tone: "ok",
          what: `${counted(worked.length)} ${worked.length === 1 ? "is" : "are"} ${done[action]}.`,
          action:
            action !== "delete" && turned.length > 0 && !undone
              ? { label: "Undo", run: () => void undo(opposite, turned) }
              : undefined,
        });
      const failed = results.filter(({ ok }) => !ok);
      if (failed.length > 0) onFailures(failed.map((result) => failureOf(result, names, results.length)));
    },
    onError: (error, { action }) => {
      if (action !== "delete") toast({ tone: "error", what: "Nothing was changed.", more: error.message });
    },
    onSettled: () => queries.invalidateQueries(refresh ? { queryKey: refresh } : undefined),
  });

  async function undo(action: BulkAction, ids: string[]) {
    try {
      await showAtOnce(queries, queryKey, ids, { active: action === "activate" });
      const results = await bulk(api, { noun, ids, action });
      const failed = results.filter(({ ok }) => !ok);
      if (failed.length > 0) onFailures(failed.map((result) => failureOf(result, new Map(), results.length)));
      else
        toast({
          tone: "ok",
          what: `${counted(ids.length)} ${ids.length === 1 ? "is as it was" : "are as they were"}.`,
        });
    } catch (problem) {
      toast({ tone: "error", what: "Nothing was undone.", more: problem instanceof Error ? problem.message : "" });
    } finally {
      await queries.invalidateQueries(refresh ? { queryKey: refresh } : undefined);
    }
  }
}

const failureOf = ({ id, error }: BulkResult, names: ReadonlyMap<string, string>, of: number): Failure => ({
  id,
  name: names.get(id) ?? id,
  why: error ?? "It was refused.",
  of,
});
