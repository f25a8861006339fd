import assert from "node:assert/strict";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

const turns = (page) => page.getByRole("list", { name: "Conversation" }).locator("> li");
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Writes and sends a message, and gives the turn of its answer. */
async function ask(page, text) {
  const before = await turns(page).count();
  await page.getByLabel("Message").fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  return turns(page).nth(before + 1);
}

export function register(test, world) {
  test("the playground streams an answer, says who, how long and how much, and leads to its log entry", async () => {
    await onPage(world, async (page) => {
      await page.goto("/playground");
      await page.getByLabel("Model or route").fill("demo-gpt");
      await page.keyboard.press("Escape");
      await page.getByLabel("System prompt").fill("Be brief.");
      let answer = await ask(page, "Say: Look\n```js\nlet a = 1\n```");
      await answer.getByText("let a = 1").waitFor();
      // First what prices and counts make; then the log row's figure.
      await answer.getByText(/^\$0\.000/).waitFor();
      await until(async () => !(await answer.innerText()).includes("estimated"), "the exact cost has taken the place of the estimate");
      const facts = await answer.innerText();
      for (const shown of ["demo-openai/demo-gpt", "First token", "Total", "stop"]) assert.ok(facts.includes(shown), `${shown} in ${facts}`);

      await page.getByRole("button", { name: "Edit turn 1" }).click();
      await page.getByLabel("Text of turn 1").fill("Count to 3");
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("button", { name: /^Ask turn 1 again/ }).click();
      answer = turns(page).nth(1);
      await answer.getByText("1, 2, 3.").waitFor();
      await page.getByLabel("Message").fill("not sent yet");
      await page.reload();
      await turns(page).nth(1).getByText("1, 2, 3.").waitFor();
      assert.equal(await page.getByLabel("Message").inputValue(), "not sent yet");
      assert.equal(await page.getByLabel("System prompt").inputValue(), "Be brief.");
      assert.ok(!page.url().includes("Be+brief"), "texts are not in the address");

      await page.getByRole("button", { name: "Copy as" }).click();
      await page.getByRole("menuitem", { name: "cURL" }).click();
      const code = await clipboard(page);
      assert.match(code, /Authorization: Bearer \$GATEWAY_KEY/);
      assert.ok(code.includes("not sent yet") && code.includes("1, 2, 3.") && !code.includes("sk-gw-"));
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      assert.ok(!kept.includes("sk-gw-"), "the key is in no storage");

      await turns(page).nth(1).getByRole("link", { name: "Log entry" }).click();
      await page.getByRole("dialog").getByText("Playground of admin").first().waitFor();
    });
  });

  test("two models are asked at once and side by side; a stop keeps what came; a failure says what to do", async () => {
    await onPage(world, async (page) => {
      await page.goto("/playground?model=demo-gpt&compare=true&with=demo-claude&dialect=anthropic_messages");
      let answer = await ask(page, "Write 40 words");
      await answer.getByText("demo-openai/demo-gpt").waitFor();
      await answer.getByText("demo-anthropic/demo-claude").waitFor();
      await until(async () => (await answer.getByText("end_turn").count()) === 2, "both have ended in the words of Messages");

      answer = await ask(page, "Write 3000 words");
      await answer.getByText("the gateway carried").first().waitFor();
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await until(async () => (await answer.getByText("stopped").count()) === 2, "both have stopped");
      await answer.getByText("the gateway carried").first().waitFor();

      await page.getByLabel("First model").fill("no-such-model");
      await page.keyboard.press("Escape");
      answer = await ask(page, "Count to 3");
      await answer.getByRole("alert").getByText(/Choose a model or a route that exists/).waitFor();
      await answer.getByText("1, 2, 3.").waitFor();
    });
  });

  test("a recorded request is opened with its text, model and settings; of one that was not recorded the reason is said", async () => {
    const call = await adminApi(world.stack);
    const { url, demoKey } = world.stack;
    const { secret, id } = await call("POST", "/api/admin/keys", { name: "Recorded for the playground", record_bodies: true });
    await until(async () => (await chat(url, secret, { content: "Count to 4" })) === 200, "the key works");
    await chat(url, demoKey);
    const [recorded] = (await call("GET", `/api/admin/logs?key_id=${id}`)).items;
    const { items } = await call("GET", "/api/admin/logs?limit=20");
    const plain = items.find((item) => item.key_id !== id && item.path === "/v1/chat/completions");
    await onPage(world, async (page) => {
      await page.goto(`/logs/${recorded.id}`);
      const drawer = page.getByRole("dialog");
      await drawer.getByRole("tabpanel", { name: "Conversation" }).getByText("1, 2, 3, 4.").waitFor();
      await drawer.getByRole("button", { name: "Open in playground" }).click();
      await page.waitForURL((address) => address.pathname === "/playground" && address.search.includes("model=demo-gpt") && !address.search.includes("from="));
      assert.equal(await page.getByLabel("Message").inputValue(), "Count to 4");

      await page.goto(`/logs/${plain.id}`);
      const button = drawer.getByRole("button", { name: "Open in playground" });
      await button.focus();
      await page.getByRole("tooltip").getByText(/was not recorded/).waitFor();
      assert.equal(await button.getAttribute("aria-disabled"), "true");
      await drawer.getByRole("button", { name: "Copy as" }).click();
      await page.getByRole("menuitem", { name: "Python" }).click();
      assert.match(await clipboard(page), /from openai import OpenAI[^]*os\.environ\["GATEWAY_KEY"\]/);
      await drawer.getByRole("button", { name: "Only requests of this release" }).click();
      await page.getByRole("button", { name: /^Remove filter Release/ }).waitFor();
      await page.locator("[role=row]:has(a)").first().waitFor();
    });
  });
}
