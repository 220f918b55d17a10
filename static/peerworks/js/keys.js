// Single keys. What each does stands in the help of the page ([data-shortcut] in [data-keyboard-help], drawn from one table on the server)
// and nowhere else: it leads to data-href, or data-does names a deed below. Off where <body data-shortcuts="off">, while somebody types,
// and with Ctrl, Alt or Meta.

const PAUSE = 1500; // milliseconds in which the second key of two follows the first

const DEEDS = {
  help: { isHere: () => true, act: openHelp },
  next: { isHere: hasRows, act: () => move(1) },
  previous: { isHere: hasRows, act: () => move(-1) },
  press: { isHere: (key) => Boolean(pressed(key)), act: press },
};

let first = { key: "", at: 0 };

export function watchKeys() {
  const help = dialog();
  document.addEventListener("click", onClick);
  if (!help) return;
  help.querySelector("[data-close]").addEventListener("click", () => help.close());
  document.addEventListener("keydown", (event) => {
    if (isOff(event)) return;
    const shortcut = shortcutOf(event);
    if (shortcut && act(shortcut)) event.preventDefault();
  });
}

function isOff(event) {
  if (document.body.dataset.shortcuts === "off") return true;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return true;
  if (document.querySelector("dialog[open]")) return true;
  return event.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

// One key, or the second of two. After a first key the second is never taken for one alone: it could approve something.
function shortcutOf({ key, timeStamp }) {
  const isSecond = first.key && timeStamp - first.at < PAUSE;
  const keys = isSecond ? `${first.key} ${key}` : key;
  const begins = dialog().querySelector(`[data-shortcut^="${CSS.escape(key)} "]`);
  first = { key: begins && !isSecond ? key : "", at: timeStamp };
  return dialog().querySelector(`[data-shortcut="${CSS.escape(keys)}"]`);
}

function act({ dataset: { shortcut, href, does } }) {
  if (href) window.location.assign(href);
  else if (!DEEDS[does].isHere(shortcut)) return false;
  else DEEDS[does].act(shortcut);
  return true;
}

// The way to the help for those without that key; without script it leads to the page of help.
function onClick(event) {
  if (!event.target.closest?.("[data-keyboard]") || !dialog()) return;
  event.preventDefault();
  openHelp();
}

function openHelp() {
  for (const each of dialog().querySelectorAll("[data-does]")) {
    each.hidden = !DEEDS[each.dataset.does].isHere(each.dataset.shortcut);
  }
  dialog().showModal();
  dialog().querySelector("[data-close]").focus();
}

function dialog() {
  return document.querySelector("[data-keyboard-help]");
}

function rows() {
  return [...document.querySelectorAll("[data-keys] [data-row]")];
}

function hasRows() {
  return rows().length > 0;
}

function move(step) {
  const all = rows();
  const here = all.findIndex((each) => each.contains(document.activeElement));
  const at = here < 0 ? chosen(all, step) : here + step;
  const next = all[Math.max(0, Math.min(all.length - 1, at))];
  (next.matches("a, button") ? next : next.querySelector("a, button"))?.focus();
}

// Where one is without focus in the list: at the row that is open, else before the first.
function chosen(all, step) {
  const open = all.findIndex((each) => each.matches("[aria-current]") || each.querySelector("[aria-current]"));
  return open < 0 ? 0 : open + step;
}

function pressed(key) {
  return document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
}

// A field gets the focus, also one that stands in a closed part of the page; a link or button is pressed.
function press(key) {
  const target = pressed(key);
  const part = target.closest("details:not([open])");
  if (part) part.open = true;
  if (target.matches("input, textarea")) target.focus();
  else target.click();
}
