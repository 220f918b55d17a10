// Printing: [data-print] prints the page, and paper says the moment in which it was printed, not that in which the page was opened.

export function watchPrint() {
  document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && window.print());
  window.addEventListener("beforeprint", setMoment);
}

function setMoment() {
  for (const each of document.querySelectorAll("[data-printed]")) {
    const language = document.documentElement.lang === "es" ? "es-US" : "en-US";
    const form = { dateStyle: "long", timeStyle: "short", timeZone: each.dataset.zone };
    each.textContent = new Intl.DateTimeFormat(language, form).format(new Date());
  }
}
