// The real gateway on this machine: `python -m infra.local` on a free port with a state folder of its own.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const patience = 180_000;

const python = () => process.env.PYTHON ?? [join(root, ".venv/bin/python")].find(existsSync) ?? "python3";

/** A running stack: its address, the administrator's password, the demo key, and `stop`. Uses GATEWAY_URL when that is set, unless it must be `own`. */
export async function startStack({ own = false } = {}) {
  const password = process.env.GATEWAY_ADMIN_PASSWORD ?? randomBytes(12).toString("hex");
  const demoKey = process.env.GATEWAY_DEMO_KEY ?? `sk-gw-${randomBytes(24).toString("base64url")}`;
  if (process.env.GATEWAY_URL && !own) {
    return { url: process.env.GATEWAY_URL.replace(/\/$/, ""), password, demoKey, stop: async () => undefined };
  }
  const state = await mkdtemp(join(tmpdir(), "gateway-browser-"));
  const child = spawn(python(), ["-m", "infra.local"], {
    cwd: root,
    env: {
      ...process.env,
      PORT: "0",
      GATEWAY_ADMIN_PASSWORD: password,
      GATEWAY_DEMO_KEY: demoKey,
      GATEWAY_STATE_DIR: state,
      GATEWAY_DEMO_WORD_MS: "2",
      REGISTRATION: "invite",
      PYTHONUNBUFFERED: "1",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    await rm(state, { recursive: true, force: true });
  };
  let timer;
  const ready = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the local stack was not ready in time:\n${output}`)), patience);
    const read = (data) => {
      output += data;
      const found = /Dashboard\s+(http:\/\/\S+?)\/?\s/.exec(output);
      if (found) resolve(found[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the local stack ended with ${code}:\n${output}`)));
  });
  const url = await ready
    .catch(async (error) => {
      await stop();
      throw error;
    })
    .finally(() => clearTimeout(timer));
  return { url, password, demoKey, stop };
}

/** A stack of one's own without anything configured, as a new deployment is: the demo configuration is taken out of it. */
export async function startEmptyStack() {
  const stack = await startStack({ own: true });
  try {
    await clear(await adminApi(stack));
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

async function clear(call) {
  const nouns = { route: "routes", model: "models", provider: "providers", virtual_key: "keys", team: "teams", end_user: "end-users" };
  for (const [noun, list] of Object.entries(nouns)) {
    const { items } = await call("GET", `/api/admin/${list}?limit=100`);
    const ids = items.filter((item) => !item.built_in).map(({ id }) => id);
    if (ids.length > 0) await call("POST", "/api/admin/bulk", { noun, ids, action: "delete" });
  }
}

/** A client of the admin API: `call(method, path, body?)` gives the parsed reply, and throws when it is an error. */
export async function adminApi({ url, password }) {
  const request = async (method, path, body, token) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  const { access_token: token } = await request("POST", "/api/auth/login", { username: "admin", password });
  return (method, path, body) => request(method, path, body, token);
}

/** Waits until `check` gives something; asks again after a pause, because what it looks at happens elsewhere. */
export async function until(check, what, within = 30_000) {
  const end = Date.now() + within;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not within ${within / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** One chat request; gives the status. The body of the answer is read to its end. */
export async function chat(url, key, { model = "demo-gpt", stream = false, headers = {}, content = "Say hello" } = {}) {
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, stream, messages: [{ role: "user", content }] }),
  });
  await reply.text();
  return reply.status;
}

/** The models that the gateway offers a key; unlike a request, asking leaves no row in the logs. */
export async function offered(url, key) {
  const reply = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  const { data } = await reply.json();
  return data.map(({ id }) => id);
}
