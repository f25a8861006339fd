import assert from "node:assert/strict";
import http from "node:http";
import { payloads } from "../support/payloads.mjs";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

/** An upstream that repeats a payload as its answer, or as its error when the last message asks for that. */
async function hostileUpstream() {
  const server = http.createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const content = JSON.parse(text || "{}").messages?.at(-1)?.content ?? "";
    // A list of texts is answered with as many choices.
    const said = Array.isArray(content) ? content.map((part) => part.text) : [String(content)];
    const message = said[0];
    const fails = message.startsWith("FAIL ");
    const payload = fails ? message.slice(5) : message;
    response.writeHead(fails ? 400 : 200, { "content-type": "application/json", "x-request-id": payload.replace(/[^\x20-\x7e]/g, "?") });
    response.end(
      JSON.stringify(
        fails
          ? { error: { message: payload, type: payload, code: payload } }
          : {
              id: payload,
              object: "chat.completion",
              created: 1,
              model: payload,
              choices: said.map((one, index) => ({ index, message: { role: "assistant", content: one }, finish_reason: "stop" })),
              usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
            },
      ),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, close: () => new Promise((resolve) => server.close(resolve)) };
}

const printable = (text) => text.replace(/[^\x20-\x7e]/g, " ");

/** Puts every payload everywhere a client or an administrator may put text. Gives the secret of a key that records bodies. */
async function poison(world, call, upstream) {
  await call("POST", "/api/admin/providers", {
    id: "hostile",
    name: payloads[0],
    kind: "openai_compatible",
    base_url: upstream.url,
    allow_private: true,
  });
  await call("POST", "/api/admin/models", { id: "hostile", provider: "hostile", display_name: payloads[2], upstream_model: payloads[3] });
  const rules = { any: payloads.slice(0, 40).map((value) => ({ field: "headers.x-hostile", op: "contains", value })) };
  await call("POST", "/api/admin/routes", { id: "hostile-route", targets: [{ provider: "hostile", model: payloads[3], rules }] });
  await call("POST", "/api/admin/guardrails", {
    id: "hostile",
    kind: "deny",
    action: "annotate",
    everywhere: true,
    name: payloads[2],
    notes: payloads[3],
    message: payloads[4],
    keywords: payloads,
  });
  const created = [];
  for (const payload of payloads) created.push(await call("POST", "/api/admin/keys", { name: printable(payload), record_bodies: true }));
  const { url } = world.stack;
  await until(async () => (await chat(url, created[0].secret, { model: "hostile" })) === 200, "the hostile model answers");
  for (const [index, payload] of payloads.entries()) {
    const { secret } = created[index];
    const headers = { "user-agent": printable(payload), "x-claude-code-session-id": printable(payload) };
    await Promise.all([
      chat(url, secret, { model: payload, headers, content: payload }),
      chat(url, secret, { model: "hostile", headers, content: `FAIL ${payload}` }),
    ]);
  }
  // Answers: a request of all payloads, each a part of the question and a choice of the answer by itself.
  const content = payloads.map((text) => ({ type: "text", text }));
  assert.equal(await chat(url, created.at(-1).secret, { model: "hostile", content }), 200);
  return created;
}

/** Shows what was asked and answered, as a press of each tab would; how many of the tabs there were. Must stand by itself: it runs in the page. */
async function showBodies(tabs) {
  let shown = 0;
  for (const tab of tabs.filter((one) => ["Response", "Request"].includes(one.textContent.trim()))) {
    tab.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, button: 0 }));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    shown += tab.getAttribute("aria-selected") === "true" ? 1 : 0;
  }
  return shown;
}

/** Every payload in the playground: as a question, an answer, an error, a model, and again after a reload. */
async function askHostile(page) {
  const all = payloads.join("\n");
  await page.goto(`/playground?model=hostile`);
  const turn = page.getByRole("list", { name: "Conversation" }).locator("> li");
  const send = async (text) => {
    const before = await turn.count();
    await page.getByLabel("Message").fill(text);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await turn.nth(before + 1).getByRole("link", { name: "Log entry" }).waitFor();
    return turn.nth(before + 1);
  };
  const answer = await send(all);
  await answer.getByText("alert(1)").first().waitFor();
  const failed = await send(`FAIL ${payloads.slice(0, 20).join("\n")}`);
  await failed.getByRole("alert").getByText("window.__xss(1)").waitFor();
  await page.getByLabel("Model or route").fill(payloads[2]);
  await page.keyboard.press("Escape");
  await (await send(payloads[1])).getByRole("alert").waitFor();
  await page.reload();
  await turn.nth(5).waitFor();
  assert.ok((await turn.nth(1).innerText()).includes(payloads.at(-1)), "the answer is there, as text");
}

