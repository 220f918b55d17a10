"""Segments, delimiters and characters: what every X12 transaction has in common.

Reading is strict where a mistake would change the meaning, and patient with what real files have:
a byte-order mark, line ends before or after the terminator, indentation, an ISA that is not 106
bytes. Writing uses the basic character set only (X12.6, section 3.3.1), so that no delimiter can
occur in data: see `texts`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing.x12.errors import Code, Defect, X12Error, refuse_for

BLANK = " \t\r\n"
"""White space around segments. Not `str.isspace`: 0x1C to 0x1F count there, and 0x1D is a terminator."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ISA = re.compile(r"(?:\A|(?<=[^A-Za-z0-9]))ISA(?=([^A-Za-z0-9\s])[A-Za-z0-9]{2}\1)")
_ISA_ELEMENTS = 16
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a file is refused: bytes, segments, elements, characters."""

    file_bytes: int = 20_000_000
    segments: int = 1_000_000
    elements: int = 100
    element_length: int = 500


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four characters of an interchange; `repetition` is empty where ISA11 is the old `U`."""

    element: str = "*"
    component: str = ":"
    terminator: str = "~"
    repetition: str = "^"


OURS = Delimiters()
"""What is written. None of the four can occur in data: see `texts.BASIC`."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its id, its elements as they stand, and its place in the interchange from 1."""

    id: str
    elements: tuple[str, ...]
    position: int = 0

    def get(self, number: int) -> str:
        """The element of that number, from 1; empty when the segment ends before it."""
        return self.elements[number - 1] if number <= len(self.elements) else ""

    def defect(self, code: Code, message: str, element: int = 0) -> Defect:
        """A defect that stands in this segment."""
        return Defect(code, message, self.id, self.position, element)


# ----------------------------------------------------------------------------- reading


def decode(content: bytes, limits: Limits = LIMITS) -> str:
    """The text of a file: UTF-8 without its byte-order mark, else Latin-1.

    Raises `X12Error` SYNTAX for an empty file, one larger than the limit and for a NUL byte.
    """
    if len(content) > limits.file_bytes:
        raise X12Error(Defect(Code.SYNTAX, f"file of more than {limits.file_bytes} bytes"))
    if b"\x00" in content:
        raise X12Error(Defect(Code.SYNTAX, f"NUL at byte {content.index(0) + 1}"))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.removeprefix(_BYTE_ORDER_MARK).lstrip(BLANK)


def interchange_texts(text: str) -> Iterator[str]:
    """Each interchange of a file as its own text, in order, whatever its delimiters are.

    Raises `X12Error` SYNTAX when the file does not begin with an ISA.
    """
    starts = [found.start() for found in _ISA.finditer(text)]
    if not starts or starts[0] != 0:
        raise X12Error(Defect(Code.SYNTAX, "does not begin with ISA", "ISA", 1))
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[start:end]


def delimiters_of(text: str) -> Delimiters:
    """The delimiters of an interchange, from its ISA.

    Element: the fourth character. Component: the one after the sixteenth separator. Terminator:
    the one between that and the next segment; a line end may stand on either side of it, and is
    itself the terminator where nothing else stands there.
    Raises `X12Error` SYNTAX for an ISA of another shape and DELIMITERS for an impossible choice.
    """
    element = text[3]
    parts = text.split(element, _ISA_ELEMENTS)
    if len(parts) <= _ISA_ELEMENTS or not parts[-1]:
        raise X12Error(Defect(Code.SYNTAX, "ISA with fewer than 16 elements", "ISA", 1))
    between = re.match(
        rf"(.[^A-Za-z0-9]*?)(?=[A-Z][A-Z0-9]{{1,2}}{re.escape(element)})", parts[16][1:], re.S
    )
    gap = between.group(1) if between else parts[16][1:2]
    terminator = gap.strip(BLANK) or gap[-1:]
    if len(terminator) != 1 or len(parts[11]) != 1:
        raise X12Error(Defect(Code.SYNTAX, "ISA whose end or ISA11 is not understood", "ISA", 1))
    repetition = "" if parts[11] == "U" else parts[11]
    found = Delimiters(element, parts[16][0], terminator, repetition)
    refuse_for(_clashes(found))
    return found


def _clashes(found: Delimiters) -> list[Defect]:
    named = [
        ("element", found.element),
        ("component", found.component),
        ("terminator", found.terminator),
        ("repetition separator", found.repetition),
    ]
    named = [(name, character) for name, character in named if character]
    clashes = [
        f"{name} and {other} are the same character {_shown(character)}"
        for index, (name, character) in enumerate(named)
        for other, again in named[index + 1 :]
        if character == again
    ]
    clashes += [
        f"{name} is the letter, digit or blank {_shown(character)}"
        for name, character in named
        if character.isalnum() or character == " "
    ]
    return [Defect(Code.DELIMITERS, message, "ISA", 1) for message in clashes]


def _shown(character: str) -> str:
    return character if character.isprintable() and character != " " else f"0x{ord(character):02X}"


def segments_of(text: str, delimiters: Delimiters, limits: Limits = LIMITS) -> list[Segment]:
    """The segments of one interchange, without the white space around them.

    Raises `X12Error` SYNTAX for a control character, an empty segment and an exceeded limit.
    """
    _refuse_control_characters(text, delimiters)
    pieces = text.split(delimiters.terminator)
    if delimiters.terminator in BLANK:  # then blank lines are no segments, and the last needs none
        pieces = [*(each for each in pieces if each.strip(BLANK)), ""]
    if pieces[-1].strip(BLANK):
        raise X12Error(Defect(Code.SYNTAX, "last segment without terminator", "", len(pieces)))
    if len(pieces) > limits.segments:
        raise X12Error(Defect(Code.SYNTAX, f"more than {limits.segments} segments"))
    return [
        _segment(piece.strip(BLANK), position, delimiters.element, limits)
        for position, piece in enumerate(pieces[:-1], start=1)
    ]


def _refuse_control_characters(text: str, delimiters: Delimiters) -> None:
    for found in _CONTROL.finditer(text):
        if found.group() != delimiters.terminator:
            before = text.count(delimiters.terminator, 0, found.start())
            message = f"control character {_shown(found.group())}"
            raise X12Error(Defect(Code.SYNTAX, message, position=before + 1))


def _segment(piece: str, position: int, separator: str, limits: Limits) -> Segment:
    name, *elements = piece.split(separator)
    name = name.upper()
    if not piece:
        raise X12Error(Defect(Code.SYNTAX, "empty segment", "", position))
    if len(elements) > limits.elements:
        message = f"{name} with more than {limits.elements} elements"
        raise X12Error(Defect(Code.SYNTAX, message, name, position))
    for number, value in enumerate(elements, start=1):
        if len(value) > limits.element_length:
            message = f"{name}{number:02d} longer than {limits.element_length} characters"
            raise X12Error(Defect(Code.SYNTAX, message, name, position, number))
    return Segment(name, tuple(elements), position)


def render(segments: Sequence[Segment], delimiters: Delimiters = OURS) -> str:
    """The text of segments, each with its terminator: what `segments_of` reads."""
    return "".join(
        delimiters.element.join((each.id, *each.elements)) + delimiters.terminator
        for each in segments
    )
