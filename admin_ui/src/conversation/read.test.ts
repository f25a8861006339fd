import { expect, test } from "vitest";
import { dialectAt, dialects, type Dialect, type Part } from "./model";
import { readAnswer } from "./read-answer";
import { readRequest } from "./read-request";

const turns = (dialect: Dialect, body: object) => readRequest(dialect, JSON.stringify(body))?.turns;
const sse = (...events: (object | [string, object] | string)[]) =>
  events
    .map((event) => {
      if (typeof event === "string") return `data: ${event}\n\n`;
      if (Array.isArray(event)) return `event: ${event[0] as string}\ndata: ${JSON.stringify(event[1])}\n\n`;
      return `data: ${JSON.stringify(event)}\n\n`;
    })
    .join("");
const picture: Part = { kind: "media", what: "picture", type: "image/png", bytes: 4 };
const call = (input: string): Part => ({ kind: "call", id: "c1", name: "weather", input });
const text = (value: string): Part => ({ kind: "text", text: value });

test("a request of Chat Completions: roles, pictures, calls, results", () => {
  const body = {
    model: "m",
    messages: [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAAAA==" } },
          { type: "image_url", image_url: { url: "https://elsewhere.example/x.png" } },
        ],
      },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "c1", type: "function", function: { name: "weather", arguments: '{"in":"Rome"}' } }],
      },
      { role: "tool", tool_call_id: "c1", content: "warm" },
    ],
  };
  expect(turns("openai_chat", body)).toEqual([
    { role: "system", parts: [text("Be brief.")] },
    {
      role: "user",
      parts: [
        text("What is this?"),
        picture,
        { kind: "media", what: "picture", type: undefined, at: "https://elsewhere.example/x.png" },
      ],
    },
    { role: "assistant", parts: [call('{"in":"Rome"}')] },
    { role: "tool", parts: [{ kind: "result", id: "c1", name: undefined, parts: [text("warm")] }] },
  ]);
});

test("a request of Messages: system blocks, thoughts, a result with a picture", () => {
  const source = { type: "base64", media_type: "image/png", data: "AAAAAA==" };
  const body = {
    system: [{ type: "text", text: "Be brief." }],
    messages: [
      { role: "user", content: "Hello" },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "tool_use", id: "c1", name: "weather", input: { in: "Rome" } },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "c1", is_error: true, content: [{ type: "image", source }] }],
      },
    ],
  };
  expect(turns("anthropic_messages", body)).toEqual([
    { role: "system", parts: [text("Be brief.")] },
    { role: "user", parts: [text("Hello")] },
    { role: "assistant", parts: [{ kind: "thought", text: "hm" }, call('{\n  "in": "Rome"\n}')] },
    { role: "user", parts: [{ kind: "result", id: "c1", failed: true, parts: [picture] }] },
  ]);
});

test("a request of Responses: a text alone, and items", () => {
  expect(turns("openai_responses", { instructions: "Be brief.", input: "Hello" })).toEqual([
    { role: "system", parts: [text("Be brief.")] },
    { role: "user", parts: [text("Hello")] },
  ]);
  const input = [
    { role: "user", content: [{ type: "input_text", text: "Hello" }] },
    { type: "reasoning", summary: [] },
    { type: "function_call", call_id: "c1", name: "weather", arguments: "{}" },
    { type: "function_call_output", call_id: "c1", output: "warm" },
  ];
  expect(turns("openai_responses", { input })).toEqual([
    { role: "user", parts: [text("Hello")] },
    { role: "assistant", parts: [{ kind: "thought", text: "" }, call("{}")] },
    { role: "tool", parts: [{ kind: "result", id: "c1", parts: [text("warm")] }] },
  ]);
});

test("a request of Gemini, in both ways of writing", () => {
  const body = {
    system_instruction: { parts: [{ text: "Be brief." }] },
    contents: [
      { role: "user", parts: [{ text: "Hello" }, { inline_data: { mime_type: "image/png", data: "AAAAAA==" } }] },
      { role: "model", parts: [{ functionCall: { id: "c1", name: "weather", args: {} } }] },
      { role: "user", parts: [{ functionResponse: { id: "c1", name: "weather", response: { sky: "blue" } } }] },
    ],
  };
  expect(turns("gemini", body)).toEqual([
    { role: "system", parts: [text("Be brief.")] },
    { role: "user", parts: [text("Hello"), picture] },
    { role: "assistant", parts: [call("{}")] },
    {
      role: "user",
      parts: [{ kind: "result", id: "c1", name: "weather", parts: [text('{\n  "sky": "blue"\n}')] }],
    },
  ]);
});

test.each(dialects)("%s: what is no conversation is none, whatever it is", (dialect) => {
  const odd = ["", "nothing", "null", "[]", "7", '{"messages": 3}', '{"input": {"a": 1}}', '{"contents": [null, 4]}'];
  for (const body of [...odd, '{"messages": [null, 1, {"content": [null, {"type": 4}]}]}']) {
    expect(() => readRequest(dialect, body)).not.toThrow();
    expect(() => readAnswer(dialect, body)).not.toThrow();
    expect(() => readAnswer(dialect, `data: ${body}\n\n`)).not.toThrow();
  }
  expect(readRequest(dialect, '{"messages": [{"role": "us')).toBeUndefined();
  expect(readAnswer(dialect, null)).toBeUndefined();
});

