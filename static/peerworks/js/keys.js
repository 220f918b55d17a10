// Lists by keyboard. Inside [data-keys]: j and k move between [data-row] (the first link or button of the row gets the focus), Enter opens
// it as ever. Anywhere: a key named in data-key presses that link or button. Off where <body data-shortcuts="off">, while somebody types,
// and with Ctrl, Alt or Meta.

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (isOff(event)) return;
    const done = event.key === "j" ? move(1) : event.key === "k" ? move(-1) : press(event.key);
    if (done) event.preventDefault();
  });
}

function isOff(event) {
  if (document.body.dataset.shortcuts === "off") return true;
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return true;
  if (document.querySelector("dialog[open]")) return true;
  return event.target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-keys] [data-row]")];
  if (!rows.length) return false;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const at = here < 0 ? chosen(rows, step) : here + step;
  const row = rows[Math.max(0, Math.min(rows.length - 1, at))];
  (row.matches("a, button") ? row : row.querySelector("a, button"))?.focus();
  return true;
}

// Where one is without focus in the list: at the row that is open, else before the first.
function chosen(rows, step) {
  const open = rows.findIndex((row) => row.matches("[aria-current]") || row.querySelector("[aria-current]"));
  return open < 0 ? 0 : open + step;
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target || target.disabled) return false;
  target.click();
  return true;
}
