// Somebody at a browser, as the stories see them: they read a page, fill in fields by their labels, press buttons by their
// words, and whatever page they come to is looked at. One who has a keyboard alone reaches everything by Tab.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as checks from "./checks.mjs";
import { profile, watched } from "./browser.mjs";

/** How often Tab is pressed before something counts as out of reach. */
const TABS = 120;

export class Visitor {
  /** `view`: `{ name, width, theme, script, keyboard }`; `note` takes what came of each check. */
  static async open(browser, address, view, note, folder) {
    const visitor = new Visitor();
    Object.assign(visitor, { address, view, note, folder, seen: new Set() });
    visitor.context = await profile(browser, view);
    // A box that speaks in its own name is trusted by whoever installed its certificate; here nobody did.
    const { page, complaints } = await watched(visitor.context);
    Object.assign(visitor, { page, complaints });
    return visitor;
  }

  async go(path) {
    await this.page.goto(new URL(path, this.address).href, { waitUntil: "load" });
    await this.look();
  }

  /** Looks at a page the first time it is met: its head, its width, its targets, and with script by axe. */
  async look() {
    const path = new URL(this.page.url()).pathname.replace(/\d+/g, "N");
    if (this.seen.has(path)) return;
    this.seen.add(path);
    const name = `${this.view.name} ${path}`;
    this.note(`${name} head`, await checks.hasHead(this.page));
    this.note(`${name} no sideways scroll`, await checks.noSidewaysScroll(this.page));
    this.note(`${name} targets`, await checks.targetsAreLarge(this.page));
    if (this.view.script) this.note(`${name} axe`, await checks.axe(this.page));
    const file = `${this.view.name}${path.replaceAll("/", "-")}.png`;
    await this.page.screenshot({ path: join(this.folder, file), fullPage: true });
  }

  /** Puts the focus on something: by Tab alone where there is only a keyboard. */
  async reach(place) {
    await place.waitFor({ state: "visible", timeout: 10_000 });
    if (!this.view.keyboard) return place.focus();
    for (let tab = 0; tab < TABS; tab += 1) {
      if (await place.evaluate((element) => element === document.activeElement)) return undefined;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`${TABS} times Tab does not reach ${place}`);
  }

  /** Fills in the field with this label. */
  async fill(label, text, within = this.page) {
    const field = within.getByLabel(label, { exact: true }).first();
    if (!this.view.keyboard) return field.fill(text);
    await this.reach(field);
    await this.page.keyboard.press("Control+A");
    return this.page.keyboard.insertText(text);
  }

  /** Fills in a field that takes a day, as a browser of English (US) asks for it. */
  async fillDay(label, year, month, day) {
    const figures = (number) => String(number).padStart(2, "0");
    const field = this.page.getByLabel(label, { exact: true }).first();
    if (!this.view.keyboard) return field.fill(`${year}-${figures(month)}-${figures(day)}`);
    await this.reach(field);
    return this.page.keyboard.type(`${figures(month)}${figures(day)}${year}`);
  }

  /** Ticks the box with this label. */
  async tick(label) {
    const box = this.page.getByLabel(label, { exact: true }).first();
    if (!this.view.keyboard) return box.check();
    await this.reach(box);
    return this.page.keyboard.press("Space");
  }

  /** Hands in a file: `{ name, mimeType, buffer }`. */
  async hand(label, file) {
    const field = this.page.getByLabel(label, { exact: true }).first();
    const asked = this.page.waitForEvent("filechooser");
    await this.touch(field);
    await (await asked).setFiles(file);
  }

  /** Opens what is folded under these words. */
  async unfold(words) {
    const summary = this.page.locator("summary").filter({ hasText: words });
    // What is the next step stands open already.
    if (await summary.evaluate((element) => element.parentElement.open)) return;
    await this.touch(summary);
  }

  /** Presses the button that gives a file, and gives what is in it. */
  async download(words) {
    const begun = this.page.waitForEvent("download");
    await this.touch(this.page.getByRole("button", { name: words }).first());
    return readFile(await (await begun).path(), "utf8");
  }

  /** Presses the button with these words and waits for the page that follows. */
  async press(words, within = this.page) {
    await this.follow(within.getByRole("button", { name: words }).first(), "button");
  }

  /** Follows the link with these words. */
  async take(words, within = this.page) {
    await this.follow(within.getByRole("link", { name: words }).first(), "link");
  }

  async follow(place) {
    await Promise.all([this.page.waitForEvent("load", { timeout: 20_000 }), this.touch(place)]);
    await this.look();
  }

  /** Presses something, by the mouse or by Enter. */
  async touch(place) {
    if (!this.view.keyboard) return place.click({ timeout: 10_000 });
    await this.reach(place);
    return this.page.keyboard.press("Enter");
  }

  /** Chooses in a list by the label beside it. */
  async choose(label, option) {
    const list = this.page.getByLabel(label, { exact: true }).first();
    if (!this.view.keyboard) return list.selectOption({ label: option });
    await this.reach(list);
    await this.page.keyboard.type(option);
    const chosen = await list.evaluate((element) => element.selectedOptions[0]?.label);
    if (chosen !== option) throw new Error(`typing ${option} chooses ${chosen} of ${label}`);
    return undefined;
  }

  /** Where the links of the page lead within the box, each once, but for files. */
  async ways() {
    const all = await this.page.locator("main a").evaluateAll((links) => links.filter((link) => !link.download).map((link) => link.href));
    const own = all.map((link) => new URL(link)).filter((link) => link.origin === new URL(this.page.url()).origin);
    return [...new Set(own.map((link) => link.pathname))].filter((path) => !/\.\w+$/.test(path));
  }

  /** What stands on the page. */
  text() {
    return this.page.locator("main").innerText();
  }

  /** That the page says something. */
  async expect(what, words) {
    const text = await this.text();
    const there = words instanceof RegExp ? words.test(text) : text.includes(words);
    this.note(`${this.view.name}: ${what}`, there ? [] : [`the page ${this.page.url()} does not say ${words}; it says: ${text.slice(0, 600).replace(/\s+/g, " ")}`]);
  }

  async close() {
    const complaints = this.complaints.filter((complaint) => !this.forgiven?.(complaint));
    this.note(`${this.view.name} no complaints`, complaints);
    await this.context.close();
  }
}
