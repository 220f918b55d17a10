// The second factor once more, over the page: where a part of it answers 401 with the header X-Step-Up, and before a form of a page that
// asks for the factor is sent after its ten minutes. What was typed stays. Without script the server leads to a page of its own.

const HEADER = "X-Step-Up";
let waiting = [];
let factorEnds = Infinity;

export function watchStepUp() {
  const seconds = Number(document.body.dataset.factorSeconds);
  if (document.body.dataset.factorSeconds !== undefined) factorEnds = Date.now() + seconds * 1000;
  dialog()?.querySelector("form").addEventListener("submit", give);
  dialog()?.querySelector("[data-step-up-later]").addEventListener("click", () => dialog().close());
  dialog()?.addEventListener("close", () => settle(false));
  document.addEventListener("submit", beforeSubmit, true);
}

// Whether an answer asks for the factor, and not for a sign-in.
export function asksForFactor(headers) {
  return Boolean(headers(HEADER));
}

// Resolves with true once the factor was given, with false if it was put off.
export function askForFactor() {
  const box = dialog();
  if (!box) return Promise.resolve(false);
  if (!box.open) box.showModal();
  return new Promise((resolve) => waiting.push(resolve));
}

async function give(event) {
  event.preventDefault();
  const form = event.target;
  const problem = form.querySelector("[data-step-up-problem]");
  let words = problem.dataset.offline;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
    if (answer.status === 204) return given(form);
    if (answer.status === 422 || answer.status === 429) words = (await answer.json()).problem;
  } catch {
    // No connection: the words say so.
  }
  problem.textContent = words;
  problem.hidden = false;
  form.elements.code?.select();
}

function given(form) {
  form.reset();
  form.querySelector("[data-step-up-problem]").hidden = true;
  if (factorEnds !== Infinity) factorEnds = Date.now() + 9.5 * 60 * 1000;
  settle(true);
  dialog().close();
}

function settle(state) {
  const all = waiting;
  waiting = [];
  for (const resolve of all) resolve(state);
}

async function beforeSubmit(event) {
  const form = event.target;
  if (Date.now() < factorEnds || form.method !== "post" || form.closest("dialog, header")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  if (await askForFactor()) form.requestSubmit(submitter?.form === form ? submitter : undefined);
}

function dialog() {
  return document.querySelector("[data-step-up]");
}
