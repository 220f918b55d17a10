// Copying: [data-copy] puts the text of the field with that id on the clipboard, and says so. Without a clipboard the text is selected.
import { say } from "./toasts.js";

export function watchCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(document.getElementById(button.dataset.copy));
  });
}

async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return;
  }
  say("copied", "success");
}
