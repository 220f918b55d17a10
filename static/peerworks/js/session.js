// Whether the person who wrote on this page is still signed in. When not, the page keeps every word, asks to sign in over it (in a
// second tab), takes the fresh form token, and goes on. Nothing is kept in the browser's storage.
import { isTouched } from "./unsaved.js";

const READY = "ready";
const ENDED = "ended";
const OFFLINE = "offline";
const PAUSE = 1000; // milliseconds without a key or a press, after which a question may come over the page

let waiting = [];
let watched = false;
let actedAt = -Infinity;
const tabs = new BroadcastChannel("peerworks");

export function watchSession() {
  if (watched) return;
  watched = true;
  const box = dialog();
  box?.querySelector("[data-again]").addEventListener("click", goOn);
  // What lies behind it may be somebody's record: it is closed by a sign-in alone.
  box?.addEventListener("cancel", (event) => event.preventDefault());
  box?.addEventListener("close", () => waiting.length && box.showModal());
  document.addEventListener("visibilitychange", () => box?.open && !document.hidden && goOn());
  tabs.addEventListener("message", ({ data }) => data === "signed-in" && box?.open && goOn());
  if (document.querySelector("[data-signed-in-again]")) tabs.postMessage("signed-in");
  if (!document.body.dataset.user) tabs.postMessage("visitor");
  for (const act of ["keydown", "input", "pointerdown"]) document.addEventListener(act, () => (actedAt = performance.now()), true);
  // In the capturing phase, so that nothing of the page (htmx, autosave) takes the event before the question is settled.
  document.addEventListener("submit", beforeSubmit, true);
}

// Another tab shows a page that nobody is signed in on.
export function whenSignedOutElsewhere(then) {
  tabs.addEventListener("message", ({ data }) => data === "visitor" && then());
}

// Resolves with "ready" once the same person is signed in. Asked only if they are not: another tab may have done it.
export async function askToSignIn() {
  const box = dialog();
  if (!box) return ENDED;
  if (!box.open && (await checkSession()) === READY) return READY;
  const settled = new Promise((resolve) => waiting.push(resolve));
  await pauseOfActs();
  if (!box.open && waiting.length) box.showModal();
  return settled;
}

// A dialog that opens under a typing hand swallows what is typed.
async function pauseOfActs() {
  for (let left; (left = actedAt + PAUSE - performance.now()) > 0; ) await new Promise((resolve) => setTimeout(resolve, left));
}

// "ready", "ended" or "offline"; with "ready" the forms of the page carry a fresh token.
export async function checkSession() {
  const url = document.body.dataset.tokenUrl;
  if (!url) return READY;
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual" });
  } catch {
    return OFFLINE;
  }
  if (!answer.ok) return answer.status >= 500 ? OFFLINE : ENDED;
  if (!isJson(answer)) return ENDED; // a page: somebody else's address, or a sign-in
  const { user, token } = await answer.json();
  if (user !== document.body.dataset.user) return otherPerson();
  for (const field of document.querySelectorAll("input[name='csrfmiddlewaretoken']")) field.value = token;
  note().hidden = true;
  return READY;
}

function otherPerson() {
  note().hidden = false;
  return ENDED;
}

async function goOn() {
  if ((await checkSession()) !== READY) return;
  const all = waiting;
  waiting = [];
  dialog().close();
  document.dispatchEvent(new CustomEvent("peerworks:signed-in"));
  for (const resolve of all) resolve(READY);
}

// A form that holds what somebody typed is sent only when its sender is still signed in.
async function beforeSubmit(event) {
  const form = event.target;
  if (!holdsWords(form) || form.dataset.checked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  let state = await checkSession();
  if (state === ENDED) state = await askToSignIn();
  if (state === OFFLINE) form.dispatchEvent(new CustomEvent("peerworks:offline", { bubbles: true }));
  if (state !== READY) return;
  form.dataset.checked = "1";
  form.requestSubmit(submitter?.form === form ? submitter : undefined);
  delete form.dataset.checked;
}

function holdsWords(form) {
  if (form.closest("dialog")) return false;
  return form.matches("[data-autosave], [data-unsaved]") || (document.body.dataset.user && isTouched(form));
}

function dialog() {
  return document.querySelector("[data-sign-in-again]");
}

function note() {
  return document.querySelector("[data-other-person]");
}

function isJson(answer) {
  return (answer.headers.get("Content-Type") || "").startsWith("application/json");
}
