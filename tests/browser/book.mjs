// The members' book in a real browser: node book.mjs HEARTH FOLDER. Two people live through the same story, each on a box of
// their own: one with script and a mouse, one with neither script nor mouse. Pictures go into the folder.

import { mkdir } from "node:fs/promises";
import * as box from "./box.mjs";
import { launch } from "./browser.mjs";
import { CHAPTERS } from "./chapters.mjs";
import { Visitor } from "./visitor.mjs";

const [hearth, folder] = process.argv.slice(2);
if (!hearth || !folder) {
  console.error("node book.mjs HEARTH FOLDER");
  process.exit(64);
}

/** How the story is lived through. */
const WAYS = [
  { name: "script", width: 1280, script: true },
  { name: "keyboard", width: 320, script: false, keyboard: true },
];

const outcome = { passed: 0, failed: [] };

function note(what, faults) {
  if (faults.length === 0) {
    outcome.passed += 1;
    console.log(`ok      ${what}`);
    return;
  }
  outcome.failed.push(...faults.map((fault) => `${what}: ${fault}`));
  console.log(`FAILED  ${what}`);
}

/** One way through the story. A chapter that breaks off ends it: what follows builds on it. */
async function live(browser, way) {
  const home = await box.start(hearth);
  // Passkeys need a name.
  home.address = home.address.replace("127.0.0.1", "localhost");
  const open = (name, view = {}) => Visitor.open(browser, home.address, { ...way, ...view, name: `${way.name} ${name}` }, note, folder);
  const story = { ...home, way, open, note, browser };
  try {
    for (const [name, chapter] of Object.entries(CHAPTERS)) {
      const began = Date.now();
      try {
        await chapter(story);
        console.log(`        ${way.name}: ${name}, ${Date.now() - began} ms`);
      } catch (error) {
        note(`${way.name}: ${name}`, [error.message.split("\n").slice(0, 4).join(" ")]);
        return;
      }
    }
  } finally {
    await home.stop();
  }
}

await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  for (const way of WAYS) await live(browser, way);
} finally {
  await browser.close();
}

for (const fault of outcome.failed) console.log(`- ${fault}`);
console.log(`\nbook: ${outcome.passed} passed, ${outcome.failed.length} failed`);
process.exitCode = outcome.failed.length === 0 ? 0 : 1;
