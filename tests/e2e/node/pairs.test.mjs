// npm `openai`, `@anthropic-ai/sdk` and `@google/genai` through a door, in front of every dialect that an upstream speaks.
import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { ANSWER, CITY, CITY_SCHEMA, DOOR_KEY, DOOR_URL, PLACE, PNG, SAY, TEXT, THINK, THOUGHT, UPSTREAMS, WEATHER, fetchNoted, seen } from "./door.mjs";

const openai = new OpenAI({ baseURL: `${DOOR_URL}/v1`, apiKey: DOOR_KEY, maxRetries: 0, fetch: fetchNoted });
const anthropic = new Anthropic({ baseURL: DOOR_URL, apiKey: DOOR_KEY, maxRetries: 0, fetch: fetchNoted });
const google = new GoogleGenAI({ apiKey: DOOR_KEY, httpOptions: { baseUrl: DOOR_URL, fetch: fetchNoted } });

// Each client as one function: a question in (text, picture, tools, schema, thinking), what a user sees out. `back` goes into the next turn.
const CLIENTS = {
  "openai chat": async ({ model, turns, tools, schema, think, stream }) => {
    const body = {
      model,
      messages: turns,
      max_completion_tokens: 9000,
      ...(tools && { tools: [{ type: "function", function: { name: "get_weather", parameters: PLACE } }] }),
      ...(schema && { response_format: { type: "json_schema", json_schema: { name: "city", schema, strict: true } } }),
      ...(think && { reasoning_effort: "high" }),
    };
    let thought = "";
    const streamed = () => {
      const runner = openai.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
      // The client's accumulator keeps only the last piece of members that it does not know.
      runner.on("chunk", ({ choices }) => { thought += choices[0]?.delta.reasoning_content ?? ""; });
      return runner.finalChatCompletion();
    };
    const answer = stream ? await streamed() : await openai.chat.completions.create(body);
    const { message, finish_reason } = answer.choices[0];
    const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: written } }) => ({ id, name, input: JSON.parse(written) }));
    if (!stream) thought = message.reasoning_content ?? "";
    const usage = [answer.usage.prompt_tokens, answer.usage.completion_tokens];
    return { text: message.content ?? "", calls, finish: finish_reason, thought, usage, back: [message] };
  },
  "openai responses": async ({ model, turns, tools, schema, think, stream }) => {
    const body = {
      model,
      input: turns,
      store: false,
      max_output_tokens: 9000,
      ...(tools && { tools: [{ type: "function", name: "get_weather", parameters: PLACE, strict: true }] }),
      ...(schema && { text: { format: { type: "json_schema", name: "city", schema, strict: true } } }),
      ...(think && { reasoning: { effort: "high", summary: "auto" }, include: ["reasoning.encrypted_content"] }),
    };
    const answer = stream ? await openai.responses.stream(body).finalResponse() : await openai.responses.create(body);
    const of = (type) => answer.output.filter((item) => item.type === type);
    const calls = of("function_call").map(({ call_id: id, name, arguments: written }) => ({ id, name, input: JSON.parse(written) }));
    const thought = of("reasoning").flatMap((item) => item.summary.map((part) => part.text)).join("");
    const usage = [answer.usage.input_tokens, answer.usage.output_tokens];
    const back = answer.output.map(({ parsed_arguments: _unused, ...item }) => item);
    return { text: answer.output_text, calls, finish: answer.status, thought, usage, back };
  },
  anthropic: async ({ model, turns, tools, schema, think, stream }) => {
    const body = {
      model,
      messages: turns,
      max_tokens: 9000,
      ...(tools && { tools: [{ name: "get_weather", input_schema: PLACE }] }),
      ...(schema && { output_config: { format: { type: "json_schema", schema } } }),
      ...(think && { thinking: { type: "enabled", budget_tokens: 2048 } }),
    };
    const message = stream ? await anthropic.messages.stream(body).finalMessage() : await anthropic.messages.create(body);
    const of = (type) => message.content.filter((block) => block.type === type);
    const calls = of("tool_use").map(({ id, name, input }) => ({ id, name, input }));
    const { input_tokens, cache_read_input_tokens, output_tokens } = message.usage;
    const usage = [input_tokens + (cache_read_input_tokens ?? 0), output_tokens];
    const texts = (type, member) => of(type).map((block) => block[member]).join("");
    const back = [{ role: "assistant", content: message.content }];
    return { text: texts("text", "text"), calls, finish: message.stop_reason, thought: texts("thinking", "thinking"), usage, back };
  },
  google: async ({ model, turns, tools, schema, think, stream }) => {
    const config = {
      maxOutputTokens: 9000,
      ...(tools && { tools: [{ functionDeclarations: [{ name: "get_weather", parametersJsonSchema: PLACE }] }] }),
      ...(schema && { responseMimeType: "application/json", responseJsonSchema: schema }),
      ...(think && { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } }),
    };
    const asked = { model, contents: turns, config };
    const answers = [];
    if (stream) for await (const chunk of await google.models.generateContentStream(asked)) answers.push(chunk);
    else answers.push(await google.models.generateContent(asked));
    const parts = answers.flatMap((answer) => answer.candidates?.[0]?.content?.parts ?? []);
    const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } = answers.at(-1).usageMetadata;
    const calls = parts.filter((part) => part.functionCall).map(({ functionCall: { id, name, args: input } }) => ({ id, name, input }));
    const texts = (thought) => parts.filter((part) => Boolean(part.thought) === thought).map((part) => part.text ?? "").join("");
    const usage = [promptTokenCount, candidatesTokenCount + (thoughtsTokenCount ?? 0)];
    const finish = answers.at(-1).candidates[0].finishReason;
    return { text: texts(false), calls, finish, thought: texts(true), usage, back: [{ role: "model", parts }] };
  },
};
const said = (content) => [{ role: "user", content }];
const asked = {
  "openai chat": said,
  "openai responses": said,
  anthropic: said,
  google: (text) => [{ role: "user", parts: [{ text }] }],
};
const shown = {
  "openai chat": said([{ type: "text", text: "Hello" }, { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }]),
  "openai responses": said([{ type: "input_text", text: "Hello" }, { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${PNG}` }]),
  anthropic: said([{ type: "text", text: "Hello" }, { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } }]),
  google: [{ role: "user", parts: [{ text: "Hello" }, { inlineData: { mimeType: "image/png", data: PNG } }] }],
};
const result = {
  "openai chat": ({ id }) => ({ role: "tool", tool_call_id: id, content: "7 degrees" }),
  "openai responses": ({ id }) => ({ type: "function_call_output", call_id: id, output: "7 degrees" }),
  anthropic: ({ id }) => ({ role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "7 degrees" }] }),
  google: ({ id, name }) => ({ role: "user", parts: [{ functionResponse: { ...(id && { id }), name, response: { result: "7 degrees" } } }] }),
};
const FINISH = {
  "openai chat": ["stop", "tool_calls"],
  "openai responses": ["completed", "completed"],
  anthropic: ["end_turn", "tool_use"],
  google: ["STOP", "STOP"],
};

for (const [client, ask] of Object.entries(CLIENTS)) {
  for (const { dialect, model, called } of UPSTREAMS) {
    for (const stream of [false, true]) {
      const name = `${client} → ${dialect}, ${stream ? "stream" : "whole"}`;
      const [ended, wants] = FINISH[client];

      test(`${name}: text`, async () => {
        const { text, calls, finish, usage } = await ask({ model, turns: asked[client](SAY), stream });
        assert.deepEqual([text, calls, finish], [TEXT, [], ended]);
        assert.ok(usage[0] > 20 && usage[1] === Math.ceil(Buffer.byteLength(TEXT) / 4), `${usage}`);
      });

      test(`${name}: tools over two turns, with thoughts`, async () => {
        const turns = asked[client](WEATHER);
        const first = await ask({ model, turns, tools: true, think: true, stream });
        assert.equal(first.finish, wants);
        assert.deepEqual(first.calls.map(({ name: tool, input }) => [tool, input]), [["get_weather", { place: "Rome" }]]);
        const second = await ask({ model, turns: [...turns, ...first.back, result[client](first.calls[0])], tools: true, think: true, stream });
        assert.deepEqual([second.text, second.finish], [ANSWER, ended]);
      });

      test(`${name}: a picture`, async () => {
        assert.equal((await ask({ model, turns: shown[client], stream })).text, seen(called));
      });

      test(`${name}: JSON by a schema`, async () => {
        const { text } = await ask({ model, turns: asked[client]("Tell me about Rome"), schema: CITY_SCHEMA, stream });
        assert.deepEqual(JSON.parse(text), CITY);
      });

      test(`${name}: thoughts`, async () => {
        const { text, thought } = await ask({ model, turns: asked[client](THINK), think: true, stream });
        // Chat Completions has no word for "show me a summary", without which OpenAI shows none.
        const hidden = client === "openai chat" && dialect === "openai_responses";
        assert.deepEqual([text, thought], ["forty-two", hidden ? "" : THOUGHT]);
      });
    }
  }
}
