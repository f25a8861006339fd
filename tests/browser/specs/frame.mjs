import assert from "node:assert/strict";
import { onPage } from "../support/steps.mjs";

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const pages = { Overview: "/", Logs: "/logs", Routes: "/routes", "New route": "/routes/edit", Models: "/models", Providers: "/providers", "Virtual keys": "/keys", "Users & teams": "/teams", Releases: "/releases", Audit: "/audit", Settings: "/settings" };

export function register(test, world) {
  test("the palette goes to pages, models and requests by keyboard alone", async () => {
    await onPage(world, async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("prov");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Providers" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("demo-claude");
      await page.getByRole("option", { name: /demo-claude/ }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "demo-claude" }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("req_0199d0b0000070008000000000000000");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/logs\/req_0199d0b0000070008000000000000000/);
      // A drawer that is still going would take the focus back from the palette.
      const drawer = page.getByRole("dialog");
      await drawer.waitFor();
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
      await page.keyboard.press("Control+k");
      await page.keyboard.type("#1");
      await page.getByRole("option", { name: /Release #1 / }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "Release #1" }).waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("dark theme");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    });
  });

  test("every page is reached with Tab and Enter, with a focus that can be seen", async () => {
    await onPage(world, async (page) => {
      await page.goto("/");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to content");
      for (let step = 0; step < 4; step += 1) await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, "none");
      const name = await page.evaluate(() => document.activeElement.textContent);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name }).waitFor();
    });
  });

  test("the theme follows the system, can be chosen, and is remembered", async () => {
    await onPage(
      world,
      async (page) => {
        const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
        assert.equal(await theme(), "dark");
        await page.emulateMedia({ colorScheme: "light" });
        await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
        await page.getByRole("button", { name: "Account and theme" }).click();
        await page.getByRole("menuitemradio", { name: "Dark" }).click();
        assert.equal(await theme(), "dark");
        await page.reload();
        assert.equal(await theme(), "dark");
      },
      { colorScheme: "dark" },
    );
  });

  test("at 360 pixels no page is wider than the phone, and the sheet leads everywhere", async () => {
    await onPage(
      world,
      async (page) => {
        for (const [title, path] of Object.entries(pages)) {
          await page.goto(path);
          await page.getByRole("heading", { level: 1, name: title }).waitFor();
          await page.waitForLoadState("networkidle");
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= 360, `${title} is ${wide} pixels wide`);
        }
        await page.locator('.tabbar [aria-current="page"]').and(page.getByRole("button", { name: "More" })).waitFor();
        await page.getByRole("button", { name: "More" }).click();
        await page.getByRole("dialog", { name: "Go to" }).getByRole("link", { name: "Models" }).click();
        await page.getByRole("heading", { level: 1, name: "Models" }).waitFor();
        await page.getByRole("link", { name: "Add model" }).click();
        const box = await page.getByRole("dialog", { name: "Add model" }).boundingBox();
        assert.ok(box.width <= 360);
      },
      phone,
    );
  });

  test("a lost connection shows a banner that goes away by itself", async () => {
    await onPage(world, async (page) => {
      await page.context().setOffline(true);
      await page.getByText(/You are offline/).waitFor();
      await page.context().setOffline(false);
      await page.getByText(/You are offline/).waitFor({ state: "detached" });
    });
  });

  test("a gateway that does not answer is said in a banner and tried again until it does", async () => {
    await onPage(world, async (page) => {
      await page.goto("/releases");
      await page.getByText("in force", { exact: true }).waitFor();
      await page.route("**/api/**", (route) => route.abort());
      await page.getByRole("link", { name: "Settings", exact: true }).click();
      await page.getByText(/The gateway does not answer/).waitFor();
      await page.unroute("**/api/**");
      await page.getByRole("button", { name: "Try now" }).click();
      await page.getByText(/The gateway does not answer/).waitFor({ state: "detached" });
      await page.getByText("LogTtlDays").waitFor();
    });
  });

  test("a page whose code does not come says so inside the frame, and comes once it can be had", async () => {
    await onPage(world, async (page) => {
      await page.goto("/keys");
      await page.getByRole("table", { name: "Virtual keys" }).waitFor();
      await page.route("**/*", (route) => route.abort());
      await page.getByRole("link", { name: "Audit", exact: true }).click();
      await page.getByText("This page could not be loaded").waitFor();
      await page.getByRole("link", { name: "Keys", exact: true }).click();
      await page.getByRole("heading", { level: 1, name: "Virtual keys" }).waitFor();
      await page.goBack();
      await page.getByText("This page could not be loaded").waitFor();
      await page.unroute("**/*");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { level: 1, name: "Audit" }).waitFor();
    });
  });

  test("code that a newer version replaced leads to that version, once", async () => {
    await onPage(world, async (page) => {
      const loads = [];
      page.on("request", (request) => request.isNavigationRequest() && loads.push(new URL(request.url()).pathname));
      await page.route("**/assets/AuditPage-*.js", (route) => route.fulfill({ status: 404, body: "" }));
      await page.route((url) => url.pathname === "/", (route) => route.fulfill({ contentType: "text/html", body: '<div id="root"></div><script src="/assets/newer.js">' }));
      await page.getByRole("link", { name: "Audit", exact: true }).click();
      await page.getByText("This page could not be loaded").waitFor();
      assert.deepEqual(loads, ["/audit"]);
    });
  });

  test("a session that ends leads to the sign-in, which says so, and back", async () => {
    await onPage(world, async (page) => {
      await page.goto("/audit?noun=user");
      await page.getByRole("link", { name: /, details/ }).first().waitFor();
      await page.route("**/api/**", (route) => route.fulfill({ status: 401, json: { error: { message: "Sign in first." } } }));
      await page.getByRole("link", { name: "Releases", exact: true }).click();
      await page.getByText("Your session has ended.").waitFor();
      await page.unroute("**/api/**");
      await page.getByLabel("User name").fill("admin");
      await page.getByLabel("Password").fill(world.stack.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { level: 1, name: "Releases" }).waitFor();
    });
  });

  test("an API that fails leaves an explanation and a way to try again", async () => {
    await onPage(world, async (page) => {
      let broken = true;
      await page.route("**/api/admin/keys?*", (route) => (broken ? route.fulfill({ status: 503, body: "<html>down" }) : route.continue()));
      await page.goto("/keys");
      await page.getByText("The gateway's admin API failed.").waitFor({ timeout: 20_000 });
      broken = false;
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("table", { name: "Virtual keys" }).waitFor();
    });
  });

  test("an address that does not exist says so inside the dashboard", async () => {
    await onPage(world, async (page) => {
      await page.goto("/no/such/page");
      await page.getByText("There is no such page").waitFor();
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).waitFor();
    });
  });
}
