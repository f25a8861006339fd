// Traffic that makes the pages look like a working day: several keys, protocols, streams, errors.
import { adminApi, chat, until } from "./stack.mjs";

const models = ["demo-gpt", "demo-gpt", "demo-gpt", "demo-slow", "demo-error-429", "demo-error-500"];

async function messages(url, key) {
  const reply = await fetch(`${url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": key, "anthropic-version": "2023-06-01", "content-type": "application/json", "user-agent": "claude-cli/2.1" },
    body: JSON.stringify({ model: "demo-claude", max_tokens: 300, stream: true, messages: [{ role: "user", content: "Explain the failing test" }] }),
  });
  await reply.text();
}

export async function demoTraffic(stack) {
  const call = await adminApi(stack);
  const names = ["Support bot", "Claude Code · platform team", "Nightly evaluation"];
  const keys = [];
  for (const name of names) keys.push(await call("POST", "/api/admin/keys", { name, record_bodies: name.startsWith("Claude") }));
  await call("POST", "/api/admin/keys", { name: "Old prototype", active: false });
  await call("POST", "/api/admin/keys", { name: "Contractor, until May", valid_until: Date.now() + 40 * 86_400_000, allowed_models: ["demo-gpt"] });
  await until(async () => (await chat(stack.url, keys[0].secret)) === 200, "the first key works");
  for (let round = 0; round < 12; round += 1) {
    await Promise.all([
      ...keys.map((key, at) => chat(stack.url, key.secret, { model: models[(round + at) % models.length], stream: at !== 2, content: "Summarise this ticket. ".repeat(1 + ((round * 7) % 40)), headers: { "user-agent": "OpenAI/Python 2.4" } })),
      messages(stack.url, keys[1].secret),
    ]);
  }
  await chat(stack.url, "sk-gw-wrong");
  await until(async () => {
    const now = Date.now();
    const overview = await call("GET", `/api/admin/overview?from=${now - 3_600_000}&to=${now}&bucket=hour`);
    return overview.totals.requests >= 48;
  }, "the rollup has folded the traffic");
}
