// Keeps a draft on the server while somebody writes.
//
// <form data-autosave="/notes/…/draft/" data-version="3" id="note"> and, in the action bar, <p data-saved-state="note" data-…="words">.
// The form is posted as it stands with the field `version`: 1.5 s after the last key, when a field is left, and every 5 s while typing.
// The server answers with JSON:
//   200 {"version": 4, "saved_at": "10:42"}    saved; more keys are allowed: {"fields": {...}} is left to the page (event peerworks:saved)
//   409 {...}                                   another window saved a newer version: the text stays, nothing more is sent
//   401, or a redirect to the sign-in           the session ended: the sign-in opens over the page, then the text is sent
//   anything else, or no answer                 "Not saved": the text stays and is sent again
// Two requests of one form are never under way at once.
import { askToSignIn, checkSession } from "./session.js";
import { isSaved } from "./unsaved.js";

const PAUSE = 1500;
const LONGEST = 5000;
const AGAIN = [3000, 6000, 12000, 30000];

export function watchAutosave(root) {
  for (const form of root.querySelectorAll?.("form[data-autosave]") ?? []) {
    if (form.dataset.autosaveWatched) continue;
    form.dataset.autosaveWatched = "1";
    new Draft(form);
  }
}

class Draft {
  constructor(form) {
    this.form = form;
    this.changes = 0; // how often something was typed
    this.saved = 0; // up to which change the server has it
    this.sending = false;
    this.stopped = false;
    this.failures = 0;
    this.submitting = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("focusout", () => this.send());
    form.addEventListener("submit", (event) => this.submitted(event));
    form.addEventListener("peerworks:offline", () => this.say("offline", "kept"));
    window.addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden && this.send());
  }

  changed() {
    this.changes += 1;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.send(), PAUSE);
    this.longest ??= setTimeout(() => this.send(), LONGEST);
  }

  submitted(event) {
    if (event.defaultPrevented) return;
    this.submitting = true;
    this.stopTimers();
  }

  stopTimers() {
    for (const name of ["pause", "longest", "again"]) {
      clearTimeout(this[name]);
      this[name] = undefined;
    }
  }

  async send() {
    if (this.stopped || this.submitting || this.sending || this.saved === this.changes) return;
    this.stopTimers();
    this.sending = true;
    const sent = this.changes;
    this.say("saving", "busy");
    const next = await this.post();
    this.sending = false;
    if (next === "saved") this.hasSaved(sent);
    else if (next === "again") this.tryAgain();
    else if (next === "now") this.send();
  }

  hasSaved(sent) {
    this.saved = sent;
    this.failures = 0;
    if (this.saved === this.changes) isSaved(this.form);
    else this.pause ??= setTimeout(() => this.send(), PAUSE);
  }

  tryAgain() {
    const wait = AGAIN[Math.min(this.failures, AGAIN.length - 1)];
    this.failures += 1;
    this.again = setTimeout(() => this.send(), wait);
  }

  async post() {
    const body = new FormData(this.form);
    body.set("version", this.form.dataset.version);
    let answer;
    try {
      answer = await fetch(this.form.dataset.autosave, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
    } catch {
      this.say("offline", "kept");
      return "again";
    }
    return this.read(answer);
  }

  async read(answer) {
    if (answer.status === 200) return this.take(await answer.json());
    if (answer.status === 409) return this.conflict();
    if (answer.status === 401 || answer.type === "opaqueredirect") return this.signIn();
    if (answer.status === 403) return this.freshToken();
    this.say("failed", "kept");
    return "again";
  }

  // The form token was of the session before: either the page gets a fresh one, or somebody has to sign in.
  async freshToken() {
    const state = await checkSession();
    if (state === "ended") return this.signIn();
    if (state === "ready" && this.failures === 0) {
      this.failures = 1;
      return "now";
    }
    this.say("failed", "kept");
    return "again";
  }

  take(data) {
    this.form.dataset.version = data.version;
    this.say("saved", "saved", data.saved_at);
    this.form.dispatchEvent(new CustomEvent("peerworks:saved", { bubbles: true, detail: data }));
    return "saved";
  }

  conflict() {
    this.stopped = true;
    this.say("conflict", "kept");
    return "stop";
  }

  async signIn() {
    this.say("ended", "kept");
    this.failures += 1;
    if ((await askToSignIn()) !== "ready") return "later"; // at the next key, or when a field is left
    return this.failures > 2 ? "again" : "now";
  }

  say(key, state, time = "") {
    const line = document.querySelector(`[data-saved-state="${this.form.id}"]`);
    if (!line) return;
    const text = (line.dataset[key] ?? "").replace("{time}", time);
    line.dataset.state = state;
    if (line.textContent !== text) line.textContent = text;
  }
}
