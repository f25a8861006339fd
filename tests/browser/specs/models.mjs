import assert from "node:assert/strict";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

export function register(test, world) {
  test("a model found in the catalog brings its window and price, and clients can use it", async () => {
    await onPage(world, async (page) => {
      await page.goto("/models?create=true");
      const drawer = page.getByRole("dialog", { name: "Add model" });
      await drawer.getByLabel("Provider").selectOption({ label: "Demo (OpenAI)" });
      await drawer.getByRole("combobox", { name: "Catalog" }).fill("gpt-4o-mini");
      const option = drawer.getByRole("option").filter({ hasText: /^gpt-4o-mini\b/ }).first();
      await option.waitFor();
      await page.keyboard.press("Enter");
      assert.match(await drawer.getByLabel("Upstream name").inputValue(), /gpt-4o-mini/);
      assert.match(await drawer.getByLabel("Input").inputValue(), /^0\.15/);
      assert.ok(Number(await drawer.getByLabel("Context window").inputValue()) >= 128_000);

      // The demo upstream serves its own names only.
      await drawer.getByLabel("Upstream name").fill("demo-gpt");
      await drawer.getByLabel("Name for clients").fill("team/mini");
      await drawer.getByRole("button", { name: "Add model" }).click();
      await said(page, "team/mini was added.");
      await until(async () => (await chat(world.stack.url, world.stack.demoKey, { model: "team/mini" })) === 200, "the new model answers");

      await page.getByRole("link", { name: "team/mini" }).click();
      await page.waitForURL(/open=team/);
      await page.reload();
      const edit = page.getByRole("dialog", { name: "team/mini" });
      await edit.getByLabel("Output", { exact: true }).fill("0.75");
      await edit.getByRole("button", { name: "Save" }).click();
      await said(page, "team/mini was saved.");
      await page.getByRole("row", { name: /team\/mini.*0\.75/ }).waitFor();
    });
    const call = await adminApi(world.stack);
    assert.equal((await call("GET", "/api/admin/models/team%2Fmini")).price.output, "0.75");
  });

  test("a price that is no number is refused beside the field and nothing is sent", async () => {
    await onPage(world, async (page) => {
      await page.goto("/models?create=true");
      const drawer = page.getByRole("dialog", { name: "Add model" });
      await drawer.getByLabel("Name for clients").fill("half");
      const input = drawer.getByLabel("Input");
      await input.fill("1e3");
      assert.equal(await input.getAttribute("aria-invalid"), null, "nobody is interrupted while typing");
      await input.blur();
      await drawer.getByText("A plain decimal number such as 0.15.").waitFor();
      await drawer.getByText("Needed beside the other prices.").waitFor({ state: "detached" });
      await drawer.getByRole("button", { name: "Add model" }).click();
      await drawer.getByText("Needed beside the other prices.").waitFor();
      assert.ok(await input.evaluate((box) => box === document.activeElement), "the focus is on the first field that is wrong");
      assert.equal(await drawer.getByLabel("Name for clients").inputValue(), "half");
    });
    const call = await adminApi(world.stack);
    await assert.rejects(call("GET", "/api/admin/models/half"), /404/);
  });

  test("the list is filtered while typing, the filter is in the URL, and a model is deleted", async () => {
    await onPage(world, async (page) => {
      await page.goto("/models");
      await page.getByLabel("Filter models").fill("team/");
      await page.waitForURL(/q=team/);
      await page.getByText(/^1 of \d+$/).waitFor();
      await page.getByRole("link", { name: "team/mini" }).click();
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByRole("button", { name: "Delete model" }).click();
      await said(page, "team/mini was deleted.");
      await page.getByText("No model matches").waitFor();
    });
  });
}
