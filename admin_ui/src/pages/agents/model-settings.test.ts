import { expect, test } from "vitest";
import { settingsBody, settingsOf, settingsText } from "./model-settings";

test("what is not said is left out, and taken away by a change", () => {
  const said = { temperature: 0, top_p: null, max_tokens: 4096, stop_sequences: ["END"], name: "x" };
  expect(settingsOf(said)).toEqual({ temperature: 0, max_tokens: 4096, stop_sequences: ["END"] });
  expect(settingsBody({ temperature: 0 })).toEqual({
    temperature: 0,
    top_p: null,
    presence_penalty: null,
    frequency_penalty: null,
    max_tokens: null,
    stop_sequences: null,
  });
});

test("settings in words", () => {
  expect(settingsText({ temperature: 0, max_tokens: 4096, stop_sequences: ["END", "\n"] })).toBe(
    "temperature 0 · max tokens 4,096 · stops at “END”, “\n”",
  );
  expect(settingsText({})).toBe("");
});
