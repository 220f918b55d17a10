"""Every message of the product: from Python by Babel, from templates through Django's `templatize`.

`templatize` blanks out all of a template but its messages, which it writes as calls of `gettext`;
Babel's extractor for Python then reads both. No program outside Python is needed.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("peerworks", "providers", "training", "supervision", "billing")
SPANISH = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"

_SIMPLE = ("_", "gettext", "gettext_lazy", "gettext_noop")
_PLURAL = ("ngettext", "ngettext_lazy")
_CONTEXT = ("pgettext", "pgettext_lazy")
_CONTEXT_PLURAL = ("npgettext", "npgettext_lazy")
KEYWORDS = (
    dict.fromkeys(_SIMPLE)
    | dict.fromkeys(_PLURAL, (1, 2))
    | dict.fromkeys(_CONTEXT, ((1, "c"), 2))
    | dict.fromkeys(_CONTEXT_PLURAL, ((1, "c"), 2, 3))
)
#: Of no meaning here, and fixed so that a file written twice is the same file.
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

Key = tuple[str, str | None]


def empty_catalogue(locale: str = "es") -> Catalog:
    """A catalogue without messages whose head never changes."""
    return Catalog(
        locale=locale,
        project="PeerWorks",
        version="1",
        charset="utf-8",
        fuzzy=False,
        creation_date=_MOMENT,
        revision_date=_MOMENT,
    )


def key_of(message: Message) -> Key:
    """What a message is found by: its singular and its context."""
    return (singular_of(message), message.context)


def singular_of(message: Message) -> str:
    """The English of one."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation, one text a plural form; empty texts where there is none."""
    text = message.string or ""
    return (text,) if isinstance(text, str) else tuple(str(each) for each in text)


def extracted(root: Path = ROOT) -> Catalog:
    """All messages of the code under `root`, with the files that they stand in."""
    catalogue = empty_catalogue()
    for path in sources(root):
        where = path.relative_to(root).as_posix()
        for _line, text, comments, context in _messages_of(path):
            catalogue.add(text, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalogue


def sources(root: Path) -> Iterator[Path]:
    """The Python files and the templates that hold messages, in a fixed order."""
    python = (path for package in PACKAGES for path in (root / package).rglob("*.py"))
    yield from sorted(path for path in python if "migrations" not in path.parts)
    templates = root / "templates"
    yield from sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")])


def _messages_of(path: Path) -> Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = _as_python(templatize(text, origin=str(path)))
    return extract(
        "python",
        io.BytesIO(text.encode()),
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        options={"encoding": "utf-8"},
        strip_comment_tags=True,
    )


def _as_python(text: str) -> str:
    """Without the indentation, which means something to Python and nothing to a template."""
    return "\n".join(line.strip() for line in text.splitlines())
