import { fieldError } from "@/api/errors";
import { count } from "@/format/numbers";
import { Field } from "@/ui/Field";
import { NumberField } from "@/ui/NumberField";
import { TagInput } from "@/ui/TagInput";
import type { ModelSettings } from "./model-settings";

interface Props {
  settings: ModelSettings;
  onChange: (part: Partial<ModelSettings>) => void;
  /** The context window of the model, where it is known. */
  window: number | null;
  error: Error | null;
  /** What stands before the name of a field in the server's words: "agent_config.". */
  under?: string;
  placeholder: string;
}

const within = (most: number) => (value: number) => (value > most ? `At most ${most}` : undefined);

/** How a model is asked; an empty field says nothing. */
export function ConfigFields({ settings, onChange, window, error, under = "", placeholder }: Props) {
  const told = (name: keyof ModelSettings) => fieldError(error, under + name);
  const whole = (value: number) => {
    if (!Number.isInteger(value) || value < 1) return "A whole number from 1 on";
    return window !== null && value > window ? `At most ${count(window)}, the model’s context window` : undefined;
  };
  return (
    <>
      <div className="fieldset two">
        <NumberField
          label="Temperature"
          hint="0 to 1; higher is more varied."
          value={settings.temperature}
          onChange={(temperature) => onChange({ temperature })}
          problem={within(1)}
          placeholder={placeholder}
          error={told("temperature")}
        />
        <NumberField
          label="Max tokens"
          hint="Of the answer."
          value={settings.max_tokens}
          onChange={(max_tokens) => onChange({ max_tokens })}
          problem={whole}
          placeholder={placeholder}
          error={told("max_tokens")}
        />
        <NumberField
          label="Top P"
          hint="0 to 1."
          value={settings.top_p}
          onChange={(top_p) => onChange({ top_p })}
          problem={within(1)}
          placeholder={placeholder}
          error={told("top_p")}
        />
        <NumberField
          label="Presence penalty"
          hint="−2 to 2."
          value={settings.presence_penalty}
          onChange={(presence_penalty) => onChange({ presence_penalty })}
          least={-2}
          problem={within(2)}
          placeholder={placeholder}
          error={told("presence_penalty")}
        />
        <NumberField
          label="Frequency penalty"
          hint="−2 to 2."
          value={settings.frequency_penalty}
          onChange={(frequency_penalty) => onChange({ frequency_penalty })}
          least={-2}
          problem={within(2)}
          placeholder={placeholder}
          error={told("frequency_penalty")}
        />
      </div>
      <Field label="Stop sequences" optional hint="Enter adds one." error={told("stop_sequences")}>
        {(field) => (
          <TagInput
            {...field}
            values={settings.stop_sequences ?? []}
            onChange={(stop) => onChange({ stop_sequences: stop.length > 0 ? stop : undefined })}
            options={[]}
            placeholder="Where the answer ends"
          />
        )}
      </Field>
    </>
  );
}
