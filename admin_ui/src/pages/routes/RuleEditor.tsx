import { CircleAlert, FolderPlus, Plus, X } from "lucide-react";
import { useId } from "react";
import { Button, IconButton } from "@/ui/Button";
import { Select, TextInput } from "@/ui/Field";
import { TagInput } from "@/ui/TagInput";
import type { RuleFault } from "./faults";
import {
  fieldKinds,
  kindOf,
  operatorsOf,
  operatorWords,
  otherKind,
  takesList,
  type Operator,
  type ValueType,
} from "./rule-fields";
import { added, regrouped, removed, retested, type Group, type Node, type Test } from "./rules";
import { useSuggestions } from "./suggestions";

interface Props {
  root: Group;
  onChange: (root: Group) => void;
  /** A row that cannot be saved, and why. */
  fault: RuleFault | undefined;
}

/** What a row needs of the whole. */
interface Rows extends Props {
  suggest: ReturnType<typeof useSuggestions>;
}

/** The rows of a condition: field, operator, value, in groups of which all, any or none hold. */
export function RuleEditor({ root, onChange, fault }: Props) {
  const suggest = useSuggestions();
  return <GroupRows group={root} depth={0} rows={{ root, onChange, fault, suggest }} />;
}

const modes: { value: Group["mode"]; label: string }[] = [
  { value: "all", label: "All of these hold" },
  { value: "any", label: "Any of these holds" },
  { value: "none", label: "None of these holds" },
];
const deepest = 3;

function GroupRows({ group, depth, rows }: { group: Group; depth: number; rows: Rows }) {
  const { root, onChange } = rows;
  return (
    <div className={depth > 0 ? "rule-group nested" : "rule-group"} role="group" aria-label="Conditions">
      {(group.items.length > 0 || depth > 0) && (
        <div className="row">
          <Select
            aria-label="How the conditions join"
            className="compact"
            value={group.mode}
            onChange={(mode) => onChange(regrouped(root, group.id, mode as Group["mode"]))}
            options={modes}
          />
          {depth > 0 && (
            <IconButton
              size="compact"
              label="Remove the group"
              icon={X}
              onClick={() => onChange(removed(root, group.id))}
            />
          )}
        </div>
      )}
      {group.items.map((item: Node) =>
        item.kind === "group" ? (
          <GroupRows key={item.id} group={item} depth={depth + 1} rows={rows} />
        ) : (
          <TestRow key={item.id} test={item} rows={rows} />
        ),
      )}
      {rows.fault?.node === group.id && <Fault text={rows.fault.message} />}
      <div className="row wrap">
        <Button size="compact" icon={Plus} onClick={() => onChange(added(root, group.id, "test"))}>
          Add condition
        </Button>
        {depth < deepest && group.items.length > 0 && (
          <Button
            size="compact"
            tone="quiet"
            icon={FolderPlus}
            onClick={() => onChange(added(root, group.id, "group"))}
          >
            Add group
          </Button>
        )}
      </div>
    </div>
  );
}

const Fault = ({ text, id }: { text: string; id?: string }) => (
  <p className="problem small" id={id} role="alert">
    <CircleAlert className="icon" aria-hidden />
    <span>{text}</span>
  </p>
);

const fieldOptions = [...fieldKinds, otherKind].map(({ name, label }) => ({ value: name, label }));

