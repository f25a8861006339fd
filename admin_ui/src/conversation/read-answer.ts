// Answers, whole or as streams, in each dialect's own words.
import { AnswerDraft } from "./draft";
import { list, num, obj, str, type Answer, type Dialect } from "./model";
import { block } from "./read-anthropic";
import { geminiPart } from "./read-gemini";
import { chatMessage, responsesTurns } from "./read-openai";
import { parsed } from "./read-request";
import { sseEvents, type SseEvent } from "./sse";

type Json = Record<string, unknown>;
/** Takes one event of a stream, parsed; a whole answer is one event of its own kind. */
type Take = (draft: AnswerDraft, value: Json) => void;

/** What an error object says, in any of the dialects. */
export function errorText(value: unknown): string | undefined {
  const error = obj(value).error ?? value;
  if (typeof error === "string") return error;
  const { message, code, type, status } = obj(error);
  return str(message) ?? str(code) ?? str(type) ?? str(status);
}

function chat(draft: AnswerDraft, value: Json): void {
  if (value.error) draft.set({ error: errorText(value) });
  const usage = obj(value.usage);
  if (value.usage) {
    draft.count({
      input: num(usage.prompt_tokens),
      output: num(usage.completion_tokens),
      cached: num(obj(usage.prompt_tokens_details).cached_tokens),
      reasoning: num(obj(usage.completion_tokens_details).reasoning_tokens),
    });
  }
  for (const [at, one] of list(value.choices).entries()) {
    const choice = obj(one);
    const place = String(num(choice.index) ?? at);
    if (choice.message) chatMessage(choice.message).forEach((part, index) => draft.put(`${place} ${index}`, part));
    else chatDelta(draft, place, obj(choice.delta));
    const finish = str(choice.finish_reason);
    if (finish) draft.set({ finish, ended: true });
  }
}

function chatDelta(draft: AnswerDraft, place: string, delta: Json): void {
  draft.grow(`${place} thought`, "thought", str(delta.reasoning_content) ?? str(delta.reasoning) ?? "");
  draft.grow(`${place} text`, "text", str(delta.content) ?? "");
  draft.grow(`${place} refusal`, "text", str(delta.refusal) ?? "");
  for (const [at, one] of list(delta.tool_calls).entries()) {
    const call = obj(one);
    const made = obj(call.function ?? call.custom);
    const input = str(made.arguments) ?? str(made.input);
    draft.growCall(`${place} call ${num(call.index) ?? at}`, { id: str(call.id), name: str(made.name), input });
  }
}

function messages(draft: AnswerDraft, value: Json): void {
  switch (value.type) {
    case "message":
      list(value.content).forEach((one, at) => draft.put(String(at), block(one)));
      messagesUsage(draft, obj(value.usage));
      {
        draft.set({ finish: str(value.stop_reason), ended: true });
        return;
      }
    case "message_start": {
      messagesUsage(draft, obj(obj(value.message).usage));
      return;
    }
    case "content_block_start": {
      startBlock(draft, String(num(value.index) ?? draft.size), obj(value.content_block));
      return;
    }
    case "content_block_delta": {
      growBlock(draft, String(num(value.index) ?? 0), obj(value.delta));
      return;
    }
    case "message_delta":
      messagesUsage(draft, obj(value.usage));
      {
        draft.set({ finish: str(obj(value.delta).stop_reason) });
        return;
      }
    case "message_stop": {
      draft.set({ ended: true });
      return;
    }
    case "error": {
      draft.set({ error: errorText(value) });
      return;
    }
  }
}

function startBlock(draft: AnswerDraft, place: string, found: Json): void {
  const part = block(found);
  // A call's input comes in pieces; what it begins with is an empty object.
  draft.put(place, part.kind === "call" ? { ...part, input: "" } : part);
}

function growBlock(draft: AnswerDraft, place: string, delta: Json): void {
  if (delta.type === "text_delta") draft.grow(place, "text", str(delta.text) ?? "");
  else if (delta.type === "thinking_delta") draft.grow(place, "thought", str(delta.thinking) ?? "");
  else if (delta.type === "input_json_delta") draft.growCall(place, { input: str(delta.partial_json) });
}

function messagesUsage(draft: AnswerDraft, usage: Json): void {
  const fresh = num(usage.input_tokens);
  const read = num(usage.cache_read_input_tokens);
  const written = num(usage.cache_creation_input_tokens);
  const input = fresh === undefined ? undefined : fresh + (read ?? 0) + (written ?? 0);
  draft.count({ input, cached: read, output: num(usage.output_tokens) });
}

