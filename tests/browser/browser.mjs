// Debian's Chromium, and a page that remembers what went wrong in it.

import { chromium } from "playwright-core";

/** Starts Chromium so that it asks nobody for anything. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A fresh profile: `{ width, height, theme, script }`. */
export function profile(browser, { width = 1280, height = width < 600 ? 720 : 900, theme = "light", script = true } = {}) {
  return browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    javaScriptEnabled: script,
    reducedMotion: "reduce",
    serviceWorkers: "block",
  });
}

/** A page, and the list that fills with what it complains of: errors, refused policy, failed requests. */
export async function watched(context) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    // A live stream is cut when one leaves the page, and that is meant so.
    if (reason !== "net::ERR_ABORTED") complaints.push(`request: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`answer: ${response.status()} for ${response.url()}`);
  });
  return { page, complaints };
}

/**
 * The page as it is without script, in a browser that has it: axe needs timers, which do not run where script is
 * off. What is sent is stripped of scripts, and what stands in <noscript> is shown.
 */
export async function stripped(browser, view, address) {
  const context = await profile(browser, { ...view, script: true });
  await context.route("**/*", async (route) => {
    if (route.request().resourceType() !== "document") return route.continue();
    const response = await route.fetch();
    const body = (await response.text()).replace(/<script[\s\S]*?<\/script>/gi, "").replace(/<\/?noscript>/gi, "");
    return route.fulfill({ response, body });
  });
  const page = await context.newPage();
  await page.goto(address, { waitUntil: "load" });
  return page;
}
