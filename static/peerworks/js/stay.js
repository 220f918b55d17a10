// Two minutes before the session ends: a note that takes no focus. Any key or click is the answer, and what is typed meanwhile is typed.
// The page was told by the server how many seconds are left; before it says anything it asks again, since another tab may have gone on.
// Asking extends nothing; only a press does. At the end: the sign-in, over the page where something was typed on it.
import { askToSignIn, whenSignedOutElsewhere } from "./session.js";
import { hasTouched } from "./unsaved.js";

const WARN = 120;
const HALF = 30;

export function watchStay() {
  const box = document.querySelector("[data-stay]");
  const seconds = Number(document.body.dataset.secondsLeft);
  if (box && document.body.dataset.leftUrl && Number.isFinite(seconds)) new Stay(box, seconds);
}

class Stay {
  constructor(box, seconds) {
    this.box = box;
    this.isLast = false;
    this.isOver = false;
    this.until(seconds);
    this.press = (event) => event.isTrusted && this.extend();
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    window.addEventListener("pageshow", (event) => event.persisted && this.near());
    document.addEventListener("peerworks:signed-in", () => this.again());
    whenSignedOutElsewhere(() => this.near());
  }

  until(seconds) {
    this.ends = Date.now() + seconds * 1000;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.near(), Math.max(0, seconds - WARN) * 1000);
  }

  left() {
    return Math.round((this.ends - Date.now()) / 1000);
  }

  // Timers stand still while a machine sleeps.
  look() {
    if (this.left() <= WARN) this.near();
  }

  async near() {
    if (this.isOver) return;
    const found = await ask(document.body.dataset.leftUrl);
    if (found === "ended" || (found && found.user !== document.body.dataset.user)) return this.over();
    if (found) this.take(found);
    if (this.left() > WARN) this.hide();
    else this.warn();
  }

  take({ seconds, is_last: isLast }) {
    this.isLast = isLast;
    this.until(seconds);
  }

  warn() {
    clearTimeout(this.timer);
    if (!this.box.hidden) return;
    this.box.hidden = false;
    const which = this.isLast ? "last" : "idle";
    for (const mark of ["stayTitle", "stayWords"]) this.part(mark).textContent = this.part(mark).dataset[which];
    this.part("stayButton").hidden = this.isLast;
    this.say(this.isLast ? "last" : "two");
    this.ticking = setInterval(() => this.tick(), 1000);
    this.tick();
    if (this.isLast) return;
    for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, this.press, true);
  }

  tick() {
    const left = this.left();
    this.part("stayLeft").textContent = this.part("stayLeft").dataset.words.replace("{time}", clock(left));
    if (left === HALF && !this.isLast) this.say("half");
    if (left < 0) this.near();
  }

  async extend() {
    if (this.extending) return;
    this.extending = true;
    const body = new FormData(this.part("stayForm"));
    const found = await ask(document.body.dataset.extendUrl, { method: "POST", body });
    this.extending = false;
    if (found === "ended") return this.over();
    if (!found) return;
    this.take(found);
    this.hide();
    this.say("stayed");
  }

  hide() {
    this.box.hidden = true;
    clearInterval(this.ticking);
    for (const kind of ["keydown", "pointerdown"]) document.removeEventListener(kind, this.press, true);
  }

  over() {
    this.isOver = true;
    clearTimeout(this.timer);
    this.hide();
    if (hasTouched()) askToSignIn().then(() => this.again());
    else location.replace(`${document.body.dataset.signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  async again() {
    const found = await ask(document.body.dataset.leftUrl);
    if (!found || found === "ended") return;
    this.isOver = false;
    this.take(found);
  }

  say(key) {
    const line = this.part("staySaid");
    line.textContent = line.dataset[key];
  }

  part(name) {
    return document.querySelector(`[data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`);
  }
}

// What the server says; "ended" without a session; null without a connection.
async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "manual", ...options });
  } catch {
    return null;
  }
  if (answer.status === 401 || answer.type === "opaqueredirect") return "ended";
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  return answer.ok && isJson ? answer.json() : null;
}

function clock(seconds) {
  const left = Math.max(0, seconds);
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}