export function register(test, world) {
  test(`${payloads.length} hostile texts in model, client, key, prompt, answer and error stay text on every page`, { timeout: 600_000 }, async () => {
    assert.ok(payloads.length >= 50);
    const call = await adminApi(world.stack);
    const upstream = await hostileUpstream();
    try {
      const created = await poison(world, call, upstream);
      await onPage(world, async (page) => {
        const marked = payloads[1];
        for (const path of ["/", "/providers", "/providers?open=hostile", "/models", "/models?open=hostile", "/routes", "/routes/edit?id=hostile-route", "/routes?dry=true&model=hostile-route", "/guardrails", "/guardrails?open=hostile", "/cache", "/keys", `/keys?open=${created[1].id}`, "/usage?by=key&then=requested_model", `/usage?key=${created[1].id}&metric=requests`, "/logs"]) {
          await page.goto(path);
          await page.locator("h1").waitFor();
          await page.waitForLoadState("networkidle");
        }
        await page.goto("/guardrails?open=hostile");
        await page.getByLabel("Text to try").fill(payloads.join("\n"));
        await page.locator("mark").nth(30).waitFor();
        await page.goto("/keys");
        await page.getByRole("link", { name: marked, exact: true }).waitFor();
        await page.keyboard.press("Control+k");
        await page.keyboard.type("<img");
        await page.getByRole("option").first().waitFor();
        await page.keyboard.press("Escape");

        let bodies = 0;
        let conversations = 0;
        let verdicts = 0;
        for (const [index, payload] of payloads.entries()) {
          const { items } = await call("GET", `/api/admin/logs?key_id=${created[index].id}&limit=10`);
          assert.ok(items.length >= 2, `two requests of key ${index} are logged`);
          const named = items.map((item) => item.requested_model);
          // Control characters may be replaced on the way into a row; everything before the first one must be there.
          const start = payload.split(/[^\x20-\x7e]/)[0].trim().slice(0, 40);
          assert.ok(named.some((name) => name?.includes(start)), `${payload} is none of ${named}`);
          if (index % 10 === 0) {
            await page.goto(`/logs?key_id=${created[index].id}`);
            await page.locator("[role=row] a").first().waitFor();
          }
          for (const item of items) {
            // Inside the running dashboard, as a click would: loading it anew each time takes minutes.
            await page.evaluate((id) => history.pushState(null, "", `/logs/${id}`), item.id);
            await page.getByRole("dialog").getByText(item.id).first().waitFor();
            await page.getByRole("region", { name: "Facts" }).waitFor();
            verdicts += await page.getByRole("region", { name: "Guardrails" }).count();
            conversations += await page.getByRole("tabpanel", { name: "Conversation" }).count();
            bodies += await page.getByRole("dialog").locator("[role=tab]").evaluateAll(showBodies);
            assert.deepEqual(page.trespasses, [], `request ${item.id}, payload ${payload}`);
          }
        }
        assert.ok(bodies > payloads.length, "prompts and answers were shown");
        assert.ok(conversations > payloads.length, "and as conversations");
        assert.ok(verdicts > payloads.length, "and what a guardrail of that name found");
        // They are there, as text: the test would prove nothing about an empty page.
        const { items } = await call("GET", `/api/admin/logs?key_id=${created.at(-1).id}&limit=10`);
        const whole = items.find((item) => item.status === 200);
        await page.goto(`/logs/${whole.id}`);
        for (const name of ["Conversation", "Response", "Request"]) {
          await page.getByRole("tab", { name }).click();
          await page.getByRole("dialog").getByText(payloads.at(-1), { exact: false }).first().waitFor();
          assert.deepEqual(page.trespasses, [], name);
        }
        console.log(`hostile texts: ${payloads.length} of ${payloads.length}, ${bodies} bodies and ${conversations} conversations shown`);
      });
      await onPage(world, askHostile);
    } finally {
      await upstream.close();
    }
  });

  test("the pages are served with a strict policy", async () => {
    const reply = await fetch(`${world.stack.url}/`);
    const policy = reply.headers.get("content-security-policy");
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!policy.includes("unsafe"));
    assert.equal(reply.headers.get("x-content-type-options"), "nosniff");
  });

  test("the sixth bad sign-in in a row is refused before it is tried", async () => {
    const username = `nobody-${Date.now()}`;
    const tries = [];
    for (let number = 0; number < 6; number += 1) {
      const reply = await fetch(`${world.stack.url}/api/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username, password: "wrong" }),
      });
      tries.push(reply.status);
    }
    assert.deepEqual(tries, [401, 401, 401, 401, 401, 429]);
  });
}
