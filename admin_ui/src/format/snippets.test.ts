import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { LogDetail, Model, Provider, ProviderKind } from "@/api/types";
import { curlCode } from "@/conversation/code";
import { callOfRow } from "./replay";
import { chatCurl, messagesCurl, modelsByDialect, shellQuote, snippets } from "./snippets";

/** What a real shell makes of a command, with `curl` replaced by a program that prints its arguments. */
function run(command: string, env: Record<string, string> = {}): string[] {
  const script = `curl() { for item in "$@"; do printf '%s\\0' "$item"; done; }\n${command}`;
  return execFileSync("sh", ["-c", script], { env: { PATH: "/usr/bin:/bin", ...env } })
    .toString()
    .split("\0")
    .slice(0, -1);
}

const hostile = ["it's", "$(touch x)", "`id`", "a b", '"', "\\", "new\nline", "'; rm -rf /; '"];

test.each(hostile)("the shell reads %j literally", (text) => {
  expect(run(`curl ${shellQuote(text)}`)).toEqual([text]);
  const target = { url: "https://gw.example", key: "sk-gw-x", model: text };
  for (const command of [chatCurl(target), messagesCurl(target)]) {
    expect((JSON.parse(run(command).at(-1) ?? "") as { model: string }).model).toBe(text);
  }
});

test("a placeholder is expanded by the shell", () => {
  const command = chatCurl({ url: "https://gw.example", key: "$GATEWAY_KEY", model: "m" });
  expect(run(command, { GATEWAY_KEY: "sk-gw-1" })).toContain("Authorization: Bearer sk-gw-1");
});

const model = (id: string, provider: string, active = true) =>
  ({ id, provider, active, kind: "chat", context_window: null, price: null }) as Model;
const provider = (id: string, kind: string, active = true) => ({ id, kind, active }) as Provider;
const kinds = [
  { kind: "openai", dialects: ["openai_chat"] },
  { kind: "anthropic", dialects: ["anthropic_messages"] },
] as ProviderKind[];

test("a protocol gets the first usable model whose provider speaks it", () => {
  const providers = [provider("off", "openai", false), provider("o", "openai"), provider("a", "anthropic")];
  const models = [model("x", "off"), model("y", "o", false), model("z", "o"), model("c", "a")];
  expect(modelsByDialect(models, providers, kinds)).toEqual({ openai: "z", anthropic: "c" });
  expect(modelsByDialect(models, providers, kinds, ["c"])).toEqual({ openai: undefined, anthropic: "c" });
});

test("a model that is described comes before one that is not", () => {
  const models = [model("a", "o"), { ...model("b", "o"), context_window: 8192 }];
  expect(modelsByDialect(models, [provider("o", "openai")], kinds).openai).toBe("b");
});

test("only protocols with a model get a snippet", () => {
  const ids = (models: object) => snippets("u", "k", models).map((snippet) => snippet.id);
  expect(ids({})).toEqual([]);
  expect(ids({ openai: "m" })).toEqual(["curl", "openai"]);
  expect(ids({ anthropic: "m" })).toEqual(["curl", "anthropic", "claude-code"]);
});

const row = {
  method: "POST",
  path: "/v1/messages",
  dialect: "anthropic_messages",
  stream: true,
  requested_model: "m",
  request_headers: {
    "Content-Type": "application/json",
    "anthropic-version": "2023-06-01",
    "user-agent": "x' -o /etc/passwd '",
  },
  request_body: `{"a":"it's"}`,
} as unknown as LogDetail;

test("a log row becomes the same request, without the client's own headers and with a placeholder for the key", () => {
  const words = run(curlCode(callOfRow(row), "https://gw.example"), { GATEWAY_KEY: "sk-gw-1" });
  expect(words).toContain("https://gw.example/v1/messages");
  expect(words).toContain("x-api-key: sk-gw-1");
  expect(words.at(-1)).toBe(`{"a":"it's"}`);
  expect(words.join(" ")).not.toContain("passwd");
});

test("a path with quotes stays one word", () => {
  const words = run(curlCode(callOfRow({ ...row, path: "/v1/'$(id)'" }), "https://gw.example"), { GATEWAY_KEY: "k" });
  expect(words).toContain("https://gw.example/v1/'$(id)'");
});
