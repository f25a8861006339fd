// A recorded request as a talk that can be edited and asked again.
import { isObject } from "@/format/json";
import { efforts, type Effort, type Line, type Settings, type Talk } from "./asking";
import { list, num, obj, str, textOf, type Dialect, type Turn } from "./model";
import { blocks } from "./read-anthropic";
import { geminiParts } from "./read-gemini";
import { chatTurns, openaiParts, responsesTurn } from "./read-openai";
import { parsed } from "./read-request";

type Body = Record<string, unknown>;

/** Text alone becomes a line to edit; everything else stays as its client wrote it. */
function line(dialect: Dialect, value: unknown, { role, parts }: Turn): Line {
  const plain = parts.every((part) => part.kind === "text");
  const speaker = role === "user" || role === "assistant" ? role : undefined;
  return plain && speaker ? { role: speaker, text: textOf(parts) } : { role, raw: { dialect, value } };
}

const effortOf = (value: unknown): Effort | undefined =>
  value === "minimal" ? "low" : efforts.find((effort) => effort === value);

const stops = (value: unknown): string[] =>
  typeof value === "string" ? [value] : list(value).filter((one) => typeof one === "string");

/** The members of a body that were understood and those that were not. */
interface Read {
  system: string;
  lines: Line[];
  settings: Settings;
  known: string[];
}

const isJsonMode = (format: unknown) => obj(format).type === "json_object";

function chat(body: Body): Read {
  const turns = chatTurns(body.messages);
  const messages = list(body.messages);
  const first = turns[0];
  const leads =
    (first?.role === "system" || first?.role === "developer") && first.parts.every(({ kind }) => kind === "text");
  const rest = turns.slice(leads ? 1 : 0);
  const json = isJsonMode(body.response_format);
  const effort = effortOf(body.reasoning_effort);
  return {
    system: leads ? textOf(first.parts) : "",
    lines: rest.map((turn, at) => line("openai_chat", messages[at + (leads ? 1 : 0)], turn)),
    settings: {
      temperature: num(body.temperature),
      maxTokens: num(body.max_completion_tokens) ?? num(body.max_tokens),
      stop: stops(body.stop),
      json,
      effort,
    },
    known: [
      ...["messages", "temperature", "max_completion_tokens", "max_tokens", "stop", "stream_options"],
      ...(json ? ["response_format"] : []),
      ...(effort ? ["reasoning_effort"] : []),
    ],
  };
}

function messages(body: Body): Read {
  const system = blocks(body.system);
  const plain = system.every((part) => part.kind === "text");
  return {
    system: plain ? system.map(({ text }) => text).join("\n\n") : "",
    lines: list(body.messages).map((value) =>
      line("anthropic_messages", value, { role: str(obj(value).role) ?? "user", parts: blocks(obj(value).content) }),
    ),
    settings: {
      temperature: num(body.temperature),
      maxTokens: num(body.max_tokens),
      stop: stops(body.stop_sequences),
      json: false,
    },
    known: ["messages", "temperature", "max_tokens", "stop_sequences", ...(plain ? ["system"] : [])],
  };
}

function responses(body: Body): Read {
  const items = typeof body.input === "string" ? [{ role: "user", content: body.input }] : list(body.input);
  const json = isJsonMode(obj(body.text).format) && Object.keys(obj(body.text)).length === 1;
  const effort = Object.keys(obj(body.reasoning)).length === 1 ? effortOf(obj(body.reasoning).effort) : undefined;
  return {
    system: textOf(openaiParts(body.instructions)),
    lines: items.map((value) => line("openai_responses", value, responsesTurn(value))),
    settings: { temperature: num(body.temperature), maxTokens: num(body.max_output_tokens), stop: [], json, effort },
    known: [
      ...["instructions", "input", "temperature", "max_output_tokens"],
      ...(json ? ["text"] : []),
      ...(effort ? ["reasoning"] : []),
    ],
  };
}

function gemini(body: Body): Read {
  const system = body.systemInstruction ?? body.system_instruction;
  const config = obj(body.generationConfig ?? body.generation_config);
  const contents = Array.isArray(body.contents) ? body.contents : [body.contents];
  // A configuration with more than this page has fields for stays as it was.
  const fields = ["temperature", "maxOutputTokens", "stopSequences", "responseMimeType"];
  const whole = Object.keys(config).every((name) => fields.includes(name)) && isPlainType(config.responseMimeType);
  return {
    system: typeof system === "string" ? system : textOf(geminiParts(system)),
    lines: contents.map((value) => {
      const role = obj(value).role === "model" ? "assistant" : (str(obj(value).role) ?? "user");
      return line("gemini", value, { role, parts: geminiParts(value) });
    }),
    settings: {
      ...(whole ? { temperature: num(config.temperature), maxTokens: num(config.maxOutputTokens) } : {}),
      stop: whole ? stops(config.stopSequences) : [],
      json: whole && config.responseMimeType === "application/json",
    },
    known: [
      "systemInstruction",
      "system_instruction",
      "contents",
      ...(whole ? ["generationConfig", "generation_config"] : []),
    ],
  };
}

const isPlainType = (type: unknown) => type === undefined || type === "application/json" || type === "text/plain";

const readers: Record<Dialect, (body: Body) => Read> = {
  openai_chat: chat,
  anthropic_messages: messages,
  openai_responses: responses,
  gemini,
};

/** A recorded body as a talk; undefined when it is no whole conversation of a dialect that can be asked here. */
export function talkOf(
  dialect: Dialect | undefined,
  text: string | null,
): { dialect: Dialect; talk: Talk } | undefined {
  const body = text === null ? undefined : parsed(text);
  if (!dialect || !isObject(body)) return undefined;
  const read = readers[dialect](body);
  if (read.lines.length === 0) return undefined;
  // The page chooses the model, and always streams.
  const known = new Set([...read.known, "model", "stream"]);
  const fields = Object.fromEntries(Object.entries(body).filter(([name]) => !known.has(name)));
  const more = Object.keys(fields).length > 0 ? { dialect, fields } : undefined;
  return { dialect, talk: { system: read.system, lines: read.lines, settings: read.settings, more } };
}
