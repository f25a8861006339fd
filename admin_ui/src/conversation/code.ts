// A request as a piece of code. The key is always a placeholder, taken from the environment.
import { isObject } from "@/format/json";
import { shellQuote } from "@/format/snippets";
import { keyHeader, type Call } from "./asking";
import { parsed } from "./read-request";

export type Language = "curl" | "python" | "js";
export const languages: readonly { id: Language; label: string }[] = [
  { id: "curl", label: "cURL" },
  { id: "python", label: "Python" },
  { id: "js", label: "JavaScript" },
];

const keyVariable = "GATEWAY_KEY";

export const codeFor = (language: Language, call: Call, url: string): string =>
  ({ curl: curlCode, python: pythonCode, js: jsCode })[language](call, url);

const sends = ({ method }: Call) => method !== "GET" && method !== "HEAD";

export function curlCode(call: Call, url: string): string {
  const [name, before] = keyHeader(call.dialect);
  const lines = [
    `curl ${call.stream ? "-N " : ""}-X ${shellQuote(call.method)} ${shellQuote(url + call.path)}`,
    `-H "${name}: ${before}$${keyVariable}"`,
    ...(sends(call) ? call.headers : []).map(([header, value]) => `-H ${shellQuote(`${header}: ${value}`)}`),
    ...(sends(call) && call.body !== null ? [`-d ${shellQuote(call.body)}`] : []),
  ];
  return lines.join(" \\\n  ");
}

interface Words {
  yes: string;
  no: string;
  nothing: string;
  key: (name: string) => string;
}

const python: Words = { yes: "True", no: "False", nothing: "None", key: JSON.stringify };
// In an object literal `"__proto__": x` would set the prototype.
const js: Words = {
  yes: "true",
  no: "false",
  nothing: "null",
  key: (name) => (name === "__proto__" ? '["__proto__"]' : /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)),
};

/** A JSON value as a literal; strings of JSON are strings of both languages. Short ones stay on one line. */
function literal(value: unknown, words: Words, step: string, indent = ""): string {
  if (value === null || value === undefined) return words.nothing;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = indent + step;
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, words, step, inner))
    : Object.entries(value).map(([name, item]) => `${words.key(name)}: ${literal(item, words, step, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return open + close;
  const pad = !Array.isArray(value) && words === js ? " " : "";
  const flat = `${open}${pad}${items.join(", ")}${pad}${close}`;
  if (flat.length + indent.length <= 88 && !flat.includes("\n")) return flat;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join("")}${indent}${close}`;
}

/** How a vendor's SDK makes the call, and where its answer is. */
interface Sdk {
  path: string;
  python: { package: string; client: string; version: string; call: string; reply: string; each: string[] };
  js: { package: string; client: string; version: string; call: string; reply: string; each: string };
  /** Members of the body that the Python SDK has arguments for; others go as `extra_body`. */
  named: string[];
}

const openaiPackage = {
  python: { package: "openai", client: "OpenAI", version: "/v1" },
  js: { package: "openai", client: "OpenAI", version: "/v1" },
};

const sdks: Record<string, Sdk> = {
  openai_chat: {
    path: "/v1/chat/completions",
    python: {
      ...openaiPackage.python,
      call: "chat.completions.create",
      reply: "reply.choices[0].message.content",
      each: ["if part.choices:", '    print(part.choices[0].delta.content or "", end="", flush=True)'],
    },
    js: {
      ...openaiPackage.js,
      call: "chat.completions.create",
      reply: "reply.choices[0].message.content",
      each: 'process.stdout.write(part.choices[0]?.delta?.content ?? "");',
    },
    named: (
      "model messages stream stream_options temperature max_tokens max_completion_tokens stop response_format " +
      "reasoning_effort tools tool_choice parallel_tool_calls top_p seed n presence_penalty frequency_penalty logprobs metadata user"
    ).split(" "),
  },
  openai_responses: {
    path: "/v1/responses",
    python: {
      ...openaiPackage.python,
      call: "responses.create",
      reply: "reply.output_text",
      each: ['if part.type == "response.output_text.delta":', '    print(part.delta, end="", flush=True)'],
    },
    js: {
      ...openaiPackage.js,
      call: "responses.create",
      reply: "reply.output_text",
      each: 'if (part.type === "response.output_text.delta") process.stdout.write(part.delta);',
    },
    named: (
      "model instructions input stream store temperature max_output_tokens text reasoning tools tool_choice " +
      "parallel_tool_calls top_p metadata include previous_response_id user"
    ).split(" "),
  },
  anthropic_messages: {
    path: "/v1/messages",
    python: {
      package: "anthropic",
      client: "Anthropic",
      version: "",
      call: "messages.create",
      reply: '"".join(block.text for block in reply.content if block.type == "text")',
      each: [
        'if part.type == "content_block_delta" and part.delta.type == "text_delta":',
        '    print(part.delta.text, end="", flush=True)',
      ],
    },
    js: {
      package: "@anthropic-ai/sdk",
      client: "Anthropic",
      version: "",
      call: "messages.create",
      reply: 'reply.content.map((block) => (block.type === "text" ? block.text : "")).join("")',
      each:
        'if (part.type === "content_block_delta" && part.delta.type === "text_delta") ' +
        "process.stdout.write(part.delta.text);",
    },
    named:
      "model max_tokens system messages stream temperature stop_sequences thinking tools tool_choice top_p top_k metadata".split(
        " ",
      ),
  },
};

