// Red tests of the kit itself: on made-up pages, each check finds the fault it is for, and nothing on a good page.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch, profile, stripped, watched } from "./browser.mjs";
import * as checks from "./checks.mjs";
import { channels, contrast, tokenFaults } from "./contrast.mjs";

const GOOD = `<!doctype html><html lang="en"><title>Good</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><main><h1>Good</h1><p>A page.</p></main>`;
const pages = {
  "/good": GOOD,
  "/wide": GOOD.replace("<p>", '<p style="width:900px">'),
  "/nameless": GOOD.replace("A page.", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
  "/without": GOOD.replace("A page.", '<noscript><img src="data:,"></noscript><script>document.title = ""</script>'),
  "/headless": "<!doctype html><html><title></title><p>x",
  "/small": GOOD.replace("A page.", '<button style="height:20px">Go</button>'),
  "/complains": GOOD.replace("A page.", '<script>console.error("no")</script>'),
  "/refused": GOOD.replace("A page.", '<script>document.title = "x"</script>'),
  "/moves": GOOD.replace("A page.", '<b data-live>1</b><script>setTimeout(() => { document.querySelector("b").textContent = "2" }, 300)</script>'),
  "/printed": GOOD.replace("A page.", '<svg><text fill="#fff">x</text></svg><form>x</form><section><h2>Over</h2><p hidden>nothing</p></section>'),
  "/stands": GOOD.replace("A page.", "<b data-live>1</b>"),
};

let server, address, browser;
before(async () => {
  server = createServer((request, response) => {
    const page = pages[request.url];
    const headers = { "content-type": "text/html; charset=utf-8" };
    if (request.url === "/refused") headers["content-security-policy"] = "default-src 'none'";
    response.writeHead(page ? 200 : 404, headers).end(page ?? "lost");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

async function on(path, look, view = { width: 320 }) {
  const context = await profile(browser, view);
  try {
    const { page, complaints } = await watched(context);
    await page.goto(address + path);
    return await look(page, complaints);
  } finally {
    await context.close();
  }
}

const look = async (page) => [
  ...(await checks.noSidewaysScroll(page)),
  ...(await checks.hasHead(page)),
  ...(await checks.targetsAreLarge(page)),
];

test("a good page is good", async () => {
  const all = async (page, complaints) => [...(await look(page)), ...(await checks.axe(page)), ...complaints];
  assert.deepEqual(await on("/good", all), []);
});

test("a good page is good without script, and axe reads it as it is then", async () => {
  assert.deepEqual(await on("/good", look, { width: 320, script: false }), []);
  const page = await stripped(browser, { width: 320 }, `${address}/without`);
  assert.match((await checks.axe(page)).join(), /axe image-alt/);
  await page.context().close();
});

const red = [
  ["/wide", checks.noSidewaysScroll, /sticks out/],
  ["/nameless", checks.axe, /axe image-alt/],
  ["/headless", checks.hasHead, /0 headings.*no title.*no language/],
  ["/small", checks.targetsAreLarge, /"Go" is 20 px high/],
  ["/printed", checks.printsWell, /<form class=""> is printed.*"Over" is printed over nothing.*are printed in a picture/],
  ["/stands", (page) => checks.numbersMove(page, 800), /none of 1 live numbers moved/],
  ["/good", (page) => checks.numbersMove(page, 800), /nothing on the page is marked/],
  ["/complains", async (page, complaints) => complaints, /console: no/],
  ["/refused", async (page, complaints) => complaints, /Content Security Policy/i],
  ["/lost", async (page, complaints) => complaints, /answer: 404/],
];
for (const [path, check, fault] of red) {
  test(`the fault of ${path} is found: ${fault}`, async () => {
    assert.match((await on(path, check)).join(" "), fault);
  });
}

test("a number that moves is seen moving", async () => {
  assert.deepEqual(await on("/moves", (page) => checks.numbersMove(page, 5_000)), []);
});

test("contrast is WCAG's", () => {
  assert.equal(contrast(channels("#000"), channels("#ffffff")), 21);
  assert.equal(contrast(channels("#777777"), channels("#fff")).toFixed(2), "4.48");
});

test("tokens too close to their ground are named", () => {
  const tokens = { grounds: ["--paper"], words: ["--ink"], graphics: ["--sun"] };
  const faults = tokenFaults({ "--paper": "#fff", "--ink": "#777", "--sun": "#777" }, tokens);
  assert.deepEqual(faults, ["--ink on --paper has contrast 4.48, at least 4.5"]);
  assert.match(tokenFaults({ "--paper": "#fff", "--sun": "#000" }, tokens).join(), /--ink is "", not a plain colour/);
});
