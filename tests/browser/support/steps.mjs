import assert from "node:assert/strict";
import { openPage, signIn } from "./browser.mjs";

/** Runs `work` on a signed-in page; whatever it did, nothing forbidden may have happened on the way. */
export async function onPage({ browser, stack }, work, options) {
  const page = await openPage(browser, stack.url, options);
  try {
    await signIn(page, stack);
    await work(page);
    assert.deepEqual(page.trespasses, []);
  } finally {
    await page.context().close();
  }
}

/** The toast that says so. */
export const said = (page, text) => page.locator(".toast").filter({ hasText: text }).first().waitFor();
