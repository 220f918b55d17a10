"""The files of the product, for tests about the code itself."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("peerworks", "providers", "training", "supervision", "billing")
#: Made by tools, or not ours.
_FOREIGN = {".git", ".venv", ".local", "__pycache__", "htmlcov", "test-results", "node_modules"}
_BINARY = {".png", ".woff2", ".ico", ".mo", ".pyc", ".gz"}
_DJANGO_COMMENT = re.compile(r"\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", re.DOTALL)


def name_of(path: Path) -> str:
    """The path from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()


def files() -> Iterator[Path]:
    """Every text file that belongs to the product."""
    yield from sorted(path for path in _below(ROOT) if path.suffix not in _BINARY)


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in _FOREIGN and not path.name.endswith("_cache"):
                if path.name != ".hypothesis":
                    yield from _below(path)
        elif not path.name.startswith((".coverage", ".env")) or path.name == ".env.example":
            yield path


def python(*, tests: bool = False, migrations: bool = False) -> Iterator[Path]:
    """Our Python files; those of the tests and the migrations on request."""
    for path in files():
        top = path.relative_to(ROOT).parts[0]
        if path.suffix != ".py" or (not migrations and "migrations" in path.parts):
            continue
        if top in PACKAGES or (tests and top == "tests"):
            yield path


def templates() -> Iterator[Path]:
    """Our templates: pages, components and the texts of mails."""
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def template_name(path: Path) -> str:
    """The name that a template is asked for by."""
    return path.relative_to(ROOT / "templates").as_posix()


def without_comments(text: str) -> str:
    """A template without what nobody sees."""
    return _DJANGO_COMMENT.sub("", text)


def lines_with(paths: Iterator[Path], pattern: str, *, excused: dict[str, str]) -> list[str]:
    """Where a pattern stands, as `file:line: text`; files that are excused by name are left out."""
    wanted = re.compile(pattern)
    return [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in paths
        if name_of(path) not in excused
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if wanted.search(line)
    ]