/** The SDK for a call, and the body it takes; undefined when plain HTTP says it better. */
function sdkFor(call: Call): { sdk: Sdk; body: Record<string, unknown> } | undefined {
  const sdk = Object.hasOwn(sdks, call.dialect) ? sdks[call.dialect] : undefined;
  const body = call.body === null ? undefined : parsed(call.body);
  if (!sdk || sdk.path !== call.path || call.method !== "POST" || !isObject(body)) return undefined;
  // Streams are asked for in the body alone.
  return (body.stream === true) === call.stream ? { sdk, body } : undefined;
}

/** Headers that an SDK does not send by itself. */
const ownHeaders = ({ headers }: Call) =>
  Object.fromEntries(headers.filter(([name]) => /^(anthropic|openai)-beta$/i.test(name)));

function pythonCode(call: Call, url: string): string {
  const found = sdkFor(call);
  if (!found) return requestsCode(call, url);
  const { python: words, named } = found.sdk;
  const entries = Object.entries(found.body);
  const rest = Object.fromEntries(entries.filter(([name]) => !named.includes(name)));
  const extra = ownHeaders(call);
  const given: [string, unknown][] = [
    ...entries.filter(([name]) => named.includes(name)),
    ...(Object.keys(rest).length > 0 ? [["extra_body", rest] as [string, unknown]] : []),
    ...(Object.keys(extra).length > 0 ? [["extra_headers", extra] as [string, unknown]] : []),
  ];
  const variable = call.stream ? "stream" : "reply";
  const end = call.stream
    ? ["for part in stream:", ...words.each.map((line) => `    ${line}`), "print()"]
    : [`print(${words.reply})`];
  return [
    "import os",
    "",
    `from ${words.package} import ${words.client}`,
    "",
    `client = ${words.client}(base_url=${JSON.stringify(url + words.version)}, api_key=os.environ["${keyVariable}"])`,
    `${variable} = client.${words.call}(`,
    ...given.map(([name, value]) => `    ${name}=${literal(value, python, "    ", "    ")},`),
    ")",
    ...end,
  ].join("\n");
}

/** The body of a plain HTTP call: a literal where it is JSON, the text where it is not. */
function plainBody(call: Call, words: Words, step: string, indent: string) {
  if (!sends(call) || call.body === null) return undefined;
  const value = parsed(call.body);
  return value === undefined
    ? { json: false, text: JSON.stringify(call.body) }
    : { json: true, text: literal(value, words, step, indent) };
}

function requestsCode(call: Call, url: string): string {
  const [name, before] = keyHeader(call.dialect);
  const body = plainBody(call, python, "    ", "    ");
  const key = `os.environ["${keyVariable}"]`;
  const headers = sends(call) ? call.headers : [];
  return [
    "import os",
    "",
    "import requests",
    "",
    "reply = requests.request(",
    `    ${JSON.stringify(call.method)},`,
    `    ${JSON.stringify(url + call.path)},`,
    "    headers={",
    `        ${JSON.stringify(name)}: ${before ? `${JSON.stringify(before)} + ${key}` : key},`,
    ...headers.map(([header, value]) => `        ${JSON.stringify(header)}: ${JSON.stringify(value)},`),
    "    },",
    ...(body ? [body.json ? `    json=${body.text},` : `    data=${body.text}.encode(),`] : []),
    ...(call.stream ? ["    stream=True,"] : []),
    ")",
    "reply.raise_for_status()",
    ...(call.stream ? ["for line in reply.iter_lines():", "    print(line.decode())"] : ["print(reply.text)"]),
  ].join("\n");
}

function jsCode(call: Call, url: string): string {
  const found = sdkFor(call);
  if (!found) return fetchCode(call, url);
  const { js: words } = found.sdk;
  const extra = ownHeaders(call);
  const more = Object.keys(extra).length > 0 ? `, { headers: ${literal(extra, js, "  ")} }` : "";
  const variable = call.stream ? "stream" : "reply";
  return [
    `import ${words.client} from ${JSON.stringify(words.package)};`,
    "",
    `const client = new ${words.client}({ baseURL: ${JSON.stringify(url + words.version)}, apiKey: process.env.${keyVariable} });`,
    `const ${variable} = await client.${words.call}(${literal(found.body, js, "  ")}${more});`,
    call.stream ? `for await (const part of stream) {\n  ${words.each}\n}` : `console.log(${words.reply});`,
  ].join("\n");
}

function fetchCode(call: Call, url: string): string {
  const [name, before] = keyHeader(call.dialect);
  const body = plainBody(call, js, "  ", "  ");
  const headers = sends(call) ? call.headers : [];
  const key = before ? `\`${before}\${process.env.${keyVariable}}\`` : `process.env.${keyVariable}`;
  return [
    `const reply = await fetch(${JSON.stringify(url + call.path)}, {`,
    `  method: ${JSON.stringify(call.method)},`,
    "  headers: {",
    `    ${JSON.stringify(name)}: ${key},`,
    ...headers.map(([header, value]) => `    ${JSON.stringify(header)}: ${JSON.stringify(value)},`),
    "  },",
    ...(body ? [`  body: ${body.json ? `JSON.stringify(${body.text})` : body.text},`] : []),
    "});",
    "if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);",
    call.stream
      ? "for await (const part of reply.body.pipeThrough(new TextDecoderStream())) {\n  process.stdout.write(part);\n}"
      : "console.log(await reply.text());",
  ].join("\n");
}
