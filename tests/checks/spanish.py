"""How the Spanish is written, as far as a program can tell: blanks, signs, and one word a term.

The signs are those of Spanish in the United States: “ ” and no « », with ¿ and ¡ where they belong.
Which word stands for which term is data, `[terms]` of words.toml; what the terms mean stands in
docs/glossary.md.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_FIELD = re.compile(r"%\(\w+\)[a-z]|\{[^}]*\}|<[^>]+>")
_DAY = r"(?:\{(?:date2?|day|last)\}|%\((?:date|day)\)s)"
_ON_A_DAY = re.compile(rf"\b(?:on|since|until|before|through|by|of) {_DAY}")
_EL_DAY = re.compile(rf"\b(?:el|del|al) {_DAY}", re.IGNORECASE)
_WHOLE_WORD = r"(?<![\w-])(?:{})(?![\w-])"


@dataclass(frozen=True)
class Terms:
    """English terms as patterns of whole words, each with the pattern that its Spanish shows."""

    spanish_of: Mapping[re.Pattern[str], re.Pattern[str]]
    excused: frozenset[str]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Terms":
        """From the table `terms` of words.toml, with the messages that are excused from it."""
        patterns = {
            re.compile(_WHOLE_WORD.format(english), re.I): re.compile(spanish, re.I)
            for english, spanish in told["terms"].items()
            if english != "excused"
        }
        return cls(patterns, frozenset(told["terms"].get("excused", {})))

    def faults(self, english: str, spanish: str) -> Iterator[str]:
        """The terms of the English for which the Spanish has another word than its own."""
        said = _FIELD.sub("", english)
        for term, word in () if english in self.excused else self.spanish_of.items():
            found = term.search(said)
            if found and not word.search(spanish):
                yield f'"{found[0]}" without "{word.pattern}"'


def faults(english: str, spanish: str) -> Iterator[str]:
    """What is wrong with how one message is written, whatever its words."""
    if spanish != spanish.strip() or "  " in spanish:
        yield "a blank too many"
    if any(spanish.count(sign) != spanish.count(other) for sign, other in ("¿?", "¡!")):
        yield "¿ ? or ¡ ! is not a pair"
    if re.search('[«»"]', spanish) or english.count("“") != spanish.count("“"):
        yield "other quotes than “ ”, or not as many as the English"
    if _ending(english) != _ending(spanish):
        yield "another sign at the end than the English"
    if {_is_large(english), _is_large(spanish)} == {True, False} and not english[:2].isupper():
        yield "a capital at the beginning, or none, unlike the English"
    if len(_ON_A_DAY.findall(english)) > len(_EL_DAY.findall(spanish)):
        yield "a day in a sentence without el, del or al"


def _ending(text: str) -> str:
    return text[-1] if text[-1:] in tuple(".:?!…") else ""


def _is_large(text: str) -> bool | None:
    """Whether it begins with a capital; None where it begins with a value or a number."""
    first = text.lstrip("¿¡“(")[:1]
    return first.isupper() if first.isalpha() else None
