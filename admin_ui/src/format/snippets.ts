import type { Model, Provider, ProviderKind } from "@/api/types";

/** What a snippet is about. `url` has no trailing slash and no version; `key` may be a placeholder such as $GATEWAY_KEY. */
export interface Target {
  url: string;
  key: string;
  model: string;
}

export interface Snippet {
  id: "curl" | "openai" | "anthropic" | "claude-code";
  label: string;
  text: string;
}

/** `text` inside single quotes of a POSIX shell. */
export const shellQuote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A shell word that may hold a variable: a placeholder stays expandable, everything else is quoted literally. */
const shellKey = (key: string) => (key.startsWith("$") ? `"${key}"` : shellQuote(key));
const header = (name: string, key: string) => (key.startsWith("$") ? `"${name}${key}"` : shellQuote(`${name}${key}`));
const python = (text: string) => (text.startsWith("$") ? `os.environ["${text.slice(1)}"]` : JSON.stringify(text));

const ask = (model: string, more: object = {}) =>
  JSON.stringify({ model, ...more, messages: [{ role: "user", content: "Say hello in five words." }] });

export function chatCurl({ url, key, model }: Target): string {
  return [
    `curl -N ${shellQuote(`${url}/v1/chat/completions`)} \\`,
    `  -H ${header("Authorization: Bearer ", key)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${shellQuote(ask(model, { stream: true }))}`,
  ].join("\n");
}

export function messagesCurl({ url, key, model }: Target): string {
  return [
    `curl -N ${shellQuote(`${url}/v1/messages`)} \\`,
    `  -H ${header("x-api-key: ", key)} \\`,
    `  -H 'anthropic-version: 2023-06-01' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${shellQuote(ask(model, { max_tokens: 256, stream: true }))}`,
  ].join("\n");
}

function openaiPython({ url, key, model }: Target): string {
  return [
    ...(key.startsWith("$") ? ["import os", ""] : []),
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url=${JSON.stringify(`${url}/v1`)}, api_key=${python(key)})`,
    "reply = client.chat.completions.create(",
    `    model=${JSON.stringify(model)},`,
    '    messages=[{"role": "user", "content": "Say hello in five words."}],',
    ")",
    "print(reply.choices[0].message.content)",
  ].join("\n");
}

function anthropicPython({ url, key, model }: Target): string {
  return [
    ...(key.startsWith("$") ? ["import os", ""] : []),
    "from anthropic import Anthropic",
    "",
    `client = Anthropic(base_url=${JSON.stringify(url)}, api_key=${python(key)})`,
    "reply = client.messages.create(",
    `    model=${JSON.stringify(model)},`,
    "    max_tokens=256,",
    '    messages=[{"role": "user", "content": "Say hello in five words."}],',
    ")",
    "print(reply.content[0].text)",
  ].join("\n");
}

function claudeCode({ url, key, model }: Target): string {
  return [
    `export ANTHROPIC_BASE_URL=${shellQuote(url)}`,
    `export ANTHROPIC_AUTH_TOKEN=${shellKey(key)}`,
    `claude --model ${shellQuote(model)}`,
  ].join("\n");
}

/** Whether an allow-list lets a key use a name: empty lets everything pass, `*` stands for any run of characters. */
export function mayUse(allowed: string[], name: string): boolean {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .split("*")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
    ).test(name);
  return allowed.length === 0 || allowed.some(matches);
}

/** The first model that a client of each protocol can use; undefined when no active provider speaks it. */
export function modelsByDialect(models: Model[], providers: Provider[], kinds: ProviderKind[], allowed: string[] = []) {
  const speaks = (model: Model, dialect: string) => {
    const provider = providers.find((item) => item.id === model.provider);
    const kind = kinds.find((item) => item.kind === provider?.kind);
    return Boolean(provider?.active && kind?.dialects.includes(dialect));
  };
  // Someone who described a model meant it to be used: those come first.
  const described = (model: Model) => Number(model.context_window !== null) + Number(model.price !== null);
  const usable = models
    .filter((model) => model.active && model.kind === "chat" && mayUse(allowed, model.id))
    .sort((a, b) => described(b) - described(a));
  const first = (dialect: string) => usable.find((model) => speaks(model, dialect))?.id;
  return { openai: first("openai_chat"), anthropic: first("anthropic_messages") };
}

/** Ready pieces of code for a key, for the protocols its models speak. */
export function snippets(url: string, key: string, models: { openai?: string; anthropic?: string }): Snippet[] {
  const list: Snippet[] = [];
  const openai = models.openai && { url, key, model: models.openai };
  const anthropic = models.anthropic && { url, key, model: models.anthropic };
  if (openai) list.push({ id: "curl", label: "curl", text: chatCurl(openai) });
  else if (anthropic) list.push({ id: "curl", label: "curl", text: messagesCurl(anthropic) });
  if (openai) list.push({ id: "openai", label: "OpenAI SDK", text: openaiPython(openai) });
  if (anthropic) {
    list.push({ id: "anthropic", label: "Anthropic SDK", text: anthropicPython(anthropic) });
    list.push({ id: "claude-code", label: "Claude Code", text: claudeCode(anthropic) });
  }
  return list;
}
