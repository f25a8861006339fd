import assert from "node:assert/strict";
import { openPage } from "../support/browser.mjs";
import { onPage } from "../support/steps.mjs";

export function register(test, world) {
  test("a wrong password is refused in words and the name is kept", async () => {
    const page = await openPage(world.browser, world.stack.url);
    await page.goto("/logs?status=5xx");
    await page.waitForURL(/\/login\?next=/);
    await page.getByLabel("User name").fill("admin");
    await page.getByLabel("Password").fill("not it");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    assert.equal(await page.getByLabel("User name").inputValue(), "admin");
    assert.equal(await page.getByLabel("Password").inputValue(), "");

    await page.getByLabel("Password").fill(world.stack.password);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/logs\?status=5xx/);
    assert.deepEqual(page.trespasses, []);
    await page.context().close();
  });

  test("after signing in no address leads away from this host", async () => {
    for (const next of ["//xss.invalid/", "/\\xss.invalid/", "https://xss.invalid/", "javascript:window.__xss(1)"]) {
      const page = await openPage(world.browser, world.stack.url);
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      await page.getByLabel("User name").fill("admin");
      await page.getByLabel("Password").fill(world.stack.password);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
      assert.equal(new URL(page.url()).origin, world.stack.url);
      assert.deepEqual(page.trespasses, []);
      await page.context().close();
    }
  });

  test("signing out ends the session in every tab and on the server", async () => {
    await onPage(world, async (page) => {
      const token = await page.evaluate(() => JSON.parse(localStorage.getItem("gateway.session")).token);
      const other = await page.context().newPage();
      await other.goto("/keys");
      await other.getByRole("heading", { level: 1, name: "Virtual keys" }).waitFor();
      await page.getByRole("button", { name: "Account and theme" }).click();
      const left = page.waitForResponse((reply) => reply.url().endsWith("/api/auth/logout"));
      await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
      await left;
      await page.waitForURL(/\/login/);
      await other.waitForURL(/\/login/);
      const reply = await fetch(`${world.stack.url}/api/admin/keys`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(reply.status, 401);
    });
  });
}
