import assert from "node:assert/strict";
import { openPage } from "../support/browser.mjs";
import { payloads } from "../support/payloads.mjs";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

const password = "a long enough sentence";

/** Somebody invited who has just registered: on the page they begin with. */
async function newcomer({ browser, stack }, username) {
  const call = await adminApi(stack);
  const { token } = await call("POST", "/api/admin/invitations", { role: "user" });
  const page = await openPage(browser, stack.url);
  await page.goto(`/register#${token}`);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Chat" }).waitFor();
  const { items } = await call("GET", `/api/admin/users?q=${username}`);
  return { call, page, id: items[0].id };
}

/** The lengths that the last answer had on its way. */
const watchAnswer = (page) =>
  page.evaluate(() => {
    window.lengths = new Set();
    new MutationObserver(() => {
      const last = document.querySelector(".chat-thread > li.answer:last-child .answer-text");
      if (last) window.lengths.add(last.textContent.length);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });

export function register(test, world) {
  test("who was invited chats: the answer streams, is paid for once, survives a failure and another token", async () => {
    const { call, page, id } = await newcomer(world, "chatty");
    await call("POST", "/api/admin/end-users", { id, name: "chatty", token_balance: true });
    await call("POST", `/api/v1/admin/users/${id}/tokens`, { amount: 5000, id: "First tokens" });
    const owned = () => call("GET", `/api/v1/admin/balances/${id}`);
    const before = (await owned()).available;

    await page.reload();
    const balance = page.getByRole("status", { name: "Token balance" });
    await balance.getByText("tokens left").waitFor();
    const shownBefore = await balance.innerText();
    const box = page.getByRole("textbox", { name: "Message" });
    await page.getByRole("combobox", { name: "Model" }).selectOption("demo-gpt");
    await watchAnswer(page);
    await box.fill("Write 150 words");
    await box.press("Shift+Enter");
    await box.pressSequentially("please");
    await box.press("Enter");
    const turns = page.getByRole("list", { name: "Messages" }).locator("> li");
    await turns.nth(1).getByText(/\d+ tokens/).waitFor();
    assert.equal(await turns.first().locator(".prewrap").innerText(), "Write 150 words\nplease");
    const lengths = await page.evaluate(() => window.lengths.size);
    assert.ok(lengths > 3, `the answer grew in ${lengths} steps`);
    await page.getByRole("link", { name: /Write 150 words/ }).waitFor();
    assert.match(page.url(), /open=dlg_/);
    const cost = Number((await turns.nth(1).getByText(/^\d+ tokens$/).innerText()).split(" ")[0]);
    const paid = await until(async () => (await owned()).held === 0 && before - (await owned()).available, "it is paid for");
    assert.equal(paid, cost);
    await until(async () => (await balance.innerText()) !== shownBefore, "the balance in sight falls");

    // A model that fails, then another under the same message; the access token is refused meanwhile.
    await page.getByRole("combobox", { name: "Model" }).selectOption("demo-error-500");
    await box.fill("Say: mended");
    await box.press("Enter");
    const again = turns.last().getByRole("button", { name: "Try again" });
    await again.waitFor();
    await page.getByRole("combobox", { name: "Model" }).selectOption("demo-gpt");
    await page.evaluate(() => {
      const kept = JSON.parse(localStorage.getItem("gateway.session"));
      localStorage.setItem("gateway.session", JSON.stringify({ ...kept, token: `${kept.token}x` }));
    });
    await again.click();
    await turns.nth(3).getByText("mended", { exact: true }).waitFor();
    await again.waitFor({ state: "hidden" });
    assert.equal(await turns.count(), 4);
    await page.reload();
    await turns.nth(3).getByText("mended", { exact: true }).waitFor();
    assert.equal(await turns.count(), 4);

    // Nothing left: said before anything is sent.
    await call("POST", `/api/v1/admin/users/${id}/tokens`, { amount: -(await owned()).available, id: "Taken" });
    await page.reload();
    await page.getByText("Your tokens are used up.").waitFor();
    await box.fill("Anybody?");
    assert.ok(await page.getByRole("button", { name: "Send" }).isDisabled());
    await call("POST", `/api/v1/admin/users/${id}/tokens`, { amount: 100, id: "Given back" });
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByText("Your tokens are used up.").waitFor({ state: "hidden" });
    assert.equal(await box.inputValue(), "Anybody?", "what was written is kept");

    // Deleted, undone, deleted.
    const chats = page.getByRole("list", { name: "Chats" }).getByRole("listitem");
    for (const undo of [true, false]) {
      await chats.first().getByRole("button", { name: /Actions/ }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await page.getByRole("heading", { name: "Begin a chat" }).waitFor();
      assert.equal(await chats.count(), 0);
      if (undo) await page.getByRole("button", { name: "Undo" }).first().click();
      if (undo) await chats.first().getByRole("link").click();
    }
    await page.goto("/usage");
    await until(async () => (await owned()).dialogs === 0, "it is gone once the page is left");
    assert.deepEqual(page.trespasses, []);
    await page.context().close();
  });

  test("what a rule blocks names no chat and is not offered again; Stop reaches whoever writes the answer", async () => {
    const { call, page } = await newcomer(world, "stopper");
    await call("POST", "/api/admin/guardrails", { id: "no-figs", kind: "deny", keywords: ["figs"], everywhere: true, message: "No figs here." });
    try {
      const box = page.getByRole("textbox", { name: "Message" });
      const turns = page.getByRole("list", { name: "Messages" }).locator("> li");
      const chats = page.getByRole("list", { name: "Chats" });
      await until(async () => (await chat(world.stack.url, world.stack.demoKey, { content: "figs" })) === 400, "it blocks");
      await box.fill("Say: what of figs?");
      await box.press("Enter");
      await turns.last().getByText("No figs here.").waitFor();
      await turns.last().getByText("blocked by a rule").waitFor();
      assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
      assert.equal(await chats.getByRole("link", { name: /figs/ }).count(), 0);

      await page.getByRole("combobox", { name: "Model" }).selectOption("demo-gpt");
      await box.fill("Write 3000 words");
      const stopping = page.waitForResponse((reply) => reply.request().method() === "DELETE" && reply.url().endsWith("/run"));
      await box.press("Enter");
      await page.getByRole("button", { name: "Stop" }).waitFor();
      await turns.last().getByText(/\w+ \w+ \w+/).first().waitFor();
      await page.getByRole("button", { name: "Stop" }).click();
      assert.equal((await stopping).status(), 202);
      await turns.last().getByText("stopped", { exact: true }).waitFor();
      await chats.getByRole("link", { name: /Write 3000 words/ }).waitFor();
      await page.reload();
      await turns.last().getByText("stopped", { exact: true }).waitFor();
      assert.deepEqual(page.trespasses, []);
    } finally {
      await call("DELETE", "/api/admin/guardrails/no-figs");
      await page.context().close();
    }
  });

  test("hostile titles, prompts, messages and agents stay text, in the chat and before administrators", async () => {
    const call = await adminApi(world.stack);
    const texts = payloads.map((text) => text.slice(0, 250));
    const messages = payloads.flatMap((content) => [
      { role: "user", content },
      { role: "assistant", content: `\`\`\`${content}\n${content}\n\`\`\`\n${content}` },
    ]);
    const brought = await call("POST", "/api/v1/export/import", {
      dialogs: texts.map((title, at) => ({ title, system_prompt: title, messages: at === 0 ? messages : [] })),
    });
    assert.deepEqual(brought.errors, []);
    const { items } = await call("GET", "/api/v1/dialogs?page_size=100");
    const talk = items.find(({ message_count }) => message_count > 0);
    const agent = { id: "hostile-agent", name: payloads[1], description: payloads.join(" ").slice(0, 1000), system_prompt: payloads.join("\n") };
    await call("POST", "/api/admin/agents", agent);
    try {
      await onPage(world, async (page) => {
        await page.goto(`/chat?open=${talk.id}`);
        await page.getByRole("list", { name: "Messages" }).getByText(payloads.at(-1)).first().waitFor();
        await page.getByRole("link", { name: texts[2] }).first().waitFor();
        await page.getByRole("button", { name: "Settings of this chat" }).click();
        await page.getByLabel("System prompt").waitFor();
        await page.getByRole("combobox", { name: "Agent" }).last().selectOption("hostile-agent");
        await page.goto("/dialogs?list=agents&open=hostile-agent");
        await page.getByLabel("System prompt").waitFor();
        await page.goto(`/dialogs?open=${talk.user_id}`);
        await page.getByRole("list", { name: "Dialogs" }).getByText(texts.at(-1)).first().waitFor();
      });
    } finally {
      await call("DELETE", "/api/admin/agents/hostile-agent");
      for (const { id } of items) await call("DELETE", `/api/v1/dialogs/${id}`);
    }
  });
}
