import assert from "node:assert/strict";
import { adminApi, until } from "../support/stack.mjs";
import { onPage, said } from "../support/steps.mjs";

/** Asks the same each time; gives what the cache did with it. */
async function asked({ url, demoKey }) {
  const reply = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${demoKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "kept", messages: [{ role: "user", content: "Say: the same each time" }] }),
  });
  await reply.text();
  return (reply.headers.get("x-gateway-cache") ?? "").split(";")[0];
}

export function register(test, world) {
  test("a route keeps its answers: the hit and what it saved are on the page and in the log, and go when the cache is cleared", { timeout: 120_000 }, async () => {
    const { stack } = world;
    const call = await adminApi(stack);
    await call("POST", "/api/admin/routes", { id: "kept", targets: [{ provider: "demo-openai", model: "demo-gpt" }] });
    await onPage(world, async (page) => {
      await page.goto("/routes/edit?id=kept");
      const part = page.getByRole("region", { name: "Cache" });
      await part.getByRole("radio", { name: "Same request" }).click();
      await part.getByLabel("Kept for").fill("8");
      await part.getByLabel("Unit of time").selectOption("days");
      await page.getByRole("button", { name: "Save" }).click();
      await part.getByText("At most 7 days.").waitFor();
      await part.getByLabel("Kept for").fill("2");
      await part.getByLabel("Shared by").selectOption({ label: "Everybody" });
      await part.getByText("Answers cross teams and users.").waitFor();
      await part.getByLabel("Shared by").selectOption({ label: "The key alone" });
      await page.getByRole("button", { name: "Save" }).click();
      await said(page, "kept was saved.");
      await until(async () => (await asked(stack)) === "hit", "the answer is given again");
      const { cache } = await call("GET", "/api/admin/routes/kept");
      assert.deepEqual([cache.mode, cache.ttl_seconds, cache.scope], ["exact", 172_800, "key"]);

      await until(async () => (await call("GET", "/api/admin/cache?route=kept")).hits > 0, "the rollup has folded it");
      await page.goto("/cache?range=24h");
      const row = page.getByRole("table", { name: "Cache by route" }).getByRole("row", { name: /^kept/ });
      await row.getByText("same request, 2 days, per key").waitFor();
      assert.match(await row.innerText(), /\$0\.\d*[1-9]/);
      await page.goto("/logs?cache=any&route=kept");
      await page.getByRole("row").filter({ hasText: "cached" }).first().click();
      await page.getByRole("dialog").getByText("the answer was kept from an earlier request").waitFor();
      await page.getByRole("dialog").getByText("Answered with what was kept for the same request.").waitFor();

      await page.goto("/cache");
      await page.getByRole("button", { name: "Clear…" }).click();
      const question = page.getByRole("dialog", { name: "Clear the cache?" });
      assert.ok(await question.getByRole("button", { name: "Clear" }).isDisabled());
      await question.getByLabel(/Type clear/).fill("clear");
      await question.getByRole("button", { name: "Clear" }).click();
      await said(page, "What was kept is gone.");
      assert.equal(await until(async () => (await asked(stack)) === "miss" && "miss", "it is not found any more"), "miss");
    });
    await call("DELETE", "/api/admin/routes/kept");
  });

  test("the part of the providers' caches says what came from them, or teaches how to get there; its time is in the address", async () => {
    await onPage(world, async (page) => {
      await page.goto("/cache?whose=providers");
      const figures = page.getByText("Input served from cache");
      const lesson = page.getByText("No provider found anything in its cache");
      await figures.or(lesson).first().waitFor();
      if (await lesson.isVisible()) await page.getByText("What stays the same goes first:").waitFor();
      else await page.getByRole("table", { name: "Cache by model and provider" }).waitFor();
      await page.getByRole("radio", { name: "30 days" }).click();
      await page.waitForURL(/\/cache\?.*range=30d/);
    });
  });
}
