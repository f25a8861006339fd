import assert from "node:assert/strict";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

const key = "Key from a document";

export function register(test, world) {
  test("the configuration is exported, changed, planned, applied, and what is taken out of it is removed", async () => {
    const call = await adminApi(world.stack);
    await onPage(world, async (page) => {
      await page.goto("/settings?part=configuration");
      await page.getByRole("button", { name: "Show" }).click();
      const exported = await page.getByRole("region", { name: "Export" }).locator("pre").innerText();
      const part = page.getByRole("region", { name: "Import" });
      const document = part.getByRole("textbox", { name: "Document" });
      const plan = part.getByRole("region", { name: "Plan" });

      await document.fill(exported);
      await part.getByRole("button", { name: "Plan" }).click();
      await plan.getByText("Everything is so already").waitFor();

      await document.fill("providers:\n  - {id: demo-openai, kind: [}");
      await part.getByRole("button", { name: "Plan" }).click();
      await part.getByRole("alert").waitFor();
      assert.match(await document.inputValue(), /kind: \[/);

      await document.fill(exported.replace(/^keys:\n/m, `keys:\n- name: ${key}\n`));
      await part.getByRole("button", { name: "Plan" }).click();
      await plan.getByText("1 added").waitFor();
      await plan.getByRole("button", { name: "Apply" }).click();
      await page.getByRole("dialog", { name: "Apply this plan?" }).getByRole("button", { name: "Apply" }).click();
      const reveal = page.getByRole("dialog", { name: "Store this key now" });
      const secret = await reveal.getByRole("region", { name: `Key of ${key}` }).locator("code").innerText();
      await reveal.getByLabel("I have stored it").check();
      await reveal.getByRole("button", { name: "Done" }).click();
      await until(async () => (await chat(world.stack.url, secret)) === 200, "the generated key works");

      await document.fill(exported);
      await part.getByLabel("Remove what the document does not name").check();
      await part.getByRole("button", { name: "Plan" }).click();
      await plan.getByText(`virtual key ${key}.`).waitFor();
      await plan.getByRole("button", { name: "Apply" }).click();
      const question = page.getByRole("dialog", { name: "Apply this plan?" });
      assert.ok(await question.getByRole("button", { name: "Apply" }).isDisabled());
      await question.getByLabel(/Type remove/).fill("remove");
      await question.getByRole("button", { name: "Apply" }).click();
      await question.waitFor({ state: "detached" });
      await plan.waitFor({ state: "detached" });
      const { items } = await call("GET", "/api/admin/keys?limit=100");
      assert.ok(!items.some(({ name }) => name === key));
    });
  });

  test("the facts of the deployment name the parameter that changes them", async () => {
    await onPage(world, async (page) => {
      await page.goto("/settings");
      await page.getByRole("button", { name: "Copy the parameter LogTtlDays" }).click();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "LogTtlDays");
    });
  });
}
