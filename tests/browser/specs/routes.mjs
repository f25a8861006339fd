import assert from "node:assert/strict";
import { adminApi, chat, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

/** Fills provider and model of a target; the model is taken from the suggestions. */
async function choose(target, provider, model) {
  await target.getByLabel("Provider").selectOption({ label: provider });
  await target.getByRole("combobox", { name: "Model" }).click();
  await target.getByRole("option", { name: model }).first().click();
  assert.equal(await target.getByRole("combobox", { name: "Model" }).inputValue(), model);
}

export function register(test, world) {
  test("a route with a condition is created; the dry run beside it follows each change before it is saved", { timeout: 120_000 }, async () => {
    const { url } = world.stack;
    await onPage(world, async (page) => {
      await page.goto("/routes");
      await page.getByRole("link", { name: "New route" }).click();
      await page.getByRole("heading", { level: 1, name: "New route" }).waitFor();
      await page.getByLabel("Id", { exact: true }).fill("team-chat");
      const first = page.getByRole("listitem", { name: "Target 1" });
      await choose(first, "Demo (Anthropic)", "demo-claude");
      await page.getByRole("button", { name: "Add target" }).click();
      const second = page.getByRole("listitem", { name: "Target 2" });
      await choose(second, "Demo (OpenAI)", "demo-gpt");
      assert.equal(await second.getByLabel("Priority").inputValue(), "1");

      await first.getByText(/Condition:/).click();
      await first.getByRole("button", { name: "Add condition" }).click();
      await first.getByLabel("Header name").fill("x-team");
      await first.getByLabel("Value", { exact: true }).fill("ml");

      const plan = page.getByRole("region", { name: "Plan" });
      const refused = plan.getByRole("region", { name: "Not asked" }).getByRole("listitem").first();
      await refused.getByText("The target’s condition does not hold").waitFor();
      assert.match(await refused.innerText(), /headers\.x-team is “ml”/);
      assert.match(await plan.getByRole("region", { name: "Order" }).innerText(), /demo-gpt/);

      const aside = page.getByRole("complementary", { name: "Dry run" });
      await aside.getByText("Headers and body of the request").click();
      await aside.getByLabel("Headers").fill('{"x-team": "ml"}');
      await plan.getByRole("region", { name: "Not asked" }).waitFor({ state: "detached" });
      const order = plan.getByRole("region", { name: "Order" }).locator("ol > li");
      assert.equal(await order.count(), 2);
      assert.match(await order.first().innerText(), /demo-claude/);
      await order.first().getByText("Its condition holds").click();
      await order.first().getByText(/the request has/).waitFor();

      await first.getByLabel("Operator").selectOption({ label: "is not" });
      await plan.getByRole("region", { name: "Not asked" }).getByText("demo-claude").waitFor();
      await first.getByLabel("Operator").selectOption({ label: "is" });

      await page.getByRole("button", { name: "Create route" }).click();
      await said(page, "team-chat was created.");
      await page.getByRole("row", { name: /team-chat/ }).getByText("with conditions").waitFor();
      const { demoKey } = world.stack;
      await until(async () => (await chat(url, demoKey, { model: "team-chat" })) === 200, "the route is in force");
    });
  });

  test("targets are moved by buttons, with the focus kept, and by dragging; rows and JSON show one condition", async () => {
    const call = await adminApi(world.stack);
    const rules = { any: [{ field: "tokens.input", op: "gt", value: 8000 }, { not: { field: "key.name", op: "eq", value: "x" } }] };
    await call("POST", "/api/admin/routes", {
      id: "order",
      targets: [
        { provider: "demo-openai", model: "demo-gpt", rules },
        { provider: "demo-anthropic", model: "demo-claude", priority: 1 },
        { provider: "demo-gemini", model: "demo-gemini", priority: 2 },
      ],
    });
    await onPage(world, async (page) => {
      await page.goto("/routes/edit?id=order");
      const target = (number) => page.getByRole("listitem", { name: `Target ${number}` });
      const models = async () => {
        const boxes = await page.getByRole("combobox", { name: "Model" }).all();
        return Promise.all(boxes.map((box) => box.inputValue()));
      };
      await target(1).getByRole("button", { name: "Move target 1 down" }).focus();
      await page.keyboard.press("Enter");
      assert.deepEqual(await models(), ["demo-claude", "demo-gpt", "demo-gemini"]);
      assert.equal(await target(2).getByLabel("Priority").inputValue(), "1");
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Move target 2 down");
      await page.keyboard.press("Enter");
      assert.deepEqual(await models(), ["demo-claude", "demo-gemini", "demo-gpt"]);
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Move target 3 up");

      const from = await target(1).locator(".grip").boundingBox();
      const to = await target(2).boundingBox();
      await page.mouse.move(from.x + 5, from.y + 5);
      await page.mouse.down();
      await page.mouse.move(to.x + 60, to.y + to.height * 0.7, { steps: 8 });
      await page.mouse.move(to.x + 60, to.y + to.height * 0.8, { steps: 4 });
      await page.mouse.up();
      assert.deepEqual(await models(), ["demo-gemini", "demo-claude", "demo-gpt"]);

      await target(3).getByRole("button", { name: "Edit as JSON" }).click();
      const json = target(3).getByLabel("Condition as JSON");
      assert.deepEqual(JSON.parse(await json.inputValue()), rules);
      await json.fill('{"field": "model", "op": "near", "value": 1}');
      await page.getByRole("button", { name: "Save" }).click();
      await target(3).getByText(/no such operator/).waitFor();
      assert.equal(await json.getAttribute("aria-invalid"), "true");
      await json.fill('{"field": "headers.x-tier", "op": "regex", "value": "("}');
      await target(3).getByRole("button", { name: "Edit as rows" }).click();
      await page.getByRole("button", { name: "Save" }).click();
      await target(3).getByRole("alert").first().waitFor();
      assert.equal(await target(3).getByLabel("Value", { exact: true }).getAttribute("aria-invalid"), "true");
      await target(3).getByLabel("Value", { exact: true }).fill("^gold$");
      await page.getByRole("button", { name: "Save" }).click();
      await said(page, "order was saved.");
      const stored = await call("GET", "/api/admin/routes/order");
      assert.deepEqual(stored.targets[2].rules, { all: [{ field: "headers.x-tier", op: "regex", value: "^gold$" }] });
      assert.deepEqual(stored.targets.map(({ priority }) => priority), [0, 1, 2]);
    }, { viewport: { width: 1440, height: 1500 } });
  });

  test("a built-in route is customised, replaced, and comes back when its successor is deleted", async () => {
    await onPage(world, async (page) => {
      await page.goto("/routes");
      const row = page.getByRole("row", { name: /^(Select \S+ )?smart/ });
      await row.getByText("built-in").waitFor();
      await row.getByRole("link", { name: "Customise smart" }).click();
      await page.getByText("smart is built in.").waitFor();
      assert.equal(await page.getByLabel("Id", { exact: true }).inputValue(), "smart");
      await page.getByLabel("Strategy").selectOption({ label: "Sticky" });
      await page.getByLabel("Sticky by").selectOption({ label: "The virtual key" });
      await page.getByText("Advanced").click();
      await page.getByLabel("Canary: try another").check();
      const canary = page.getByRole("group", { name: "Canary" });
      await page.getByRole("button", { name: "Create route" }).click();
      await canary.getByText("Choose a provider.").waitFor();
      await choose(canary, "Demo (Anthropic)", "demo-claude");
      await canary.getByLabel("Share", { exact: true }).fill("12.5");
      await page.keyboard.press("Control+Enter");
      await said(page, "smart was created.");
      await row.getByText("with canary 12.5 %").waitFor();
      assert.equal(await row.getByText("built-in").count(), 0);

      await row.getByRole("link", { name: "smart" }).click();
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      const confirm = page.getByRole("button", { name: "Delete route" });
      assert.ok(await confirm.isDisabled());
      await page.getByLabel(/Type smart/).fill("smart");
      await confirm.click();
      await said(page, "smart was deleted.");
      await row.getByText("built-in").waitFor();
    });
  });

  test("an empty form marks all that is missing; a pattern that is refused marks its value alone", async () => {
    await onPage(world, async (page) => {
      await page.goto("/routes/edit");
      const id = page.getByLabel("Id", { exact: true });
      const target = page.getByRole("listitem", { name: "Target 1" });
      await page.getByRole("button", { name: "Create route" }).click();
      await page.getByRole("alert").getByText("Give the route a name.").waitFor();
      assert.equal(await id.getAttribute("aria-invalid"), "true");
      assert.equal(await target.getByLabel("Provider").getAttribute("aria-invalid"), "true");
      await id.fill("patterns");
      await choose(target, "Demo (OpenAI)", "demo-gpt");
      await page.getByRole("alert").waitFor({ state: "detached" });
      await target.getByText(/Condition:/).click();
      await target.getByRole("button", { name: "Add condition" }).click();
      await target.getByLabel("Header name").fill("x-team");
      const operator = target.getByLabel("Operator");
      await operator.selectOption({ label: "matches the pattern" });
      const room = await operator.evaluate((select) => {
        const style = getComputedStyle(select);
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.font = style.font;
        const inside = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        return inside - canvas.measureText("matches the pattern").width;
      });
      assert.ok(room >= 0, `the operator is cut off by ${-room} pixels`);
      await target.getByLabel("Value", { exact: true }).fill("(?=ml)");
      await page.getByRole("button", { name: "Create route" }).click();
      await target.getByRole("alert").getByText(/look-ahead/).waitFor();
      assert.equal(await target.getByLabel("Value", { exact: true }).getAttribute("aria-invalid"), "true");
      assert.equal(await target.getByLabel("Header name").getAttribute("aria-invalid"), null);
      const [alert, button] = [page.locator(".form-foot [role=alert]"), page.getByRole("button", { name: "Create route" })];
      const [above, below] = [await alert.boundingBox(), await button.boundingBox()];
      assert.ok(above.y + above.height <= below.y, "the alert is not covered by the buttons");
      await page.getByRole("link", { name: "All routes" }).click();
      await page.getByRole("button", { name: "Discard changes" }).click();
    });
  });

  test("leaving with changes asks; the address holds the route, the filter and the dry run", async () => {
    await onPage(world, async (page) => {
      await page.goto("/routes/edit");
      await page.getByLabel("Id", { exact: true }).fill("half");
      await page.getByRole("link", { name: "All routes" }).click();
      const leave = page.getByRole("dialog", { name: "Leave without saving?" });
      await leave.getByRole("button", { name: "Keep editing" }).click();
      assert.equal(await page.getByLabel("Id", { exact: true }).inputValue(), "half");
      await page.getByRole("link", { name: "All routes" }).click();
      await leave.getByRole("button", { name: "Discard changes" }).click();
      await page.getByRole("link", { name: "Dry run" }).click();
      await page.getByRole("combobox", { name: "Model" }).fill("demo-gpt");
      await page.waitForURL(/dry=true.*model=demo-gpt/);
      await page.reload();
      await page.getByRole("region", { name: "Order" }).getByText("demo-openai").waitFor();
      await page.getByRole("combobox", { name: "Model" }).fill("no-such-model");
      await page.getByText("This request would be refused with 404.").waitFor();
      await page.keyboard.press("Escape");
      await page.getByLabel("Filter routes").fill("sma");
      await page.waitForURL(/q=sma/);
      assert.equal(await page.getByRole("row").count(), 2);
    });
  });

  test("on a phone the form and the dry run are two views of one address", async () => {
    await onPage(
      world,
      async (page) => {
        await page.goto("/routes/edit");
        await page.getByLabel("Id", { exact: true }).fill("on-the-way");
        await choose(page.getByRole("listitem", { name: "Target 1" }), "Demo (OpenAI)", "demo-gpt");
        await page.getByRole("radio", { name: "Dry run" }).click();
        await page.waitForURL(/view=dry/);
        await page.getByRole("region", { name: "Order" }).waitFor();
        assert.ok(!(await page.getByLabel("Id", { exact: true }).isVisible()));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 360, `${wide} pixels wide`);
        await page.getByRole("radio", { name: "Route" }).click();
        await page.getByLabel("Id", { exact: true }).waitFor();
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
        // The views are of one form: to change them asks nothing and loses nothing, to leave still asks.
        assert.equal(await page.getByRole("dialog").count(), 0);
        assert.equal(await page.getByLabel("Id", { exact: true }).inputValue(), "on-the-way");
        assert.equal(await page.getByRole("combobox", { name: "Model" }).inputValue(), "demo-gpt");
        await page.getByRole("link", { name: "All routes" }).click();
        await page.getByRole("dialog", { name: "Leave without saving?" }).getByRole("button", { name: "Discard changes" }).click();
        await page.waitForURL(/\/routes$/);
      },
      { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    );
  });
}
