"""What may stand in an element that is written: the basic character set, lengths and forms.

The duty not to send a delimiter inside data is the sender's (X12.6, section 3.4). So every text of
a claim passes through the `Form` of its dataclass before it is written. Names are folded into the
basic set ("Muñoz" is sent as MUNOZ), identifiers are only trimmed and upper-cased, and what does
not fit after that is refused: nothing is ever cut or dropped.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar

from billing.x12.errors import Code, Defect, refuse_for

BASIC = r"A-Z0-9 !\"&'()+,\-./;?="
"""The characters that are written, as the inside of a regular-expression class: the basic set
without the delimiters of `syntax.OURS`."""

_NOT_BASIC = re.compile(f"[^{BASIC}]")
_JOINER = "*"  # no form can match it, so joined texts cannot run into one another
_INVISIBLE = "Cf"  # Unicode category: zero-width joiners, soft hyphens, direction marks
_MARK = "Mn"  # Unicode category: what is left of an accent when its letter is taken apart

_T = TypeVar("_T")

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʻ`´′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("ØøǾǿ", "O"),
        **dict.fromkeys("Łł", "L"),
        **dict.fromkeys("ĐđÐð", "D"),
        **dict.fromkeys("Ħħ", "H"),
        "Æ": "AE",
        "æ": "AE",
        "Œ": "OE",
        "œ": "OE",
        "Þ": "TH",
        "þ": "TH",
        "ı": "I",
        "#": " ",  # "Apt #4" is sent as APT 4
    }
)


def fold(text: str) -> str:
    """The text in the basic set: upper case, without accents, single blanks; as the payer sees it.

    Pages show this beside a name, since a folded name can miss the payer's record of it. Characters
    that have no counterpart stay as they are; `unsendable` names them.
    """
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = (each for each in apart if unicodedata.category(each) not in (_MARK, _INVISIBLE))
    return " ".join("".join(kept).upper().split())


def unsendable(text: str) -> tuple[str, ...]:
    """The names of the characters that are in the text and not in the basic set, each once."""
    found = dict.fromkeys(_NOT_BASIC.findall(text))
    return tuple(unicodedata.name(each, f"U+{ord(each):04X}") for each in found)


@dataclass(frozen=True, slots=True)
class Field:
    """A text attribute: its name, the element it stands in, and what may stand there.

    `folded` is true for names and other free text; the rest is at most trimmed and upper-cased.
    """

    name: str
    element: str
    pattern: str
    folded: bool = False
    most: int = 0  # 0: the pattern alone says how long

    def treated(self, text: str) -> str:
        """The text as it would be sent; an identifier outside ASCII is left, to be refused."""
        if self.folded:
            return fold(text)
        return text.strip().upper() if text.isascii() else text

    def defect(self, text: str, where: str) -> Defect | None:
        """Why this (treated) text cannot be sent, without repeating it, or None when it can."""
        if re.fullmatch(self.pattern, text):
            return None
        return self.refused(*self._why(text), where)

    def refused(self, code: Code, message: str, where: str) -> Defect:
        """A defect of this element; the message begins with its name."""
        segment, number = self.element[:-2], int(self.element[-2:])
        return Defect(code, f"{self.element} {message}", segment, element=number, where=where)

    def _why(self, text: str) -> tuple[Code, str]:
        if self.most and len(text) > self.most:
            return Code.LENGTH, f"has {len(text)} characters, at most {self.most} can be sent"
        if not text:
            return Code.LENGTH, "is missing"
        if unsendable(text):
            return Code.CHARACTER, f"holds {', '.join(unsendable(text))}, which cannot be sent"
        return Code.FORM, "is not of its form"


def name(attribute: str, element: str, most: int, least: int = 0) -> Field:
    """A name or other free text: folded into the basic set, `least` to `most` characters."""
    return Field(attribute, element, _of_length(least, most), True, most)  # noqa: FBT003


def identifier(attribute: str, element: str, most: int, least: int = 0) -> Field:
    """An identifier: trimmed and upper-cased, never folded, `least` to `most` characters."""
    return Field(attribute, element, _of_length(least, most), most=most)


def code(attribute: str, element: str, pattern: str) -> Field:
    """A code of a fixed form: trimmed and upper-cased."""
    return Field(attribute, element, pattern)


def _of_length(least: int, most: int) -> str:
    some = rf"(?! )[{BASIC}]{{{max(least, 1)},{most}}}(?<! )"
    return some if least else f"(?:{some})?"


class Form(Generic[_T]):
    """The texts of a dataclass, in order, and what each must be like.

    `many` is an attribute that holds a tuple of texts, `fewest` to `most` of them; they come last.
    One regular expression answers for an object whose texts need nothing but capitals, which is
    nearly every object; only the others are looked at text by text.
    """

    def __init__(
        self, *fields: Field, many: Field | None = None, fewest: int = 0, most: int = 0
    ) -> None:
        self._fields = fields
        self._many = many
        self._fewest, self._most = fewest, most
        self._one = attrgetter(*(each.name for each in fields))
        self._all = attrgetter(many.name) if many else None
        joined = rf"\{_JOINER}".join(each.pattern for each in fields)
        repeated = rf"(?:\{_JOINER}{many.pattern}){{{fewest},{most}}}" if many else ""
        self._matches = re.compile(joined + repeated).fullmatch

    def texts(self, value: _T) -> list[str]:
        """The texts of the object as they are sent, in the order of the form.

        Raises `X12Error` with every text that cannot be sent: CHARACTER, LENGTH or FORM.
        """
        texts = self._ready(value)
        if texts is not None:
            return texts
        refuse_for(self.defects(value))
        return [field.treated(text) for field, text in self._pairs(value)]

    def defects(self, value: _T, where: str = "") -> list[Defect]:
        """What keeps the texts of this object from being sent; `where` is the claim number (CLM01)."""
        if self._ready(value) is not None:
            return []
        asked = (field.defect(field.treated(text), where) for field, text in self._pairs(value))
        return [*(each for each in asked if each), *self._miscounted(value, where)]

    def _ready(self, value: _T) -> list[str] | None:
        """The texts, where capitals are all they need; None where each must be looked at."""
        given = self._given(value)
        joined = _JOINER.join(given)
        if not joined.isascii() or "  " in joined:
            return None
        joined = joined.upper()
        texts = joined.split(_JOINER)
        return texts if len(texts) == len(given) and self._matches(joined) else None

    def _given(self, value: _T) -> tuple[str, ...]:
        one: tuple[str, ...] = self._one(value)
        return one if self._all is None else (*one, *self._all(value))

    def _pairs(self, value: _T) -> Iterator[tuple[Field, str]]:
        yield from zip(self._fields, self._one(value), strict=True)
        if self._many and self._all:
            yield from ((self._many, text) for text in self._all(value))

    def _miscounted(self, value: _T, where: str) -> Iterator[Defect]:
        if self._many and self._all:
            count = len(self._all(value))
            if not self._fewest <= count <= self._most:
                message = f"stands {count} times, {self._fewest} to {self._most} can be sent"
                yield self._many.refused(Code.LENGTH, message, where)
