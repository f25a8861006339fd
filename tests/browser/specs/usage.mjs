import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage } from "../support/steps.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const zoned = { timezoneId: "Europe/Berlin" };
const dollars = (nano) => `$${Math.floor(nano / 1e9)}.${String(nano % 1e9).padStart(9, "0")}`;

/** Traffic of two keys of a team of their own, counted. */
async function traffic(world) {
  const call = await adminApi(world.stack);
  const team = `usage-spec-${Date.now()}`;
  const keys = [];
  for (const name of ["Usage spec one", "Usage spec two"]) keys.push(await call("POST", "/api/admin/keys", { name, team_id: team }));
  const { url } = world.stack;
  await until(async () => (await chat(url, keys[0].secret)) === 200, "the first key works");
  await until(async () => (await chat(url, keys[1].secret)) === 200, "the second key works");
  for (const model of ["demo-gpt", "demo-gpt", "demo-error-500"]) await chat(url, keys[0].secret, { model, content: "What did this cost? ".repeat(9) });
  const now = Date.now();
  const asked = `/api/admin/usage?from=${now - DAY}&to=${now}&interval=none&team=${team}`;
  const { totals } = await until(async () => {
    const report = await call("GET", asked);
    return report.totals.requests >= 5 && report;
  }, "the rollup has folded the traffic", 60_000);
  return { call, team, keys, totals };
}

/** What a download holds. */
async function downloaded(page, format) {
  await page.getByRole("button", { name: "Export" }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: format }).click()]);
  return { text: await readFile(await file.path(), "utf8"), name: file.suggestedFilename() };
}

