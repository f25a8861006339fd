import assert from "node:assert/strict";
import { payloads } from "../support/payloads.mjs";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

const name = `No lighthouses ${payloads[3]}`;

export function register(test, world) {
  test("a guardrail is made, tried while it is typed, put on a route, and what it blocked is in the log without a word of it", { timeout: 120_000 }, async () => {
    const { url, demoKey } = world.stack;
    const call = await adminApi(world.stack);
    await call("POST", "/api/admin/routes", { id: "guarded", targets: [{ provider: "demo-openai", model: "demo-gpt" }] });
    await onPage(world, async (page) => {
      await page.goto("/guardrails?create=true");
      await page.getByLabel("Name").fill(name);
      await page.getByLabel("Id", { exact: true }).fill("lighthouses");
      await page.getByRole("button", { name: "Create guardrail" }).click();
      await page.getByText("Give a word, or a pattern below.").waitFor();
      await page.getByLabel("Words", { exact: true }).fill("light house\nlighthouse");
      const box = page.getByRole("region", { name: "Try it" });
      await box.getByLabel("Text to try").fill("👋🏽 One Lighthouse, two light\nhouses, a light  house.");
      await box.getByText("Found 2: Words.").waitFor();
      assert.deepEqual(await box.locator("mark").allInnerTexts(), ["Lighthouse", "light  house"]);
      const whose = page.getByRole("group", { name: "In requests, what is said by" });
      await whose.getByRole("checkbox", { name: /^Applications/ }).uncheck();
      await box.getByRole("radio", { name: "Applications" }).click();
      await box.getByText("Nothing found: this passes as it is.").waitFor();
      await whose.getByRole("checkbox", { name: /^Applications/ }).check();
      await box.getByText("Found 2: Words.").waitFor();
      await page.getByLabel("Patterns").fill("(?=x)");
      await box.getByRole("alert").getByText(/Look-ahead/).waitFor();
      await page.getByLabel("Patterns").fill("");
      await page.getByLabel("Message").fill("No lighthouses here.");
      await page.getByRole("button", { name: "Create guardrail" }).click();
      await said(page, "was created.");
      await page.getByRole("row", { name: /lighthouses/ }).getByText("nothing yet").waitFor();

      await page.goto("/routes/edit?id=guarded");
      await page.getByLabel("Add a guardrail").selectOption("lighthouses");
      await page.getByRole("list", { name: "Chosen guardrails" }).getByRole("link", { name }).waitFor();
      await page.getByRole("button", { name: "Save" }).click();
      await said(page, "guarded was saved.");
      await until(async () => (await chat(url, demoKey, { model: "guarded", content: "Where is the lighthouse?" })) === 400, "it blocks");

      await page.goto("/logs?guardrail=lighthouses&guarded=blocked");
      await page.getByRole("row").filter({ hasText: "guardrail_blocked" }).first().click();
      const found = page.getByRole("dialog").getByRole("region", { name: "Guardrails" });
      await found.getByText("Found 1: Words").waitFor();
      assert.match(await found.innerText(), /blocked/);
      await found.getByRole("link", { name }).click();
      await page.waitForURL(/\/guardrails\?open=lighthouses/);

      await page.getByRole("button", { name: "Delete" }).click();
      await page.getByRole("dialog", { name: /is in use/ }).getByRole("link", { name: "guarded" }).waitFor();
      await call("DELETE", "/api/admin/routes/guarded");
      await page.goto("/guardrails");
      await page.getByRole("button", { name: /Actions for No lighthouses/ }).click();
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await page.getByRole("row", { name: /lighthouses/ }).getByText("disabled").waitFor();
      await page.getByRole("button", { name: /Actions for No lighthouses/ }).click();
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await page.getByRole("button", { name: "Delete guardrail" }).click();
      await said(page, "was deleted.");
      await page.locator(".toast").filter({ hasText: "was deleted." }).getByRole("button", { name: "Undo" }).click();
      await said(page, "is there again.");
      const again = await call("GET", "/api/admin/guardrails/lighthouses");
      assert.deepEqual([again.name, again.keywords, again.active, again.message], [name, ["light house", "lighthouse"], false, "No lighthouses here."]);
    });
    await call("DELETE", "/api/admin/guardrails/lighthouses");
  });
}
