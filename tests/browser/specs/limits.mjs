import assert from "node:assert/strict";
import { adminApi, chat, offered, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";
import { addProvider, moodyUpstream } from "../support/upstream.mjs";

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const price = { input: "1000", output: "1000" };
const NANO = 1e9;

/** A provider and a model with a price of a tenth of a cent per token, whose answers a test holds back. */
async function slowModel(call, id) {
  const upstream = await moodyUpstream();
  await addProvider(call, upstream, id, id);
  await call("POST", "/api/admin/models", { id: `${id}-model`, provider: id, max_output_tokens: 100, price });
  return upstream;
}

export function register(test, world) {
  test("a key gets limits; what is settled and held is seen while a request runs; limits are changed and taken away", async () => {
    const { url } = world.stack;
    const call = await adminApi(world.stack);
    const upstream = await slowModel(call, "limits-slow");
    try {
      await onPage(world, async (page) => {
        await page.goto("/keys?create=true");
        const drawer = page.getByRole("dialog", { name: "Create key" });
        await drawer.getByLabel("Name").fill("Limited bot");
        await drawer.getByRole("combobox", { name: "Team" }).fill("not-there-yet");
        await drawer.getByText("Nothing is said of this team yet: it has no limits.").waitFor();
        const slots = drawer.getByRole("textbox", { name: "Requests at once" });
        await slots.fill("0");
        await slots.blur();
        assert.equal(await slots.getAttribute("aria-invalid"), "true");
        await drawer.getByText("A whole number from 1 to 1,000,000.").waitFor();
        await slots.fill("2");
        const day = drawer.getByRole("group", { name: "Budget per day" });
        await day.getByRole("textbox", { name: "Budget per day" }).fill("2.50");
        await day.getByLabel("Begins at").fill("06:30");
        const zone = day.getByRole("combobox", { name: "Time zone" });
        await zone.fill("berl");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
        assert.equal(await zone.inputValue(), "Europe/Berlin");
        await page.keyboard.press("Control+Enter");

        const reveal = page.getByRole("dialog", { name: "Store this key now" });
        const secret = await reveal.locator(".secret code").innerText();
        await reveal.getByLabel("I have stored it").check();
        await reveal.getByRole("button", { name: "Done" }).click();
        const [key] = (await call("GET", "/api/admin/keys?q=Limited%20bot")).items;
        assert.deepEqual(key.limits, {
          requests_per_minute: null,
          tokens_per_minute: null,
          concurrent: 2,
          budgets: [{ period: "day", usd: "2.5", timezone: "Europe/Berlin", reset_time: "06:30", reset_day: 1 }],
        });

        // The form may be filled in faster than the proxy asks for a new release.
        await until(async () => (await offered(url, secret)).includes("limits-slow-model"), "the model is in force");
        assert.equal(await chat(url, secret, { model: "limits-slow-model" }), 200);
        await page.getByRole("link", { name: "Limited bot" }).click();
        const now = page.getByRole("region", { name: "Limits now" });
        const bar = now.getByRole("meter", { name: "Budget per day of Limited bot" });
        const says = (pattern) => until(async () => pattern.test((await bar.getAttribute("aria-valuetext")) ?? ""), `the bar says ${pattern}`);
        // Ten tokens at a tenth of a cent.
        await says(/^\$0\.01 settled, \$2\.49 left/);
        assert.equal(await bar.locator(".held").count(), 0);

        let release;
        upstream.answer = () => new Promise((resolve) => (release = () => resolve(200)));
        const running = chat(url, secret, { model: "limits-slow-model" });
        await until(() => release, "the request is on its way");
        await now.getByText("1 request running").waitFor();
        await says(/^\$0\.01 settled, \$0\.\d+ held/);
        const parts = await bar.locator("span").evaluateAll((spans) => spans.map((span) => getComputedStyle(span).backgroundImage));
        assert.equal(parts[0], "none");
        assert.match(parts[1], /repeating-linear-gradient/, "held is told from settled without colour");
        release();
        assert.equal(await running, 200);
        await says(/^\$0\.02 settled, \$2\.48 left/);
        await now.getByText("0 requests running").waitFor();
        await now.getByText("Nothing is said of this team").waitFor();

        const edit = page.getByRole("dialog", { name: "Limited bot" });
        await edit.getByRole("textbox", { name: "Budget per day" }).fill("0.02");
        await edit.getByRole("button", { name: "Save" }).click();
        await said(page, "Limited bot was saved.");
        upstream.answer = () => 200;
        await until(async () => [402, 429].includes(await chat(url, secret, { model: "limits-slow-model" })), "a spent budget refuses", 45_000);
        await page.getByRole("meter", { name: "Budget of Limited bot per day" }).waitFor();

        await page.getByRole("link", { name: "Limited bot" }).click();
        await now.getByText("used up").waitFor();
        await now.getByRole("button", { name: "Begin anew: Budget per day" }).click();
        await page.getByRole("button", { name: "Begin anew", exact: true }).click();
        await said(page, "The budget per day of Limited bot begins anew.");
        await says(/^\$0\.00 settled/);

        await edit.getByRole("textbox", { name: "Budget per day" }).fill("");
        await edit.getByRole("textbox", { name: "Requests at once" }).fill("");
        await edit.getByRole("combobox", { name: "Team" }).fill("");
        await edit.getByRole("button", { name: "Save" }).click();
        await said(page, "Limited bot was saved.");
        assert.equal((await call("GET", `/api/admin/keys/${key.id}`)).limits, null);
      });
    } finally {
      await upstream.close();
    }
  });

  test("a team that a key names is added from there, shows its limits, and is deleted with a word about its keys", async () => {
    const call = await adminApi(world.stack);
    const key = await call("POST", "/api/admin/keys", { name: "Teamster", team_id: "org/data@eu" });
    await onPage(world, async (page) => {
      await page.goto(`/keys?open=${key.id}`);
      await page.getByRole("region", { name: "Limits now" }).getByRole("link", { name: "Add it" }).click();
      const add = page.getByRole("dialog", { name: "Add team" });
      assert.equal(await add.getByLabel("Id", { exact: true }).inputValue(), "org/data@eu");
      await add.getByLabel("Name").fill("Data");
      await add.getByRole("textbox", { name: "Budget per month" }).fill("500");
      await add.getByLabel("Begins on day").fill("29");
      await add.getByRole("button", { name: "Add team" }).click();
      await add.getByText("A day from 1 to 28.", { exact: true }).waitFor();
      await add.getByLabel("Begins on day").fill("15");
      await add.getByRole("button", { name: "Add team" }).click();
      await said(page, "Data was added.");

      const row = page.getByRole("row", { name: /Data/ });
      await row.getByRole("meter", { name: "Budget of Data per month" }).waitFor();
      const scope = await call("GET", "/api/admin/teams/org%2Fdata%40eu/limits");
      assert.equal(scope.limits[0].limit, 500 * NANO);
      assert.equal(new Date(scope.limits[0].reset).getUTCDate(), 15);

      await row.getByRole("link", { name: "Data" }).click();
      const edit = page.getByRole("dialog", { name: "Data" });
      await edit.getByRole("region", { name: "Limits now" }).getByText("All keys together").waitFor();
      await edit.getByRole("textbox", { name: "Requests per minute" }).fill("1,200");
      await edit.getByRole("button", { name: "Save" }).click();
      await said(page, "Data was saved.");
      await row.getByText("1.2k requests/min").waitFor();

      await page.goto("/teams?q=dATA");
      await row.getByRole("button", { name: /Actions/ }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await page.getByText("One key becomes unlimited at once, but for its own and its user’s limits: Teamster.").waitFor();
      await page.getByLabel(/Type Data/).fill("Data");
      await page.getByRole("button", { name: "Delete team" }).click();
      await said(page, "Data was deleted.");
      await row.waitFor({ state: "detached" });
    });
  });

  test("users have a tab of their own that the address keeps, a token balance, and names that are only text", async () => {
    const call = await adminApi(world.stack);
    await call("POST", "/api/admin/end-users", { id: "mallory", name: "<img src=x onerror=window.__xss(1)>" });
    await onPage(world, async (page) => {
      await page.goto("/teams");
      await page.getByRole("tab", { name: "End users" }).click();
      await page.waitForURL(/tab=users/);
      await page.getByRole("link", { name: "<img src=x onerror=window.__xss(1)>" }).waitFor();
      await page.getByRole("link", { name: "Add end user" }).click();
      const add = page.getByRole("dialog", { name: "Add end user" });
      await add.getByLabel("Id", { exact: true }).fill("ada@example.com");
      await add.getByLabel("Pays with a token balance").check();
      await add.getByRole("button", { name: "Add end user" }).click();
      await said(page, "ada@example.com was added.");
      await page.reload();
      const row = page.getByRole("row", { name: /ada@example.com/ });
      await row.getByText("token balance").waitFor();
      await row.getByRole("button", { name: /Actions/ }).click();
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await row.getByText("disabled").waitFor();
      await said(page, "ada@example.com is disabled.");
      assert.equal((await call("GET", "/api/admin/end-users/ada%40example.com")).active, false);
    });
  });

  test("at 360 pixels limits fit, and a key's drawer opens at what is used", async () => {
    const call = await adminApi(world.stack);
    const limits = { requests_per_minute: 60, tokens_per_minute: 100000, concurrent: 3, budgets: [{ period: "day", usd: "1" }, { period: "month", usd: "20" }] };
    await call("POST", "/api/admin/teams", { id: "narrow", limits });
    const key = await call("POST", "/api/admin/keys", { name: "Narrow", team_id: "narrow", limits });
    await onPage(
      world,
      async (page) => {
        for (const path of [`/keys?open=${key.id}`, "/keys?create=true", "/teams", "/teams?open=narrow", "/teams?tab=users&create=true"]) {
          await page.goto(path);
          await page.getByRole("dialog").or(page.getByRole("meter").first()).first().waitFor();
          await page.waitForLoadState("networkidle");
          const widths = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll(".panel-body")].map((part) => part.scrollWidth - part.clientWidth));
          assert.deepEqual(widths.filter((more) => more > 0), [], path);
        }
        await page.goto(`/keys?open=${key.id}`);
        const bar = page.getByRole("meter", { name: "Requests per minute of Narrow", exact: true });
        await bar.waitFor();
        assert.ok((await bar.boundingBox()).y > 0, "what is used stands above the fold");
      },
      phone,
    );
  });
}
