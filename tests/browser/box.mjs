// A box of its own for one story: an empty state folder, a site without devices, and the command beside it.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const SITE = `[place]
name = "Easton Community Centre"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563
`;

/** Starts a box and gives `{ address, command, stop }`. */
export async function start(hearth) {
  const state = await mkdtemp(join(tmpdir(), "hearth-book."));
  const site = join(state, "site.toml");
  await writeFile(site, SITE);
  const box = spawn(hearth, ["run", "--state", state, "--site", site, "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [box.stdout, box.stderr]) stream.on("data", (bytes) => { said = (said + bytes).slice(-4_000); });
  const ended = new Promise((resolve) => { box.on("exit", resolve); });
  const stop = async () => {
    box.kill("SIGTERM");
    await ended;
    await rm(state, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 300; tries += 1) {
    const address = await readFile(join(state, "address"), "utf8").catch(() => "");
    if (address.trim()) return { address: address.trim(), state, stop, command: (...words) => command(hearth, state, words) };
    if (box.exitCode !== null) break;
    await pause(100);
  }
  await stop();
  throw new Error(`the box did not start: ${said}`);
}

/** Runs `hearth WORDS` beside the box and gives what it prints. */
async function command(hearth, state, words) {
  const { stdout } = await promisify(execFile)(hearth, [...words, "--state", state]);
  return stdout;
}
