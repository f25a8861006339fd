import { isObject } from "@/format/json";
import type { Asked, Dialect } from "./model";
import { messagesRequest } from "./read-anthropic";
import { geminiRequest } from "./read-gemini";
import { chatRequest, responsesRequest } from "./read-openai";

const readers: Record<Dialect, (body: Record<string, unknown>) => Asked> = {
  openai_chat: chatRequest,
  anthropic_messages: messagesRequest,
  openai_responses: responsesRequest,
  gemini: geminiRequest,
};

export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** A recorded request as a conversation; undefined when it is none, or not whole. */
export function readRequest(dialect: Dialect | undefined, text: string | null): Asked | undefined {
  const body = text === null ? undefined : parsed(text);
  if (!dialect || !isObject(body)) return undefined;
  const asked = readers[dialect](body);
  return asked.turns.length > 0 ? asked : undefined;
}
