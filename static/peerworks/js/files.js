// Lists what is chosen in a field of files (input[data-files]), says at once what is too large, too many or empty, and lets one
// be taken back. Nothing is sent before: a file that would be refused costs no waiting. The server checks all of it again.

const SIZES = [[1e6, "MB", 1], [1e3, "kB", 0]];

for (const input of document.querySelectorAll("input[data-files]")) watch(input);

function watch(input) {
  const list = document.createElement("ul");
  list.className = "due files";
  const said = document.createElement("p");
  said.className = "field-error";
  said.setAttribute("role", "status");
  input.before(said);
  input.after(list);
  input.addEventListener("change", () => show(input, list, said));
  input.form.addEventListener("submit", (event) => {
    if (!problems(input).length) return;
    event.preventDefault();
    event.stopPropagation();
    show(input, list, said);
    input.focus();
  });
}

function show(input, list, said) {
  const found = problems(input);
  said.textContent = found.join(" ");
  if (found.length) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  list.replaceChildren(...[...input.files].map((file) => line(input, file, () => show(input, list, said))));
}

function problems(input) {
  const files = [...input.files];
  const found = files.filter((file) => wrong(input, file)).map((file) => `${file.name}: ${wrong(input, file)}`);
  return files.length > Number(input.dataset.most) ? [input.dataset.tooMany, ...found] : found;
}

function wrong(input, file) {
  if (!file.size) return input.dataset.empty;
  return file.size > Number(input.dataset.mostBytes) ? input.dataset.tooBig : "";
}

function line(input, file, again) {
  const item = document.createElement("li");
  const words = document.createElement("div");
  words.append(file.name, below("muted num", inWords(file.size)));
  if (wrong(input, file)) words.append(below("file-wrong", wrong(input, file)));
  item.append(words, picture(file), remover(input, file, again));
  return item;
}

function below(look, text) {
  const line = document.createElement("div");
  line.className = look;
  line.textContent = text;
  return line;
}

function inWords(size) {
  const [unit, name, digits] = SIZES.find(([each]) => size >= each) ?? SIZES.at(-1);
  return `${(size / unit).toFixed(digits)} ${name}`;
}

function remover(input, file, again) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn-quiet";
  const name = document.createElement("span");
  name.className = "visually-hidden";
  name.textContent = ` ${file.name}`;
  button.append(input.dataset.remove, name);
  button.addEventListener("click", () => {
    const kept = new DataTransfer();
    for (const each of input.files) if (each !== file) kept.items.add(each);
    input.files = kept.files;
    again();
    input.focus();
  });
  return button;
}

// Drawn, not linked: the policy of the page lets no picture in by an address of its own.
function picture(file) {
  const canvas = document.createElement("canvas");
  canvas.className = "file-picture";
  canvas.width = canvas.height = 0;
  canvas.setAttribute("aria-hidden", "true");
  if (file.type.startsWith("image/")) draw(file, canvas);
  return canvas;
}

async function draw(file, canvas) {
  try {
    const small = await createImageBitmap(file, { resizeHeight: 96 });
    canvas.width = small.width;
    canvas.height = small.height;
    canvas.getContext("2d").drawImage(small, 0, 0);
    small.close();
  } catch {
    canvas.remove();
  }
}
