// Whether the person who wrote on this page is still signed in. When not, the page keeps every word, asks to sign in over it (in a
// second tab), takes the fresh form token, and goes on. Nothing is kept in the browser's storage.

const READY = "ready";
const ENDED = "ended";
const OFFLINE = "offline";

let waiting = [];
let watched = false;

export function watchSession() {
  if (watched) return;
  watched = true;
  dialog()?.querySelector("[data-again]").addEventListener("click", goOn);
  dialog()?.addEventListener("cancel", () => settle(ENDED));
  // In the capturing phase, so that nothing of the page (htmx, autosave) takes the event before the question is settled.
  document.addEventListener("submit", beforeSubmit, true);
}

// Opens the sign-in over the page. Resolves with "ready" once the same person is signed in, or "ended" if the question was closed.
export function askToSignIn() {
  const box = dialog();
  if (!box) return Promise.resolve(ENDED);
  if (!box.open) box.showModal();
  return new Promise((resolve) => waiting.push(resolve));
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
  dialog().close();
  settle(READY);
}

function settle(state) {
  const all = waiting;
  waiting = [];
  for (const resolve of all) resolve(state);
}

// A form that holds somebody's words (data-autosave or data-unsaved) is sent only when its sender is still signed in.
async function beforeSubmit(event) {
  const form = event.target;
  if (!form.matches("[data-autosave], [data-unsaved]") || form.dataset.checked) return;
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

function dialog() {
  return document.querySelector("[data-sign-in-again]");
}

function note() {
  return document.querySelector("[data-other-person]");
}