export function register(test, world) {
  let traffics;
  const shared = () => (traffics ??= traffic(world));

  test("usage: the page, its table, its chart's figures and its export agree with the API to the nano-dollar", async () => {
    const { call, team, keys, totals: expected } = await shared();
    await onPage(
      world,
      async (page) => {
        await page.goto("/");
        await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Usage" }).click();
        await page.waitForURL(/\/usage/);
        const answers = [];
        page.on("response", (reply) => void (/\/usage\?/.test(reply.url()) && answers.push(reply.url())));
        await page.goto(`/usage?range=7d&by=key&then=model&team=${team}`);
        const table = page.getByRole("table", { name: "Usage by key and model" });
        await table.getByRole("button", { name: /Usage spec one · demo-gpt/ }).waitFor();

        const address = new URL(answers.find((one) => one.includes("interval=day")));
        const { totals, timezone } = await call("GET", address.pathname + address.search);
        assert.equal(timezone, "Europe/Berlin", "the browser's zone");
        assert.equal(totals.requests, expected.requests);
        assert.ok(totals.total_cost_nano > 0);
        const paid = page.getByRole("region", { name: "Paid altogether" });
        await paid.locator(".value").hover();
        await page.getByRole("tooltip").getByText(dollars(totals.total_cost_nano)).waitFor();

        const column = async (name) => {
          const heads = await table.getByRole("columnheader").allInnerTexts();
          const at = heads.findIndex((head) => head.trim() === name);
          const cells = (rows) => rows.locator(`> :nth-child(${at + 1})`).allInnerTexts();
          const numbers = (texts) => texts.map((text) => (text.trim() === "–" ? 0 : Number(text)));
          return { parts: numbers(await cells(table.locator("tbody tr"))), sum: numbers(await cells(table.locator("tfoot tr")))[0] };
        };
        for (const [name, whole] of [["Requests", totals.requests], ["Errors", totals.errors]]) {
          const { parts, sum } = await column(name);
          assert.equal(parts.reduce((all, one) => all + one, 0), sum, `${name}: the sum is the sum`);
          assert.equal(sum, whole, name);
        }

        const chart = page.getByRole("region", { name: "Paid by key and model", exact: true });
        await chart.getByRole("button", { name: "Table" }).click();
        assert.equal(await chart.locator("tfoot td").last().getAttribute("title"), dollars(totals.total_cost_nano));

        const file = await downloaded(page, "JSON");
        assert.match(file.name, /^usage-.*-by-key-model\.json$/);
        const { rows, group_by } = JSON.parse(file.text);
        assert.deepEqual(group_by, ["key", "model"]);
        assert.equal(rows.reduce((all, row) => all + row.total_cost_nano, 0), totals.total_cost_nano);
        assert.ok(rows.every((row) => keys.some(({ id }) => id === row.key)), "the filter holds in the file");
        const csv = await downloaded(page, "CSV");
        assert.equal(csv.text.trim().split("\n").length, rows.length + 1);
      },
      zoned,
    );
  });

  test("usage: a group filters by a click and a chip takes it back; columns sort; all of it is in the URL", async () => {
    const { team, keys } = await shared();
    await onPage(world, async (page) => {
      await page.goto(`/usage?team=${team}&metric=requests`);
      const table = page.getByRole("table", { name: "Usage by key" });
      await table.getByRole("button", { name: "Usage spec two" }).waitFor();
      const names = () => table.locator("tbody .name").allInnerTexts();
      assert.deepEqual(await names(), ["Usage spec one", "Usage spec two"]);
      await table.getByRole("button", { name: "Requests" }).click();
      await page.waitForURL(/sort=requests&dir=asc|dir=asc.*sort=requests/);
      assert.deepEqual(await names(), ["Usage spec two", "Usage spec one"]);
      await page.reload();
      await table.getByRole("button", { name: "Usage spec two" }).click();
      await page.waitForURL((address) => address.searchParams.has("key"));
      await page.getByRole("button", { name: "Remove filter Key Usage spec two" }).waitFor();
      await table.getByRole("button", { name: "Usage spec one" }).waitFor({ state: "detached" });
      await page.getByText(/Latencies are kept for one key/).waitFor();
      await page.getByRole("button", { name: "Remove filter Key Usage spec two" }).click();
      await table.getByRole("button", { name: "Usage spec one" }).waitFor();
      await page.goto(`/usage?key=${keys[0].id}`);
      await page.getByRole("region", { name: "Time to first byte" }).locator(".u-over").waitFor();
      await page.getByRole("button", { name: "Remove filter Key Usage spec one" }).click();
      await page.getByRole("combobox", { name: "Group by" }).selectOption("provider");
      await page.getByRole("table", { name: "Usage by provider" }).getByText("Demo (OpenAI)").waitFor();
      await page.goto("/usage?team=nobody-has-this");
      await page.getByText("Nothing was used in this time").waitFor();
    });
  });

  test("usage: a drag and the keyboard choose whole buckets; Back returns", async () => {
    const { team } = await shared();
    const chosen = (page) => {
      const { searchParams } = new URL(page.url());
      return [Number(searchParams.get("from")), Number(searchParams.get("to"))];
    };
    await onPage(
      world,
      async (page) => {
        await page.goto(`/usage?range=30d&team=${team}`);
        const chart = page.getByRole("region", { name: "Paid by key", exact: true });
        const plot = chart.locator(".u-over");
        await plot.waitFor();
        const box = await plot.boundingBox();
        await page.mouse.move(box.x + box.width * 0.905, box.y + 40);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * 0.98, box.y + 60, { steps: 5 });
        await page.mouse.up();
        await page.waitForURL(/from=\d+/);
        const [from, to] = chosen(page);
        assert.equal((to - from) / DAY, 3, "three whole days");
        assert.equal(new Date(from).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" }), "00:00:00");

        await page.locator(".page-part[aria-busy=false]").waitFor();
        await chart.getByRole("slider").focus();
        await page.keyboard.press("End");
        await page.keyboard.press("Shift+ArrowLeft");
        assert.match(await chart.getByRole("slider").getAttribute("aria-valuetext"), /22:00 to .* 23:00: /);
        await page.keyboard.press("Enter");
        await page.waitForFunction((old) => !location.search.includes(`from=${old}`), from);
        const [first, last] = chosen(page);
        assert.deepEqual([last - first, last], [2 * HOUR, to]);
        await page.goBack();
        await page.waitForURL((address) => address.searchParams.get("from") === String(from));
        await page.getByRole("button", { name: /Remove filter Time/ }).click();
        await page.getByRole("radio", { name: "7 days" }).waitFor();
      },
      zoned,
    );
  });

  test("usage: a day of 25 hours says so, in its own zone", async () => {
    const last = (year) => {
      const end = new Date(Date.UTC(year, 9, 31));
      return end.getTime() - end.getUTCDay() * DAY;
    };
    const year = new Date().getUTCFullYear();
    const sunday = last(year) < Date.now() - 2 * DAY ? last(year) : last(year - 1);
    await onPage(world, async (page) => {
      await page.goto(`/usage?from=${sunday - DAY}&to=${Date.now()}&tz=Europe%2FBerlin`);
      const chart = page.getByRole("region", { name: "Paid by key", exact: true });
      await chart.getByRole("button", { name: "Table" }).click();
      await chart.getByText(/^Sun, Oct \d+, \d+ \(25 hours\)$/).waitFor();
      assert.equal(await page.getByRole("combobox", { name: "Time zone" }).inputValue(), "Europe/Berlin");
    });
  });

  test("usage: on a phone nothing is wider than the screen", async () => {
    await onPage(
      world,
      async (page) => {
        for (const path of ["/usage", "/usage?by=team&then=model&metric=tokens", "/logs"]) {
          await page.goto(path);
          await page.locator(".u-over").first().waitFor();
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360, path);
        }
      },
      { viewport: { width: 360, height: 740 } },
    );
  });
}
