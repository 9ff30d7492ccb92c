// What must be true of a page. Each check takes a page and returns a list of faults; an empty list is good.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { EARLIER, FIRST_PAINT_BYTES, LIVE, TARGET_PIXELS, TARGETS, TOKENS } from "./places.mjs";
import { tokenFaults } from "./contrast.mjs";

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Nothing sticks out sideways. */
export async function noSidewaysScroll(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= window.innerWidth) return [];
    const scrolls = (box) => box && (getComputedStyle(box).overflowX !== "visible" || scrolls(box.parentElement));
    const guilty = [...document.querySelectorAll("body *")].find(
      (box) => box.getBoundingClientRect().right > window.innerWidth + 1 && !scrolls(box.parentElement),
    );
    const name = guilty ? `<${guilty.tagName.toLowerCase()} class="${guilty.getAttribute("class") ?? ""}">` : "something";
    return [`${wide} px wide in a window of ${window.innerWidth}: ${name} sticks out`];
  });
}

/** One heading of the first rank, a title, a language. */
export async function hasHead(page) {
  return page.evaluate(() => {
    const faults = [];
    const headings = document.querySelectorAll("h1").length;
    if (headings !== 1) faults.push(`${headings} headings of the first rank, there should be one`);
    if (!document.title.trim()) faults.push("no title");
    if (!document.documentElement.lang) faults.push("no language on <html>");
    return faults;
  });
}

/** What a finger has to meet is large enough. */
export async function targetsAreLarge(page) {
  const small = ([targets, least]) =>
    [...document.querySelectorAll(targets)].flatMap((target) => {
      // A box to tick is as large as the words that belong to it.
      const ticked = ["checkbox", "radio"].includes(target.type) && target.closest("label");
      const box = (ticked || target).getBoundingClientRect();
      const hidden = box.width === 0 || box.height === 0;
      if (hidden || box.height >= least - 0.5) return [];
      const name = (target.textContent || target.getAttribute("name") || target.tagName).trim().slice(0, 40);
      return [`"${name}" is ${Math.round(box.height)} px high, at least ${least}`];
    });
  return page.evaluate(small, [TARGETS, TARGET_PIXELS]);
}

/** What axe-core finds, each with the first place where it found it. */
export async function axe(page) {
  await page.evaluate(`(() => { ${axeSource} })()`);
  const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), AXE_TAGS);
  return result.violations.map(({ id, help, nodes }) => `axe ${id}: ${help}, ${nodes.length} times, first at ${nodes[0].target.join(" ")}`);
}

/** The tokens of the theme now shown can be told from their grounds. */
export async function tokensContrast(page) {
  const names = [...TOKENS.grounds, ...TOKENS.words, ...TOKENS.graphics];
  const values = await page.evaluate((wanted) => {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(wanted.map((name) => [name, style.getPropertyValue(name).trim()]));
  }, names);
  return tokenFaults(values, TOKENS);
}

/** Some live number is another one before the time is up: in a calm minute it is only that of the clock. */
export async function numbersMove(page, milliseconds = 75_000) {
  const texts = (live) => [...document.querySelectorAll(live)].map((place) => place.textContent);
  const before = await page.evaluate(texts, LIVE);
  if (before.length === 0) return [`nothing on the page is marked ${LIVE}`];
  const moved = ([live, old]) => [...document.querySelectorAll(live)].some((place, index) => place.textContent !== old[index]);
  try {
    await page.waitForFunction(moved, [LIVE, before], { timeout: milliseconds });
    return [];
  } catch {
    return [`none of ${before.length} live numbers moved in ${milliseconds / 1000} s; the first says "${before[0].trim()}"`];
  }
}

/** To another page and to an earlier day and back again leads to where one was. */
export async function backWorks(page, links) {
  const faults = [];
  const where = async () => `${new URL(page.url()).pathname} "${(await page.locator("h1").first().textContent()).trim()}"`;
  for (const link of [...links, EARLIER]) {
    const target = page.locator(link).first();
    if ((await target.count()) === 0) {
      faults.push(`no link ${link}`);
      continue;
    }
    const [address, before] = [page.url(), await where()];
    await target.click();
    await page.waitForURL((url) => url.href !== address, { timeout: 5_000 }).catch(() => faults.push(`${link} leads nowhere`));
    await page.goBack();
    if (page.url() !== address) faults.push(`back from ${link} leads to ${await where()}, not to ${before}`);
  }
  return faults;
}

/** When the first paint came, and how many bytes it needed on the wire. */
export async function firstPaint(page) {
  const { paint, bytes, parts } = await page.evaluate(async () => {
    // On a busy machine the paint may come after the page has loaded: wait for it, up to a bound.
    const painted = new Promise((resolve) => {
      new PerformanceObserver((list) => {
        const first = list.getEntriesByName("first-contentful-paint")[0];
        if (first) resolve(first.startTime);
      }).observe({ type: "paint", buffered: true });
      setTimeout(() => resolve(null), 15_000);
    });
    const entries = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const needed = entries.filter((entry) => entry.entryType === "navigation" || ["link", "css", "img", "icon"].includes(entry.initiatorType));
    return {
      paint: await painted,
      bytes: needed.reduce((sum, entry) => sum + entry.encodedBodySize, 0),
      parts: needed.map((entry) => `${new URL(entry.name).pathname} ${entry.encodedBodySize}`),
    };
  });
  const faults = [];
  if (paint === null) faults.push("nothing was painted");
  if (bytes > FIRST_PAINT_BYTES) faults.push(`${bytes} bytes for the first paint, at most ${FIRST_PAINT_BYTES}: ${parts.join(", ")}`);
  return { paint, bytes, faults };
}

