// What happens in the story, chapter after chapter; each builds on those before.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { admit, cash, reminder, statement } from "./dues.mjs";

const PASSPHRASE = "grandma's blue teapot";

/** Somebody takes charge of a new box and chooses a passphrase. */
async function claim(story) {
  const steward = await story.open("steward");
  story.steward = steward;
  const code = JSON.parse(await story.command("claim", "--json")).words.join(" ");
  await steward.go("/claim");
  await steward.fill("The code", "acid acid acid acid");
  await steward.fill("Your name", "Ana Öberg");
  steward.forgiven = (complaint) => /\b422\b/.test(complaint);
  await steward.press("Take charge");
  await steward.expect("a wrong code is refused with a sentence", "This is not the code");
  await steward.fill("The code", code);
  await steward.press("Take charge");
  await steward.expect("the claim leads to a passphrase", "Choose a passphrase");
  await steward.fill("Name to sign in with", "Ana");
  await steward.fill("New passphrase", PASSPHRASE);
  await steward.press("Keep it");
  await steward.expect("the passphrase is kept", "Your passphrase is kept.");
}

/** Out and in again by passphrase; back shows nothing of somebody who went. */
async function passphrase({ steward, note }) {
  await steward.go("/me/sessions");
  await steward.press("Sign out here");
  await steward.expect("one is told that one is out", "You are signed out on this device.");
  await steward.page.goBack();
  await steward.page.waitForLoadState("load");
  note(`${steward.view.name}: back after signing out shows nothing`, steward.page.url().includes("/sign-in") ? [] : [steward.page.url()]);
  await steward.go("/sign-in?back=%2Fme%2Fsessions");
  await steward.fill("Your name", "Ana");
  await steward.fill("Your passphrase", PASSPHRASE);
  await steward.press("Sign in");
  await steward.expect("the passphrase lets in", "Where you are signed in");
}

/** A passkey is added and used, by an authenticator that the browser plays. It takes script. */
async function passkey({ steward, way }) {
  if (!way.script) return;
  const session = await steward.context.newCDPSession(steward.page);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  await session.send("WebAuthn.addVirtualAuthenticator", { options });
  await steward.go("/me/sessions");
  const now = steward.page.getByLabel("Your passphrase until now", { exact: true });
  if (await now.isVisible()) await now.fill(PASSPHRASE);
  await steward.press("Add a passkey");
  await steward.expect("the passkey was added", "The passkey was added.");
  await steward.press("Sign out here");
  await steward.press("Sign in with a passkey");
  await steward.go("/me/sessions");
  await steward.expect("the passkey lets in", "Where you are signed in");
}

/** Somebody is entered, gets a slip, and comes in with it on a device of their own. */
async function slip(story) {
  const { steward } = story;
  await steward.go("/people/new");
  await steward.fill("Name", "Ben Okafor");
  await steward.press("Enter this person");
  await steward.expect("somebody is in the book", "This person is in the book now.");
  await steward.take("Make a slip to sign in with");
  await steward.press("Make a slip for the first time");
  await steward.expect("the slip says for whom it is", "For Ben Okafor");
  const words = await steward.page.locator(".paper .words li").allInnerTexts();
  const member = await story.open("member");
  await member.go("/sign-in/slip");
  await member.fill("The four words", words.join(" "));
  await member.press("Go on");
  await member.fill("New passphrase", "the owl hums at noon");
  await member.press("Keep it");
  await member.expect("a member is in", "Your passphrase is kept.");
  await member.go("/me");
  for (const way of await member.ways()) await member.go(way);
  await member.go("/me/looks");
  await member.expect("a member sees who did what with their data", "Ana Öberg");
  story.member = member;
}

/** A member takes away what is kept about them: as a letter to read, and as a file. */
async function copy({ member, note }) {
  await member.go("/me/copy");
  await member.press("As a letter in plain words");
  for (const words of ["Ben Okafor", "We keep it to", "12.50"]) await member.expect(`the letter to oneself says ${words}`, words);
  await member.go("/me/copy");
  const file = await member.download("As a file for other programs");
  const lacks = ["Ben Okafor", "12.50", "12 Stapleton Road"].filter((words) => !file.includes(words));
  note(`${member.view.name}: the file holds what the letter says`, lacks.map((words) => `${words} is not in it`));
}

/** The whole book goes out as a table: one steward asks with a reason, a second one agrees, and it is good for one copy. */
async function everything({ steward, member, note }) {
  await steward.go("/members/roles/person/2");
  await steward.tick("Steward");
  await steward.press("Ask for these roles");
  await steward.expect("who is the only steward makes a second one at once", "This is done.");
  await steward.go("/members/export");
  await steward.press("Ask for the table");
  await steward.expect("a reason is wanted, with a sentence", "Say why the book is taken out");
  await steward.fill("Why is it needed?", "We get a new box");
  await steward.press("Ask for the table");
  await steward.expect("it waits for a second person", "Somebody else who may do this must agree.");
  await member.go("/members/waiting");
  await member.expect("the second person reads why", "We get a new box");
  await member.press("Agree");
  await member.expect("the second person has agreed", "You agreed.");
  await steward.go("/members/export");
  const table = await steward.download("Take the table out");
  const lacks = ["Ben Okafor", "12 Stapleton Road", "Ana Öberg"].filter((words) => !table.includes(words));
  note(`${steward.view.name}: everybody is in the table`, lacks.map((words) => `${words} is not in it`));
  await steward.go("/members/export");
  await steward.expect("what was agreed to is good for one copy", "Ask for the table");
  await member.close();
}

/** The files of a folder that hold these words; what is no file, as a folder or a socket, holds none. */
async function filesWith(folder, words) {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && (await readFile(join(folder, entry.name))).includes(words)) found.push(entry.name);
  }
  return found;
}

/** Somebody is entered and erased again: no byte of the name is left in the folder of the box. */
async function erasure({ steward, state, note }) {
  const canary = "Zebedee Canaryson";
  await steward.go("/people/new");
  await steward.fill("Name", canary);
  await steward.press("Enter this person");
  const person = new URL(steward.page.url()).pathname;
  const before = await filesWith(state, canary);
  note(`${steward.view.name}: the name is in the folder until then`, before.length ? [] : ["no file holds the name: the search is blind"]);
  await steward.go(`${person}/erase`);
  await steward.fill("Why", `${canary} asked for it`);
  await steward.press("Erase for good");
  await steward.expect("one is told that it is erased", "It is erased");
  note(`${steward.view.name}: nothing is left of somebody erased`, (await filesWith(state, canary)).map((file) => `${file} still holds the name`));
  await steward.go("/record");
  await steward.expect("the record tells of it without a name", /erase/i);
}

/** The way to everything is looked at, and so is every part that it leads to. */
async function around({ steward }) {
  await steward.go("/members");
  for (const way of await steward.ways()) await steward.go(way);
}

export const CHAPTERS = { claim, passphrase, passkey, around, slip, admit, cash, statement, reminder, copy, everything, erasure };
