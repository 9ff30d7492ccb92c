// Hearth's pages in a real browser: node run.mjs ADDRESS FOLDER. Pictures go into the folder.
//
// Every page is looked at narrow and wide, light and dark, with and without script. Then what moves is watched
// moving, back is pressed, the colours are measured, and the first paint is timed. It ends with every fault in a
// list, and with 1 if there is one.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as checks from "./checks.mjs";
import { launch, profile, stripped, watched } from "./browser.mjs";
import { PAGES, PICTURES, THEMES, WIDTHS } from "./places.mjs";

const [address, folder] = process.argv.slice(2);
if (!address || !folder) {
  console.error("node run.mjs ADDRESS FOLDER");
  process.exit(64);
}

const outcome = { passed: 0, failed: [] };

/** Notes what came of one check. */
function note(what, faults) {
  if (faults.length === 0) {
    outcome.passed += 1;
    console.log(`ok      ${what}`);
    return;
  }
  outcome.failed.push(...faults.map((fault) => `${what}: ${fault}`));
  console.log(`FAILED  ${what}`);
}

/** Runs one check; a check that breaks or hangs is a fault, not an end. */
async function attempt(what, check) {
  let clock;
  const late = new Promise((_, refuse) => {
    clock = setTimeout(() => refuse(new Error("no answer within two minutes")), 120_000);
  });
  try {
    note(what, await Promise.race([check(), late]));
  } catch (error) {
    note(what, [firstLine(error)]);
  } finally {
    clearTimeout(clock);
  }
}

const firstLine = (error) => error.message.split("\n")[0];

/** The README's pictures, to be copied into `docs/pictures` when the pages look different. */
async function takePictures(browser) {
  await mkdir(join(folder, "readme"), { recursive: true });
  for (const picture of PICTURES) {
    const context = await profile(browser, picture);
    const page = await context.newPage();
    await page.goto(await find(browser, picture), { waitUntil: "load" });
    await page.screenshot({ path: join(folder, "readme", `${picture.file}.png`) });
    await context.close();
  }
}

/** The address of a page; that of a single device is found as a person finds it. */
async function find(browser, place) {
  if (!place.link) return new URL(place.path, address).href;
  const context = await profile(browser);
  try {
    const page = await context.newPage();
    await page.goto(new URL(place.path, address).href);
    const link = await page.locator(place.link).first().getAttribute("href", { timeout: 5_000 });
    return new URL(link, address).href;
  } finally {
    await context.close();
  }
}

async function lookAt(browser, place, view) {
  const name = `${place.name}-${view.width}-${view.theme}-${view.script ? "script" : "plain"}`;
  const context = await profile(browser, view);
  try {
    const { page, complaints } = await watched(context);
    // A live stream keeps the network busy for ever, so "load" is the end of loading.
    const found = await find(browser, place);
    await page.goto(found, { waitUntil: "load" });
    await attempt(`${name} head`, () => checks.hasHead(page));
    await attempt(`${name} no sideways scroll`, () => checks.noSidewaysScroll(page));
    await attempt(`${name} targets`, () => checks.targetsAreLarge(page));
    const read = view.script ? page : await stripped(browser, view, found);
    await attempt(`${name} axe`, () => checks.axe(read));
    if (read !== page) await read.context().close();
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    if (view.script && view.width > 1000) await attempt(`${name} prints`, () => checks.printsWell(page));
    note(`${name} no complaints`, complaints);
  } finally {
    await context.close();
  }
}

async function withHome(browser, view, look) {
  const context = await profile(browser, view);
  try {
    const { page, complaints } = await watched(context);
    await page.goto(address, { waitUntil: "load" });
    await look(page, context);
    note("no complaints meanwhile", complaints);
  } finally {
    await context.close();
  }
}

async function behave(browser) {
  await withHome(browser, {}, async (page) => {
    const { paint, bytes, faults } = await checks.firstPaint(page);
    console.log(`figure  first contentful paint ${paint === null ? "never" : `${Math.round(paint)} ms`}, ${bytes} bytes`);
    note("first paint", faults);
    await attempt("live numbers move", () => checks.numbersMove(page));
    const links = PAGES.filter((place) => !place.link && place.path !== "/").map((place) => `a[href="${place.path}"]`);
    await attempt("back works", () => checks.backWorks(page, links));
    await attempt("forced colours", () => checks.forcedColoursHold(page));
    await attempt("what grows old is renewed", () => checks.partsAreRenewed(page, new URL("/devices", address).href));
  });
  await withHome(browser, { width: 320 }, (page) => attempt("charts are read", () => checks.chartsAreRead(page)));
  // That a request fails is what is tried, and no complaint.
  const cut = await profile(browser);
  await attempt("a lost box is told", async () => checks.lossIsTold(await cut.newPage(), new URL("/devices", address).href));
  await cut.close();
  for (const theme of THEMES) {
    await withHome(browser, { theme }, (page) => attempt(`contrast of the ${theme} tokens`, () => checks.tokensContrast(page)));
  }
  const context = await profile(browser);
  await attempt("hidden tabs let go", () => checks.hiddenTabsLetGo(context, address));
  await context.close();
}

await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  for (const place of PAGES) {
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        for (const script of [true, false]) {
          const view = { width, theme, script };
          await lookAt(browser, place, view).catch((error) => note(`${place.name} opens`, [firstLine(error)]));
        }
      }
    }
  }
  await behave(browser);
  await takePictures(browser);
} finally {
  await browser.close();
}

console.log(`\npictures in ${folder}`);
for (const fault of outcome.failed) console.log(`- ${fault}`);
const checksFailed = outcome.failed.length;
console.log(`\nbrowser: ${outcome.passed} passed, ${checksFailed} failed`);
process.exitCode = checksFailed === 0 ? 0 : 1;
