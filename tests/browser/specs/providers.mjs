import assert from "node:assert/strict";
import { onPage, said } from "../support/steps.mjs";

export function register(test, world) {
  test("a provider is added with its key, changed, and deleted by typing its id", async () => {
    await onPage(world, async (page) => {
      await page.goto("/providers");
      await page.getByRole("link", { name: "Add provider" }).click();
      const drawer = page.getByRole("dialog", { name: "Add provider" });
      await drawer.getByLabel("Kind").selectOption({ label: "Anthropic" });
      assert.equal(await drawer.getByLabel("Id").inputValue(), "anthropic");
      await drawer.getByLabel("API key").fill("sk-ant-secret-value-7Q2x");
      await drawer.getByRole("button", { name: "Add provider" }).click();
      await said(page, "Anthropic was added.");

      await page.getByRole("link", { name: "Anthropic", exact: true }).click();
      const edit = page.getByRole("dialog", { name: "Anthropic" });
      const keys = edit.getByRole("region", { name: "Keys" });
      await keys.getByText(/\*\*\*\*/).waitFor();
      assert.ok(!(await page.content()).includes("secret-value"), "the key never comes back");
      await keys.getByRole("button", { name: /Actions for the key/ }).click();
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await keys.getByText("disabled").waitFor();
      await keys.getByText("Without an active key").waitFor();
      await keys.getByRole("button", { name: /Actions for the key/ }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete key", exact: true }).click();
      await keys.getByRole("listitem").waitFor({ state: "detached" });

      await edit.getByLabel("Name").fill("Claude account");
      await page.keyboard.press("Control+Enter");
      await said(page, "Claude account was saved.");

      await page.goto("/providers?open=anthropic");
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      const confirm = page.getByRole("button", { name: "Delete provider" });
      assert.ok(await confirm.isDisabled());
      await page.getByLabel(/Type anthropic/).fill("anthropic");
      await confirm.click();
      await said(page, "was deleted.");
      assert.equal(await page.getByRole("link", { name: "Claude account" }).count(), 0);
    });
  });

  test("what is wrong with a base URL stands beside the field, from the browser and from the server, and the form is kept", async () => {
    await onPage(world, async (page) => {
      await page.goto("/providers?create=true");
      const drawer = page.getByRole("dialog", { name: "Add provider" });
      await drawer.getByLabel("Kind").selectOption({ label: "OpenAI-compatible" });
      const url = drawer.getByLabel("Base URL");
      await url.fill("llm.example");
      await drawer.getByLabel("Name", { exact: false }).first().focus();
      await drawer.getByText(/Not a URL/).waitFor();
      assert.equal(await url.getAttribute("aria-invalid"), "true");

      await url.fill("http://169.254.169.254/latest");
      await drawer.getByLabel("Id").fill("metadata");
      await drawer.getByRole("button", { name: "Add provider" }).click();
      await drawer.getByRole("alert").waitFor();
      assert.equal(await url.getAttribute("aria-invalid"), "true");
      assert.equal(await url.inputValue(), "http://169.254.169.254/latest");
      assert.equal(await drawer.getByLabel("Id").inputValue(), "metadata");

      await page.keyboard.press("Escape");
      const leave = page.getByRole("dialog", { name: "Leave without saving?" });
      await leave.getByRole("button", { name: "Keep editing" }).click();
      assert.equal(await drawer.getByLabel("Id").inputValue(), "metadata");
      await page.keyboard.press("Escape");
      await leave.getByRole("button", { name: "Discard changes" }).click();
      await drawer.waitFor({ state: "detached" });
    });
  });

  test("a provider that models use is not deleted, and the dialog says what uses it", async () => {
    await onPage(world, async (page) => {
      await page.goto("/providers?open=demo-openai");
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByText(/\d+ models( and \d+ routes?)? use this provider/).waitFor();
      await page.getByLabel(/Type demo-openai/).fill("demo-openai");
      await page.getByRole("button", { name: "Delete provider" }).click();
      await page.getByRole("alert").waitFor();
      await page.goto("/providers");
      await page.getByRole("link", { name: "Demo (OpenAI)" }).waitFor();
    });
  });

  test("a change made meanwhile by someone else is not overwritten", async () => {
    await onPage(world, async (page) => {
      await page.goto("/providers?open=demo-gemini");
      const name = page.getByRole("dialog").getByLabel("Name");
      await name.fill("Mine");
      const other = await page.context().newPage();
      await other.goto("/providers?open=demo-gemini");
      await other.getByRole("dialog").getByLabel("Name").fill("Theirs");
      await other.getByRole("button", { name: "Save" }).click();
      await said(other, "Theirs was saved.");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText(/Someone else has changed this/).waitFor();
      assert.equal(await name.inputValue(), "Mine");
    });
  });
}
