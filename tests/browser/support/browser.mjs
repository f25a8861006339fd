// Chromium through playwright-core, and a page that records everything a strict dashboard must not do.
import { accessSync, constants } from "node:fs";
import { chromium } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--no-first-run",
  "--force-color-profile=srgb",
];

const present = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The browser to use; undefined when this machine has none (install the package `chromium`, or set CHROMIUM). */
export const chromiumPath = () => places.find((path) => path && present(path));

export async function launch() {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error("no Chromium found: install the package chromium or set CHROMIUM to its path");
  return chromium.launch({ executablePath, args: flags });
}

/**
 * A page of its own context. `page.trespasses` lists what must stay empty: CSP violations, requests to another host, dialogs, uncaught errors,
 * and calls of `window.__xss`, which every hostile text of the tests tries to make.
 */
export async function openPage(browser, base, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    locale: "en-US",
    permissions: ["clipboard-read", "clipboard-write"],
    baseURL: base,
    ...options,
  });
  const page = await context.newPage();
  const trespasses = [];
  await page.exposeBinding("__trespass", (_source, text) => void trespasses.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.__trespass(`csp: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber} ${event.sample}`);
    });
    Object.defineProperty(window, "__xss", { value: () => window.__trespass("script run from hostile text") });
  });
  const own = new URL(base).origin;
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.protocol !== "blob:" && url.origin !== own) trespasses.push(`external request: ${url.href}`);
  });
  page.on("dialog", (dialog) => {
    if (dialog.type() !== "beforeunload") trespasses.push(`dialog: ${dialog.message()}`);
    void dialog.accept().catch(() => undefined);
  });
  page.on("pageerror", (error) => trespasses.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Content-Security-Policy/.test(message.text())) trespasses.push(`console: ${message.text()}`);
  });
  return Object.assign(page, { trespasses });
}

export async function signIn(page, { username = "admin", password }) {
  await page.goto("/login");
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
}
