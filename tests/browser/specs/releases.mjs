import assert from "node:assert/strict";
import { adminApi, offered, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

const model = { id: "released", provider: "demo-openai", upstream_model: "demo-gpt", display_name: "First" };

/** The row of the release before the newest, as its number. */
const before = async (call) => (await call("GET", "/api/admin/release")).number - 1;

export function register(test, world) {
  test("an edit makes a release, its diff says what changed, a rollback brings the value back, and can be undone", async () => {
    const call = await adminApi(world.stack);
    const name = async () => (await call("GET", `/api/admin/models/${model.id}`)).display_name;
    await call("POST", "/api/admin/models", model);
    await onPage(world, async (page) => {
      await page.goto(`/models?open=${model.id}`);
      const form = page.getByRole("dialog", { name: model.id });
      await form.getByLabel("Display name").fill("Second");
      await form.getByRole("button", { name: "Save" }).click();
      await form.waitFor({ state: "detached" });
      const former = await before(call);

      await page.getByRole("link", { name: `Release ${former + 1}.` }).click();
      const release = page.getByRole("dialog", { name: `Release #${former + 1}` });
      await release.getByText("1 changed").waitFor();
      const line = release.getByRole("row", { name: /display_name/ });
      assert.equal(await line.locator("del").innerText(), "First");
      assert.equal(await line.locator("ins").innerText(), "Second");
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: `Actions for release #${former}` }).click();
      await page.getByRole("menuitem", { name: "Roll back" }).click();
      const question = page.getByRole("dialog", { name: `Roll back to release #${former}?` });
      assert.equal(await question.locator("ins").innerText(), "First");
      await question.getByRole("button", { name: "Roll back" }).click();
      await said(page, "Rolled back.");
      assert.equal(await name(), "First");
      await page.getByRole("button", { name: "Undo" }).click();
      await said(page, "The rollback was undone.");
      assert.equal(await name(), "Second");
      await page.getByRole("row", { name: /rollback/ }).first().waitFor();
    });
  });

  test("a rollback that somebody was faster than changes nothing and shows the new difference", async () => {
    const call = await adminApi(world.stack);
    await onPage(world, async (page) => {
      await page.goto("/releases");
      const former = await before(call);
      await page.getByRole("button", { name: `Actions for release #${former}` }).click();
      await page.getByRole("menuitem", { name: "Roll back" }).click();
      const question = page.getByRole("dialog", { name: /Roll back to/ });
      await question.locator("ins, del").first().waitFor();
      await call("PATCH", `/api/admin/models/${model.id}`, { display_name: "Third" });
      await question.getByRole("button", { name: "Roll back" }).click();
      await said(page, "Nothing was changed.");
      await question.getByText("Third").waitFor();
      assert.equal((await call("GET", `/api/admin/models/${model.id}`)).display_name, "Third");
    });
  });

  test("in draft mode an edit waits until it is published", async () => {
    const { url, demoKey } = world.stack;
    const call = await adminApi(world.stack);
    try {
      await onPage(world, async (page) => {
        await page.goto("/settings");
        await page.getByRole("button", { name: "Switch to draft" }).click();
        await said(page, "Edits now wait to be published.");
        const { number } = await call("GET", "/api/admin/release");
        await call("POST", "/api/admin/models", { id: "drafted", provider: "demo-openai", upstream_model: "demo-gpt" });
        await page.reload();
        await page.getByText("1 change not published.").waitFor();
        assert.equal((await call("GET", "/api/admin/release")).number, number);
        assert.ok(!(await offered(url, demoKey)).includes("drafted"));

        await page.locator(".banner").getByRole("link", { name: "Review" }).click();
        const draft = page.getByRole("dialog", { name: "Changes not published" });
        await draft.getByText("drafted").first().waitFor();
        await draft.getByRole("button", { name: "Publish 1 change" }).click();
        await said(page, `Published as release #${number + 1}.`);
        await page.locator(".banner").waitFor({ state: "detached" });
        await until(async () => (await offered(url, demoKey)).includes("drafted"), "the published model is in force");
      });
    } finally {
      if ((await call("GET", "/api/admin/release")).pending > 0) await call("POST", "/api/admin/releases/draft/discard");
      await call("PATCH", "/api/admin/settings", { publishing: "direct" });
      for (const id of [model.id, "drafted"]) await call("DELETE", `/api/admin/models/${id}`);
    }
  });
}
