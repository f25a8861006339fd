import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { openPage } from "../support/browser.mjs";
import { onPage } from "../support/steps.mjs";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const serious = new Set(["serious", "critical"]);

/** Serious and critical findings of axe on the page as it is, in short. */
async function findings(page) {
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter((violation) => serious.has(violation.impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

const views = {
  overview: ["/", (page) => page.locator(".u-over").first().waitFor()],
  logs: ["/logs", (page) => page.locator("[role=row] a").first().waitFor()],
  request: [
    "/logs",
    async (page) => {
      await page.locator("[role=row] a").first().click();
      await page.getByRole("region", { name: "Facts" }).waitFor();
    },
  ],
  playground: [
    "/playground?model=demo-gpt&compare=true&with=demo-claude",
    async (page) => {
      await page.getByText("Advanced").click();
      await page.getByLabel("Message").fill("Say: hello\n```js\nlet a\n```");
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("link", { name: "Log entry" }).nth(1).waitFor();
      await page.getByRole("button", { name: "Edit turn 1" }).click();
    },
  ],
  chat: ["/chat", (page) => page.getByRole("heading", { name: "Begin a chat" }).waitFor()],
  "settings of a chat": [
    "/chat",
    async (page) => {
      await page.getByRole("button", { name: "Settings of this chat" }).click();
      await page.getByLabel("Temperature").fill("3");
    },
  ],
  balances: ["/balances", (page) => page.getByRole("table", { name: "Balances" }).getByRole("link").first().waitFor()],
  balance: [
    "/balances",
    async (page) => {
      await page.getByRole("table", { name: "Balances" }).getByRole("link").first().click();
      await page.getByRole("button", { name: "Top up" }).click();
    },
  ],
  dialogs: ["/dialogs", (page) => page.getByRole("tab", { name: "Agents" }).waitFor()],
  agents: ["/dialogs?list=agents", (page) => page.getByText("Creative writer").first().waitFor()],
  "add agent": ["/dialogs?list=agents&create=true", (page) => page.getByLabel("Temperature").waitFor()],
  usage: ["/usage?by=key&then=model", (page) => page.getByRole("table", { name: "Usage by key and model" }).waitFor()],
  "usage as tables": [
    "/usage?by=none",
    async (page) => {
      await page.locator(".u-over").first().waitFor();
      const button = page.getByRole("button", { name: "Table" });
      while (await button.count()) await button.first().click();
    },
  ],
  models: ["/models", (page) => page.getByRole("link", { name: "demo-gpt" }).waitFor()],
  "add model": ["/models?create=true", (page) => page.getByRole("combobox", { name: "Catalog" }).fill("gpt-4o")],
  providers: ["/providers", (page) => page.getByRole("link", { name: "Demo (OpenAI)" }).waitFor()],
  provider: ["/providers?open=demo-openai", (page) => page.getByRole("region", { name: "Keys" }).waitFor()],
  routes: ["/routes", (page) => page.getByRole("link", { name: "smart", exact: true }).waitFor()],
  route: ["/routes/edit?like=any", (page) => page.getByRole("region", { name: "Order" }).waitFor()],
  "new route": [
    "/routes/edit",
    async (page) => {
      await page.getByText(/Condition:/).click();
      await page.getByRole("button", { name: "Add condition" }).click();
      await page.getByRole("button", { name: "Add group" }).click();
      await page.getByRole("radio", { name: "Same meaning" }).click();
      await page.getByLabel("Shared by").selectOption("deployment");
    },
  ],
  "dry run": ["/routes?dry=true&model=smart", (page) => page.getByRole("region", { name: "Order" }).waitFor()],
  keys: ["/keys", (page) => page.getByRole("table").getByRole("link").first().waitFor()],
  "create key": ["/keys?create=true", (page) => page.getByLabel("Allowed models").waitFor()],
  "key with limits": [
    "/keys?q=with+limits",
    async (page) => {
      await page.getByRole("link", { name: "Demo key with limits" }).click();
      await page.getByRole("meter", { name: "Budget per day of Demo key with limits" }).waitFor();
    },
  ],
  teams: ["/teams", (page) => page.getByRole("meter", { name: "Budget of Demo team per month" }).waitFor()],
  team: ["/teams?open=demo-team", (page) => page.getByRole("meter", { name: "Budget per month of Demo team" }).waitFor()],
  people: ["/teams?tab=people", (page) => page.getByRole("link", { name: "admin", exact: true }).waitFor()],
  "add dashboard user": ["/teams?tab=people&create=true", (page) => page.getByLabel("User name").waitFor()],
  invitations: ["/teams?tab=invitations", (page) => page.getByRole("link", { name: "Invite someone" }).first().waitFor()],
  cache: ["/cache", (page) => page.getByRole("radio", { name: "24 h" }).waitFor()],
  "providers' caches": ["/cache?whose=providers", (page) => page.getByRole("radio", { name: "30 days" }).waitFor()],
  "clear cache": [
    "/cache",
    async (page) => {
      await page.getByRole("button", { name: "Clear…" }).click();
      await page.getByLabel("Answers", { exact: true }).selectOption("team");
      await page.getByRole("combobox", { name: "Id of the team" }).waitFor();
    },
  ],
  guardrails: ["/guardrails", (page) => page.getByRole("link", { name: "New guardrail" }).first().waitFor()],
  "new guardrail": [
    "/guardrails?create=true&start=mask-personal-data",
    async (page) => {
      await page.getByRole("button", { name: "Use an example" }).click();
      await page.locator("mark").first().waitFor();
    },
  ],
  "selected keys": [
    "/keys?sort=name",
    async (page) => {
      await page.getByRole("checkbox", { name: "Select Demo key", exact: true }).check();
      await page.getByRole("toolbar", { name: "Selected" }).waitFor();
    },
  ],
  "models of a provider": [
    "/providers?open=demo-openai",
    async (page) => {
      await page.getByRole("button", { name: "Probe" }).click();
      await page.getByRole("list", { name: "Models it offers" }).waitFor();
    },
  ],
  "add user": [
    "/teams?tab=users&create=true",
    async (page) => {
      await page.getByRole("textbox", { name: "Budget per month" }).fill("0");
      await page.getByRole("textbox", { name: "Requests at once" }).fill("0");
      await page.getByRole("combobox", { name: "Time zone" }).fill("europe");
    },
  ],
  releases: ["/releases", (page) => page.getByText("in force", { exact: true }).waitFor()],
  release: [
    "/releases",
    async (page) => {
      await page.getByRole("link", { name: /^Release \d+\./ }).click();
      await page.locator(".diff").waitFor();
    },
  ],
  audit: ["/audit?range=24h&actor=admin", (page) => page.getByRole("link", { name: /, details/ }).first().waitFor()],
  "audit entry": [
    "/audit?action=create",
    async (page) => {
      await page.getByRole("link", { name: /, details/ }).first().click();
      await page.locator(".diff").waitFor();
    },
  ],
  settings: ["/settings", (page) => page.getByText("LogTtlDays").waitFor()],
  plan: [
    "/settings?part=configuration",
    async (page) => {
      await page.getByRole("button", { name: "Show" }).click();
      await page.getByRole("textbox", { name: "Document" }).fill("models:\n- {id: planned, provider: demo-openai, upstream_model: demo-gpt}\nkeys:\n- {name: planned, env: PLANNED}\n");
      await page.getByLabel("PLANNED").fill("sk-gw-planned-0123456789");
      await page.getByRole("button", { name: "Plan" }).click();
      await page.getByRole("region", { name: "Plan" }).waitFor();
    },
  ],
};

export function register(test, world) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe has no serious finding on any page, ${colorScheme}`, async () => {
      await onPage(
        world,
        async (page) => {
          // The browser's own way in: an added <script> would be refused by the page's policy.
          await page.addInitScript({ path: axePath });
          const found = {};
          for (const [name, [path, ready]] of Object.entries(views)) {
            await page.goto(path);
            await ready(page);
            await page.waitForLoadState("networkidle");
            const list = await findings(page);
            if (list.length > 0) found[name] = list;
          }
          await page.goto("/");
          await page.keyboard.press("Control+k");
          const palette = await findings(page);
          if (palette.length > 0) found.palette = palette;
          assert.deepEqual(found, {});
        },
        { colorScheme },
      );
    });

    test(`axe has no serious finding on the login page, ${colorScheme}`, async () => {
      const page = await openPage(world.browser, world.stack.url, { colorScheme });
      await page.addInitScript({ path: axePath });
      await page.goto("/login");
      await page.getByLabel("Password").waitFor();
      assert.deepEqual(await findings(page), []);
      await page.context().close();
    });
  }
}
