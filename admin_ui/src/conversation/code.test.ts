import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { callOf, type Call, type Talk } from "./asking";
import { codeFor } from "./code";
import { talkOf } from "./from-body";
import { dialects } from "./model";

const url = "https://gw.example";
const talk: Talk = {
  system: "Be brief.",
  lines: [
    { role: "user", text: "Say 'hi' — $(id) \"\\n\" `x`" },
    { role: "assistant", text: "hi" },
    { role: "user", text: "Again" },
  ],
  settings: { temperature: 0.5, maxTokens: 64, stop: ["END"], json: true, effort: "low" },
};
const odd = { yes: true, none: null, text: "\u2028'\"${x}", list: [1, [2]] };
const plain = (more: object): Call => ({
  dialect: "openai_chat",
  method: "POST",
  path: "/v1/chat/completions",
  headers: [["content-type", "application/json"]],
  body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }], odd, ...more }),
  stream: false,
});

/** What JavaScript makes of the code, with the SDKs and fetch replaced by something that keeps what it is given. */
async function runJs(code: string): Promise<{ body: unknown; key: unknown }> {
  const kept: { body: unknown; key: unknown } = { body: undefined, key: undefined };
  const create = (body: unknown) => {
    kept.body = body;
    return Promise.resolve([]);
  };
  class Client {
    chat = { completions: { create } };
    messages = { create };
    responses = { create };
    constructor(options: { apiKey: unknown }) {
      kept.key = options.apiKey;
    }
  }
  const fetch = (_: string, { headers, body }: { headers: Record<string, string>; body: string }) => {
    kept.body = JSON.parse(body);
    kept.key = Object.values(headers)[0];
    const stream = { pipeThrough: () => [] };
    return Promise.resolve({ ok: true, body: stream, text: () => Promise.resolve("") });
  };
  const source = code.replace(/^import (\w+) from .*$/m, "");
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  const result = new Function(
    "OpenAI",
    "Anthropic",
    "fetch",
    "process",
    "TextDecoderStream",
    `return (async () => {${source}})()`,
  )(Client, Client, fetch, { env: { GATEWAY_KEY: "k" }, stdout: { write: () => true } }, Object) as Promise<void>;
  await result.catch((error: unknown) => {
    // Only where the answer would be read: there is none.
    if (!(error instanceof TypeError)) throw error;
  });
  return kept;
}

const stub = `
import json, os, sys, types
os.environ["GATEWAY_KEY"] = "k"
def create(extra_body=None, extra_headers=None, **body):
    kept["body"] = {**body, **(extra_body or {})}
    return []
def client(base_url, api_key):
    kept["key"] = api_key
    space = types.SimpleNamespace
    made = space(create=create)
    return space(chat=space(completions=made), messages=made, responses=made)
def request(method, url, headers, json=None, data=None, stream=False):
    kept["body"] = json
    kept["key"] = list(headers.values())[0]
    return types.SimpleNamespace(raise_for_status=lambda: None, iter_lines=lambda: [], text="")
for name in ("openai", "anthropic", "requests"):
    sys.modules[name] = types.SimpleNamespace(OpenAI=client, Anthropic=client, request=request)
written, sys.stdout = sys.stdout, sys.stderr
for code in json.load(sys.stdin):
    kept = {}
    try:
        exec(code)
    except (AttributeError, IndexError):
        pass
    print(json.dumps(kept), file=written)
`;

/** The same for Python; all in one go, because each start of it takes a while. */
const runPython = (codes: string[]) =>
  execFileSync("python3", ["-S", "-c", stub], { input: JSON.stringify(codes), stdio: ["pipe", "pipe", "ignore"] })
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { body: unknown; key: string });

function runCurl(code: string): { body: unknown; words: string[] } {
  const script = `curl() { for item in "$@"; do printf '%s\\0' "$item"; done; }\n${code}`;
  const words = execFileSync("sh", ["-c", script], { env: { PATH: "/usr/bin:/bin", GATEWAY_KEY: "k" } })
    .toString()
    .split("\0")
    .slice(0, -1);
  return { body: JSON.parse(words.at(-1) ?? ""), words };
}

