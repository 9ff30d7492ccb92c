// The safe door, and what a thief of the card could do with it: node doors.mjs HEARTH.
//
// A box is started, its authority is trusted by Chromium as a resident would trust it, and then somebody who has the
// box's folder makes certificates with its key. OpenSSL and Chromium are asked what they think of them. That webpki
// refuses the same stands in appliance/web/src/authority/tests.rs.

import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import * as box from "./box.mjs";

const run = promisify(execFile);
const [hearth] = process.argv.slice(2);
if (!hearth) {
  console.error("node doors.mjs HEARTH");
  process.exit(64);
}

const outcome = { passed: 0, failed: [] };
async function attempt(what, check) {
  try {
    await check();
    outcome.passed += 1;
    console.log(`ok      ${what}`);
  } catch (error) {
    outcome.failed.push(`${what}: ${error.message.split("\n").slice(0, 3).join(" ")}`);
    console.log(`FAILED  ${what}`);
  }
}
function sure(holds, words) {
  if (!holds) throw new Error(words);
}

/** What an authority's file holds: the root, the certificate with the limits, its key. */
async function stolen(state, folder) {
  const text = await readFile(join(state, "authority.pem"), "utf8");
  const [root, signed] = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n/g);
  const [key] = text.match(/-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----\n/g);
  const files = { root: join(folder, "root.pem"), signed: join(folder, "signed.pem"), key: join(folder, "key.pem") };
  for (const [name, content] of Object.entries({ root, signed, key })) await writeFile(files[name], content, { mode: 0o600 });
  return files;
}

/** A certificate for `host` by the key of the box, as a thief would make it. */
async function forged(files, folder, host) {
  const at = (ending) => join(folder, `${host}.${ending}`);
  await writeFile(at("ext"), `subjectAltName=DNS:${host}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
  await run("openssl", ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${host}`, "-keyout", at("key"), "-out", at("csr")]);
  await run("openssl", ["x509", "-req", "-in", at("csr"), "-CA", files.signed, "-CAkey", files.key, "-days", "90", "-extfile", at("ext"), "-out", at("crt")]);
  return { certificate: at("crt"), key: at("key") };
}

/** What OpenSSL says of a certificate under the box's root. */
async function openssl(files, certificate) {
  const asked = ["verify", "-CAfile", files.root, "-untrusted", files.signed, "-purpose", "sslserver", certificate];
  return run("openssl", asked).then(({ stdout }) => stdout, (error) => `${error.stdout}${error.stderr}`);
}

/** Serves one word under a certificate. */
async function serve(files, made) {
  const [own, signed, key] = await Promise.all([made.certificate, files.signed, made.key].map((file) => readFile(file, "utf8")));
  const server = createServer({ cert: own + signed, key }, (_, answer) => answer.end("come in"));
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  return server;
}

/** Chromium with a home of its own, which trusts `root` or nobody in particular. */
async function browser(folder, root, at) {
  const home = await mkdtemp(join(folder, "home."));
  const store = join(home, ".pki", "nssdb");
  await mkdir(store, { recursive: true });
  await run("certutil", ["-d", `sql:${store}`, "-N", "--empty-password"]);
  if (root) await run("certutil", ["-d", `sql:${store}`, "-A", "-n", "hearth", "-t", "C,,", "-i", root]);
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    env: { ...process.env, HOME: home },
    args: ["--disable-gpu", "--no-first-run", "--disable-background-networking", `--host-resolver-rules=MAP hearth.local ${at},MAP thief.hearth.local 127.0.0.1,MAP example.com 127.0.0.1`],
  });
}

/** What becomes of opening a page: "opened", or Chromium's own word for why not. */
async function opens(page, address) {
  return page.goto(address).then(() => "opened", (error) => error.message.match(/ERR_[A-Z_]+/)?.[0] ?? error.message);
}

