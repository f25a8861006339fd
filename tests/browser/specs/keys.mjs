import assert from "node:assert/strict";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

export function register(test, world) {
  test("a key is shown once, works, can be disabled and enabled, and is deleted by typing its name", async () => {
    const { url } = world.stack;
    await onPage(world, async (page) => {
      await page.goto("/keys");
      await page.getByRole("link", { name: "Create key" }).click();
      const drawer = page.getByRole("dialog", { name: "Create key" });
      await drawer.getByLabel("Name").fill("Browser test");
      await drawer.getByLabel("Allowed models").fill("demo-gpt");
      await page.keyboard.press("Enter");
      await drawer.getByRole("button", { name: "Create key" }).click();

      const reveal = page.getByRole("dialog", { name: "Store this key now" });
      const secret = await reveal.locator(".secret code").innerText();
      assert.match(secret, /^sk-gw-[A-Za-z0-9_-]{43}$/);
      await page.keyboard.press("Escape");
      await page.mouse.click(5, 5);
      assert.ok(await reveal.isVisible(), "closes neither by Escape nor by a click beside it");
      assert.ok(await reveal.getByRole("button", { name: "Done" }).isDisabled());
      await reveal.getByRole("button", { name: "Copy key" }).click();
      await reveal.getByText("Copied").waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
      await reveal.getByRole("tab", { name: "OpenAI SDK" }).click();
      assert.ok((await reveal.locator("pre:visible").innerText()).includes(`base_url="${url}/v1"`));
      await reveal.getByLabel("I have stored it").check();
      await reveal.getByRole("button", { name: "Done" }).click();
      await reveal.waitFor({ state: "detached" });
      assert.ok(!(await page.content()).includes(secret));

      await until(async () => (await chat(url, secret)) === 200, "the new key works");
      assert.notEqual(await chat(url, secret, { model: "demo-slow" }), 200);

      const row = page.getByRole("row", { name: /Browser test/ });
      await row.getByRole("button", { name: /Actions/ }).click();
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await row.getByText("disabled").waitFor();
      await until(async () => (await chat(url, secret)) === 401, "the disabled key is refused", 40_000);
      await page.getByRole("button", { name: "Undo" }).or(row.getByRole("button", { name: /Actions/ })).first().click();
      const enable = page.getByRole("menuitem", { name: "Enable" });
      if (await enable.isVisible()) await enable.click();
      await row.getByText("active").waitFor();

      await row.getByRole("button", { name: /Actions/ }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      const confirm = page.getByRole("button", { name: "Delete key" });
      await page.getByLabel(/Type Browser test/).fill("browser");
      assert.ok(await confirm.isDisabled());
      await page.getByLabel(/Type Browser test/).fill("Browser test");
      await confirm.click();
      await said(page, "Browser test was deleted.");
      await row.waitFor({ state: "detached" });
    });
  });

  test("an expiry is set, kept to the minute, and shown", async () => {
    await onPage(world, async (page) => {
      await page.goto("/keys?create=true");
      const drawer = page.getByRole("dialog", { name: "Create key" });
      await drawer.getByLabel("Name").fill("Short-lived");
      await drawer.getByLabel("Expires").fill("2031-05-06T07:08");
      await drawer.getByRole("button", { name: "Create key" }).click();
      const reveal = page.getByRole("dialog", { name: "Store this key now" });
      await reveal.getByRole("tab", { name: "Claude Code" }).waitFor();
      await reveal.getByLabel("I have stored it").check();
      await reveal.getByRole("button", { name: "Done" }).click();
      await page.getByRole("link", { name: "Short-lived" }).click();
      assert.equal(await page.getByRole("dialog").getByLabel("Expires").inputValue(), "2031-05-06T07:08");
    });
  });

  test("a refused form keeps what was typed and says which field", async () => {
    await onPage(world, async (page) => {
      await page.goto("/keys?create=true");
      const drawer = page.getByRole("dialog", { name: "Create key" });
      await drawer.getByLabel("Name").fill("Nets");
      await drawer.getByText("Networks, retention, durability").click();
      await drawer.getByLabel("Allowed networks").fill("999.0.0.0/8");
      await drawer.getByRole("button", { name: "Create key" }).click();
      await drawer.getByRole("alert").waitFor();
      assert.equal(await drawer.getByLabel("Allowed networks").getAttribute("aria-invalid"), "true");
      assert.equal(await drawer.getByLabel("Name").inputValue(), "Nets");
    });
  });

  test("several keys are disabled at once and back; what fails is named; columns and order are kept", async () => {
    const call = await adminApi(world.stack);
    const made = [];
    for (const name of ["Bulk one", "Bulk two", "Bulk three"]) made.push(await call("POST", "/api/admin/keys", { name }));
    await onPage(world, async (page) => {
      await page.goto("/keys?q=bulk&sort=-name");
      const names = () => page.locator("td .name").allInnerTexts();
      await page.getByRole("link", { name: "Bulk one" }).waitFor();
      assert.deepEqual(await names(), ["Bulk two", "Bulk three", "Bulk one"]);
      await page.getByRole("button", { name: "Key", exact: true }).click();
      await page.waitForURL(/sort=name/);
      assert.deepEqual(await names(), ["Bulk one", "Bulk three", "Bulk two"]);

      await page.getByRole("checkbox", { name: "Select all of virtual keys" }).check();
      const bar = page.getByRole("toolbar", { name: "Selected" });
      await bar.getByText("3 keys selected").waitFor();
      await bar.getByRole("button", { name: "Disable" }).click();
      await said(page, "3 keys are disabled.");
      await until(async () => (await page.locator("tbody").getByText("disabled").count()) === 3, "all are disabled");
      await page.getByRole("button", { name: "Undo" }).click();
      await said(page, "3 keys are as they were.");
      await until(async () => (await page.locator("tbody").getByText("active").count()) === 3, "all are active again");

      // One of them goes behind the page's back.
      await page.getByRole("checkbox", { name: "Select Bulk one" }).check();
      await page.getByRole("checkbox", { name: "Select Bulk two" }).check();
      await call("DELETE", `/api/admin/keys/${made[1].id}`);
      await bar.getByRole("button", { name: "Delete…" }).click();
      await page.getByLabel(/Type 2 keys/).fill("2 keys");
      await page.getByRole("button", { name: "Delete 2 keys" }).click();
      const failed = page.getByRole("dialog", { name: "1 of 2 keys could not be changed" });
      await failed.getByText("Bulk two").waitFor();
      await failed.getByRole("button", { name: "Close" }).last().click();
      await page.getByRole("link", { name: "Bulk one" }).waitFor({ state: "detached" });

      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("menuitemcheckbox", { name: "Secret" }).click();
      await page.keyboard.press("Escape");
      await page.getByRole("columnheader", { name: "Secret" }).waitFor({ state: "detached" });
      await page.reload();
      await page.getByRole("link", { name: "Bulk three" }).waitFor();
      assert.equal(await page.getByRole("columnheader", { name: "Secret" }).count(), 0);
    });
    await call("DELETE", `/api/admin/keys/${made[2].id}`);
  });

  test("a switch shows at once and goes back when the server says no, and long names leave it in sight", async () => {
    const call = await adminApi(world.stack);
    const long = await call("POST", "/api/admin/keys", { name: "Long".repeat(50), user_id: "u".repeat(120), allowed_models: ["m".repeat(120)] });
    await onPage(world, async (page) => {
      await page.goto("/keys");
      const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Demo key", exact: true }) });
      await row.waitFor();
      const edge = await page.locator(".scroll").evaluate((list) => list.getBoundingClientRect().right);
      const button = await row.getByRole("button", { name: /Actions/ }).boundingBox();
      assert.ok(button.x + button.width <= edge, `the actions end at ${button.x + button.width}, the table at ${edge}`);
      await page.route("**/api/admin/keys/*", (route) =>
        route.request().method() === "PATCH"
          ? route.fulfill({ status: 503, json: { error: { type: "unavailable", message: "The store does not answer." } } })
          : route.fallback(),
      );
      await row.getByRole("button", { name: /Actions/ }).click();
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await page.locator(".toast.error").filter({ hasText: "The store does not answer." }).waitFor();
      await row.getByText("active").waitFor();
    });
    await call("DELETE", `/api/admin/keys/${long.id}`);
  });
}
