import { Columns2, X } from "lucide-react";
import { lacks } from "@/conversation/asking";
import { dialectNames, dialects, type Dialect } from "@/conversation/model";
import type { PlaygroundSearch } from "@/format/playground-search";
import { Button, IconButton } from "@/ui/Button";
import { Combobox } from "@/ui/Combobox";
import { Field, Select } from "@/ui/Field";
import { Advanced } from "./Advanced";
import type { Sheet } from "./sheet";
import { useCallables } from "./use-callables";

interface Props {
  models: string[];
  dialect: Dialect;
  sheet: Sheet;
  /** Changes when another talk was opened. */
  generation: number;
  change: (part: Partial<PlaygroundSearch>) => void;
  setSheet: (sheet: Sheet) => void;
}

/** What is asked, how, and of whom. */
export function Setup({ models, dialect, sheet, generation, change, setSheet }: Props) {
  const compare = models.length > 1;
  return (
    <section className="card playground-setup" aria-label="Setup">
      <div className="stack">
        <ModelField
          label={compare ? "First model" : "Model or route"}
          value={models[0] ?? ""}
          onChange={(model) => change({ model })}
        />
        {compare ? (
          <div className="row end-aligned">
            <div className="grow">
              <ModelField label="Second model" value={models[1] ?? ""} onChange={(model) => change({ with: model })} />
            </div>
            <IconButton
              label="Do not compare"
              icon={X}
              onClick={() => change({ compare: undefined, with: undefined })}
            />
          </div>
        ) : (
          <div>
            <Button size="compact" icon={Columns2} onClick={() => change({ compare: true })}>
              Compare with another
            </Button>
          </div>
        )}
        <Field label="Client dialect" hint="The API this page speaks; the gateway translates.">
          {(field) => (
            <Select
              {...field}
              value={dialect}
              onChange={(next) => change({ dialect: next as Dialect })}
              options={dialects.map((value) => ({ value, label: dialectNames[value] }))}
            />
          )}
        </Field>
        <Field label="System prompt" optional>
          {(field) => (
            <textarea
              {...field}
              className="input"
              rows={4}
              value={sheet.system}
              onChange={(event) => setSheet({ ...sheet, system: event.target.value })}
            />
          )}
        </Field>
        {/* Half-typed settings go with the talk they belong to. */}
        <Advanced key={generation} sheet={sheet} setSheet={setSheet} lacking={lacks[dialect]} />
      </div>
    </section>
  );
}

interface ModelProps {
  label: string;
  value: string;
  onChange: (name: string) => void;
}

function ModelField({ label, value, onChange }: ModelProps) {
  const { names, known } = useCallables();
  const exact = names.some((name) => name.value === value);
  const fitting = exact ? names : names.filter((name) => name.value.toLowerCase().includes(value.trim().toLowerCase()));
  const hint = known && value && !exact ? "Not in the list: it is asked for as it is written." : undefined;
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <Combobox
          {...field}
          over
          text={value}
          onText={onChange}
          options={fitting}
          onPick={(option) => onChange(option.value)}
          listLabel="Models and routes"
          placeholder="Model, route or provider/model"
          maxLength={512}
        />
      )}
    </Field>
  );
}
