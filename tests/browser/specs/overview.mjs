import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chat, startEmptyStack, until } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";
import { moodyUpstream } from "../support/upstream.mjs";

const run = promisify(execFile);

export function register(test, world) {
  test("the guide leads from an empty deployment to the first request, in well under two minutes", async () => {
    const stack = await startEmptyStack();
    const upstream = await moodyUpstream();
    upstream.models = ["gpt-4o-mini", "house-model"];
    const began = Date.now();
    try {
      await onPage({ browser: world.browser, stack }, async (page) => {
        const guide = page.getByRole("region", { name: "First steps" });
        await guide.getByLabel("Provider").selectOption("openai_compatible");
        await guide.getByLabel("Base URL").fill("not a url");
        await guide.getByLabel("API key").fill("sk-first-value-4321");
        await guide.getByText("Not a URL.").waitFor();
        await guide.getByLabel("Base URL").fill(upstream.url);
        await guide.getByLabel("It is in a private network").check();
        await guide.getByRole("button", { name: "Connect" }).click();

        await guide.getByRole("checkbox", { name: "Offer gpt-4o-mini" }).check();
        await guide.getByRole("button", { name: "Offer 1 model" }).click();
        await guide.getByRole("button", { name: "Create key" }).click();
        const reveal = page.getByRole("dialog", { name: "Store this key now" });
        await reveal.getByLabel("I have stored it").check();
        await reveal.getByRole("button", { name: "Done" }).click();

        const command = await guide.locator("pre").innerText();
        assert.match(command, /Bearer sk-gw-/);
        await guide.getByText("Waiting for the first request").waitFor();
        await until(async () => {
          const { stdout } = await run("sh", ["-c", command.replace("curl -N", "curl -sN")]);
          return stdout.includes("Hello");
        }, "the command works as it stands");
        await guide.getByText("Your first request has arrived.").waitFor({ timeout: 20_000 });
        assert.ok(Date.now() - began < 60_000, `it took ${Date.now() - began} ms`);
        await page.getByText("First byte p50 / p95").waitFor({ timeout: 45_000 });
        await guide.getByRole("button", { name: "Close the guide" }).click();
        await guide.waitFor({ state: "detached" });
      });
    } finally {
      await upstream.close();
      await stack.stop();
    }
  });

  test("figures, rankings and health follow the traffic; a range is part of the URL", async () => {
    const { url, demoKey } = world.stack;
    for (let number = 0; number < 4; number += 1) assert.equal(await chat(url, demoKey, { stream: number % 2 === 0 }), 200);
    assert.equal(await chat(url, demoKey, { model: "demo-error-500" }), 500);
    await onPage(world, async (page) => {
      const requests = page.locator(".tile").filter({ hasText: "Requests" }).locator(".value");
      await page.waitForFunction((tile) => Number(tile.textContent) >= 5, await requests.elementHandle(), { timeout: 60_000 });
      await page.getByRole("region", { name: "Top models" }).getByRole("link", { name: "demo-gpt" }).waitFor();
      await page.getByRole("region", { name: "Providers in this time" }).getByText("Demo (OpenAI)").waitFor();
      await page.locator(".u-over").nth(3).waitFor();
      assert.equal(await page.locator(".u-over").count(), 4);

      const chart = page.getByRole("region", { name: "Requests" });
      await chart.getByRole("button", { name: "Table" }).click();
      await chart.getByRole("columnheader", { name: "Errors" }).waitFor();

      await page.getByRole("radio", { name: "7 days" }).click();
      await page.waitForURL(/range=7d/);
      await page.reload();
      assert.equal(await page.getByRole("radio", { name: "7 days" }).getAttribute("aria-checked"), "true");

      await page.getByRole("link", { name: "demo-gpt" }).first().click();
      await page.waitForURL(/\/logs\?model=demo-gpt/);
    });
  });

  test("a drag across a chart zooms all of them, and the chip goes back", async () => {
    await onPage(world, async (page) => {
      const plot = page.locator(".u-over").first();
      const box = await plot.boundingBox();
      await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/from=\d+&to=\d+/);
      await page.getByRole("button", { name: /Remove filter Time/ }).click();
      await page.getByRole("radio", { name: "24 h" }).waitFor();
    });
  });
}
