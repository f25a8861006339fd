import { useState } from "react";
import { efforts, type Effort, type Settings } from "@/conversation/asking";
import { objectText, parseObject } from "@/format/json";
import { Check, Field, Select } from "@/ui/Field";
import { JsonInput } from "@/ui/JsonInput";
import { Note } from "@/ui/Note";
import { NumberField } from "@/ui/NumberField";
import { TagInput } from "@/ui/TagInput";
import type { Sheet } from "./sheet";

interface Props {
  sheet: Sheet;
  setSheet: (sheet: Sheet) => void;
  /** Settings that the dialect has no form for, and why. */
  lacking: Partial<Record<keyof Settings, string>>;
}

const effortWords: Record<Effort, string> = { none: "None", low: "Low", medium: "Medium", high: "High" };

/** What most questions do not need; folded until one does. */
export function Advanced({ sheet, setSheet, lacking }: Props) {
  const { settings } = sheet;
  const set = (part: Partial<Settings>) => setSheet({ ...sheet, settings: { ...settings, ...part } });
  return (
    <details>
      <summary>Advanced</summary>
      <div className="details-body stack">
        <div className="fieldset two">
          <NumberField
            label="Temperature"
            value={settings.temperature}
            onChange={(temperature) => set({ temperature })}
            problem={(value) => (value > 2 ? "At most 2" : undefined)}
          />
          <NumberField
            label="Max tokens"
            value={settings.maxTokens}
            onChange={(maxTokens) => set({ maxTokens })}
            problem={(value) => (Number.isInteger(value) && value > 0 ? undefined : "A whole number from 1 on")}
          />
        </div>
        <Field label="Reasoning effort">
          {(field) => (
            <Select
              {...field}
              value={settings.effort ?? ""}
              onChange={(value) => set({ effort: efforts.find((effort) => effort === value) })}
              options={[
                { value: "", label: "As the model does" },
                ...efforts.map((value) => ({ value, label: effortWords[value] })),
              ]}
            />
          )}
        </Field>
        <Field label="Stop sequences" hint={lacking.stop ?? "Enter adds one."}>
          {(field) => (
            <TagInput
              {...field}
              values={settings.stop}
              onChange={(stop) => set({ stop })}
              options={[]}
              placeholder="Where the answer ends"
            />
          )}
        </Field>
        <Check
          label="JSON mode"
          hint={lacking.json ?? "The answer is a JSON object; say so in the prompt as well."}
          disabled={lacking.json !== undefined}
          checked={settings.json && lacking.json === undefined}
          onChange={(json) => set({ json })}
        />
        {sheet.more && <MoreFields sheet={sheet} more={sheet.more} setSheet={setSheet} />}
      </div>
    </details>
  );
}

/** Members of an opened request that have no field here: tools, say. */
function MoreFields({
  sheet,
  more,
  setSheet,
}: Pick<Props, "sheet" | "setSheet"> & { more: NonNullable<Sheet["more"]> }) {
  const [text, setText] = useState(objectText(more.fields));
  const [problem, setProblem] = useState<string>();
  return (
    <>
      <Field label="Other members of the request" hint="Sent as they are, in their own dialect only." error={problem}>
        {(field) => (
          <JsonInput
            {...field}
            rows={8}
            value={text}
            onChange={(given) => {
              setText(given);
              const parsed = parseObject(given);
              setProblem(parsed.problem);
              if (parsed.value) setSheet({ ...sheet, more: { ...more, fields: parsed.value } });
            }}
          />
        )}
      </Field>
      {problem && <Note tone="warn">Until then the members are sent as they were last valid.</Note>}
    </>
  );
}
