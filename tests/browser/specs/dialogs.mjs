import assert from "node:assert/strict";
import { adminApi } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

export function register(test, world) {
  test("administrators see who has dialogs, never what was said; agents are made, changed, deleted and brought back", async () => {
    const call = await adminApi(world.stack);
    const secret = "nobody else's business";
    const messages = [{ role: "user", content: secret }, { role: "assistant", content: secret }];
    await call("POST", "/api/v1/export/import", { dialogs: [{ title: "Plans for spring", messages }] });
    await onPage(world, async (page) => {
      await page.goto("/dialogs");
      const row = page.getByRole("row", { name: /admin/ });
      await row.getByRole("link", { name: "admin" }).click();
      const drawer = page.getByRole("dialog", { name: "admin" });
      await drawer.getByRole("list", { name: "Dialogs" }).getByText("Plans for spring").waitFor();
      await drawer.getByText("2 messages").waitFor();
      assert.ok(!(await page.content()).includes(secret));
      await page.keyboard.press("Escape");

      await page.getByRole("tab", { name: "Agents" }).click();
      await page.getByRole("link", { name: "Add agent" }).click();
      const add = page.getByRole("dialog", { name: "Add agent" });
      await add.getByLabel("Id").fill("desk");
      await add.getByLabel("Name").fill("Support desk");
      await add.getByLabel("System prompt").fill("You are the support desk.");
      await add.getByLabel("Temperature").fill("7");
      await add.getByText("At most 1", { exact: true }).waitFor();
      await add.getByLabel("Temperature").fill("0.3");
      await page.keyboard.press("Control+Enter");
      await said(page, "Support desk was added.");
      await page.getByRole("row", { name: /Support desk/ }).getByText("temperature 0.3").waitFor();

      await page.getByRole("link", { name: "Change Default" }).click();
      const like = page.getByRole("dialog", { name: "Change Default" });
      assert.equal(await like.getByLabel("Temperature").inputValue(), "0.7");
      await like.getByLabel("Temperature").fill("0.5");
      await like.getByRole("button", { name: "Save" }).click();
      await page.getByRole("row", { name: /Default/ }).getByText("changed").waitFor();

      await page.getByRole("link", { name: "Support desk" }).click();
      await page.getByRole("dialog", { name: "Support desk" }).getByRole("button", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete agent" }).click();
      await said(page, "Support desk was deleted.");
      await page.getByRole("button", { name: "Undo" }).click();
      await said(page, "Support desk is there again.");
    });
    const desk = await call("GET", "/api/admin/agents/desk");
    assert.deepEqual([desk.system_prompt, desk.temperature], ["You are the support desk.", 0.3]);
    assert.equal((await call("GET", "/api/admin/agents/default")).temperature, 0.5);
    for (const id of ["desk", "default"]) await call("DELETE", `/api/admin/agents/${id}`);
    for (const { id } of (await call("GET", "/api/v1/dialogs")).items) await call("DELETE", `/api/v1/dialogs/${id}`);
  });
}
