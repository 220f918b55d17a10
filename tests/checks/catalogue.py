"""Whether the Spanish catalogue is complete and plain, and the command that keeps it so.

    python -m tests.checks.catalogue                        check
    python -m tests.checks.catalogue --write [--from DIR]   bring it up to date, then check

`--write` keeps every translation that the code still asks for, drops the others, adds the new
messages without a translation, takes in those of the `*.po` files in DIR, and compiles `django.mo`.
"""

import argparse
import gettext
import io
import re
import string
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from peerworks.local.words import say
from tests.checks import spanish
from tests.checks.messages import (
    ROOT,
    SPANISH,
    Key,
    empty_catalogue,
    extracted,
    forms_of,
    key_of,
    singular_of,
)

WORDS = Path(__file__).with_name("words.toml")
_PERCENT = re.compile(r"%\((\w+)\)[a-z]")
_HEAD = """\
# The Spanish of PeerWorks, for colleagues in the United States.
# Messages are added and dropped by `make translations`; only the msgstr lines are written by hand.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: es\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@dataclass(frozen=True)
class PlainWords:
    """The words that a language's messages do not use, and the messages that may be the same."""

    forbidden: dict[str, dict[str, str]]
    excused: frozenset[str]
    same: frozenset[str]
    terms: spanish.Terms

    @classmethod
    def read(cls, path: Path = WORDS) -> "PlainWords":
        """From the data file beside this module."""
        told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        forbidden = told["forbidden"]
        return cls(
            {language: forbidden[language] for language in ("en", "es")},
            frozenset(forbidden["excused"]),
            frozenset(told["same"]["messages"]),
            spanish.Terms.of(told),
        )

    def in_text(self, text: str, language: str) -> Iterator[str]:
        """What the text should not say, with what it says instead."""
        for word, instead in self.forbidden[language].items():
            if text not in self.excused and re.search(rf"(?<![\w-]){word}(?![\w-])", text, re.I):
                yield f'says "{word}" ({instead})'


