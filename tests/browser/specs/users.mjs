import assert from "node:assert/strict";
import { openPage, signIn } from "../support/browser.mjs";
import { adminApi, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

const password = "a long enough sentence";

export function register(test, world) {
  test("an invitation becomes a user who sees what the role allows, until they are deactivated", async () => {
    const { browser, stack } = world;
    await onPage(world, async (page) => {
      await page.goto("/teams?tab=invitations");
      await page.getByRole("link", { name: "Invite someone" }).first().click();
      const drawer = page.getByRole("dialog", { name: "Invite someone" });
      await drawer.getByRole("textbox", { name: "For (optional)" }).fill("Kim of support");
      await drawer.getByRole("button", { name: "Make the link" }).click();
      const reveal = page.getByRole("dialog", { name: "Copy this link now" });
      const link = await reveal.locator(".secret code").innerText();
      assert.match(link, /\/register#[A-Za-z0-9_-]{43}$/);
      assert.ok(await reveal.getByRole("button", { name: "Done" }).isDisabled());
      await reveal.getByLabel("I have stored it").check();
      await reveal.getByRole("button", { name: "Done" }).click();
      const token = link.split("#")[1];
      assert.ok(!(await page.content()).includes(token), "shown once");

      const guest = await openPage(browser, stack.url);
      const asked = [];
      guest.on("request", (request) => asked.push(request.url()));
      await guest.goto(link);
      await guest.getByLabel("User name").fill("kim of support");
      await guest.getByLabel("Password").fill("short");
      await guest.getByLabel("User name").focus();
      await guest.getByText("At least 10 characters.", { exact: true }).waitFor();
      await guest.getByText("Only letters, digits").waitFor();
      assert.ok(!guest.url().includes("#"), "the address lost the token");
      await guest.getByLabel("User name").fill("kim");
      await guest.getByLabel("Password").fill(password);
      await guest.keyboard.press("Enter");
      await guest.getByRole("heading", { level: 1, name: "Chat" }).waitFor();
      assert.ok(!asked.some((url) => url.includes(token)), "the token was in no URL");
      const rail = guest.getByRole("navigation", { name: "Main" });
      assert.deepEqual(await rail.getByRole("link").allInnerTexts(), ["Chat", "Usage", "Cache"]);
      await guest.goto("/keys");
      await guest.getByRole("heading", { name: "Your role does not allow this page" }).waitFor();
      await guest.goto("/usage");
      await guest.getByRole("heading", { level: 1, name: "Usage" }).waitFor();

      await page.reload();
      await page.getByText("Kim of support").waitFor();
      await page.getByRole("row", { name: /Kim of support/ }).getByText("used").waitFor();
      await page.getByRole("tab", { name: "Dashboard users" }).click();
      const row = page.getByRole("row", { name: /kim/ });
      await row.getByRole("button", { name: "Actions for kim" }).click();
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await said(page, "kim is disabled.");
      await row.getByText("deactivated").waitFor();
      await guest.reload();
      await guest.waitForURL(/\/login/);
      assert.deepEqual(guest.trespasses, []);

      await guest.goto(link);
      await guest.getByLabel("User name").fill("lee");
      await guest.getByLabel("Password").fill(password);
      await guest.keyboard.press("Enter");
      await guest.getByRole("alert").getByText("not valid").waitFor();
      await guest.goto("/register");
      await guest.getByText("You need an invitation.").waitFor();
      await guest.context().close();
    });
  });

  test("users are added, changed, signed out and deleted; the deployment's administrator is left alone", async () => {
    const { browser, stack } = world;
    await onPage(world, async (page) => {
      await page.goto("/teams?tab=people&create=true");
      const drawer = page.getByRole("dialog", { name: "Add user" });
      await drawer.getByLabel("User name").fill("olga");
      await drawer.getByLabel("Password").fill(password);
      await drawer.getByLabel("Role").selectOption("operator");
      await page.keyboard.press("Control+Enter");
      await said(page, "olga was added.");

      const hers = await openPage(browser, stack.url);
      await hers.goto("/login");
      await hers.getByLabel("User name").fill("olga");
      await hers.getByLabel("Password").fill(password);
      await hers.keyboard.press("Enter");
      await hers.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
      await hers.goto("/keys");
      await hers.getByRole("link", { name: "Demo key", exact: true }).waitFor();
      assert.equal(await hers.getByRole("link", { name: "Create key" }).count(), 0);
      assert.equal(await hers.getByRole("checkbox").count(), 0);
      await hers.getByRole("button", { name: "Account and theme" }).click();
      await hers.getByRole("menuitem", { name: "Change password" }).click();
      const change = hers.getByRole("dialog", { name: "Change password" });
      await change.getByLabel("Present password").fill("not it");
      await change.getByLabel("New password").fill(`${password} 2`);
      await change.getByRole("button", { name: "Change password" }).click();
      await change.getByRole("alert").waitFor();
      await change.getByLabel("Present password").fill(password);
      await change.getByRole("button", { name: "Change password" }).click();
      await said(hers, "Your password was changed.");

      await page.getByRole("link", { name: "olga" }).click();
      const edit = page.getByRole("dialog", { name: "olga" });
      await edit.getByRole("button", { name: "End all sessions" }).click();
      await said(page, "All sessions of olga have ended.");
      await hers.reload();
      await hers.waitForURL(/\/login/);
      await hers.context().close();

      await edit.getByLabel("User name").fill("olga.k");
      await edit.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Keep editing" }).click();
      // Whoever stays is where they were.
      await edit.getByLabel("User name").and(page.locator(":focus")).waitFor();
      await page.keyboard.press("Control+Enter");
      await said(page, "olga.k was saved.");
      await page.getByRole("link", { name: "admin", exact: true }).click();
      const admin = page.getByRole("dialog", { name: "admin" });
      await admin.getByText("name, password and role come from its secret").waitFor();
      assert.equal(await admin.getByRole("button", { name: "Delete" }).count(), 0);
      await page.keyboard.press("Escape");

      await page.getByRole("checkbox", { name: "Select olga.k" }).check();
      await page.getByRole("toolbar", { name: "Selected" }).getByRole("button", { name: "Delete…" }).click();
      await page.getByLabel(/Type 1 user/).fill("1 user");
      await page.getByRole("button", { name: "Delete 1 user" }).click();
      await said(page, "1 user is deleted.");
      await page.getByRole("link", { name: "olga.k" }).waitFor({ state: "detached" });
    });
  });

  test("an operator saves a provider, and sees what only an administrator may decide without being able to change it", async () => {
    const { browser, stack } = world;
    const call = await adminApi(stack);
    const { id } = await call("POST", "/api/admin/users", { username: "otto", role: "operator", password });
    await call("POST", "/api/admin/providers", { id: "ottos", kind: "anthropic", name: "Before" });
    await call("POST", "/api/admin/providers/ottos/keys", { value: "sk-ant-secret-of-otto-7Q2x" });
    const page = await openPage(browser, stack.url);
    await signIn(page, { username: "otto", password });
    await page.goto("/providers?open=ottos");
    const drawer = page.getByRole("dialog", { name: "Before" });
    const reason = /Only an administrator may change this/;
    assert.ok(await drawer.getByLabel("Base URL").isDisabled());
    await drawer.getByText(reason).first().waitFor();
    await drawer.getByText("Parameters, headers, timeouts").click();
    assert.ok(await drawer.getByLabel("Extra headers").isDisabled());
    const keys = drawer.getByRole("region", { name: "Keys" });
    await keys.getByText("7Q2x").waitFor();
    await keys.getByText(/Only an administrator may/).waitFor();
    assert.equal(await keys.getByRole("button").count(), 0);
    await drawer.getByLabel("Name").fill("After");
    await drawer.getByRole("button", { name: "Save" }).click();
    await said(page, "After was saved.");
    assert.deepEqual(page.trespasses, []);
    await page.context().close();
    await call("DELETE", "/api/admin/providers/ottos");
    await call("DELETE", `/api/admin/users/${id}`);
  });

  test("an end user's balance is topped up with a reason, once, and taken from", async () => {
    const call = await adminApi(world.stack);
    await call("POST", "/api/admin/end-users", { id: "payer", token_balance: true });
    await onPage(world, async (page) => {
      await page.goto("/teams?tab=users&open=payer");
      const panel = page.getByRole("region", { name: "Token balance" });
      await panel.getByRole("button", { name: "Top up" }).click();
      await panel.getByLabel("Tokens to add").fill("a lot");
      await panel.getByLabel("Reason").fill("Invoice 4711");
      await panel.getByText("A whole number of tokens").waitFor();
      await panel.getByLabel("Tokens to add").fill("500k");
      await panel.getByRole("button", { name: "Top up" }).click();
      await panel.getByText("Invoice 4711").waitFor();
      await panel.getByRole("button", { name: "Deduct" }).click();
      await panel.getByLabel("Tokens to take").fill("100,000");
      await panel.getByLabel("Reason").fill("Refunded");
      await panel.getByRole("button", { name: "Deduct" }).click();
      await panel.getByText("Refunded").waitFor();
      const balance = await until(() => call("GET", "/api/admin/end-users/payer/balance"), "the balance");
      assert.equal(balance.available - balance.granted, 400_000);
    });
    await call("DELETE", "/api/admin/end-users/payer");
  });
}
