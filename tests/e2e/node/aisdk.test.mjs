// The AI SDK (npm `ai`) with its providers for each dialect through a door, in front of every dialect that an upstream speaks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { Output, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { ANSWER, CITY, CITY_SCHEMA, DOOR_KEY, DOOR_URL, PLACE, PNG, SAY, TEXT, THINK, THOUGHT, UPSTREAMS, WEATHER, fetchNoted, seen } from "./door.mjs";

const shared = { apiKey: DOOR_KEY, fetch: fetchNoted };
const openai = createOpenAI({ ...shared, baseURL: `${DOOR_URL}/v1` });
const compatible = createOpenAICompatible({ ...shared, name: "gateway", baseURL: `${DOOR_URL}/v1`, includeUsage: true, supportsStructuredOutputs: true });
const anthropic = createAnthropic({ ...shared, baseURL: `${DOOR_URL}/v1` });
const google = createGoogleGenerativeAI({ ...shared, baseURL: `${DOOR_URL}/v1beta` });
const PROVIDERS = {
  "openai (responses)": { of: (model) => openai(model), think: { openai: { reasoningEffort: "high", reasoningSummary: "auto", store: false, forceReasoning: true } } },
  "openai (chat)": { of: (model) => openai.chat(model), think: null },
  "openai-compatible": { of: (model) => compatible(model), think: { gateway: { reasoningEffort: "high" } } },
  anthropic: { of: (model) => anthropic(model), think: { anthropic: { thinking: { type: "enabled", budgetTokens: 2048 } } } },
  google: { of: (model) => google(model), think: { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } } } },
};

async function ask(stream, options) {
  const asked = { maxRetries: 0, maxOutputTokens: 9000, ...options };
  if (!stream) return generateText(asked);
  const failed = [];
  const result = streamText({ ...asked, onError: ({ error }) => failed.push(error) });
  await result.consumeStream();
  if (failed.length) throw failed[0];
  const names = ["text", "finishReason", "usage", "steps", "reasoningText", ...(options.output ? ["output"] : [])];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await result[name]])));
}

for (const [provider, { of, think }] of Object.entries(PROVIDERS)) {
  for (const { dialect, model, called } of UPSTREAMS) {
    for (const stream of [false, true]) {
      const name = `AI SDK ${provider} → ${dialect}, ${stream ? "stream" : "whole"}`;

      test(`${name}: text`, async () => {
        const { text, finishReason, usage } = await ask(stream, { model: of(model), prompt: SAY });
        assert.deepEqual([text, finishReason], [TEXT, "stop"]);
        assert.ok(usage.inputTokens > 20 && usage.outputTokens === Math.ceil(Buffer.byteLength(TEXT) / 4), JSON.stringify(usage));
      });

      test(`${name}: a loop of tools, with thoughts where the provider knows how`, async () => {
        const places = [];
        const get_weather = tool({
          description: "The weather at a place.",
          inputSchema: jsonSchema(PLACE),
          execute: async ({ place }) => {
            places.push(place);
            return "7 degrees";
          },
        });
        const more = think ? { providerOptions: think } : {};
        const { text, steps, finishReason } = await ask(stream, { model: of(model), prompt: WEATHER, tools: { get_weather }, stopWhen: stepCountIs(3), ...more });
        assert.deepEqual([places, finishReason, steps.length], [["Rome"], "stop", 2]);
        // Gemini's functions answer with objects, and this provider puts name and content into them.
        const answer = provider === "google" ? text.replace(/\{.*\}/, (json) => JSON.parse(json).content) : text;
        assert.equal(answer, ANSWER);
        assert.equal(steps[0].finishReason, "tool-calls");
      });

      test(`${name}: a picture`, async () => {
        const content = [{ type: "text", text: "Hello" }, { type: "file", mediaType: "image/png", data: PNG }];
        assert.equal((await ask(stream, { model: of(model), messages: [{ role: "user", content }] })).text, seen(called));
      });

      test(`${name}: JSON by a schema`, async () => {
        const { output } = await ask(stream, { model: of(model), prompt: "Tell me about Rome", output: Output.object({ schema: jsonSchema(CITY_SCHEMA) }) });
        assert.deepEqual(output, CITY);
      });

      if (think) {
        test(`${name}: thoughts`, async () => {
          const { text, reasoningText } = await ask(stream, { model: of(model), prompt: THINK, providerOptions: think });
          // Chat Completions has no word for "show me a summary", without which OpenAI shows none.
          const hidden = provider === "openai-compatible" && dialect === "openai_responses";
          assert.deepEqual([text, reasoningText ?? ""], ["forty-two", hidden ? "" : THOUGHT]);
        });
      }
    }
  }
}
