import { useMutation, useQueryClient } from "@tanstack/react-query";
import { OctagonMinus } from "lucide-react";
import { useState } from "react";
import { stopRequest } from "@/api/routing";
import type { LogDetail } from "@/api/types";
import { useApp } from "@/app-context";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { useToast } from "@/ui/Toasts";

/** Ends a running request, after a question: its client gets a broken answer. */
export function StopButton({ row }: { row: LogDetail }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const stop = useMutation({
    mutationFn: () => stopRequest(api, row.id),
    onSuccess: async () => {
      setAsking(false);
      toast({ tone: "ok", what: "The request was asked to stop.", more: "It ends within a few seconds." });
      await queries.invalidateQueries({ queryKey: ["log", row.id] });
    },
  });
  return (
    <>
      <span className="left">
        <Button tone="danger" icon={OctagonMinus} onClick={() => setAsking(true)} disabled={stop.isSuccess}>
          {stop.isSuccess ? "Stopping…" : "Stop"}
        </Button>
      </span>
      {asking && (
        <Confirm
          title="Stop this request?"
          action="Stop request"
          busy={stop.isPending}
          error={stop.error}
          onConfirm={() => stop.mutate()}
          onClose={() => setAsking(false)}
        >
          Its answer ends where it is, with an error event in the client’s protocol. What the provider bills until then
          is counted.
        </Confirm>
      )}
    </>
  );
}
