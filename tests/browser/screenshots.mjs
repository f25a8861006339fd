// `npm run screenshots [-- folder [view …]]`: every page, or the views named, desktop and phone, light and dark, as PNG files. Against the local
// stack, or GATEWAY_URL.
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { launch, openPage, signIn } from "./support/browser.mjs";
import { demoTraffic } from "./support/demo.mjs";
import { startStack } from "./support/stack.mjs";

const folder = resolve(process.argv[2] ?? "screenshots");
const only = process.argv.slice(3);
const ready = (page) => page.waitForLoadState("networkidle");

/** Name of the file, how to get there. */
const views = {
  login: async (page) => {
    await page.evaluate(() => localStorage.removeItem("gateway.session"));
    await page.goto("/login");
  },
  overview: (page) => page.goto("/"),
  usage: (page) => page.goto("/usage"),
  logs: (page) => page.goto("/logs"),
  request: async (page) => {
    await page.goto(process.env.GATEWAY_URL ? "/logs" : "/logs?requested_model=support-chat");
    await page.locator("[role=row] a").first().waitFor();
    await page.locator("[role=row]:has(a)").filter({ hasText: "200" }).last().click();
    await page.getByRole("region", { name: "Facts" }).waitFor();
  },
  "request-guarded": async (page) => {
    await page.goto(process.env.GATEWAY_URL ? "/logs" : "/logs?guarded=masked");
    await page.locator("[role=row] a").first().waitFor();
    await page.locator("[role=row]:has(a)").first().click();
    await page.getByRole("region", { name: "Facts" }).waitFor();
  },
  playground: async (page) => {
    await page.goto("/playground?model=demo-gpt&compare=true&with=demo-claude");
    await page.getByLabel("Message").fill("Write 60 words");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText(/^\$0\.00/).nth(1).waitFor();
  },
  chat: async (page) => {
    await page.goto("/chat");
    await page.getByRole("option", { name: /^demo-claude/ }).waitFor({ state: "attached" });
    await page.getByLabel("Model", { exact: true }).selectOption("demo-claude");
    await page.getByLabel("Message").fill("A customer wants to return a pair of shoes, worn once. What may I offer?");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("list", { name: "Messages" }).getByText(/^\d+ tokens$/).waitFor();
  },
  "chat-settings": async (page) => {
    await page.goto("/chat");
    await page.getByRole("button", { name: "Settings of this chat" }).click();
  },
  balances: (page) => page.goto("/balances"),
  balance: async (page) => {
    await page.goto("/balances");
    await page.getByRole("table", { name: "Balances" }).getByRole("link").first().click();
    await page.getByRole("button", { name: "Top up" }).click();
  },
  dialogs: (page) => page.goto("/dialogs"),
  agents: (page) => page.goto("/dialogs?list=agents"),
  "agent-new": (page) => page.goto("/dialogs?list=agents&create=true"),
  routes: (page) => page.goto("/routes"),
  route: async (page) => {
    await page.goto(`/routes/edit?${process.env.GATEWAY_URL ? "like=any" : "id=agents"}`);
    // On a phone the dry run is there, but hidden behind its tab.
    await page.locator(".plan-list").first().waitFor({ state: "attached" });
  },
  "route-dry-run": async (page) => {
    await page.goto("/routes?dry=true&model=smart");
    await page.getByRole("region", { name: "Order" }).waitFor();
  },
  models: (page) => page.goto("/models"),
  "model-new": async (page) => {
    await page.goto("/models?create=true");
    await page.getByRole("combobox", { name: "Catalog" }).fill("sonnet");
    await page.getByRole("option").first().waitFor();
  },
  providers: (page) => page.goto("/providers"),
  provider: (page) => page.goto("/providers?open=demo-openai"),
  "dashboard-users": (page) => page.goto("/teams?tab=people"),
  invitations: (page) => page.goto("/teams?tab=invitations"),
  guardrails: (page) => page.goto("/guardrails"),
  guardrail: async (page) => {
    await page.goto(process.env.GATEWAY_URL ? "/guardrails?create=true&start=mask-personal-data" : "/guardrails?open=mask-personal-data");
    await page.getByRole("button", { name: "Use an example" }).click();
    await page.locator("mark").first().waitFor();
  },
  "route-cache": async (page) => {
    await page.goto(`/routes/edit?${process.env.GATEWAY_URL ? "like=any" : "id=faq"}`);
    await page.getByRole("region", { name: "Cache" }).scrollIntoViewIfNeeded();
  },
  cache: (page) => page.goto("/cache?range=24h"),
  "cache-of-providers": (page) => page.goto("/cache?whose=providers"),
  "provider-models": async (page) => {
    await page.goto("/providers?open=demo-openai");
    await page.getByRole("button", { name: "Probe" }).click();
    await page.getByRole("list", { name: "Models it offers" }).scrollIntoViewIfNeeded();
  },
  keys: (page) => page.goto("/keys"),
  releases: (page) => page.goto("/releases"),
  release: async (page) => {
    await page.goto("/releases");
    await page.getByRole("link", { name: /^Release \d+\./ }).click();
    await page.locator(".diff").waitFor();
  },
  audit: (page) => page.goto("/audit"),
  "audit-entry": async (page) => {
    await page.goto("/audit?noun=route");
    await page.getByRole("link", { name: /, details/ }).first().click();
    await page.locator(".diff").waitFor();
  },
  settings: (page) => page.goto("/settings"),
  configuration: (page) => page.goto("/settings?part=configuration"),
  "key-new": (page) => page.goto("/keys?create=true"),
};
const screens = { desktop: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };

const unknown = only.filter((name) => !(name in views));
if (unknown.length > 0) throw new Error(`no such view: ${unknown.join(", ")}; there are ${Object.keys(views).join(", ")}`);
const wanted = Object.entries(views).filter(([name]) => only.length === 0 || only.includes(name));

const stack = await startStack();
try {
  await mkdir(folder, { recursive: true });
  if (!process.env.GATEWAY_URL) await demoTraffic(stack);
  const browser = await launch();
  for (const colorScheme of ["light", "dark"]) {
    for (const [screen, viewport] of Object.entries(screens)) {
      const page = await openPage(browser, stack.url, { viewport, colorScheme, deviceScaleFactor: screen === "phone" ? 2 : 1 });
      for (const [name, go] of wanted) {
        if (name !== "login" && !(await page.evaluate(() => localStorage.getItem("gateway.session")).catch(() => null))) await signIn(page, stack);
        if (name === "login") await page.goto("/login");
        await go(page);
        await ready(page);
        // Charts are drawn one frame after their data.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await page.screenshot({ path: `${folder}/${name}-${screen}-${colorScheme}.png` });
      }
      await page.context().close();
    }
  }
  await browser.close();
  console.log(`Screenshots are in ${folder}.`);
} finally {
  await stack.stop();
}