const folder = await mkdtemp(join(tmpdir(), "hearth-doors."));
const home = await box.start(hearth);
const servers = [];
const browsers = [];
try {
  const { pages } = JSON.parse(await home.command("claim", "--json"));
  const safe = new URL(pages.find((page) => page.startsWith("https://hearth.local")));
  const plain = new URL(home.address);
  // The address of a network card leads to the plain door; without one there is only the machine itself.
  const card = Object.values(networkInterfaces()).flat().find((found) => !found.internal && found.family === "IPv4")?.address;
  const files = await stolen(home.state, folder);
  const foreign = await forged(files, folder, "example.com");
  const own = await forged(files, folder, "thief.hearth.local");

  await attempt("what is handed out is the root", async () => {
    const taken = Buffer.from(await (await fetch(new URL("/trust/authority.crt", plain))).arrayBuffer());
    await writeFile(join(folder, "taken.crt"), taken);
    const { stdout } = await run("openssl", ["x509", "-inform", "DER", "-in", join(folder, "taken.crt")]);
    sure(stdout === (await readFile(files.root, "utf8")), "another certificate is handed out");
  });
  await attempt("OpenSSL refuses a leaf for another name", async () => {
    const said = await openssl(files, foreign.certificate);
    sure(said.includes("permitted subtree violation"), said);
  });
  await attempt("OpenSSL takes one within the limits", async () => {
    const said = await openssl(files, own.certificate);
    sure(said.trim().endsWith("OK"), said);
  });

  servers.push(await serve(files, foreign), await serve(files, own));
  const [foreignPort, ownPort] = servers.map((server) => server.address().port);
  const trusting = await browser(folder, join(folder, "taken.crt"), card ?? "127.0.0.1");
  const other = await browser(folder, null, card ?? "127.0.0.1");
  browsers.push(trusting, other);
  const page = await trusting.newPage();
  await attempt("Chromium that trusts the box opens its safe door, by HTTP/2", async () => {
    sure((await opens(page, new URL("/trust/try", safe).href)) === "opened", await opens(page, safe.href));
    const spoken = await page.evaluate(() => performance.getEntriesByType("navigation")[0].nextHopProtocol);
    sure(spoken === "h2", spoken);
  });
  await attempt("Chromium takes what is within the limits", async () => {
    const came = await opens(page, `https://thief.hearth.local:${ownPort}/`);
    sure(came === "opened", came);
  });
  await attempt("Chromium refuses a leaf for another name", async () => {
    const came = await opens(page, `https://example.com:${foreignPort}/`);
    sure(/^ERR_CERT_/.test(came), came);
  });
  const stranger = await other.newPage();
  await attempt("Chromium that does not trust the box warns", async () => {
    const came = await opens(stranger, safe.href);
    sure(came === "ERR_CERT_AUTHORITY_INVALID", came);
  });
  if (card) {
    for (const [who, visitor, words] of [["that trusts the box", page, "Yes: this browser trusts"], ["that does not", stranger, "Not yet: this browser"]]) {
      await attempt(`the page at the plain door tells a browser ${who}`, async () => {
        await visitor.goto(`http://hearth.local:${plain.port}/trust`);
        await visitor.getByText(words).waitFor({ timeout: 10_000 });
      });
    }
    await attempt("whoever wants to sign in at the plain door is led to the safe one", async () => {
      await page.goto(`http://hearth.local:${plain.port}/sign-in`);
      sure((await page.locator("form").count()) === 0, "there is a form");
      await page.getByRole("link", { name: "Go on through the safe door" }).click();
      await page.waitForURL(new URL("/sign-in", safe).href);
      sure((await page.locator("form").count()) > 0, "there is no form behind the safe door");
    });
  } else {
    console.log("left out: this machine has no network card, so that nobody comes by the plain door");
  }
} finally {
  for (const opened of browsers) await opened.close();
  for (const server of servers) server.close();
  await home.stop();
  await rm(folder, { recursive: true, force: true });
}

for (const fault of outcome.failed) console.log(`- ${fault}`);
console.log(`\ndoors: ${outcome.passed} passed, ${outcome.failed.length} failed`);
process.exitCode = outcome.failed.length === 0 ? 0 : 1;
