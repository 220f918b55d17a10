// What every page loads. Each module looks for its own marks in the page and does nothing without them.
import { watchForms } from "./forms.js";
import { watchKeys } from "./keys.js";
import { watchMenus } from "./menus.js";
import { watchUnsaved } from "./unsaved.js";
import { watchAutosave } from "./autosave.js";
import { watchSession } from "./session.js";
import { watchStepUp } from "./stepup.js";
import { watchStay } from "./stay.js";
import { watchPrint } from "./print.js";
import { watchCopy } from "./copy.js";
import { watchToasts } from "./toasts.js";

function watch(root) {
  watchForms(root);
  watchUnsaved(root);
  watchAutosave(root);
}

watchSession();
watchStepUp();
watchStay();
watchPrint();
watchCopy();
watchMenus();
watchKeys();
watchToasts();
watch(document);
// Parts that htmx brings in later.
document.addEventListener("htmx:load", (event) => watch(event.target));
