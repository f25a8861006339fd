import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileDiff } from "lucide-react";
import { releaseQuery } from "@/api/queries";
import { choosePublishing, type Publishing, type Settings } from "@/api/settings";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { Badge } from "@/ui/Badge";
import { Button, buttonClass } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { useToast } from "@/ui/Toasts";

const modes: { id: Publishing; name: string; text: string }[] = [
  {
    id: "direct",
    name: "Direct",
    text: "Every edit of a provider, its keys, a model, a route, a guardrail or an agent is in force at once, as a release of its own.",
  },
  {
    id: "draft",
    name: "Draft",
    text: "Edits wait until somebody has looked at them and publishes them together, as one release. Virtual keys, teams and users still hold at once.",
  },
];

const other = { direct: "draft", draft: "direct" } as const;

/** When edits come into force. */
export function PublishingMode({ settings }: { settings: Settings }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const may = useAllowed();
  const pending = useQuery(releaseQuery(api)).data?.pending ?? 0;
  const choose = useMutation({
    mutationFn: ({ to, version }: { to: Publishing; version: number }) => choosePublishing(api, to, version),
    onSuccess: async (chosen) => {
      await Promise.all(
        ["settings", "release", "releases"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      );
      const back = { to: other[chosen.publishing], version: chosen.version };
      toast({
        tone: "ok",
        what: chosen.publishing === "draft" ? "Edits now wait to be published." : "Edits are now in force at once.",
        action: { label: "Undo", run: () => choose.mutate(back) },
      });
    },
    onError: (error) => {
      void queries.invalidateQueries({ queryKey: ["settings"] });
      toast({ tone: "error", what: "Nothing was changed.", more: error.message });
    },
  });
  const next = other[settings.publishing];
  const waiting = settings.publishing === "draft" && pending > 0;
  return (
    <section className="card" aria-label="Publishing">
      <header>
        <h2>Publishing</h2>
        {may("settings", "PATCH") && (
          <Button
            disabled={waiting}
            busy={choose.isPending}
            onClick={() => choose.mutate({ to: next, version: settings.version })}
          >
            Switch to {next}
          </Button>
        )}
      </header>
      <div className="card-body stack">
        <ul className="modes">
          {modes.map(({ id, name, text }) => (
            <li key={id} aria-current={id === settings.publishing ? "true" : undefined}>
              <span className="row">
                <strong>{name}</strong>
                {id === settings.publishing && <Badge state="ok">chosen</Badge>}
              </span>
              <p className="small muted">{text}</p>
            </li>
          ))}
        </ul>
        {waiting && (
          <Note
            action={
              <Link to="/releases" search={{ draft: true }} className={buttonClass({ size: "compact" })}>
                <FileDiff className="icon" aria-hidden />
                Review
              </Link>
            }
          >
            {pending === 1 ? "1 change is" : `${pending} changes are`} not published. Publish or discard{" "}
            {pending === 1 ? "it" : "them"} before switching back.
          </Note>
        )}
        <p className="small muted">
          A configuration document, applied here or at a deployment, is always put in force at once.
        </p>
      </div>
    </section>
  );
}
