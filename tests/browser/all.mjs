// `npm test`: one stack, one browser, every spec in turn.
import { after, before, test } from "node:test";
import { launch } from "./support/browser.mjs";
import { startStack } from "./support/stack.mjs";
import * as accessibility from "./specs/accessibility.mjs";
import * as audit from "./specs/audit.mjs";
import * as balances from "./specs/balances.mjs";
import * as cache from "./specs/cache.mjs";
import * as chat from "./specs/chat.mjs";
import * as dialogs from "./specs/dialogs.mjs";
import * as frame from "./specs/frame.mjs";
import * as guardrails from "./specs/guardrails.mjs";
import * as health from "./specs/health.mjs";
import * as hostile from "./specs/hostile.mjs";
import * as keys from "./specs/keys.mjs";
import * as limits from "./specs/limits.mjs";
import * as logs from "./specs/logs.mjs";
import * as models from "./specs/models.mjs";
import * as overview from "./specs/overview.mjs";
import * as playground from "./specs/playground.mjs";
import * as providers from "./specs/providers.mjs";
import * as releases from "./specs/releases.mjs";
import * as routes from "./specs/routes.mjs";
import * as settings from "./specs/settings.mjs";
import * as signIn from "./specs/sign-in.mjs";
import * as users from "./specs/users.mjs";
import * as usage from "./specs/usage.mjs";

/** What the specs get; filled before the first of them runs. */
const world = {};

before(async () => {
  world.stack = await startStack();
  world.browser = await launch();
});

after(async () => {
  await world.browser?.close();
  await world.stack?.stop();
});

for (const spec of [signIn, overview, providers, models, routes, guardrails, health, keys, logs, playground, chat, dialogs, balances, usage, cache, limits, users, releases, audit, settings, frame, accessibility, hostile]) spec.register(test, world);
