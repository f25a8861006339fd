// Traffic that makes the pages look like a working day: several keys, protocols, streams, errors.
import { randomBytes } from "node:crypto";
import { adminApi, chat, offered, until } from "./stack.mjs";

const models = ["demo-gpt", "demo-gpt", "demo-gpt", "demo-slow", "demo-gpt", "demo-error-500"];

async function messages(url, key) {
  const reply = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": key, "anthropic-version": "2023-06-01", "content-type": "application/json", "user-agent": "claude-cli/2.1" },
    body: JSON.stringify({ model: "demo-claude", max_tokens: 300, stream: true, messages: [{ role: "user", content: "Explain the failing test" }] }),
  });
  await reply.text();
}

/** A fallback whose first target fails, and a route with everything there is to see. */
async function demoRoutes(call) {
  await call("POST", "/api/admin/routes", {
    id: "support-chat",
    targets: [
      { provider: "demo-trouble", model: "demo-error-500" },
      { provider: "demo-anthropic", model: "demo-claude", priority: 1 },
      { provider: "demo-gemini", model: "demo-gemini", priority: 2 },
    ],
  });
  const large = { any: [{ field: "tokens.input", op: "gt", value: 8000 }, { field: "body.tools", op: "exists", value: true }] };
  await call("POST", "/api/admin/routes", {
    id: "agents",
    strategy: "cost",
    targets: [
      { provider: "demo-anthropic", model: "demo-claude", rules: { all: [{ field: "headers.x-team", op: "eq", value: "ml" }, large] } },
      { provider: "demo-gemini", model: "demo-gemini", weight: 2 },
      { provider: "demo-openai", model: "demo-gpt" },
    ],
    canary: { provider: "demo-bedrock", model: "anthropic.claude-demo-1", percent: 10 },
  });
  await demoGuardrails(call);
  await call("POST", "/api/admin/routes", {
    id: "faq",
    targets: [{ provider: "demo-anthropic", model: "demo-claude" }],
    guardrails: ["project-falcon"],
    cache: { mode: "exact", ttl_seconds: 86_400, scope: "deployment" },
  });
}

/** One for every request, one for a route, one that waits. */
async function demoGuardrails(call) {
  const put = (guardrail) => call("POST", "/api/admin/guardrails", guardrail);
  await put({ id: "mask-personal-data", name: "Mask personal data in prompts", kind: "pii", action: "mask", pii: ["email", "phone", "iban"], everywhere: true });
  await put({
    id: "project-falcon",
    name: "Project Falcon stays inside",
    kind: "deny",
    stages: ["input", "output"],
    keywords: ["project falcon", "falcon-7"],
    patterns: ["\\bTICKET-\\d{4,}\\b"],
    message: "This project may not be discussed with a model.",
  });
  await put({ id: "cap-input", name: "Cap the input", kind: "max_input", max_tokens: 100_000, active: false });
}

const questions = ["What are your opening hours?", "Where is my parcel?", "How do I return a pair of shoes?", "Write to kim@example.com that it is late."];

/** Questions that come again, and one that may not be asked. */
async function demoQuestions(url, secret) {
  for (let round = 0; round < 4; round += 1) for (const content of questions) await chat(url, secret, { model: "faq", content });
  await chat(url, secret, { model: "faq", content: "What do you know about Project Falcon?" });
}

/** Who signs in: one of each role, and somebody who is asked to. */
async function demoPeople(call) {
  for (const [username, role] of [["dana", "operator"], ["kim", "user"], ["robin", "admin"]]) {
    await call("POST", "/api/admin/users", { username, role, password: randomBytes(12).toString("hex") });
  }
  await call("POST", "/api/admin/invitations", { role: "operator", note: "Lee, support" });
}

/** What the administrator talked about before. */
async function demoChats(call) {
  for (const title of ["Minutes of the weekly meeting", "Explain the failing test in payments", "A kinder refusal letter"]) {
    const { id } = await call("POST", "/api/v1/dialogs", { title, model_name: "demo-gpt" });
    await call("POST", `/api/v1/dialogs/${id}/messages/sync`, { content: title });
  }
}

export async function demoTraffic(stack) {
  const call = await adminApi(stack);
  await demoPeople(call);
  const names = ["Support bot", "Claude Code · platform team", "Nightly evaluation"];
  const keys = [];
  for (const name of names) keys.push(await call("POST", "/api/admin/keys", { name, record_bodies: name.startsWith("Claude") }));
  await call("POST", "/api/admin/keys", { name: "Old prototype", active: false });
  await call("POST", "/api/admin/keys", { name: "Contractor, until May", valid_until: Date.now() + 40 * 86_400_000, allowed_models: ["demo-gpt"] });
  await until(async () => (await chat(stack.url, keys[0].secret)) === 200, "the first key works");
  await demoRoutes(call);
  await until(async () => (await offered(stack.url, keys[0].secret)).includes("faq"), "the routes are in force");
  for (let round = 0; round < 4; round += 1) {
    await chat(stack.url, keys[0].secret, { model: "support-chat", content: "Where is my parcel? ".repeat(9) });
    await chat(stack.url, keys[1].secret, { model: "agents", stream: true, headers: { "x-team": "ml" } });
  }
  await demoQuestions(stack.url, keys[0].secret);
  await demoChats(call);
  for (let round = 0; round < 12; round += 1) {
    await Promise.all([
      ...keys.map((key, at) => chat(stack.url, key.secret, { model: models[(round + at) % models.length], stream: at !== 2, content: "Summarise this ticket. ".repeat(1 + ((round * 7) % 40)), headers: { "user-agent": "OpenAI/Python 2.4" } })),
      messages(stack.url, keys[1].secret),
    ]);
  }
  await chat(stack.url, "sk-gw-wrong");
  // Last: it cools the key that the other models of this provider use, too.
  await chat(stack.url, keys[0].secret, { model: "demo-error-429" });
  await until(async () => {
    const now = Date.now();
    const overview = await call("GET", `/api/admin/overview?from=${now - 3_600_000}&to=${now}&bucket=hour`);
    return overview.totals.requests >= 48;
  }, "the rollup has folded the traffic");
}
