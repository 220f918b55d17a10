// Asks before a page with unsent words is left (form[data-unsaved]). autosave.js calls `isSaved` when the server has them.

const unsent = new Set();
const touched = new WeakSet();

export function watchUnsaved(root) {
  for (const form of root.querySelectorAll?.("form[data-unsaved]") ?? []) {
    if (form.dataset.unsavedWatched) continue;
    form.dataset.unsavedWatched = "1";
    form.addEventListener("input", () => unsent.add(form));
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) unsent.delete(form);
    });
  }
}

export function isSaved(form) {
  unsent.delete(form);
}

// Whether somebody typed or chose something in a form that changes something: it is kept when the session ends.
export function isTouched(form) {
  return touched.has(form);
}

export function hasTouched() {
  return [...document.forms].some((form) => touched.has(form));
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post") touched.add(form);
});

window.addEventListener("beforeunload", (event) => {
  if ([...unsent].some((form) => form.isConnected)) event.preventDefault();
});