def read(path: Path) -> Catalog:
    """A catalogue file; an absent one is empty."""
    if not path.exists():
        return empty_catalogue()
    with path.open("rb") as file:
        catalogue = read_po(file, locale="es", abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = empty_catalogue().creation_date
    return catalogue


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """All but the head."""
    return (message for message in catalogue if message.id)


def fields_of(text: str) -> frozenset[str]:
    """The placeholders of a message: `%(name)s`, or `{name}` with the form that it asks for."""
    if _PERCENT.search(text):
        return frozenset(_PERCENT.findall(text))
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return frozenset({f"unreadable: {text}"})
    return frozenset(
        f"{name}:{form}" if form else name for _text, name, form, _how in parts if name is not None
    )


def differences(asked: Catalog, told: Catalog) -> Iterator[str]:
    """What the code asks for and the catalogue lacks, and the other way round."""
    wanted = {key_of(message): message for message in messages_of(asked)}
    there = {key_of(message): message for message in messages_of(told)}
    for key, message in wanted.items():
        if key not in there:
            yield f"not in the catalogue: {_named(message)}"
        else:
            yield from (f"{each}: {_named(message)}" for each in _faults(message, there[key]))
    for key in there.keys() - wanted.keys():
        yield f"the code no longer asks for: {_named(there[key])}"
    yield from (f"obsolete: {key}" for key in told.obsolete)


def _faults(asked: Message, told: Message) -> Iterator[str]:
    forms = forms_of(told)
    if not all(forms):
        yield "not translated" if not any(forms) else "a plural form is missing"
        return
    if told.fuzzy:
        yield "marked as fuzzy"
    english = [asked.id] if isinstance(asked.id, str) else list(asked.id)
    if len(english) != len(forms):
        yield "one of the two has a plural"
    elif any(not _fits(text, english, place) for place, text in enumerate(forms)):
        yield "other placeholders than the English"


def _fits(text: str, english: list[str], place: int) -> bool:
    """Has the placeholders of its English; the form for one may say "one" instead of a number."""
    fields, own, most = fields_of(text), fields_of(english[place]), fields_of(english[-1])
    return fields == own or (place < len(english) - 1 and own <= most and fields <= most)


def plain(told: Catalog, words: PlainWords) -> Iterator[str]:
    """Messages that use a word we do not use, and Spanish that is the English."""
    for message in messages_of(told):
        if not all(forms_of(message)):
            continue  # not translated, which is said already
        english = [message.id] if isinstance(message.id, str) else message.id
        for language, texts in (("en", english), ("es", forms_of(message))):
            for text in texts:
                for fault in words.in_text(str(text), language):
                    yield f"{fault}: {_named(message)}"
        if set(forms_of(message)) & set(english) and _is_prose(message, words):
            yield f"the Spanish is the English: {_named(message)}"


def written(told: Catalog, terms: spanish.Terms) -> Iterator[str]:
    """Spanish with a wrong sign or blank, or with another word for a term than the one agreed on."""
    for message in messages_of(told):
        english = [message.id] if isinstance(message.id, str) else message.id
        for ours, theirs in zip(english, forms_of(message), strict=False):
            for fault in (*spanish.faults(ours, theirs), *terms.faults(ours, theirs)):
                yield f"{fault}: {_named(message)}"


def _is_prose(message: Message, words: PlainWords) -> bool:
    text = singular_of(message)
    without_fields = re.sub(r"%\(\w+\)[a-z]|\{[^}]*\}", "", text)
    return text not in words.same and any(letter.isalpha() for letter in without_fields)


def _named(message: Message) -> str:
    where = ", ".join(sorted({str(file) for file, _line in message.locations}))
    context = f" [{message.context}]" if message.context else ""
    return f'"{singular_of(message)}"{context}' + (f" ({where})" if where else "")


def merged(asked: Catalog, told: Catalog, folders: Iterable[Path]) -> tuple[Catalog, list[str]]:
    """The messages that the code asks for with the translations there are, and what to know.

    A file of `folders` wins over the catalogue, since it is newer; between two such files that
    disagree the first one in order of name does, and both are named.
    """
    texts: dict[Key, tuple[str, ...]] = {
        key_of(message): forms_of(message) for message in messages_of(told)
    }
    news, notes = _taken_in(folders)
    result = empty_catalogue()
    for message in messages_of(asked):
        forms = news.get(key_of(message)) or texts.get(key_of(message), ())
        _put(result, message, forms)
    unasked = news.keys() - {key_of(message) for message in messages_of(asked)}
    notes += [f'the code does not ask for: "{text}"' for text, _context in sorted(unasked, key=str)]
    return result, notes


def _taken_in(folders: Iterable[Path]) -> tuple[dict[Key, tuple[str, ...]], list[str]]:
    news: dict[Key, tuple[str, ...]] = {}
    origin: dict[Key, str] = {}
    notes = []
    for path in sorted(path for folder in folders for path in folder.glob("*.po")):
        for message in messages_of(read(path)):
            key, forms = key_of(message), forms_of(message)
            if not all(forms) or message.fuzzy:
                continue
            if news.setdefault(key, forms) != forms:
                notes.append(f'{path.name} and {origin[key]} disagree on "{key[0]}"')
            origin.setdefault(key, path.name)
    return news, notes


def _put(result: Catalog, message: Message, forms: tuple[str, ...]) -> None:
    is_plural = not isinstance(message.id, str)
    fits = len(forms) == (2 if is_plural else 1)
    text: str | tuple[str, ...] = (forms if is_plural else forms[0]) if fits else ""
    result.add(
        message.id,
        string=text or None,
        locations=message.locations,
        auto_comments=message.auto_comments,
        context=message.context,
    )


def as_po(catalogue: Catalog) -> bytes:
    """The text of the catalogue file: sorted by message, files without line numbers."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return _HEAD.encode() + out.getvalue().strip(b"\n") + b"\n"


def as_mo(catalogue: Catalog) -> bytes:
    """The compiled catalogue."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def is_compiled(po: Path) -> bool:
    """Whether the compiled file beside it says what the catalogue says."""
    mo = po.with_suffix(".mo")
    return mo.exists() and _spoken(mo.read_bytes()) == _spoken(as_mo(read(po)))


def _spoken(compiled: bytes) -> dict[object, str]:
    catalogue: dict[object, str] = vars(gettext.GNUTranslations(io.BytesIO(compiled)))["_catalog"]
    return {key: text for key, text in catalogue.items() if key}


def problems(po: Path = SPANISH) -> list[str]:
    """All that is wrong with the catalogue, one line each."""
    asked, told, words = extracted(), read(po), PlainWords.read()
    found = [*differences(asked, told), *plain(told, words), *written(told, words.terms)]
    if not is_compiled(po):
        found.append("django.mo is not what django.po compiles to")
    return sorted(found)


def write(folders: Iterable[Path], po: Path = SPANISH) -> list[str]:
    """Bring the files up to date, and answer what somebody should look at."""
    catalogue, notes = merged(extracted(), read(po), folders)
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(as_po(catalogue))
    po.with_suffix(".mo").write_bytes(as_mo(read(po)))
    return notes


def _summary(found: list[str]) -> str:
    if not found:
        return "The catalogue is complete."
    told = f"{len(found)} problems in the catalogue."
    if any(each.startswith("not translated") for each in found):
        po = SPANISH.relative_to(ROOT)
        told += f" Fill the empty msgstr lines of {po}, then give: make translations"
    return told


def main(arguments: list[str] | None = None) -> int:
    """Answer 0 when the catalogue is as it should be, and else 1 after saying why."""
    parser = argparse.ArgumentParser(prog="python -m tests.checks.catalogue")
    parser.add_argument("--write", action="store_true", help="bring the catalogue up to date")
    parser.add_argument("--from", dest="folders", action="append", type=Path, default=[])
    options = parser.parse_args(arguments)
    for note in write(options.folders) if options.write else ():
        say(f"note: {note}")
    found = problems()
    for each in found:
        say(each)
    say(_summary(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