function TestRow({ test, rows }: { test: Test; rows: Rows }) {
  const { root, onChange, fault, suggest } = rows;
  const id = useId();
  const kind = kindOf(test.field);
  const change = (part: Partial<Test>) => onChange(retested(root, test.id, part));
  const wrong = fault?.node === test.id ? fault.message : undefined;
  const nameless = kind.open !== undefined && test.field.length === kind.name.length;
  const part = fault?.part ?? (nameless ? "field" : "value");
  const wired = (own: boolean) => (wrong && own ? { "aria-invalid": true, "aria-describedby": `${id}-note` } : {});
  const operators = operatorsOf(test.field, test.type);
  return (
    <div className="rule-row">
      <div className="rule-controls">
        <span className="rule-field">
          <Select
            aria-label="Field"
            value={kind.name}
            onChange={(name) => change({ field: name, text: "", list: [], zone: "" })}
            options={fieldOptions}
          />
        </span>
        {kind.open && (
          <span className="rule-name">
            <TextInput
              {...wired(part === "field")}
              aria-label={kind.open.label}
              mono
              value={test.field.slice(kind.name.length)}
              onChange={(rest) => change({ field: kind.name + rest.trim() })}
              placeholder={kind.open.placeholder}
              list={`${id}-names`}
              autoComplete="off"
              spellCheck={false}
            />
            <Offers id={`${id}-names`} values={suggest.names(kind.name)} />
          </span>
        )}
        {!kind.type && test.operator !== "exists" && (
          <span className="rule-type">
            <Select
              aria-label="Type of the value"
              value={test.type}
              onChange={(type) => change({ type: type as ValueType })}
              options={types}
            />
          </span>
        )}
        <span className="rule-operator">
          <Select
            {...wired(part === "op" || (part === "field" && !kind.open))}
            aria-label="Operator"
            value={test.operator}
            onChange={(operator) => change({ operator: operator as Operator })}
            options={operators.map((operator) => ({
              value: operator,
              label: operator === "exists" ? "is present?" : operatorWords[operator],
            }))}
          />
        </span>
        <span className="rule-value">
          <ValueBox test={test} wiring={wired(part === "value")} change={change} offers={suggest.values(test.field)} />
        </span>
        {kind.zoned && (
          <span className="rule-type">
            <TextInput
              {...wired(part === "zone")}
              aria-label="Time zone"
              value={test.zone}
              onChange={(zone) => change({ zone })}
              placeholder="UTC"
              list={`${id}-zones`}
              autoComplete="off"
              spellCheck={false}
            />
            <Offers id={`${id}-zones`} values={Intl.supportedValuesOf("timeZone")} />
          </span>
        )}
      </div>
      <IconButton
        size="compact"
        label="Remove the condition"
        icon={X}
        onClick={() => onChange(removed(root, test.id))}
      />
      {wrong ? <Fault text={wrong} id={`${id}-note`} /> : kind.hint && <p className="hint small muted">{kind.hint}</p>}
    </div>
  );
}

const types: { value: ValueType; label: string }[] = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "True or false" },
];

const Offers = ({ id, values }: { id: string; values: readonly string[] }) => (
  <datalist id={id}>
    {values.map((value) => (
      <option key={value} value={value} />
    ))}
  </datalist>
);

interface ValueProps {
  test: Test;
  wiring: { "aria-invalid"?: boolean; "aria-describedby"?: string };
  change: (part: Partial<Test>) => void;
  offers: string[];
}

function ValueBox({ test, wiring, change, offers }: ValueProps) {
  const id = useId();
  if (test.operator === "exists" || test.type === "boolean") {
    const [yes, no] = test.operator === "exists" ? ["yes", "no"] : ["true", "false"];
    return (
      <Select
        {...wiring}
        aria-label="Value"
        value={test.text === "false" ? "false" : "true"}
        onChange={(text) => change({ text })}
        options={[
          { value: "true", label: yes },
          { value: "false", label: no },
        ]}
      />
    );
  }
  if (takesList(test.operator)) {
    return (
      <TagInput
        {...wiring}
        id={id}
        aria-label="Values"
        values={test.list}
        onChange={(list) => change({ list })}
        options={offers}
        placeholder="Enter adds a value"
      />
    );
  }
  return (
    <>
      <TextInput
        {...wiring}
        aria-label="Value"
        mono
        type={kindOf(test.field).input ?? "text"}
        inputMode={test.type === "number" ? "decimal" : undefined}
        value={test.text}
        onChange={(text) => change({ text })}
        placeholder={test.operator === "regex" ? "^claude-" : ""}
        list={`${id}-values`}
        autoComplete="off"
        spellCheck={false}
      />
      <Offers id={`${id}-values`} values={offers} />
    </>
  );
}
