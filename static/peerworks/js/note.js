// The writing page of a note. After the first saved draft the note has an address of its own: the page takes it on, so that a tab that is
// opened again shows the draft. A form that is sent waits for a draft that is under way, so that the two do not meet as strangers.

const form = document.getElementById("note");
const line = () => document.querySelector('[data-saved-state="note"]');

form?.addEventListener("peerworks:saved", (event) => {
  const { version, write_url: write, draft_url: draft, verdict_url: verdict } = event.detail;
  form.elements.version.value = version;
  if (!write || form.dataset.autosave === draft) return;
  form.dataset.autosave = draft;
  form.action = write;
  history.replaceState(history.state, "", write);
  const box = document.getElementById("note-verdict");
  box?.setAttribute("hx-post", verdict);
  if (box) window.htmx?.process(box);
});

// On the window, so that it comes before the page's other listeners.
window.addEventListener("submit", waitForDraft, true);

async function waitForDraft(event) {
  if (event.target !== form || line()?.dataset.state !== "busy") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  for (let tries = 0; tries < 50 && line()?.dataset.state === "busy"; tries += 1) await pause(100);
  line().dataset.state = "";
  form.requestSubmit(submitter);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
