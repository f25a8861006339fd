import { Braces, Rows3 } from "lucide-react";
import { parseJson } from "@/format/json";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { JsonInput } from "@/ui/JsonInput";
import { ruleFault } from "./faults";
import { jsonText, type Condition } from "./route-draft";
import { emptyRule, readRule, RuleProblem, writeRule } from "./rules";
import { RuleEditor } from "./RuleEditor";

interface Props {
  condition: Condition;
  onChange: (condition: Condition) => void;
  error: Error | null;
  /** The path of the condition in the request body. */
  path: string;
}

/** A target's condition, as rows or as JSON; the rows are offered only where they can show all of it. */
export function ConditionField({ condition, onChange, error, path }: Props) {
  if (condition.view === "json") return <Json text={condition.text} onChange={onChange} error={error} path={path} />;
  const { group } = condition;
  const fault = ruleFault(error, path, group);
  const json = () => {
    try {
      return jsonText(writeRule(group));
    } catch (problem) {
      if (problem instanceof RuleProblem) return null;
      throw problem;
    }
  };
  const text = json();
  return (
    <div className="stack tight">
      <RuleEditor
        root={group}
        onChange={(next) => onChange({ view: "rows", group: next })}
        fault={fault?.node === undefined && fault ? { ...fault, node: group.id } : fault}
      />
      {group.items.length > 0 && (
        <div className="row">
          <Button
            size="compact"
            tone="quiet"
            icon={Braces}
            disabled={text === null || undefined}
            onClick={() => text !== null && onChange({ view: "json", text })}
          >
            Edit as JSON
          </Button>
          {text === null && <span className="small muted">Finish the rows first.</span>}
        </div>
      )}
    </div>
  );
}

function Json({ text, onChange, error, path }: { text: string } & Pick<Props, "onChange" | "error" | "path">) {
  const parsed = text.trim() ? parseJson(text) : { value: null };
  const group = parsed.problem === undefined ? (text.trim() ? readRule(parsed.value) : emptyRule()) : null;
  const wrong = parsed.problem ?? ruleFault(error, path, null)?.message;
  return (
    <div className="stack tight">
      <Field
        label="Condition as JSON"
        hint='{"all": […]}, {"any": […]}, {"not": …} and {"field": "headers.x-team", "op": "eq", "value": "ml"}'
        error={wrong}
      >
        {(field) => (
          <JsonInput {...field} rows={8} value={text} onChange={(next) => onChange({ view: "json", text: next })} />
        )}
      </Field>
      <div className="row">
        <Button
          size="compact"
          tone="quiet"
          icon={Rows3}
          disabled={!group || undefined}
          onClick={() => group && onChange({ view: "rows", group })}
        >
          Edit as rows
        </Button>
        {!group && parsed.problem === undefined && (
          <span className="small muted">It has parts that rows cannot show.</span>
        )}
      </div>
    </div>
  );
}
