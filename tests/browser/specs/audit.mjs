import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { adminApi } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

export function register(test, world) {
  test("the audit log is narrowed by chips, shows before and after under an address of its own, and is exported", async () => {
    const call = await adminApi(world.stack);
    const id = `audited-${Date.now().toString(36)}`;
    await call("POST", "/api/admin/teams", { id, name: "First name" });
    await call("PATCH", `/api/admin/teams/${id}`, { name: "Second name" });
    await onPage(world, async (page) => {
      await page.goto("/audit?noun=team");
      await page.getByRole("button", { name: "Add filter" }).click();
      await page.getByLabel("Field").selectOption({ label: "Id" });
      await page.getByLabel("Value").fill(id);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.waitForURL(/id=audited-/);
      const rows = page.getByRole("table", { name: "Audit log" }).locator("tbody tr");
      await page.getByText("2 entries, complete").waitFor();
      assert.match(await rows.nth(0).innerText(), /changed Team Second name\s+audited-/);
      assert.match(await rows.nth(1).innerText(), /created Team First name\s+audited-/);

      await rows.nth(0).getByRole("link", { name: /, details/ }).click();
      await page.waitForURL(/\/audit\/aud_[0-9a-f]{32}\?/);
      await page.reload();
      const entry = page.getByRole("dialog", { name: "admin changed Second name" });
      assert.equal(await entry.locator("del").innerText(), "First name");
      assert.equal(await entry.locator("ins").innerText(), "Second name");
      await entry.getByText("done").waitFor();
      await entry.getByText("127.0.0.1").first().waitFor();
      await page.keyboard.press("Escape");
      await page.waitForURL(/\/audit\?/);

      await page.getByRole("button", { name: "Export" }).click();
      const coming = page.waitForEvent("download");
      await page.getByRole("menuitem", { name: "JSON" }).click();
      const { items } = JSON.parse(await readFile(await (await coming).path(), "utf8"));
      assert.deepEqual(items.map(({ action }) => action), ["update", "create"]);

      await page.getByRole("button", { name: `Remove filter Id ${id}` }).click();
      await page.waitForURL((url) => !url.search.includes("audited"));
    });
    await call("DELETE", `/api/admin/teams/${id}`);
  });
}
