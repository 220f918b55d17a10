// A button that prints the page: [data-print].

export function watchPrint() {
  document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && window.print());
}
