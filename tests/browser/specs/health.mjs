import assert from "node:assert/strict";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";
import { addProvider, moodyUpstream } from "../support/upstream.mjs";

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

export function register(test, world) {
  test("a refused key is shown as dead with its reason, and tried again on demand; the log tells the story of the attempts", { timeout: 120_000 }, async () => {
    const { url } = world.stack;
    const call = await adminApi(world.stack);
    const upstream = await moodyUpstream();
    try {
      await addProvider(call, upstream, "moody", "Moody");
      await call("POST", "/api/admin/routes", {
        id: "moody-first",
        targets: [
          { provider: "moody", model: "moody" },
          { provider: "demo-openai", model: "demo-gpt", priority: 1 },
        ],
      });
      const { secret } = await call("POST", "/api/admin/keys", { name: "Health test" });
      upstream.answer = () => 401;
      await until(async () => (await chat(url, secret, { model: "moody-first" })) === 200, "the second target answers");
      await until(async () => {
        const { providers } = await call("GET", "/api/admin/health");
        return providers.find(({ id }) => id === "moody").state === "down";
      }, "the fleet knows of the dead key");

      await onPage(world, async (page) => {
        const strip = page.getByRole("region", { name: "Providers just now" });
        await strip.getByRole("listitem").filter({ hasText: "Moody" }).getByText("down").waitFor();
        await page.goto("/providers");
        await page.getByRole("row", { name: /Moody/ }).getByText(/its key is dead until \d\d:\d\d/).waitFor();
        await page.getByRole("link", { name: "Moody", exact: true }).click();
        const drawer = page.getByRole("dialog", { name: "Moody" });
        await drawer.getByRole("alert").getByText(/cannot be served/).waitFor();
        const key = drawer.getByRole("region", { name: "Keys" }).getByRole("listitem");
        await key.getByText("dead", { exact: true }).waitFor();
        await key.getByText(/The provider refused the key/).waitFor();

        await page.goto("/routes");
        await page.getByRole("row", { name: /^(Select \S+ )?moody-first/ }).getByText("1 of 2 cannot be called").waitFor();

        await page.goto("/logs?requested_model=moody-first&status=200");
        await page.locator("[role=row] a").last().waitFor();
        await page.locator("[role=row]:has(a)").last().click();
        const attempts = page.getByRole("region", { name: "Attempts" }).getByRole("listitem");
        await attempts.nth(1).waitFor();
        // The name of a key comes with the providers, a moment after its id.
        await attempts.first().getByText("****4321").waitFor();
        const [first, second] = await attempts.allInnerTexts();
        assert.match(first, /1\. moody\s+moody/);
        assert.match(first, /401/);
        assert.match(first, /The provider refused the key\./);
        assert.match(first, /Then the next target was asked/);
        assert.match(second, /2\. demo-openai\s+demo-gpt/);
        assert.match(second, /first byte after [\d.]+ m?s · took/);
        // The second bar begins where the first one has ended, or later.
        const bars = await page.locator(".attempt .wait").evaluateAll((list) => list.map((bar) => bar.getBoundingClientRect().toJSON()));
        assert.ok(bars[1].left >= bars[0].left + bars[0].width - 3, JSON.stringify(bars));

        upstream.answer = () => 200;
        await page.goto("/providers?open=moody");
        await key.getByRole("button", { name: "Try again" }).click();
        await said(page, /\*{4}4321 of Moody may be tried again/);
        await key.getByText("may be tried again", { exact: true }).waitFor();
        await drawer.getByRole("alert").waitFor({ state: "detached" });
      });
    } finally {
      await upstream.close();
    }
  });

  test("of calls beside each other the first to begin is shown first, and the loser is no failure", { timeout: 120_000 }, async () => {
    const { url } = world.stack;
    const call = await adminApi(world.stack);
    const upstream = await moodyUpstream();
    try {
      await addProvider(call, upstream, "slow", "Slow");
      await call("POST", "/api/admin/routes", {
        id: "hedged",
        hedge_seconds: 0.2,
        targets: [
          { provider: "slow", model: "moody" },
          { provider: "demo-openai", model: "demo-gpt", priority: 1 },
        ],
      });
      const { secret, id } = await call("POST", "/api/admin/keys", { name: "Hedge test" });
      upstream.answer = () => new Promise(() => undefined);
      await until(async () => (await chat(url, secret, { model: "hedged" })) === 200, "the second target answers");
      const row = await until(async () => {
        const { items } = await call("GET", `/api/admin/logs?key_id=${id}&status=200`);
        return items[0];
      }, "the request has a row");
      await onPage(world, async (page) => {
        await page.goto(`/logs/${row.id}`);
        const attempts = page.getByRole("region", { name: "Attempts" });
        await attempts.getByText("2 calls", { exact: true }).waitFor();
        const [first, second] = await attempts.getByRole("listitem").allInnerTexts();
        assert.match(first, /1\. slow\s+moody/);
        assert.match(first, /ended: another was first/);
        assert.doesNotMatch(first, /failed|cancelled/);
        assert.match(second, /2\. demo-openai\s+demo-gpt/);
        assert.equal(await attempts.locator(".attempt.failed").count(), 0);
      });
    } finally {
      await upstream.close();
    }
  });

  test("a running request is stopped from its detail, after a question", { timeout: 120_000 }, async () => {
    const { url } = world.stack;
    const call = await adminApi(world.stack);
    const upstream = await moodyUpstream();
    try {
      await addProvider(call, upstream, "silent", "Silent");
      const { secret, id } = await call("POST", "/api/admin/keys", { name: "Stop test", durable: true });
      await until(async () => (await chat(url, secret, { model: "silent/moody" })) === 200, "the key works");
      upstream.answer = () => new Promise(() => undefined);
      const ended = chat(url, secret, { model: "silent/moody" });
      const running = await until(async () => {
        const { items } = await call("GET", `/api/admin/logs?key_id=${id}`);
        return items.find(({ state }) => state === "running");
      }, "the request has a row while it runs");
      await onPage(world, async (page) => {
        await page.goto(`/logs/${running.id}`);
        const drawer = page.getByRole("dialog", { name: "silent/moody" });
        await drawer.getByText("running", { exact: true }).waitFor();
        await drawer.getByRole("button", { name: "Stop" }).click();
        await page.getByRole("button", { name: "Stop request" }).click();
        await said(page, "The request was asked to stop.");
        await drawer.getByText("running", { exact: true }).waitFor({ state: "detached" });
        assert.equal(await drawer.getByRole("button", { name: "Stop" }).count(), 0);
      });
      assert.notEqual(await ended, 200);
    } finally {
      await upstream.close();
    }
  });

  test("a key's quota and weight are set in its line, and the quota shows as a bar", async () => {
    await onPage(world, async (page) => {
      await page.goto("/providers?open=demo-gemini");
      const key = page.getByRole("region", { name: "Keys" }).getByRole("listitem").first();
      await key.getByRole("button", { name: /Actions for the key/ }).click();
      await page.getByRole("menuitem", { name: "Name, weight and quota" }).click();
      await key.getByLabel("Daily quota").fill("many");
      await key.getByText("A whole number of tokens.").waitFor();
      await key.getByLabel("Daily quota").fill("2,000,000");
      await key.getByLabel("Weight", { exact: true }).fill("3");
      await key.getByRole("button", { name: "Save" }).click();
      await key.getByText(/of 2M tokens used/).waitFor();
      await key.getByText(/weight 3/).waitFor();
      assert.equal(await key.getByRole("meter").getAttribute("aria-valuemax"), "2000000");
    });
  });

  test("a provider is paused and resumed from the list and from its form, at once and with an undo", async () => {
    const call = await adminApi(world.stack);
    await onPage(world, async (page) => {
      await page.goto("/providers");
      const row = page.getByRole("row", { name: /Demo \(Bedrock\)/ });
      await row.getByRole("button", { name: /Actions/ }).click();
      await page.getByRole("menuitem", { name: "Pause for 1 hour" }).click();
      await row.getByText("paused", { exact: true }).waitFor();
      await page.goto("/providers?open=demo-bedrock");
      const drawer = page.getByRole("dialog");
      await drawer.getByLabel("Name", { exact: true }).fill("Demo (Bedrock) B");
      await drawer.getByRole("button", { name: "Resume the provider" }).click();
      await said(page, "is called again.");
      const until = async () => (await call("GET", "/api/admin/providers/demo-bedrock")).paused_until;
      assert.equal(await until(), null);
      await page.locator(".toast button").filter({ hasText: "Undo" }).click({ timeout: 4000 });
      await said(page, "is as it was.");
      assert.ok((await until()) > Date.now());
      await drawer.getByRole("button", { name: "Resume the provider" }).click();
      await drawer.getByRole("button", { name: "Pause the provider" }).waitFor();
      // None of that was a change by somebody else, and none of it touched the form.
      await drawer.getByLabel("Name", { exact: true }).fill("Demo (Bedrock)");
      await drawer.getByText("Parameters, headers, timeouts").click();
      await drawer.getByLabel("Default parameters").fill('{"temperature": 0.2');
      await drawer.getByLabel("Default parameters").blur();
      await drawer.getByText(/Not valid JSON/).waitFor();
      await drawer.getByLabel("Default parameters").fill('{"inferenceConfig": {"temperature": 0.2}}');
      await drawer.getByRole("button", { name: "Save" }).click();
      await said(page, "was saved.");
      await row.getByText("ok", { exact: true }).waitFor();
    });
  });

  test("on a phone the list of providers shows their health without scrolling sideways", async () => {
    await onPage(
      world,
      async (page) => {
        await page.goto("/providers");
        const badge = page.getByRole("row", { name: /Demo \(Anthropic\)/ }).getByText("ok", { exact: true });
        const box = await badge.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= 360);
      },
      phone,
    );
  });
}
