// Asks before a page with unsent words is left (form[data-unsaved]). autosave.js calls `isSaved` when the server has them.

const unsent = new Set();

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

window.addEventListener("beforeunload", (event) => {
  if ([...unsent].some((form) => form.isConnected)) event.preventDefault();
});
