import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { chat, until } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

const rows = (page) => page.locator("[role=row]:has(a)");

export function register(test, world) {
  test("requests are listed newest first, filtered by chips in the URL, and opened under an address of their own", async () => {
    const { url, demoKey } = world.stack;
    await chat(url, demoKey, { stream: true, headers: { "user-agent": "BrowserSpec/1.0" } });
    await chat(url, demoKey, { model: "no-such-model" });
    await onPage(world, async (page) => {
      await page.goto("/logs");
      await rows(page).nth(1).waitFor();
      assert.match(await rows(page).first().innerText(), /no-such-model/);

      await page.getByRole("button", { name: "Add filter" }).click();
      const form = page.getByRole("dialog", { name: "Add filter" });
      await form.getByLabel("Value").fill("9xx");
      await form.getByRole("button", { name: "Add" }).click();
      await form.getByText(/A code such as 429/).last().waitFor();
      await form.getByLabel("Value").fill("404");
      await form.getByRole("button", { name: "Add" }).click();
      await page.waitForURL(/status=/);
      await page.getByText(/complete$/).waitFor();
      for (const text of await rows(page).allInnerTexts()) assert.match(text, /404/);
      await page.reload();
      await page.getByRole("button", { name: "Remove filter Status 404" }).click();
      await page.waitForURL((address) => !address.search.includes("status"));

      await page.getByRole("button", { name: "Errors only" }).click();
      await rows(page).first().waitFor();
      await page.getByRole("button", { name: "Remove filter Error any" }).click();

      await rows(page).nth(1).click();
      await page.waitForURL(/\/logs\/req_[0-9a-f]{32}/);
      const address = page.url();
      const drawer = page.getByRole("dialog");
      await drawer.getByRole("region", { name: "Attempts" }).getByText("demo-openai").first().waitFor();
      await drawer.getByRole("region", { name: "Tokens" }).getByText("Output").waitFor();
      await drawer.getByRole("region", { name: "Facts" }).getByText("BrowserSpec/1.0").waitFor();
      assert.ok(!(await page.content()).includes(demoKey), "the key is nowhere on the page");

      await drawer.getByRole("button", { name: "Copy id" }).click();
      const id = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(address.includes(id));
      await drawer.getByRole("button", { name: "Copy as" }).click();
      await page.getByRole("menuitem", { name: "cURL" }).click();
      const curl = await page.evaluate(() => navigator.clipboard.readText());
      assert.match(curl, /^curl -N -X 'POST' 'http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions'/);

      const other = await page.context().newPage();
      await other.goto(address);
      await other.getByRole("dialog").getByText(id).waitFor();
      await page.keyboard.press("Escape");
      await page.waitForURL(/\/logs(\?|$)/);
    });
  });

  test("an unknown request says so and the list stays", async () => {
    await onPage(world, async (page) => {
      await page.goto("/logs/req_0199d0b0000070008000000000000000");
      await page.getByRole("dialog").getByRole("alert").waitFor();
      await page.keyboard.press("Escape");
      await rows(page).first().waitFor();
    });
  });

  test("many requests: only the visible rows exist, scrolling reads further pages to the true end", async () => {
    const { url, demoKey } = world.stack;
    const batch = (size) => Promise.all(Array.from({ length: size }, () => chat(url, demoKey, { model: "many" })));
    for (let number = 0; number < 13; number += 1) await batch(20);
    await onPage(world, async (page) => {
      await page.goto("/logs?requested_model=many");
      await rows(page).first().waitFor();
      assert.ok((await rows(page).count()) < 80, "rows out of sight are not in the document");
      const table = page.getByRole("table", { name: "Requests" });
      await until(
        async () => {
          await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
          return page.getByText("260 requests, complete").isVisible();
        },
        "all 260 rows are read",
      );
    });
  });

  test("live: a new request slides in, a pause holds it back and counts it", async () => {
    const { url, demoKey } = world.stack;
    await onPage(world, async (page) => {
      await page.goto("/logs?requested_model=live-");
      await page.getByText("No request matches").waitFor();
      await page.getByRole("button", { name: "Live", exact: true }).click();
      await page.waitForURL(/live=true/);
      await chat(url, demoKey, { model: "live-1" });
      await rows(page).filter({ hasText: "live-1" }).waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      await chat(url, demoKey, { model: "live-2" });
      await page.getByRole("button", { name: /1 new request/ }).waitFor();
      assert.equal(await rows(page).filter({ hasText: "live-2" }).count(), 0);
      await page.getByRole("button", { name: /1 new request/ }).click();
      await rows(page).filter({ hasText: "live-2" }).waitFor();
    });
  });

  test("the timeline narrows the list by a drag and by keyboard, ranges filter, and the export has the same rows", async () => {
    const { url, demoKey } = world.stack;
    const model = `timeline-${Date.now()}`;
    for (let number = 0; number < 3; number += 1) await chat(url, demoKey, { model });
    await onPage(world, async (page) => {
      await page.goto(`/logs?requested_model=${model}&range=1h`);
      const timeline = page.getByRole("region", { name: "Timeline" });
      await timeline.getByText(/^3 requests, 3 with an error, in steps of 1 minute/).waitFor();
      const plot = timeline.locator(".u-over");
      const box = await plot.boundingBox();
      await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.4, box.y + 30, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/from=\d+&to=\d+/);
      await page.getByText("No request matches").waitFor();
      await page.getByRole("button", { name: /Remove filter Time/ }).click();
      await rows(page).nth(2).waitFor();

      await page.getByRole("radio", { name: "1 h" }).click();
      await timeline.getByText(/in steps of 1 minute$/).waitFor();
      await timeline.getByRole("slider").focus();
      await page.keyboard.press("End");
      for (let press = 0; press < 9; press += 1) await page.keyboard.press("Shift+ArrowLeft");
      assert.match(await timeline.getByRole("slider").getAttribute("aria-valuetext"), / to .*2xx 0/);
      await page.keyboard.press("Enter");
      await page.waitForURL(/from=\d+&to=\d+/);
      await page.getByText("3 requests, complete").waitFor();

      await page.getByRole("button", { name: "Export" }).click();
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "CSV" }).click()]);
      const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
      assert.equal(lines.length, 4);
      assert.ok(lines.slice(1).every((line) => line.includes(model)));

      const add = async (field, least, most) => {
        await page.getByRole("button", { name: "Add filter" }).click();
        const form = page.getByRole("dialog", { name: "Add filter" });
        await form.getByLabel("Field").selectOption({ label: field });
        await form.getByLabel("At least").fill(least);
        await form.getByLabel("At most").fill(most);
        await form.getByRole("button", { name: "Add" }).click();
      };
      await add("Duration", "0", "600000");
      await page.getByRole("button", { name: "Remove filter Duration 0 ms – 600000 ms" }).waitFor();
      await page.getByText("3 requests, complete").waitFor();
      await add("Cost", "0.5", "");
      await page.getByRole("button", { name: "Remove filter Cost ≥ $0.5" }).waitFor();
      await page.waitForURL(/min_cost=0.5/);
      await page.getByText("No request matches").waitFor();
    });
  });

  test("columns are chosen and remembered", async () => {
    await onPage(world, async (page) => {
      await page.goto("/logs");
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("menuitemcheckbox", { name: "Path" }).click();
      await page.keyboard.press("Escape");
      await page.getByRole("columnheader", { name: "Path" }).waitFor();
      await page.reload();
      await page.getByRole("columnheader", { name: "Path" }).waitFor();
    });
  });
}
