// Ten years of one value, in a real browser: node history.mjs ADDRESS FOLDER. From ten years down to one minute and back, each
// step by its link, with script and without, by mouse and by keyboard; how long every step takes is told.
//
// The figure to keep is an answer within 150 ms. A machine that is busy or slow is no fault of the page, so what fails here
// is an answer that takes four times as long.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as checks from "./checks.mjs";
import { launch, profile, stripped, watched } from "./browser.mjs";

const [address, folder] = process.argv.slice(2);
if (!address || !folder) {
  console.error("node history.mjs ADDRESS FOLDER");
  process.exit(64);
}

/** What an answer may take, in milliseconds, and how much longer before it counts as a fault. */
const ANSWER = 150;
const PATIENCE = 4;

/** Whose history is looked at. */
const HISTORY = "/devices/street-meter/history/power";
/** From the widest to the closest. */
const ZOOMS = ["decade", "year", "month", "week", "day", "hour", "minute"];

const faults = [];
const steps = [];

function expect(what, holds) {
  if (!holds) faults.push(what);
  console.log(`${holds ? "ok     " : "FAILED "} ${what}`);
}

/** How long the page that is open took: until its answer was there, and until it was loaded; by the browser's own clock. */
async function timing(page) {
  return page.evaluate(() => {
    const [entry] = performance.getEntriesByType("navigation");
    return { answer: entry.responseEnd - entry.requestStart, loaded: entry.loadEventEnd - entry.startTime };
  });
}

/** Does what leads to another page, and notes how long that took. `how` says by which way. */
async function step(page, how, act) {
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), act()]);
  await page.waitForFunction(() => performance.getEntriesByType("navigation")[0].loadEventEnd > 0).catch(() => {});
  const took = await timing(page);
  const span = new URL(page.url()).searchParams.get("span");
  steps.push({ how, span, ...took });
  console.log(`figure  ${how}, ${span}: answered in ${Math.round(took.answer)} ms, loaded in ${Math.round(took.loaded)} ms`);
  expect(`${how}, ${span}: within ${ANSWER * PATIENCE} ms`, took.answer <= ANSWER * PATIENCE);
  return span;
}

/** What the page shows: its time, what a point is, and whether there is a line. */
const shown = (page) =>
  page.evaluate(() => ({
    window: document.querySelector("h2").textContent,
    caption: document.querySelector("figcaption").textContent,
    line: document.querySelector("path.use").getAttribute("d").length,
    rows: document.querySelectorAll("tbody tr").length,
  }));

/** From ten years to one minute and back by the links "closer" and "wider". */
async function thereAndBack(browser, script) {
  const how = script ? "with script" : "without script";
  const context = await profile(browser, { script });
  const { page, complaints } = await watched(context);
  await page.goto(new URL(`${HISTORY}?span=decade`, address).href, { waitUntil: "load" });
  const windows = [];
  for (const zoom of ZOOMS) {
    if (zoom !== "decade") {
      expect(`closer, ${how}, leads to the ${zoom}`, (await step(page, `closer ${how}`, () => page.click("#closer"))) === zoom);
    }
    const seen = await shown(page);
    windows.push(seen.window);
    expect(`${zoom} ${how}: there is a line, and a table of ${seen.rows} rows`, seen.line > 4 && seen.rows > 0);
    expect(`${zoom} ${how}: it says what a point is`, /Each point is (one|\d+) \w+/.test(seen.caption));
  }
  expect(`nothing is closer than a minute ${how}`, (await page.locator("#closer").count()) === 0);
  for (const [index, zoom] of [...ZOOMS.entries()].reverse().slice(1)) {
    expect(`wider, ${how}, leads to the ${zoom}`, (await step(page, `wider ${how}`, () => page.click("#wider"))) === zoom);
    expect(`wider, ${how}, shows ${windows[index]} again`, (await shown(page)).window === windows[index]);
  }
  expect(`no complaints ${how}: ${complaints.join("; ")}`, complaints.length === 0);
  await context.close();
}

