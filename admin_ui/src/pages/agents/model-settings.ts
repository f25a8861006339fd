import { count } from "@/format/numbers";

/** How a model is asked, in a form: what is absent is not said. */
export type ModelSettings = {
  temperature?: number;
  top_p?: number;
  presence_penalty?: number;
  frequency_penalty?: number;
  max_tokens?: number;
  stop_sequences?: string[];
};

const names = [
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "max_tokens",
  "stop_sequences",
] as const satisfies readonly (keyof ModelSettings)[];

type Said = { [Name in keyof ModelSettings]?: ModelSettings[Name] | null };

/** What is said of them, whoever says it: null and absent are the same. */
export const settingsOf = (from: Said): ModelSettings =>
  Object.fromEntries(names.flatMap((name) => (from[name] == null ? [] : [[name, from[name]]])));

/** The same with null for everything that is not said, so that a change takes away what was said before. */
export const settingsBody = (settings: ModelSettings) =>
  Object.fromEntries(names.map((name) => [name, settings[name] ?? null])) as {
    [Name in keyof Required<ModelSettings>]: Required<ModelSettings>[Name] | null;
  };

const number = (value: number) => (Number.isInteger(value) ? count(value) : String(value));

const words: Record<(typeof names)[number], string> = {
  temperature: "temperature",
  top_p: "top P",
  presence_penalty: "presence penalty",
  frequency_penalty: "frequency penalty",
  max_tokens: "max tokens",
  stop_sequences: "stops at",
};

/** "temperature 0.2 · max tokens 4,096", "" when nothing is said. */
export const settingsText = (from: Said): string =>
  names
    .flatMap((name) => {
      const value = from[name];
      if (value == null) return [];
      return [`${words[name]} ${Array.isArray(value) ? value.map((one) => `“${one}”`).join(", ") : number(value)}`];
    })
    .join(" · ");
