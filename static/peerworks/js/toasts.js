// Says in the status region that a request of htmx failed; otherwise nothing would happen before the reader's eyes.
import { askToSignIn } from "./session.js";

export function watchToasts() {
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) askToSignIn();
    else say("failed");
  });
  document.addEventListener("htmx:sendError", () => say("offline"));
}

export function say(kind) {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const line = document.createElement("p");
  line.className = "toast-pw toast-error";
  line.textContent = region.dataset[kind];
  region.replaceChildren(line);
}
