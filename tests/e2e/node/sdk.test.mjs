// The official JavaScript SDKs through a door of the gateway, against the byte-exact upstream.
// DOOR_URL, DOOR_KEY and LIMITED_KEY say where and with what; FIXTURES is the folder of tests/wire/fixtures.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const { DOOR_URL, DOOR_KEY, LIMITED_KEY, FIXTURES, AGENT } = process.env;
const defaultHeaders = { "User-Agent": AGENT };
const openai = (more = {}) => new OpenAI({ baseURL: `${DOOR_URL}/v1`, apiKey: DOOR_KEY, maxRetries: 0, defaultHeaders, ...more });
const anthropic = (more = {}) => new Anthropic({ baseURL: DOOR_URL, apiKey: DOOR_KEY, maxRetries: 0, defaultHeaders, ...more });
const HI = [{ role: "user", content: "hi" }];

function cases(dialect) {
  const folder = join(FIXTURES, dialect);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".request.json"))
    .map((name) => {
      const stem = name.replace(".request.json", "");
      const read = (kind) => JSON.parse(readFileSync(join(folder, `${stem}.${kind}.json`), "utf8"));
      return { name: stem, request: read("request"), expected: read("expected") };
    });
}

const toolsOf = (message) => (message.tool_calls ?? []).map((call) => ({ name: call.function.name, arguments: JSON.parse(call.function.arguments) }));

for (const { name, request, expected } of cases("openai_chat")) {
  test(`openai whole: ${name}`, async () => {
    const { stream_options: _unused, ...body } = request;
    const answer = await openai().chat.completions.create({ ...body, model: `chat-${name}` });
    const { message, finish_reason } = answer.choices[0];
    assert.equal(finish_reason, expected.finish);
    assert.equal(message.content ?? undefined, expected.text);
    assert.equal(message.refusal ?? undefined, expected.refusal);
    assert.deepEqual(toolsOf(message), expected.tools ?? []);
  });

  test(`openai stream: ${name}`, async () => {
    const stream = await openai().chat.completions.create({ ...request, model: `chat-${name}`, stream: true });
    let text = "", refusal = "", finish;
    const calls = [];
    for await (const chunk of stream) {
      for (const choice of chunk.choices.filter(({ index }) => index === 0)) {
        text += choice.delta.content ?? "";
        refusal += choice.delta.refusal ?? "";
        finish = choice.finish_reason ?? finish;
        for (const part of choice.delta.tool_calls ?? []) {
          calls[part.index] ??= { name: "", arguments: "" };
          calls[part.index].name += part.function?.name ?? "";
          calls[part.index].arguments += part.function?.arguments ?? "";
        }
      }
    }
    assert.deepEqual([text, refusal, finish], [expected.text ?? "", expected.refusal ?? "", expected.finish]);
    assert.deepEqual(calls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })), expected.tools ?? []);
  });
}

for (const { name, request, expected } of cases("openai_embeddings")) {
  test(`openai embeddings: ${name}`, async () => {
    const answer = await openai().embeddings.create({ ...request, model: `embed-${name}` });
    assert.equal(answer.data.length, expected.vectors);
  });
}

function checkMessage(name, message, expected) {
  assert.equal(message.stop_reason, expected.finish);
  const of = (type) => message.content.filter((block) => block.type === type);
  const text = of("text").map((block) => block.text).join("");
  if (name !== "refusal") assert.equal(text, expected.text ?? "");
  assert.deepEqual(of("tool_use").map((block) => ({ name: block.name, arguments: block.input })), expected.tools ?? []);
  assert.equal(of("thinking")[0]?.thinking, expected.thinking);
  assert.equal(of("thinking")[0]?.signature, expected.signature);
}

for (const { name, request, expected } of cases("anthropic_messages")) {
  test(`anthropic whole: ${name}`, async () => {
    const { stream: _unused, ...body } = request;
    // Without a timeout of its own the client refuses to wait for as many tokens as a coding agent asks for.
    checkMessage(name, await anthropic({ timeout: 20_000 }).messages.create({ ...body, model: `claude-${name}` }), expected);
  });

  test(`anthropic stream: ${name}`, async () => {
    if (name === "unknown_fields") {
      // The accumulating helper refuses block types it does not know; the plain iterator must still see a whole stream.
      const seen = [];
      for await (const event of await anthropic().messages.create({ ...request, model: `claude-${name}`, stream: true })) seen.push(event.type);
      assert.deepEqual([seen[0], seen.at(-1)], ["message_start", "message_stop"]);
      return;
    }
    const { stream: _unused, ...body } = request;
    checkMessage(name, await anthropic().messages.stream({ ...body, model: `claude-${name}` }).finalMessage(), expected);
  });
}

