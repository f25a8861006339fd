// Chat Completions and Responses. https://platform.openai.com/docs/api-reference/chat/create and …/responses/create
import { json, dataMedia, linkedMedia, list, obj, other, str, type Asked, type Part, type Turn } from "./model";

/** A content: text, or a list of parts in the words of either API. */
export function openaiParts(content: unknown): Part[] {
  if (content === null || content === undefined) return [];
  if (typeof content === "string") return content ? [{ kind: "text", text: content }] : [];
  return list(content).map(openaiPart);
}

function openaiPart(value: unknown): Part {
  if (typeof value === "string") return { kind: "text", text: value };
  const part = obj(value);
  switch (part.type) {
    case "text":
    case "input_text":
    case "output_text":
    case "summary_text":
    case "reasoning_text":
      return { kind: "text", text: str(part.text) ?? "" };
    case "refusal":
      return { kind: "text", text: str(part.refusal) ?? "" };
    case "image_url":
      return linkedMedia("picture", typeof part.image_url === "string" ? part.image_url : obj(part.image_url).url);
    case "input_image":
      return linkedMedia("picture", part.image_url ?? part.file_id);
    case "input_audio": {
      const audio = obj(part.input_audio);
      return dataMedia("sound", audio.data, audio.format);
    }
    case "file":
    case "input_file": {
      const file = part.type === "file" ? obj(part.file) : part;
      return linkedMedia("file", file.file_data ?? file.file_url ?? file.file_id, file.filename);
    }
    default:
      return other(value);
  }
}

const thoughts = (value: unknown): Part[] => (str(value) ? [{ kind: "thought", text: str(value) ?? "" }] : []);

function chatCall(value: unknown): Part {
  const call = obj(value);
  const made = call.type === "custom" ? obj(call.custom) : obj(call.function);
  return {
    kind: "call",
    id: str(call.id),
    name: str(made.name) ?? "",
    input: json(made.arguments ?? made.input ?? ""),
  };
}

/** What a message of Chat Completions holds, asked or answered. */
export function chatMessage(value: unknown): Part[] {
  const message = obj(value);
  const legacy = message.function_call ? [chatCall({ function: message.function_call })] : [];
  const audio = obj(message.audio);
  return [
    ...thoughts(message.reasoning_content ?? message.reasoning),
    ...openaiParts(message.content),
    ...(str(message.refusal) ? openaiParts(message.refusal) : []),
    ...(message.audio ? [dataMedia("sound", audio.data, undefined)] : []),
    ...list(message.tool_calls).map(chatCall),
    ...legacy,
  ];
}

function chatTurn(value: unknown): Turn {
  const message = obj(value);
  const role = str(message.role) ?? "?";
  if (role !== "tool" && role !== "function") return { role, parts: chatMessage(message) };
  const parts = openaiParts(message.content);
  return { role: "tool", parts: [{ kind: "result", id: str(message.tool_call_id), name: str(message.name), parts }] };
}

export const chatTurns = (items: unknown): Turn[] => list(items).map(chatTurn);

const tool = (value: unknown) => {
  const named = obj(obj(value).function ?? obj(value).custom ?? value);
  return { name: str(named.name) ?? str(obj(value).type) ?? "?", about: str(named.description) };
};

export const chatRequest = (body: Record<string, unknown>): Asked => ({
  turns: chatTurns(body.messages),
  tools: [...list(body.tools), ...list(body.functions)].map(tool),
});

/** One item of Responses, of the input or of the output. */
export function responsesTurn(value: unknown): Turn {
  const item = obj(value);
  const id = str(item.call_id) ?? str(item.id);
  switch (item.type) {
    case undefined:
    case "message":
      return { role: str(item.role) ?? "?", parts: openaiParts(item.content) };
    case "function_call":
    case "custom_tool_call":
      return {
        role: "assistant",
        parts: [{ kind: "call", id, name: str(item.name) ?? "", input: json(item.arguments ?? item.input ?? "") }],
      };
    case "function_call_output":
    case "custom_tool_call_output":
      return { role: "tool", parts: [{ kind: "result", id, parts: openaiParts(item.output) }] };
    case "reasoning": {
      const said = [...openaiParts(item.summary), ...openaiParts(item.content)];
      const text = said.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n");
      return { role: "assistant", parts: [{ kind: "thought", text }] };
    }
    default:
      return { role: str(item.role) ?? "assistant", parts: [other(value)] };
  }
}

/** Items of one speaker are one turn. */
export function responsesTurns(items: unknown): Turn[] {
  const turns: Turn[] = [];
  for (const item of list(items)) {
    const turn = responsesTurn(item);
    const last = turns.at(-1);
    const joins = last?.role === "assistant" && turn.role === "assistant";
    if (joins) last.parts.push(...turn.parts);
    else turns.push(turn);
  }
  return turns;
}

export function responsesRequest(body: Record<string, unknown>): Asked {
  const system = str(body.instructions);
  const input = typeof body.input === "string" ? [{ role: "user", content: body.input }] : body.input;
  return {
    turns: [...(system ? [{ role: "system", parts: openaiParts(system) }] : []), ...responsesTurns(input)],
    tools: list(body.tools).map(tool),
  };
}