/** What is marked to be asked for again becomes another one by itself, and what was opened in it stays open. */
export async function partsAreRenewed(page, listing) {
  await page.goto(listing, { waitUntil: "load" });
  await page.goto(await page.locator('main a[href^="/devices/"]').first().evaluate((link) => link.href), { waitUntil: "load" });
  const values = page.locator("[data-every] .values");
  await values.locator("summary").first().click();
  const before = await values.textContent();
  const moved = (old) => document.querySelector("[data-every] .values").textContent !== old;
  try {
    await page.waitForFunction(moved, before, { timeout: 20_000 });
  } catch {
    return ["the values of a device stay as they were for 20 s"];
  }
  const open = await values.locator("details").first().evaluate((details) => details.open);
  return open ? [] : ["what was opened was closed by the renewal"];
}

/** On paper there is dark ink on white, nothing to press, and no heading over nothing, whatever the theme. */
export async function printsWell(page) {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const faults = await page.evaluate(() => {
    const seen = (box) => box.getBoundingClientRect().height > 0 && getComputedStyle(box).visibility !== "hidden";
    const faults = [...document.querySelectorAll("form, button, footer, .steps, .csv, .hours")]
      .filter(seen)
      .map((box) => `<${box.tagName.toLowerCase()} class="${box.className}"> is printed`);
    for (const heading of document.querySelectorAll("h2")) {
      const beside = [...heading.parentElement.children].filter((box) => box !== heading);
      if (seen(heading) && beside.length > 0 && !beside.some(seen)) faults.push(`"${heading.textContent}" is printed over nothing`);
    }
    const light = (colour) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    for (const box of document.querySelectorAll("body, .cards li, .sums div, .values")) {
      const { backgroundColor: ground, color } = getComputedStyle(box);
      if (light(ground) < 200 && !ground.endsWith(", 0)")) faults.push(`a ground of ${ground} is printed`);
      if (light(color) > 100) faults.push(`words of ${color} are printed`);
    }
    for (const text of document.querySelectorAll("svg text")) {
      if (light(getComputedStyle(text).fill) > 130) return [...faults, `words of ${getComputedStyle(text).fill} are printed in a picture`];
    }
    return faults;
  });
  return faults;
}

/** Where the system forces its colours, words in pictures have them too, and the page one is on is marked. */
export async function forcedColoursHold(page) {
  await page.emulateMedia({ forcedColors: "active" });
  const faults = await page.evaluate(() => {
    const ink = getComputedStyle(document.querySelector("h1")).color;
    const other = [...document.querySelectorAll("svg text")].filter((text) => getComputedStyle(text).fill !== ink);
    const here = document.querySelector("nav a[aria-current]");
    return [
      ...(other.length > 0 ? [`${other.length} words in pictures keep their own colour, first "${other[0].textContent}"`] : []),
      ...(getComputedStyle(here).textDecorationLine === "underline" ? [] : ["the page one is on is not marked"]),
    ];
  });
  await page.emulateMedia({ forcedColors: null });
  return faults;
}

/** The value under the finger does not cover the chart on a phone, and drawing over hours that lie ahead looks closer. */
export async function chartsAreRead(page) {
  const faults = [];
  const chart = page.locator("svg[data-zoom]");
  await chart.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await chart.boundingBox();
  await page.mouse.move(x + width * 0.2, y + height / 2);
  const box = await page.locator(".read").boundingBox();
  if (box.y < y + height) faults.push("what is read lies over the chart");
  await page.mouse.down();
  await page.mouse.move(x + width * 0.98, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/[?]from=/, { timeout: 5_000 }).catch(() => faults.push("drawing past now leads nowhere"));
  return faults;
}

/** A page whose box does not answer any more says so, and takes it back when it does. */
export async function lossIsTold(page, address) {
  await page.goto(address, { waitUntil: "load" });
  const faults = [];
  const ask = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  const told = page.locator("#lost");
  let gone = true;
  await page.route(address, (route) => (gone ? route.fulfill({ status: 503, body: "" }) : route.continue()));
  await ask();
  await told.waitFor({ state: "visible", timeout: 5_000 }).catch(() => faults.push("nothing is said of a lost box"));
  gone = false;
  await ask();
  await told.waitFor({ state: "hidden", timeout: 5_000 }).catch(() => faults.push("the box is back, and the page calls it lost"));
  await page.unroute(address);
  return faults;
}

/** Six open tabs that nobody looks at leave room for a seventh. */
export async function hiddenTabsLetGo(context, address) {
  for (let tab = 0; tab < 6; tab += 1) {
    const page = await context.newPage();
    await page.goto(address, { waitUntil: "load" });
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true });
      Object.defineProperty(document, "visibilityState", { value: "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  }
  const seventh = await context.newPage();
  try {
    await seventh.goto(address, { waitUntil: "load", timeout: 20_000 });
  } catch {
    return ["with six hidden tabs open, a seventh does not load within 20 s"];
  }
  const heard = await seventh.evaluate(
    () => new Promise((tell) => {
      const stream = new EventSource("/live");
      stream.addEventListener("now", () => { stream.close(); tell(true); });
      setTimeout(() => tell(false), 20_000);
    }),
  );
  return heard ? [] : ["with six hidden tabs open, a seventh hears nothing of now for 20 s"];
}