test("anthropic count_tokens", async () => {
  const counted = await anthropic().messages.countTokens({ model: "claude-text", messages: HI });
  assert.equal(counted.input_tokens, 2095);
});

test("models in both shapes", async () => {
  const ids = [];
  for await (const model of openai().models.list()) ids.push(model.id);
  assert.ok(ids.includes("chat-text") && ids.includes("claude-text"));
  assert.equal((await openai().models.retrieve("chat-text")).object, "model");
  const shown = [];
  for await (const model of anthropic().models.list({ limit: 1000 })) shown.push(model);
  assert.ok(shown.every((model) => model.type === "model" && model.display_name));
  assert.equal((await anthropic().models.retrieve("claude-text")).id, "claude-text");
});

const chat = (model, more = {}, client = openai()) => client.chat.completions.create({ model, messages: HI, ...more });
const message = (model, more = {}, client = anthropic()) => client.messages.create({ model, max_tokens: 9, messages: HI, ...more });

for (const [status, kind] of [[400, OpenAI.BadRequestError], [401, OpenAI.AuthenticationError], [404, OpenAI.NotFoundError], [429, OpenAI.RateLimitError], [500, OpenAI.InternalServerError]]) {
  for (const stream of [false, true]) {
    test(`openai error ${status}, stream ${stream}`, async () => {
      await assert.rejects(chat(`chat-fault-status_${status}`, { stream }), (error) => error instanceof kind && error.status === status && error.code === `upstream_${status}`);
    });
  }
}

for (const [status, kind] of [[400, Anthropic.BadRequestError], [401, Anthropic.AuthenticationError], [404, Anthropic.NotFoundError], [429, Anthropic.RateLimitError], [500, Anthropic.InternalServerError], [529, Anthropic.InternalServerError]]) {
  for (const stream of [false, true]) {
    test(`anthropic error ${status}, stream ${stream}`, async () => {
      await assert.rejects(message(`claude-fault-status_${status}`, { stream }), (error) => error instanceof kind && error.status === status && error.requestID === `req_upstream_${status}`);
    });
  }
}

test("our own refusals are typed", async () => {
  await assert.rejects(chat("chat-text", {}, openai({ apiKey: "sk-gw-wrong" })), OpenAI.AuthenticationError);
  await assert.rejects(message("claude-text", {}, anthropic({ apiKey: "sk-gw-wrong" })), Anthropic.AuthenticationError);
  await assert.rejects(chat("chat-texd"), (error) => error instanceof OpenAI.NotFoundError && error.message.includes("chat-text"));
  await assert.rejects(message("claude-texd"), (error) => error instanceof Anthropic.NotFoundError && error.message.includes("claude-text"));
  await assert.rejects(chat("chat-tools", {}, openai({ apiKey: LIMITED_KEY })), OpenAI.PermissionDeniedError);
  await assert.rejects(chat("chat-refused"), OpenAI.InternalServerError);
  await assert.rejects(message("claude-refused"), Anthropic.InternalServerError);
});

test("a cut stream is an error, never an end", async () => {
  const drain = async (stream) => { for await (const _event of await stream); };
  for (const fault of ["stream_reset_after_first_event", "stream_close_inside_event", "stream_ends_in_order_without_terminal_event", "stream_error_event_after_content"]) {
    await assert.rejects(drain(chat(`chat-fault-${fault}`, { stream: true })), OpenAI.APIError, fault);
    await assert.rejects(drain(message(`claude-fault-${fault}`, { stream: true })), Anthropic.APIError, fault);
  }
});

test("Retry-After is honoured", async () => {
  const start = Date.now();
  await assert.rejects(chat("chat-fault-status_429_retry_after", {}, openai({ maxRetries: 1 })), OpenAI.RateLimitError);
  const waited = Date.now() - start;
  assert.ok(waited >= 950 && waited < 8000, `${waited} ms`);
});
