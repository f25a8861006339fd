import assert from "node:assert/strict";
import { adminApi, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

export function register(test, world) {
  test("a balance is enabled, topped up, limited and looked back on; several are topped up at once", async () => {
    const call = await adminApi(world.stack);
    await call("POST", "/api/admin/end-users", { id: "saver@example.com", name: "Saver" });
    await onPage(world, async (page) => {
      await page.goto("/balances?create=true");
      const enable = page.getByRole("dialog", { name: "Enable a balance" });
      await enable.getByLabel("User").fill("spender");
      await enable.getByLabel("First tokens").fill("lots");
      await enable.getByRole("button", { name: "Enable" }).click();
      await enable.getByText("A whole number of tokens").waitFor();
      await enable.getByLabel("First tokens").fill("20k");
      await enable.getByRole("button", { name: "Enable" }).click();
      await said(page, "spender pays with a balance and got 20,000 tokens.");

      const row = page.getByRole("row", { name: /Saver/ });
      await row.getByText("does not pay").waitFor();
      await row.getByRole("link", { name: "Saver" }).click();
      const drawer = page.getByRole("dialog", { name: "Saver" });
      await drawer.getByRole("button", { name: "Enable" }).click();
      await said(page, "Saver pays with the balance.");
      const panel = drawer.getByRole("region", { name: "Token balance" });
      await panel.getByRole("button", { name: "Top up" }).click();
      await panel.getByLabel("Tokens to add").fill("500k");
      await panel.getByLabel("Reason").fill("Invoice 4711");
      await panel.getByRole("button", { name: "Top up" }).click();
      await panel.getByRole("list", { name: "What changed the balance" }).getByText("Invoice 4711").waitFor();
      await panel.getByRole("button", { name: "Limit" }).click();
      await panel.getByLabel("Token limit").fill("300,000");
      await panel.getByRole("button", { name: "Set limit" }).click();
      await said(page, "saver@example.com may use 300,000 tokens in all.");
      await drawer.getByRole("button", { name: "Close" }).click();
      await row.getByRole("meter", { name: "Token limit of Saver" }).waitFor();

      await page.getByRole("checkbox", { name: "Select Saver" }).check();
      await page.getByRole("checkbox", { name: "Select spender" }).check();
      await page.getByRole("toolbar", { name: "Selected" }).getByRole("button", { name: "Top up…" }).click();
      const many = page.getByRole("dialog", { name: "Top up 2 users" });
      await many.getByLabel("Tokens to add to each").fill("1k");
      await many.getByLabel("Reason").fill("Holidays");
      await many.getByRole("button", { name: "Top up" }).click();
      await said(page, "2 users got 1,000 tokens each.");
    });
    const of = (id) => call("GET", `/api/v1/admin/balances/${encodeURIComponent(id)}`);
    const saver = await until(() => of("saver@example.com"), "the balance");
    assert.deepEqual([saver.available - saver.granted, saver.limit, saver.pays], [501_000, 300_000, true]);
    const spender = await of("spender");
    assert.equal(spender.available - spender.granted, 21_000);
    for (const id of ["saver@example.com", "spender"]) await call("DELETE", `/api/admin/end-users/${id}`);
  });
}
