// The error summary: gets the focus when a page or a fragment comes back with errors; its links move to the fields.

export function watchForms(root) {
  const summary = root.querySelector?.("[data-problems]");
  if (!summary || summary.dataset.watched || summary.closest("[data-example]")) return;
  summary.dataset.watched = "1";
  summary.addEventListener("click", toField);
  summary.focus();
}

function toField(event) {
  const link = event.target.closest("a[href^='#']");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  // The label is brought into view too, so that one sees what is asked.
  const frame = field.closest(".field") ?? field;
  frame.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
}
