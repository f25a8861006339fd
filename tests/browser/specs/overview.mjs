import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chat } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

const run = promisify(execFile);

export function register(test, world) {
  test("the guide's curl works as it stands, and its request turns the guide into figures", async () => {
    await onPage(world, async (page) => {
      const guide = page.getByRole("region", { name: "First steps" });
      await guide.waitFor();
      const command = await guide.locator("pre").innerText();
      assert.match(command, /\$GATEWAY_KEY/);
      const { stdout } = await run("sh", ["-c", command], { env: { ...process.env, GATEWAY_KEY: world.stack.demoKey } });
      assert.match(stdout, /data: .*"content"/);
      assert.match(stdout, /\[DONE\]/);
      await page.getByText("First byte p50 / p95").waitFor({ timeout: 45_000 });
    });
  });

  test("figures, rankings and health follow the traffic; a range is part of the URL", async () => {
    const { url, demoKey } = world.stack;
    for (let number = 0; number < 4; number += 1) assert.equal(await chat(url, demoKey, { stream: number % 2 === 0 }), 200);
    assert.equal(await chat(url, demoKey, { model: "demo-error-500" }), 500);
    await onPage(world, async (page) => {
      const requests = page.locator(".tile").filter({ hasText: "Requests" }).locator(".value");
      await page.waitForFunction((tile) => Number(tile.textContent) >= 6, await requests.elementHandle(), { timeout: 60_000 });
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
