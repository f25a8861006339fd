// A conversation as a request, in the words of each dialect.
import type { Dialect } from "./model";

export const efforts = ["none", "low", "medium", "high"] as const;
export type Effort = (typeof efforts)[number];

export interface Settings {
  temperature?: number;
  maxTokens?: number;
  stop: string[];
  json: boolean;
  effort?: Effort;
}

/** What somebody said; or a message as a client wrote it (calls, pictures), which only its own dialect understands. */
export type Line =
  | { role: "user" | "assistant"; text: string; raw?: undefined }
  | { role: string; raw: { dialect: Dialect; value: unknown } };

export interface Talk {
  system: string;
  lines: readonly Line[];
  settings: Settings;
  /** Members of a recorded request that have no field of their own here. */
  more?: { dialect: Dialect; fields: Record<string, unknown> };
}

/** What a dialect has no form for, and why; such a setting is not sent. */
export const lacks: Record<Dialect, Partial<Record<keyof Settings, string>>> = {
  openai_chat: {},
  anthropic_messages: { json: "Messages has no JSON mode without a schema." },
  openai_responses: { stop: "Responses has no stop sequences." },
  gemini: {},
};

/** Messages wants a limit. */
const usualLimit = 4096;
const budgets: Record<Exclude<Effort, "none">, number> = { low: 1024, medium: 4096, high: 16384 };

/** The messages that can be sent in a dialect; the others belong to another one. */
export const sendable = (lines: readonly Line[], dialect: Dialect) =>
  lines.filter((line) => (line.raw ? line.raw.dialect === dialect : line.text.trim() !== ""));

type Body = Record<string, unknown>;

/** Members that are there; undefined ones are left out, so that what is shown and copied is what is sent. */
const there = (body: Body): Body => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

const some = (list: string[]) => (list.length > 0 ? list : undefined);

function chatBody(model: string, { system, lines, settings }: Talk): Body {
  const messages = lines.map((line) => (line.raw ? line.raw.value : { role: line.role, content: line.text }));
  return {
    model,
    messages: [...(system.trim() ? [{ role: "system", content: system }] : []), ...messages],
    stream: true,
    stream_options: { include_usage: true },
    temperature: settings.temperature,
    // The newer name: models that think refuse the older one, and the gateway writes it as each provider wants it.
    max_completion_tokens: settings.maxTokens,
    stop: some(settings.stop),
    response_format: settings.json ? { type: "json_object" } : undefined,
    reasoning_effort: settings.effort,
  };
}

function messagesBody(model: string, { system, lines, settings }: Talk): Body {
  const { effort } = settings;
  const budget = effort && effort !== "none" ? budgets[effort] : undefined;
  const room = settings.maxTokens ?? usualLimit;
  return {
    model,
    max_tokens: budget === undefined ? room : Math.max(room, budget + 1024),
    system: system.trim() ? system : undefined,
    messages: lines.map((line) => (line.raw ? line.raw.value : { role: line.role, content: line.text })),
    stream: true,
    temperature: settings.temperature,
    stop_sequences: some(settings.stop),
    thinking: budget === undefined ? undefined : { type: "enabled", budget_tokens: budget },
  };
}

function responsesBody(model: string, { system, lines, settings }: Talk): Body {
  return {
    model,
    instructions: system.trim() ? system : undefined,
    input: lines.map((line) => (line.raw ? line.raw.value : { role: line.role, content: line.text })),
    stream: true,
    store: false,
    temperature: settings.temperature,
    max_output_tokens: settings.maxTokens,
    text: settings.json ? { format: { type: "json_object" } } : undefined,
    reasoning: settings.effort && { effort: settings.effort },
  };
}

function geminiBody({ system, lines, settings }: Talk): Body {
  const { effort } = settings;
  const thinking = effort && {
    thinkingBudget: effort === "none" ? 0 : budgets[effort],
    includeThoughts: effort !== "none",
  };
  const config = there({
    temperature: settings.temperature,
    maxOutputTokens: settings.maxTokens,
    stopSequences: some(settings.stop),
    responseMimeType: settings.json ? "application/json" : undefined,
    thinkingConfig: thinking,
  });
  const role = (name: string) => (name === "assistant" ? "model" : "user");
  return {
    systemInstruction: system.trim() ? { parts: [{ text: system }] } : undefined,
    contents: lines.map((line) =>
      line.raw ? line.raw.value : { role: role(line.role), parts: [{ text: line.text }] },
    ),
    generationConfig: Object.keys(config).length > 0 ? config : undefined,
  };
}

/** A request that is not sent yet. `headers` hold no credential: how the key is carried is the dialect's. */
export interface Call {
  dialect: string;
  method: string;
  path: string;
  headers: [string, string][];
  /** JSON, or whatever was recorded. */
  body: string | null;
  stream: boolean;
}

/** Which header carries the key, and what stands before it. */
export function keyHeader(dialect: string): [name: string, before: string] {
  if (dialect.startsWith("anthropic")) return ["x-api-key", ""];
  if (dialect.startsWith("gemini")) return ["x-goog-api-key", ""];
  return ["Authorization", "Bearer "];
}

const paths: Record<Exclude<Dialect, "gemini">, string> = {
  openai_chat: "/v1/chat/completions",
  anthropic_messages: "/v1/messages",
  openai_responses: "/v1/responses",
};

/** A slash may be part of a model's name, and so may what an address must not hold. */
const geminiPath = (model: string) =>
  `/v1beta/models/${model.split("/").map(encodeURIComponent).join("/")}:streamGenerateContent?alt=sse`;

/** The request of a talk for one model, streamed. */
export function callOf(dialect: Dialect, model: string, talk: Talk): Call {
  const left = Object.entries(lacks[dialect]).length > 0 ? without(talk, dialect) : talk;
  const asked = { ...left, lines: sendable(talk.lines, dialect) };
  const made = {
    openai_chat: () => chatBody(model, asked),
    anthropic_messages: () => messagesBody(model, asked),
    openai_responses: () => responsesBody(model, asked),
    gemini: () => geminiBody(asked),
  }[dialect]();
  const more = talk.more?.dialect === dialect ? talk.more.fields : {};
  const body = there({ ...more, ...there(made) });
  return {
    dialect,
    method: "POST",
    path: dialect === "gemini" ? geminiPath(model) : paths[dialect],
    headers: [
      ["Content-Type", "application/json"],
      ...(dialect === "anthropic_messages" ? [["anthropic-version", "2023-06-01"] as [string, string]] : []),
    ],
    body: JSON.stringify(body, null, 2),
    stream: true,
  };
}

function without(talk: Talk, dialect: Dialect): Talk {
  const settings = { ...talk.settings };
  if (lacks[dialect].json) settings.json = false;
  if (lacks[dialect].stop) settings.stop = [];
  return { ...talk, settings };
}