function responses(draft: AnswerDraft, value: Json): void {
  const kind = str(value.type) ?? "";
  if (value.object === "response") {
    wholeResponse(draft, value);
    return;
  }
  const place = `${num(value.output_index) ?? 0} ${num(value.content_index) ?? num(value.summary_index) ?? 0}`;
  const delta = str(value.delta) ?? "";
  if (kind === "response.output_text.delta" || kind === "response.refusal.delta")
    draft.grow(`${place} text`, "text", delta);
  else if (kind === "response.reasoning_summary_text.delta" || kind === "response.reasoning_text.delta")
    draft.grow(`${place} ${kind}`, "thought", delta);
  else if (kind === "response.output_item.added" && str(obj(value.item).name)) {
    const item = obj(value.item);
    draft.growCall(`${num(value.output_index) ?? 0} call`, { id: str(item.call_id), name: str(item.name) });
  } else if (kind === "response.function_call_arguments.delta" || kind === "response.custom_tool_call_input.delta")
    draft.growCall(`${num(value.output_index) ?? 0} call`, { input: delta });
  else if (kind === "error" || (value.error && !kind)) draft.set({ error: errorText(value) });
  else if (/^response\.(completed|incomplete|failed|cancelled)$/.test(kind)) wholeResponse(draft, obj(value.response));
}

function wholeResponse(draft: AnswerDraft, value: Json): void {
  const parts = responsesTurns(value.output).flatMap((turn) => turn.parts);
  if (parts.length > 0) draft.replace(parts);
  const usage = obj(value.usage);
  draft.count({
    input: num(usage.input_tokens),
    output: num(usage.output_tokens),
    cached: num(obj(usage.input_tokens_details).cached_tokens),
    reasoning: num(obj(usage.output_tokens_details).reasoning_tokens),
  });
  const status = str(value.status);
  const reason = str(obj(value.incomplete_details).reason);
  const error = value.error ? errorText(value) : undefined;
  draft.set({ finish: reason ?? status, error, ended: status === "completed" || status === "incomplete" });
}

function gemini(draft: AnswerDraft, value: Json): void {
  if (value.error) {
    draft.set({ error: errorText(value) });
    return;
  }
  const blocked = str(obj(value.promptFeedback).blockReason);
  if (blocked) draft.set({ finish: blocked, ended: true });
  const usage = obj(value.usageMetadata);
  if (value.usageMetadata) {
    const thought = num(usage.thoughtsTokenCount);
    const said = num(usage.candidatesTokenCount);
    draft.count({
      input: num(usage.promptTokenCount),
      cached: num(usage.cachedContentTokenCount),
      output: said === undefined && thought === undefined ? undefined : (said ?? 0) + (thought ?? 0),
      reasoning: thought,
    });
  }
  for (const one of list(value.candidates)) {
    const candidate = obj(one);
    for (const given of list(obj(candidate.content).parts)) addGemini(draft, given);
    const finish = str(candidate.finishReason);
    if (finish) draft.set({ finish, ended: true });
  }
}

/** Pieces of one text come as parts of their own. */
function addGemini(draft: AnswerDraft, given: unknown): void {
  const part = geminiPart(given);
  const grows = (part.kind === "text" || part.kind === "thought") && draft.last()?.kind === part.kind;
  const place = String(grows ? draft.size - 1 : draft.size);
  if (part.kind === "text" || part.kind === "thought") draft.grow(place, part.kind, part.text);
  else draft.put(place, part);
}

const takers: Record<Dialect, Take> = {
  openai_chat: chat,
  anthropic_messages: messages,
  openai_responses: responses,
  gemini,
};

/** An answer as its stream comes. */
export class AnswerReader {
  readonly #draft = new AnswerDraft();
  readonly #take: Take;

  constructor(dialect: Dialect) {
    this.#take = takers[dialect];
  }

  event({ event, data }: SseEvent): void {
    if (data === "[DONE]") {
      this.#draft.set({ ended: true });
      return;
    }
    this.value(parsed(data), event);
  }

  /** A parsed event, an error or a whole answer. */
  value(value: unknown, event = ""): void {
    // An error of ours may come in a dialect that has no event for it.
    if (event === "error" && errorText(value)) this.#draft.set({ error: errorText(value) });
    else this.#take(this.#draft, obj(value));
  }

  answer(): Answer {
    return this.#draft.done();
  }
}

/** A recorded answer, whole or a stream, even one that broke off; undefined when nothing of it can be read. */
export function readAnswer(dialect: Dialect | undefined, text: string | null): Answer | undefined {
  if (!dialect || !text) return undefined;
  const reader = new AnswerReader(dialect);
  const whole = parsed(text);
  // Gemini's other form of a stream is one array of what its events hold.
  if (Array.isArray(whole)) for (const one of whole) reader.value(one);
  else if (whole !== undefined) reader.value(whole);
  else for (const event of sseEvents(text)) reader.event(event);
  const answer = reader.answer();
  const error = answer.error ?? (whole === undefined ? undefined : wholeError(whole));
  const found = error === undefined ? answer : { ...answer, error };
  return found.parts.length > 0 || found.error !== undefined || found.finish !== undefined ? found : undefined;
}

const wholeError = (value: unknown) => (obj(value).error ? errorText(value) : undefined);