/** To times that one chooses: by the date field, earlier and later, by a part of the picture, by keyboard. */
async function byOtherWays(browser) {
  const context = await profile(browser, { script: false });
  const { page } = await watched(context);
  await page.goto(new URL(`${HISTORY}?span=day`, address).href, { waitUntil: "load" });
  const years = new Date(await page.locator("#date").inputValue());
  years.setUTCFullYear(years.getUTCFullYear() - 7);
  const day = years.toISOString().slice(0, 10);
  await page.fill("#date", day);
  await page.fill("#time", "12:30");
  await step(page, "by the date field", () => page.click(".any-day button"));
  expect(`the date field leads to ${day}`, (await shown(page)).window.includes(String(years.getUTCFullYear())));
  expect("where readings are given up the page says so", /not kept any more/.test((await shown(page)).caption));
  const here = (await shown(page)).window;
  await step(page, "earlier", () => page.click('a[rel="prev"]'));
  expect("earlier is another day", (await shown(page)).window !== here);
  await step(page, "later", () => page.click('a[rel="next"]'));
  expect("and later leads back", (await shown(page)).window === here);
  await page.goto(new URL(`${HISTORY}?span=decade`, address).href, { waitUntil: "load" });
  await page.locator("nav.hours a").nth(3).focus();
  await step(page, "by keyboard", () => page.keyboard.press("Enter"));
  expect("a year of ten years is a year", new URL(page.url()).searchParams.get("span") === "year");
  const box = await page.locator("svg.curve").boundingBox();
  await step(page, "by a part of the picture", () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2));
  expect("a month of a year is a month", new URL(page.url()).searchParams.get("span") === "month");
  const csv = await page.locator(".csv a").getAttribute("href");
  const table = await context.request.get(new URL(csv, address).href);
  const rows = (await table.text()).trim().split("\r\n");
  expect(`the file has ${rows.length} rows`, table.ok() && rows.length > 600 && rows[0].startsWith("from_local"));
  await context.close();
}

/** The page as it looks, and as it is read aloud. */
async function looks(browser) {
  for (const zoom of ["decade", "month", "day", "minute"]) {
    for (const width of [320, 1280]) {
      for (const theme of ["light", "dark"]) {
        for (const script of [true, false]) {
          const view = { width, theme, script };
          const name = `history-${zoom}-${width}-${theme}-${script ? "script" : "plain"}`;
          const place = new URL(`${HISTORY}?span=${zoom}`, address).href;
          const context = await profile(browser, view);
          const page = await context.newPage();
          await page.goto(place, { waitUntil: "load" });
          const found = [...(await checks.noSidewaysScroll(page)), ...(await checks.targetsAreLarge(page))];
          const read = script ? page : await stripped(browser, view, place);
          found.push(...(await checks.axe(read)));
          if (read !== page) await read.context().close();
          await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
          expect(`${name} ${found.join("; ")}`, found.length === 0);
          await context.close();
        }
      }
    }
  }
}

await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  for (const script of [true, false]) await thereAndBack(browser, script);
  await byOtherWays(browser);
  await looks(browser);
} catch (error) {
  faults.push(error.message.split("\n")[0]);
} finally {
  await browser.close();
}

const answers = steps.map((one) => one.answer).sort((one, other) => one - other);
const slowest = steps.reduce((one, other) => (other.answer > one.answer ? other : one), steps[0]);
console.log(
  `\nfigure  ${steps.length} steps: median ${Math.round(answers[answers.length >> 1])} ms, slowest ` +
    `${Math.round(slowest.answer)} ms (${slowest.how}, ${slowest.span}); ${answers.filter((one) => one > ANSWER).length} over ${ANSWER} ms`,
);
for (const fault of faults) console.log(`- ${fault}`);
console.log(`history: ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
