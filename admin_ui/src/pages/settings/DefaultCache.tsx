import { useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { fieldError } from "@/api/errors";
import { chooseCache, type Settings } from "@/api/settings";
import { useApp } from "@/app-context";
import { useAllowed } from "@/frame/access";
import { useSoon } from "@/frame/soon";
import { cacheBody, cacheDraft, cacheFaults } from "@/pages/cache-rule/cache-draft";
import { CacheRuleFields } from "@/pages/cache-rule/CacheRuleFields";
import { modes, ruleText, scopes } from "@/pages/cache-rule/words";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { FormDrawer } from "@/ui/FormDrawer";
import { useToast } from "@/ui/Toasts";

/** Which answers are kept of models that are asked for without a route. */
export function DefaultCache({ settings }: { settings: Settings }) {
  const may = useAllowed();
  const [editing, setEditing] = useState(false);
  const rule = settings.cache;
  return (
    <section className="card" aria-label="Cache of models without a route">
      <header>
        <h2>Cache of models without a route</h2>
        {may("settings", "PATCH") && (
          <Button icon={Pencil} onClick={() => setEditing(true)}>
            Change
          </Button>
        )}
      </header>
      <div className="card-body stack tight">
        <p className="row wrap">
          {rule ? <Badge state="ok">on</Badge> : <Badge state="off">off</Badge>}
          <span>{rule ? ruleText(rule) : "Every request asks a provider."}</span>
        </p>
        {rule && (
          <p className="small muted">
            {modes[rule.mode ?? "exact"].line} {scopes[rule.scope ?? "team"].line}
          </p>
        )}
        <p className="small muted">
          A route says for itself what it keeps; this is for models that clients name directly.
        </p>
      </div>
      {editing && <Edit settings={settings} onClose={() => setEditing(false)} />}
    </section>
  );
}

function Edit({ settings, onClose }: { settings: Settings; onClose: () => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const soon = useSoon();
  const toast = useToast();
  const [version] = useState(settings.version);
  const [initial] = useState(() => cacheDraft(settings.cache));
  const [draft, setDraft] = useState(initial);
  const dirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const save = async () => {
    if (!dirty) return;
    const before = cacheBody(initial);
    const stored = await chooseCache(api, cacheBody(draft), version);
    const undo = async () => {
      try {
        await chooseCache(api, before, stored.version);
        toast({ tone: "ok", what: "The rule is as it was." });
      } catch (problem) {
        toast({ tone: "error", what: "Nothing was undone.", more: problem instanceof Error ? problem.message : "" });
      } finally {
        await queries.invalidateQueries();
      }
    };
    toast({
      tone: "ok",
      what: "The rule was saved.",
      more: `Requests follow it ${soon}.`,
      action: { label: "Undo", run: () => void undo() },
    });
    await queries.invalidateQueries();
  };
  const wrong = cacheFaults(draft);
  return (
    <FormDrawer
      title="Cache of models without a route"
      description="Which answers are given again where clients name a model directly."
      dirty={dirty}
      submit="Save"
      onSubmit={save}
      onClose={onClose}
    >
      {(error) => (
        <CacheRuleFields
          draft={draft}
          change={(part) => setDraft((old) => ({ ...old, ...part }))}
          error={(field) => fieldError(error, `cache.${field}`)}
          fault={(field) => wrong.find((one) => one.field === field)?.message}
        />
      )}
    </FormDrawer>
  );
}
