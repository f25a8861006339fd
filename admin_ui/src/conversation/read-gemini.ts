// Gemini. https://ai.google.dev/api/generate-content
import { dataMedia, json, linkedMedia, list, obj, other, str, type Asked, type Part, type Turn } from "./model";

/** Google's SDKs write camelCase; plain callers may write snake_case. */
const either = (value: Record<string, unknown>, camel: string) =>
  value[camel] ?? value[camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];

const media = (type: unknown) => {
  const [kind] = (str(type) ?? "").split("/");
  return { image: "picture", audio: "sound", video: "film" }[kind ?? ""] ?? "file";
};

export function geminiPart(value: unknown): Part {
  const part = obj(value);
  if (typeof part.text === "string") return { kind: part.thought === true ? "thought" : "text", text: part.text };
  const inline = either(part, "inlineData");
  if (inline) {
    const type = either(obj(inline), "mimeType");
    return dataMedia(media(type), obj(inline).data, type);
  }
  const file = either(part, "fileData");
  if (file) {
    const type = either(obj(file), "mimeType");
    return linkedMedia(media(type), either(obj(file), "fileUri"), type);
  }
  const call = either(part, "functionCall");
  if (call) {
    const made = obj(call);
    return { kind: "call", id: str(made.id), name: str(made.name) ?? "", input: json(made.args ?? {}) };
  }
  const reply = either(part, "functionResponse");
  if (reply) {
    const made = obj(reply);
    return {
      kind: "result",
      id: str(made.id),
      name: str(made.name),
      parts: [{ kind: "text", text: json(made.response) }],
    };
  }
  return other(value);
}

export const geminiParts = (content: unknown): Part[] => list(obj(content).parts).map(geminiPart);

function turn(value: unknown): Turn {
  const role = str(obj(value).role) ?? "user";
  return { role: role === "model" ? "assistant" : role, parts: geminiParts(value) };
}

export function geminiRequest(body: Record<string, unknown>): Asked {
  const given = either(body, "systemInstruction");
  const system = typeof given === "string" ? [{ kind: "text" as const, text: given }] : geminiParts(given);
  const contents = Array.isArray(body.contents) ? body.contents : body.contents ? [body.contents] : [];
  const declared = list(body.tools).flatMap((tool) => {
    const functions = list(either(obj(tool), "functionDeclarations"));
    return functions.length > 0 ? functions : Object.keys(obj(tool)).map((name) => ({ name }));
  });
  return {
    turns: [...(system.length > 0 ? [{ role: "system", parts: system }] : []), ...contents.map(turn)],
    tools: declared.map((tool) => ({ name: str(obj(tool).name) ?? "?", about: str(obj(tool).description) })),
  };
}
