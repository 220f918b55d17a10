// Says in the status region that a request of htmx failed; otherwise nothing would happen before the reader's eyes. A request that lacked
// a session or the second factor is sent again when it has them.
import { askToSignIn } from "./session.js";
import { askForFactor, asksForFactor } from "./stepup.js";

export function watchToasts() {
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) askThenRepeat(event.detail);
    else say("failed");
  });
  document.addEventListener("htmx:sendError", () => say("offline"));
}

async function askThenRepeat({ xhr, elt, target, requestConfig: { verb, path } }) {
  const wantsFactor = asksForFactor((name) => xhr.getResponseHeader(name));
  const isReady = wantsFactor ? await askForFactor() : (await askToSignIn()) === "ready";
  if (!isReady || !elt.isConnected || elt.dataset.repeated) return;
  elt.dataset.repeated = "1";
  await window.htmx.ajax(verb, path, { source: elt, target });
  delete elt.dataset.repeated;
}

export function say(kind, tone = "error") {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const line = document.createElement("p");
  line.className = `toast-pw toast-${tone}`;
  line.textContent = region.dataset[kind];
  region.replaceChildren(line);
}
