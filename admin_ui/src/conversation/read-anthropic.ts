// Messages. https://docs.anthropic.com/en/api/messages
import { dataMedia, json, linkedMedia, list, obj, other, str, type Asked, type Part, type Turn } from "./model";

export function blocks(content: unknown): Part[] {
  if (typeof content === "string") return content ? [{ kind: "text", text: content }] : [];
  return list(content).map(block);
}

function attached(what: string, value: unknown): Part {
  const source = obj(value);
  if (source.type === "text") return { kind: "text", text: str(source.data) ?? "" };
  if (source.type === "base64") return dataMedia(what, source.data, source.media_type);
  return linkedMedia(what, source.url ?? source.file_id, source.media_type);
}

export function block(value: unknown): Part {
  const found = obj(value);
  switch (found.type) {
    case "text":
      return { kind: "text", text: str(found.text) ?? "" };
    case "thinking":
      return { kind: "thought", text: str(found.thinking) ?? "" };
    case "redacted_thinking":
      return { kind: "thought", text: "" };
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return { kind: "call", id: str(found.id), name: str(found.name) ?? "", input: json(found.input ?? {}) };
    case "tool_result":
      return {
        kind: "result",
        id: str(found.tool_use_id),
        failed: found.is_error === true,
        parts: blocks(found.content),
      };
    case "image":
      return attached("picture", found.source);
    case "document":
      return attached("file", found.source);
    default:
      return other(value);
  }
}

function turn(value: unknown): Turn {
  const message = obj(value);
  return { role: str(message.role) ?? "?", parts: blocks(message.content) };
}

export function messagesRequest(body: Record<string, unknown>): Asked {
  const system = blocks(body.system);
  return {
    turns: [...(system.length > 0 ? [{ role: "system", parts: system }] : []), ...list(body.messages).map(turn)],
    tools: list(body.tools).map((tool) => ({
      name: str(obj(tool).name) ?? str(obj(tool).type) ?? "?",
      about: str(obj(tool).description),
    })),
  };
}