test("a stream of Chat Completions: text, a call in pieces, usage, its end", () => {
  const piece = (delta: object, finish_reason: string | null = null) => ({
    choices: [{ index: 0, delta, finish_reason }],
  });
  const made = (more: object) => piece({ tool_calls: [{ index: 0, ...more }] });
  const stream = sse(
    piece({ role: "assistant", content: "" }),
    piece({ reasoning_content: "hm" }),
    piece({ content: "Hel" }),
    piece({ content: "lo" }),
    made({ id: "c1", function: { name: "weather", arguments: "" } }),
    made({ function: { arguments: "{}" } }),
    piece({}, "tool_calls"),
    { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 2 } } },
    "[DONE]",
  );
  expect(readAnswer("openai_chat", stream)).toEqual({
    parts: [{ kind: "thought", text: "hm" }, text("Hello"), call("{}")],
    finish: "tool_calls",
    counts: { input: 9, output: 4, cached: 2 },
    ended: true,
  });
});

test("a stream of Messages; one that breaks off is not ended and says why", () => {
  const start = { type: "message_start", message: { usage: { input_tokens: 5, cache_read_input_tokens: 4 } } };
  const delta = (index: number, value: object) => ({ type: "content_block_delta", index, delta: value });
  const said = [
    start,
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    delta(0, { type: "text_delta", text: "Hello" }),
  ];
  const tool = { type: "tool_use", id: "c1", name: "weather", input: {} };
  const whole = sse(
    ...said,
    { type: "content_block_start", index: 1, content_block: tool },
    delta(1, { type: "input_json_delta", partial_json: '{"a"' }),
    delta(1, { type: "input_json_delta", partial_json: ":1}" }),
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 7 } },
    { type: "message_stop" },
  );
  expect(readAnswer("anthropic_messages", whole)).toEqual({
    parts: [text("Hello"), call('{"a":1}')],
    finish: "tool_use",
    counts: { input: 9, cached: 4, output: 7 },
    ended: true,
  });
  const broken = sse(...said, ["error", { type: "error", error: { type: "api_error", message: "gone" } }]);
  expect(readAnswer("anthropic_messages", broken)).toMatchObject({
    parts: [text("Hello")],
    error: "gone",
    ended: false,
  });
});

test("a stream of Responses ends with the whole answer", () => {
  const response = {
    object: "response",
    status: "completed",
    output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hello" }] }],
    usage: { input_tokens: 3, output_tokens: 2, output_tokens_details: { reasoning_tokens: 1 } },
  };
  const pieces = [
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hel" },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "l" },
  ];
  expect(readAnswer("openai_responses", sse(...pieces))).toEqual({ parts: [text("Hell")], ended: false });
  const expected = {
    parts: [text("Hello")],
    finish: "completed",
    counts: { input: 3, output: 2, reasoning: 1 },
    ended: true,
  };
  expect(readAnswer("openai_responses", sse(...pieces, { type: "response.completed", response }))).toEqual(expected);
  expect(readAnswer("openai_responses", JSON.stringify(response))).toEqual(expected);
});

test("a stream of Gemini, as events and as one array", () => {
  const chunk = (parts: object[], more = {}) => ({ candidates: [{ content: { role: "model", parts }, ...more }] });
  const chunks = [
    chunk([{ text: "hm", thought: true }]),
    chunk([{ text: "Hel" }]),
    chunk([{ text: "lo" }]),
    {
      ...chunk([], { finishReason: "STOP" }),
      usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, thoughtsTokenCount: 1 },
    },
  ];
  const expected = {
    parts: [{ kind: "thought", text: "hm" }, text("Hello")],
    finish: "STOP",
    counts: { input: 4, output: 3, reasoning: 1 },
    ended: true,
  };
  expect(readAnswer("gemini", sse(...chunks))).toEqual(expected);
  expect(readAnswer("gemini", JSON.stringify(chunks))).toEqual(expected);
});

test.each<[Dialect, object]>([
  ["openai_chat", { error: { message: "no", type: "invalid_request_error" } }],
  ["anthropic_messages", { type: "error", error: { type: "invalid_request_error", message: "no" } }],
  ["openai_responses", { error: { message: "no", code: null } }],
  ["gemini", { error: { code: 400, message: "no", status: "INVALID_ARGUMENT" } }],
])("%s: an error is read as such", (dialect, body) => {
  expect(readAnswer(dialect, JSON.stringify(body))).toMatchObject({ parts: [], error: "no", ended: false });
});

test.each<[string, Dialect | undefined]>([
  ["/v1/chat/completions", "openai_chat"],
  ["/v1/messages/count_tokens", "anthropic_messages"],
  ["/v1/responses", "openai_responses"],
  ["/v1beta/models/ollama/llama3:8b:streamGenerateContent", "gemini"],
  ["/v1beta/models/embedder:embedContent", undefined],
  ["/v1/embeddings", undefined],
])("%s holds a conversation of %s", (path, dialect) => {
  expect(dialectAt(path)).toBe(dialect);
});
