import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { FileUp, ListChecks } from "lucide-react";
import { useRef, useState } from "react";
import { fieldError } from "@/api/errors";
import { applyConfiguration, planConfiguration, type GeneratedKey, type Plan, type Proposal } from "@/api/settings";
import { useApp } from "@/app-context";
import { variablesOf } from "@/format/variables";
import { Button } from "@/ui/Button";
import { Check, Field, TextInput } from "@/ui/Field";
import { JsonInput } from "@/ui/JsonInput";
import { Problem } from "@/ui/Note";
import { LeaveDialog } from "@/ui/saving";
import { useToast } from "@/ui/Toasts";
import { ApplyPlan } from "./ApplyPlan";
import { PlanResult } from "./PlanResult";

const largest = 1_000_000;

/** A document is planned, looked at, and then applied as it was planned. */
export function ImportDocument({ onKeys }: { onKeys: (keys: GeneratedKey[]) => void }) {
  const { api } = useApp();
  const queries = useQueryClient();
  const toast = useToast();
  const [document, setDocument] = useState("");
  const [prune, setPrune] = useState(false);
  const [values, setValues] = useState<Record<string, string>>({});
  const [asking, setAsking] = useState(false);
  const names = variablesOf(document);
  const proposal: Proposal = {
    document,
    prune,
    variables: Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : []))),
  };
  const plan = useMutation({ mutationFn: () => planConfiguration(api, proposal) });
  const apply = useMutation({
    mutationFn: (made: Plan) => applyConfiguration(api, proposal, made.fingerprint),
    onSuccess: async (applied) => {
      setAsking(false);
      setDocument("");
      setValues({});
      plan.reset();
      onKeys(applied.keys);
      toast({
        tone: "ok",
        what: applied.changed ? `Applied. Release #${applied.number} is in force.` : "Everything was so already.",
      });
      await queries.invalidateQueries();
    },
    onError: () => setAsking(false),
  });
  const blocker = useBlocker({
    shouldBlockFn: () => document.trim() !== "",
    enableBeforeUnload: () => document.trim() !== "",
    withResolver: true,
  });
  // What was planned is not what would be applied any more.
  const edit = (run: () => void) => {
    run();
    plan.reset();
    apply.reset();
  };
  return (
    <section className="card" aria-label="Import">
      <header>
        <h2>Import</h2>
        <ChooseFile
          onText={(text) => edit(() => setDocument(text))}
          onProblem={(more) => toast({ tone: "error", what: "The file was not read.", more })}
        />
      </header>
      <form
        className="card-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate();
        }}
      >
        <Field
          label="Document"
          hint="YAML or JSON, as the export gives it. Nothing is changed before you have seen the plan."
          error={fieldError(plan.error, "document")}
        >
          {(wiring) => (
            <JsonInput
              {...wiring}
              rows={12}
              value={document}
              onChange={(text) => edit(() => setDocument(text))}
              placeholder={"providers:\n  - {id: openai, kind: openai, api_key_env: OPENAI_API_KEY}"}
            />
          )}
        </Field>
        {names.length > 0 && (
          <fieldset className="fieldset two">
            <legend>Values of the variables that the document names</legend>
            {names.map((name) => (
              <Field key={name} label={<code>{name}</code>} optional>
                {(wiring) => (
                  <TextInput
                    {...wiring}
                    type="password"
                    autoComplete="off"
                    value={values[name] ?? ""}
                    onChange={(value) => edit(() => setValues({ ...values, [name]: value }))}
                  />
                )}
              </Field>
            ))}
          </fieldset>
        )}
        <Check
          checked={prune}
          onChange={(checked) => edit(() => setPrune(checked))}
          label="Remove what the document does not name"
          hint="Providers, their keys, models, routes, virtual keys, teams and end users. The plan names each of them."
        />
        <div className="row wrap">
          <Button
            type="submit"
            icon={ListChecks}
            tone={plan.data ? "normal" : "primary"}
            disabled={!document.trim()}
            busy={plan.isPending}
          >
            Plan
          </Button>
          {document && (
            <Button tone="quiet" onClick={() => edit(() => setDocument(""))}>
              Clear
            </Button>
          )}
        </div>
        {plan.error && <Problem error={plan.error} kept="The document is still here." />}
        {apply.error && <Problem error={apply.error} kept="Nothing was changed. Plan again to see what is so now." />}
        {plan.data && <PlanResult plan={plan.data} onApply={() => setAsking(true)} />}
      </form>
      {asking && plan.data && (
        <ApplyPlan
          plan={plan.data}
          busy={apply.isPending}
          onConfirm={(made) => apply.mutate(made)}
          onClose={() => setAsking(false)}
        />
      )}
      <LeaveDialog blocker={blocker} />
    </section>
  );
}

function ChooseFile({ onText, onProblem }: { onText: (text: string) => void; onProblem: (why: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File) => {
    if (file.size > largest) {
      onProblem("It is larger than 1 MB.");
      return;
    }
    onText(await file.text());
  };
  return (
    <>
      <Button icon={FileUp} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label="Configuration document"
        accept=".yaml,.yml,.json,application/yaml,application/json,text/plain"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file may be chosen again after it was edited.
          event.target.value = "";
          if (file) void read(file).catch((error: unknown) => onProblem(String(error)));
        }}
      />
    </>
  );
}