test.each(dialects)("%s: curl and JavaScript send the same body with a key from the environment", async (dialect) => {
  const call = callOf(dialect, "vendor/demo", talk);
  const body: unknown = JSON.parse(call.body ?? "");
  const curl = runCurl(codeFor("curl", call, url));
  expect(curl.body).toEqual(body);
  expect(curl.words).toContain(url + call.path);
  expect(curl.words.some((word) => /^(Authorization: Bearer|x-api-key:|x-goog-api-key:) k$/.test(word))).toBe(true);
  const js = await runJs(codeFor("js", call, url));
  expect(js.body).toEqual(body);
  expect(js.key).toMatch(/^(Bearer )?k$/);
});

const unusual = [plain({}), { ...plain({}), path: "/v1/embeddings", dialect: "openai_embeddings" }];

test("members that no SDK knows, and paths that none has, arrive as they are", async () => {
  for (const call of unusual) {
    const { body } = await runJs(codeFor("js", call, url));
    expect(body).toEqual(JSON.parse(call.body ?? ""));
  }
});

test("Python sends the same bodies with a key from the environment", () => {
  const calls = [...dialects.map((dialect) => callOf(dialect, "vendor/demo", talk)), ...unusual];
  const sent = runPython(calls.map((call) => codeFor("python", call, url)));
  expect(sent.map(({ body }) => body)).toEqual(calls.map(({ body }) => JSON.parse(body ?? "") as unknown));
  for (const { key } of sent) expect(key).toMatch(/^(Bearer )?k$/);
});

test("a name that would set a prototype stays a member, and half a body stays text", async () => {
  const call = { ...plain({}), body: '{"model":"m","messages":[],"__proto__":{"a":1}}' };
  const sent = (await runJs(codeFor("js", call, url))).body;
  expect(Object.hasOwn(sent as object, "__proto__")).toBe(true);
  const cut = { ...plain({}), body: '{"model": "m' };
  expect(codeFor("python", cut, url)).toContain('data="{\\"model\\": \\"m".encode()');
});

test("a setting that a dialect has no form for is not sent", () => {
  const body = (dialect: (typeof dialects)[number]) => JSON.parse(callOf(dialect, "m", talk).body ?? "") as object;
  expect(body("openai_responses")).not.toHaveProperty("stop");
  expect(body("anthropic_messages")).toMatchObject({ max_tokens: 2048, thinking: { budget_tokens: 1024 } });
  expect(body("gemini")).toMatchObject({ generationConfig: { responseMimeType: "application/json" } });
});

test.each(dialects)("%s: what was sent can be opened, edited and is the same when it is sent again", (dialect) => {
  const sent = callOf(dialect, "m", talk);
  const opened = talkOf(dialect, sent.body);
  expect(opened?.talk.lines).toEqual(talk.lines);
  expect(opened?.talk.system).toBe("Be brief.");
  const again = callOf(dialect, "m", opened?.talk ?? talk);
  expect(JSON.parse(again.body ?? "")).toEqual(JSON.parse(sent.body ?? ""));
});

test("calls, pictures and unknown members stay as they were in their own dialect, and are left out in another", () => {
  const messages = [
    { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }] },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: "c", content: "ok" },
    { role: "user", content: "And?" },
  ];
  const opened = talkOf(
    "openai_chat",
    JSON.stringify({ model: "m", messages, tools: [{ type: "function" }], seed: 7 }),
  );
  if (!opened) throw new Error("not opened");
  const body = JSON.parse(callOf("openai_chat", "m", opened.talk).body ?? "") as Record<string, unknown>;
  expect(body).toMatchObject({ messages, tools: [{ type: "function" }], seed: 7 });
  const moved = JSON.parse(callOf("anthropic_messages", "m", opened.talk).body ?? "") as Record<string, unknown>;
  expect(moved.messages).toEqual([{ role: "user", content: "And?" }]);
  expect(moved).not.toHaveProperty("seed");
});
