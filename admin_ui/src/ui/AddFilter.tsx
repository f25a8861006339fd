import * as Popover from "@radix-ui/react-popover";
import { ListFilter } from "lucide-react";
import { useState } from "react";
import { Button } from "./Button";
import { Field, Select, TextInput } from "./Field";

export interface FilterField<N extends string = string> {
  name: N;
  label: string;
  hint: string;
  /** The only values there are. */
  choices?: readonly { value: string; label: string }[];
  /** Values worth offering; others may be typed. */
  suggestions?: readonly string[];
  /** Two ends instead of one value; either may be left open. */
  range?: boolean;
  /** Why a value, or the two ends of a range, cannot be used. */
  problem?: (first: string, second: string) => string | undefined;
}

interface Props<N extends string> {
  /** The fields that have no filter yet. */
  fields: readonly FilterField<N>[];
  /** `second` is the upper end of a range, "" where it is open. */
  onAdd: (name: N, first: string, second: string) => void;
}

/** A button that opens a small form: a field, its value, and Add. */
export function AddFilter<N extends string>({ fields, onAdd }: Props<N>) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button size="compact" icon={ListFilter}>
          Add filter
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu popover"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Add filter"
        >
          <FilterForm
            fields={fields}
            onAdd={(...given) => {
              onAdd(...given);
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const empty = (first: string, second: string) => (first || second ? undefined : "Give a value");

function FilterForm<N extends string>({ fields, onAdd }: Props<N>) {
  const [name, setName] = useState(fields[0]?.name);
  const [texts, setTexts] = useState<[string, string]>(["", ""]);
  const [problem, setProblem] = useState<string>();
  const field = fields.find((one) => one.name === name) ?? fields[0];
  if (!field) return <p className="filter-form muted">Every field has its filter.</p>;
  const { choices } = field;
  const offered = choices && !choices.some(({ value }) => value === texts[0]) ? (choices[0]?.value ?? "") : texts[0];
  const submit = () => {
    const [first, second] = [offered.trim(), field.range ? texts[1].trim() : ""];
    const wrong = empty(first, second) ?? field.problem?.(first, second);
    setProblem(wrong);
    if (!wrong) onAdd(field.name, first, second);
  };
  return (
    <form
      className="stack filter-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field label="Field">
        {(wiring) => (
          <Select
            {...wiring}
            value={field.name}
            onChange={(next) => {
              setName(next as N);
              setTexts(["", ""]);
              setProblem(undefined);
            }}
            options={fields.map(({ name: value, label }) => ({ value, label }))}
          />
        )}
      </Field>
      {field.range ? (
        <RangeValue field={field} texts={texts} onChange={setTexts} problem={problem} />
      ) : (
        <Field label="Value" hint={field.hint} error={problem}>
          {(wiring) =>
            choices ? (
              <Select {...wiring} value={offered} onChange={(text) => setTexts([text, ""])} options={choices} />
            ) : (
              <>
                <TextInput
                  {...wiring}
                  value={texts[0]}
                  onChange={(text) => setTexts([text, ""])}
                  list={`${wiring.id}-list`}
                  autoComplete="off"
                  spellCheck={false}
                />
                <datalist id={`${wiring.id}-list`}>
                  {field.suggestions?.map((item) => (
                    <option key={item} value={item} />
                  ))}
                </datalist>
              </>
            )
          }
        </Field>
      )}
      <Button type="submit" tone="primary">
        Add
      </Button>
    </form>
  );
}

interface RangeProps<N extends string> {
  field: FilterField<N>;
  texts: [string, string];
  onChange: (texts: [string, string]) => void;
  problem: string | undefined;
}

function RangeValue<N extends string>({ field, texts, onChange, problem }: RangeProps<N>) {
  const input = { inputMode: "decimal", autoComplete: "off" } as const;
  return (
    <div className="stack tight">
      <div className="range-value">
        <Field label="At least" error={problem}>
          {(wiring) => (
            <TextInput {...wiring} {...input} value={texts[0]} onChange={(text) => onChange([text, texts[1]])} />
          )}
        </Field>
        <Field label="At most">
          {(wiring) => (
            <TextInput {...wiring} {...input} value={texts[1]} onChange={(text) => onChange([texts[0], text])} />
          )}
        </Field>
      </div>
      <p className="hint small muted">{field.hint}</p>
    </div>
  );
}
