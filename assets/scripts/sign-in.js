// What signing in gains with script: the words of a slip out of the square's address, a passphrase that can be looked at,
// and passkeys, which a browser hands to scripts only. All else works without this file; no words are made here.
"use strict";

// --- The square on a slip: its words stand behind the #, which no browser sends anywhere. -------------------------
const words = document.getElementById("words");
if (words && location.hash.length > 1) {
  if (!words.value) words.value = decodeURIComponent(location.hash.slice(1)).replaceAll("-", " ");
  // Out of the address line, and out of what the browser remembers of it.
  history.replaceState(null, "", location.pathname + location.search);
}

// --- A passphrase that is chosen can be looked at. ----------------------------------------------------------------
for (const field of document.querySelectorAll("input[data-show]")) {
  const label = document.createElement("label");
  const tick = document.createElement("input");
  tick.type = "checkbox";
  tick.addEventListener("change", () => { field.type = tick.checked ? "text" : "password"; });
  field.form.addEventListener("submit", () => { field.type = "password"; });
  label.className = "choice";
  label.append(tick, ` ${field.dataset.show}`);
  field.after(label);
}

// --- Passkeys. ------------------------------------------------------------------------------------------------------
/** Bytes of base64 for addresses, and back. */
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Sends JSON and gives what comes back; a refusal is thrown as its sentence. */
async function send(url, body) {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await reply.json().catch(() => ({}));
  if (!reply.ok || told.error) throw new Refused(told.error ?? "");
  return told;
}

class Refused extends Error {}

/** Does `work`, and shows the sentence in `place` if it is refused; `usual` where the browser gives none of ours. */
async function told(place, usual, work) {
  place.hidden = true;
  try {
    const { to } = await work();
    location.assign(to);
  } catch (error) {
    place.textContent = (error instanceof Refused && error.message) || usual;
    place.hidden = false;
  }
}

const able = window.PublicKeyCredential !== undefined;
const door = document.getElementById("passkey");
if (door && able) {
  door.hidden = false;
  door.querySelector("button").addEventListener("click", () => {
    const { question, answer, back, failed } = door.dataset;
    const shared = document.querySelector("input[name=shared]").checked;
    told(door.querySelector(".refusal"), failed, async () => {
      const { handle, options } = await send(question, {});
      const wish = options.publicKey;
      wish.challenge = bytes(wish.challenge);
      wish.allowCredentials = [];
      const key = await navigator.credentials.get({ publicKey: wish });
      const { authenticatorData, clientDataJSON, signature, userHandle } = key.response;
      const response = {
        authenticatorData: text(authenticatorData),
        clientDataJSON: text(clientDataJSON),
        signature: text(signature),
        userHandle: userHandle ? text(userHandle) : null,
      };
      return send(answer, { handle, back, shared, answer: plain(key, response) });
    });
  });
}

const adding = document.getElementById("new-passkey");
if (adding && able) {
  adding.hidden = false;
  adding.addEventListener("submit", (event) => {
    event.preventDefault();
    const { token, question, answer, failed } = adding.dataset;
    const now = document.getElementById("now")?.value;
    const name = document.getElementById("key-name").value;
    told(adding.querySelector(".refusal"), failed, async () => {
      const { handle, options } = await send(question, { token, now });
      const wish = options.publicKey;
      wish.challenge = bytes(wish.challenge);
      wish.user.id = bytes(wish.user.id);
      for (const known of wish.excludeCredentials ?? []) known.id = bytes(known.id);
      const key = await navigator.credentials.create({ publicKey: wish });
      const { attestationObject, clientDataJSON } = key.response;
      const response = { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) };
      return send(answer, { token, handle, name, answer: plain(key, response) });
    });
  });
}

/** A key's answer as JSON. */
function plain(key, response) {
  return { id: key.id, rawId: text(key.rawId), type: key.type, response, extensions: {} };
}
