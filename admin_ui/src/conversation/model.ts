// What a conversation consists of, whatever dialect its request and answer were written in.
import { isObject } from "@/format/json";

export type Dialect = "openai_chat" | "anthropic_messages" | "openai_responses" | "gemini";

export const dialects: readonly Dialect[] = ["openai_chat", "anthropic_messages", "openai_responses", "gemini"];
export const dialectNames: Record<Dialect, string> = {
  openai_chat: "Chat Completions",
  anthropic_messages: "Messages",
  openai_responses: "Responses",
  gemini: "Gemini",
};
export const isDialect = (value: unknown): value is Dialect => (dialects as readonly unknown[]).includes(value);

/** The dialect of a request's body, by where it was sent; undefined where no conversation is held. */
export function dialectAt(path: string): Dialect | undefined {
  if (path === "/v1/chat/completions") return "openai_chat";
  if (path === "/v1/responses") return "openai_responses";
  if (path === "/v1/messages" || path === "/v1/messages/count_tokens") return "anthropic_messages";
  return /^\/v1(beta|alpha)?\/models\/.+:(generateContent|streamGenerateContent|countTokens)$/.test(path)
    ? "gemini"
    : undefined;
}

export type Part =
  | { kind: "text"; text: string }
  /** `text` "" = the provider kept it to itself. */
  | { kind: "thought"; text: string }
  /** `input` as the model wrote it, usually JSON. */
  | { kind: "call"; id?: string; name: string; input: string }
  | { kind: "result"; id?: string; name?: string; failed?: boolean; parts: Part[] }
  /** A picture, sound or file: what it is, not what is in it. `bytes` where the data came with the request. */
  | { kind: "media"; what: string; type?: string; bytes?: number; at?: string }
  /** Something this dashboard does not know: its type, and its JSON. */
  | { kind: "other"; what: string; json: string };

export interface Turn {
  role: string;
  parts: Part[];
}

/** Tokens as the answer itself counts them. `input` includes what was read from and written to a cache. */
export interface Counts {
  input?: number;
  cached?: number;
  output?: number;
  reasoning?: number;
}

export interface Answer {
  parts: Part[];
  /** Why it ended, in the dialect's own word. */
  finish?: string;
  counts?: Counts;
  /** What the provider or the gateway says went wrong, inside the answer. */
  error?: string;
  /** Whether it came to its end; false = broken off, or still coming. */
  ended: boolean;
}

export interface Asked {
  turns: Turn[];
  tools: { name: string; about?: string }[];
}

// Reading JSON of which nothing is known.
export const str = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
export const num = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
export const obj = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const json = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value, null, 2);

export const other = (value: unknown): Part => ({
  kind: "other",
  what: str(obj(value).type) ?? Object.keys(obj(value))[0] ?? typeof value,
  json: json(value),
});

/** The bytes that a base64 text stands for. */
const decoded = (base64: string) =>
  Math.max(0, Math.floor((base64.length * 3) / 4) - (/=*$/.exec(base64)?.[0].length ?? 0));

/** Data that came with the request, by its base64 text. */
export const dataMedia = (what: string, base64: unknown, type: unknown): Part => ({
  kind: "media",
  what,
  type: str(type),
  bytes: decoded(str(base64) ?? ""),
});

/** Something that lies elsewhere, or in a `data:` URL; it is named, never fetched. */
export function linkedMedia(what: string, url: unknown, type?: unknown): Part {
  const text = str(url) ?? "";
  const inline = /^data:([^;,]*)[^,]*,/.exec(text);
  if (inline) return dataMedia(what, text.slice(inline[0].length), inline[1] || type);
  return { kind: "media", what, type: str(type), at: text };
}

export const textOf = (parts: readonly Part[]): string =>
  parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("");
