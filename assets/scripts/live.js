// What the pages gain with script: figures that move, parts that stay fresh, the value under the finger, hours chosen by
// drawing over a chart, and a theme that changes at once. Every page is whole without this file; no words are made here.
"use strict";

// --- Figures of now: the box sends the section, we put it in place. ---------------------------------------------
const place = document.getElementById("live");
const lost = document.getElementById("lost");
const PATIENCE = 10_000;
const LATER = 60_000;
let stream = null;
let silence = null;

function listen() {
  if (!place || stream || document.hidden) return;
  stream = new EventSource("/live");
  stream.addEventListener("now", (event) => {
    heard();
    show(event.data);
  });
  stream.addEventListener("error", () => {
    silence ??= setTimeout(() => { lost.hidden = false; }, PATIENCE);
    // The browser tries again by itself, but not after it was refused for want of room.
    if (stream?.readyState === EventSource.CLOSED) {
      letGo();
      setTimeout(listen, LATER);
    }
  });
}

/** The box answers: old figures are no longer to be feared. */
function heard() {
  clearTimeout(silence);
  silence = null;
  lost.hidden = true;
}

/** A hidden page lets go, so that many open tabs do not use up the browser's connections. */
function letGo() {
  stream?.close();
  stream = null;
}

function show(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const [before, after] = [place.firstElementChild, fresh.content.firstElementChild];
  if (before && after) renew(before, after);
}

/** Changes only what has changed, so that a screen reader's place, a selection and what was opened stay. */
function renew(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const pairs = [...fresh.childNodes].map((child, index) => [old.childNodes[index], child]);
  const alike = old.nodeName === fresh.nodeName && pairs.length > 0 && pairs.length === old.childNodes.length;
  if (!alike) return old.replaceWith(fresh);
  for (const { name } of [...old.attributes]) if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  for (const [before, after] of pairs) renew(before, after);
}

document.addEventListener("visibilitychange", () => (document.hidden ? letGo() : listen()));
addEventListener("pagehide", letGo);
addEventListener("pageshow", listen);
listen();

// --- What else grows old: the page is asked for again every so many seconds. ---------------------------------------
const every = Math.min(...[...document.querySelectorAll("[data-every]")].map((part) => Number(part.dataset.every)));

async function refresh() {
  if (document.hidden || every === Infinity) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || answer.status >= 500) return void (lost.hidden = false);
  // Where figures of now are pushed, only they say that the page is up to date.
  if (!place) heard();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("[data-every]");
  const old = document.querySelectorAll("[data-every]");
  if (fresh.length !== old.length) return;
  // A chart that is being read stands still.
  old.forEach((part, index) => { if (!part.querySelector(".read, .chosen")) renew(part, fresh[index]); });
  document.querySelectorAll("svg[data-slots]").forEach(watch);
}

if (every < Infinity) setInterval(refresh, every * 1000);
document.addEventListener("visibilitychange", refresh);

// --- Charts: the value under the finger, taken from the table; hours by drawing over them. ------------------------
const SVG = "http://www.w3.org/2000/svg";

const watched = new WeakSet();

function watch(svg) {
  if (watched.has(svg)) return;
  watched.add(svg);
  const figure = svg.closest("figure");
  const rowOf = (slot) => figure.querySelectorAll("tbody tr")[slot];
  const heads = [...figure.querySelectorAll("thead th")].map((head) => head.textContent);
  const unit = figure.querySelector("caption").textContent;
  const slots = Number(svg.dataset.slots);
  let box, cursor, chosen, start = null;

  const slotAt = (event) => {
    const { left, width } = svg.getBoundingClientRect();
    return Math.max(0, Math.min(slots - 1, Math.floor(((event.clientX - left) / width) * slots)));
  };
  const part = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return svg.appendChild(element);
  };
  const percent = (slot) => `${(slot / slots) * 100}%`;

  function read(slot) {
    const row = rowOf(slot);
    if (!row) return hide();
    cursor ??= part("line", { class: "cursor", y2: "100%" });
    cursor.setAttribute("x1", percent(slot + 0.5));
    cursor.setAttribute("x2", percent(slot + 0.5));
    if (!box) {
      box = svg.parentElement.appendChild(document.createElement("div"));
      box.className = "read";
      box.setAttribute("aria-hidden", "true");
    }
    const cells = [...row.children];
    const lines = cells.map((cell, index) => {
      const line = document.createElement(index === 0 ? "b" : "span");
      if (index === 0) return line.append(`${cell.textContent} · ${unit}`), line;
      const name = document.createElement("i");
      name.append(heads[index]);
      line.append(name, cell.textContent);
      return line;
    });
    box.replaceChildren(...lines);
    box.classList.toggle("left", slot > slots / 2);
  }
  function hide() {
    cursor?.remove();
    box?.remove();
    box = cursor = undefined;
  }
  function clear() {
    hide();
    chosen?.remove();
    chosen = undefined;
    start = null;
  }

  svg.addEventListener("pointerdown", (event) => {
    start = event.pointerType === "mouse" && svg.dataset.zoom ? slotAt(event) : null;
    if (start !== null) event.preventDefault();
    read(slotAt(event));
  });
  svg.addEventListener("pointermove", (event) => {
    const slot = slotAt(event);
    read(slot);
    if (start === null || Math.abs(slot - start) < 2) return;
    chosen ??= part("rect", { class: "chosen", height: "100%" });
    chosen.setAttribute("x", percent(Math.min(start, slot)));
    chosen.setAttribute("width", percent(Math.abs(slot - start)));
  });
  svg.addEventListener("pointerup", (event) => {
    if (!chosen || !rowOf(0)) return void (start = null);
    const [from, to] = [start, slotAt(event)].sort((one, other) => one - other);
    // The table's own clock, which knows the days on which the clocks change; it ends now.
    const known = figure.querySelectorAll("tbody tr").length;
    const hour = (slot) => Number.parseInt(rowOf(Math.min(slot, known - 1)).textContent, 10);
    const [first, last] = [hour(from), hour(to) + 1];
    if (first < last) location.href = `${svg.dataset.zoom}?from=${first}&to=${last}#chart`;
  });
  svg.addEventListener("pointerleave", clear);
}
document.querySelectorAll("svg[data-slots]").forEach(watch);

// --- Light or dark, without loading the page again. ----------------------------------------------------------------
const themes = document.querySelector("form.theme");
themes?.addEventListener("submit", (event) => {
  const choice = event.submitter?.value;
  if (!choice) return;
  event.preventDefault();
  document.documentElement.dataset.theme = choice;
  const lasts = choice === "device" ? 0 : 31536000;
  document.cookie = `theme=${choice}; Path=/; Max-Age=${lasts}; SameSite=Lax`;
  for (const button of themes.querySelectorAll("button")) {
    if (button.value === choice) button.setAttribute("aria-pressed", "true");
    else button.removeAttribute("aria-pressed");
  }
});
