"""The envelope of an X12 file: interchange (ISA, IEA), functional group (GS, GE), set (ST, SE).

Writing gives the headers, counts and control numbers. Reading refuses a whole interchange for any
defect of its envelope, names all of them, and gives nothing of its content: a unit is the
interchange, and several in one file are each a unit of their own.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from billing.x12.errors import Code, Defect, X12Error, refuse_for
from billing.x12.syntax import (
    LIMITS,
    OURS,
    Delimiters,
    Limits,
    Segment,
    decode,
    delimiters_of,
    interchange_texts,
    segments_of,
)
from billing.x12.texts import Form, code, identifier

_ISA_VERSION = "00501"
_GUIDES = re.compile(r"005010X(?:222|221|214|212|231|230|279)(?:A[12])?")
_HIGHEST_CONTROL = 999_999_999
_CENTURY = 2000  # ISA09 has two digits; X12 5010 is younger than that
_END = "end of file"
_SET_ENDS = ("SE", "ST", "GE", "GS", "IEA", "ISA", _END)
_QUALIFIER = "[0-9A-Z]{2}"


@dataclass(frozen=True, slots=True)
class Interchange:
    """The header and trailer of a file (ISA, IEA): who sends to whom, when, and under what number.

    `control` (ISA13) is never used twice for a receiver. `is_test` is ISA15. `acknowledge` asks for
    a TA1. `newlines` puts a line end after each segment, for people and for payers that want it.
    """

    sender_id: str
    receiver_id: str
    control: int
    day: dt.date
    time: dt.time
    is_test: bool
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    acknowledge: bool = False
    newlines: bool = False


@dataclass(frozen=True, slots=True)
class GroupHeader:
    """The header of a functional group (GS): its codes, its number and its guide.

    `kind` is HC for claims. `control` (GS06) comes back in the 999.
    """

    sender: str
    receiver: str
    control: int
    day: dt.date
    time: dt.time
    version: str
    kind: str = "HC"


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """A set as it was read: `segments` from ST to SE, so that a position from 1 is index plus 1."""

    kind: str
    control: str
    version: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A functional group as it was read."""

    header: GroupHeader
    sets: tuple[TransactionSet, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """An interchange whose envelope holds: its delimiters, groups and TA1 segments."""

    interchange: Interchange
    delimiters: Delimiters
    groups: tuple[Group, ...]
    acknowledgements: tuple[Segment, ...] = ()


# ----------------------------------------------------------------------------- writing

_INTERCHANGE = Form[Interchange](
    code("sender_qualifier", "ISA05", _QUALIFIER),
    identifier("sender_id", "ISA06", 15, 1),
    code("receiver_qualifier", "ISA07", _QUALIFIER),
    identifier("receiver_id", "ISA08", 15, 1),
)
_GROUP = Form[GroupHeader](
    code("kind", "GS01", "[A-Z]{2}"),
    identifier("sender", "GS02", 15, 2),
    identifier("receiver", "GS03", 15, 2),
    code("version", "GS08", _GUIDES.pattern),
)


def write_envelope(interchange: Interchange, group: GroupHeader, sets: Sequence[str]) -> bytes:
    """The file around finished transaction sets (see `write_set`), in one functional group.

    Raises `X12Error` for an id that cannot be sent or a control number that is not 1 to 999999999.
    """
    refuse_for([*_control(interchange.control, "ISA13"), *_control(group.control, "GS06")])
    text = "".join(
        (
            _isa(interchange),
            _gs(group),
            *sets,
            f"GE*{len(sets)}*{group.control}~",
            f"IEA*1*{interchange.control:09d}~",
        )
    )
    if interchange.newlines:
        text = text.replace(OURS.terminator, OURS.terminator + "\n")
    return text.encode("ascii")


def write_set(kind: str, control: str, version: str, body: str) -> str:
    """A transaction set around its body: ST, the body, SE with the count of all segments."""
    count = body.count(OURS.terminator) + 2
    return f"ST*{kind}*{control}*{version}~{body}SE*{count}*{control}~"


def day(value: dt.date) -> str:
    """A day as elements hold it: CCYYMMDD."""
    return value.isoformat().replace("-", "")


def time(value: dt.time) -> str:
    """A time as elements hold it: HHMM; seconds are not sent."""
    return f"{value.hour:02d}{value.minute:02d}"


def _isa(to: Interchange) -> str:
    sender_kind, sender, receiver_kind, receiver = _INTERCHANGE.texts(to)
    return (
        f"ISA*00*{'':10}*00*{'':10}*{sender_kind}*{sender:15}*{receiver_kind}*{receiver:15}"
        f"*{day(to.day)[2:]}*{time(to.time)}*{OURS.repetition}*{_ISA_VERSION}*{to.control:09d}"
        f"*{int(to.acknowledge)}*{'T' if to.is_test else 'P'}*{OURS.component}~"
    )


def _gs(header: GroupHeader) -> str:
    kind, sender, receiver, version = _GROUP.texts(header)
    when = f"{day(header.day)}*{time(header.time)}"
    return f"GS*{kind}*{sender}*{receiver}*{when}*{header.control}*X*{version}~"


def _control(number: int, element: str) -> list[Defect]:
    if 1 <= number <= _HIGHEST_CONTROL:
        return []
    message = f"{element} is not 1 to {_HIGHEST_CONTROL}"
    return [Defect(Code.FORM, message, element[:-2], element=int(element[-2:]))]


# ----------------------------------------------------------------------------- reading


def read_file(content: bytes, limits: Limits = LIMITS) -> tuple[Envelope | X12Error, ...]:
    """What each interchange of a file is, in order: its envelope, or why it is refused.

    Raises `X12Error` SYNTAX where not even the interchanges can be told apart.
    """
    return tuple(
        _read_or_error(each, limits) for each in interchange_texts(decode(content, limits))
    )


def read_one(content: bytes, limits: Limits = LIMITS) -> Envelope:
    """The envelope of a file that holds one interchange; raises `X12Error` otherwise."""
    first, *others = read_file(content, limits)
    if isinstance(first, X12Error):
        raise first
    if others:
        message = f"{len(others) + 1} interchanges in one file, expected one"
        raise X12Error(Defect(Code.SYNTAX, message, "ISA"))
    return first


def _read_or_error(text: str, limits: Limits) -> Envelope | X12Error:
    try:
        delimiters = delimiters_of(text)
        segments = segments_of(text, delimiters, limits)
        _refuse_other_versions(segments)
        return _Walk(segments, delimiters, newlines="\n" in text).envelope()
    except X12Error as error:
        return error


def _refuse_other_versions(segments: Sequence[Segment]) -> None:
    guides = [each.get(8) for each in segments if each.id == "GS"]
    isa = segments[0]
    wrong = [each for each in guides if not _GUIDES.fullmatch(each)]
    if isa.get(12) == _ISA_VERSION and not wrong:
        return
    found = [f"ISA12 {isa.get(12)}", *(f"GS08 {each}" for each in dict.fromkeys(wrong or guides))]
    raise X12Error(isa.defect(Code.VERSION, f"{', '.join(found)}: only 005010 is read", 12))


class _Walk:
    """One pass over the segments of an interchange, from its ISA to its IEA."""

    def __init__(self, segments: Sequence[Segment], delimiters: Delimiters, newlines: bool) -> None:
        self._segments = segments
        self._delimiters = delimiters
        self._newlines = newlines
        self._next = 0
        self._defects: list[Defect] = []

    def envelope(self) -> Envelope:
        """The envelope, or `X12Error` with all defects of counts and control numbers."""
        isa = self._take("ISA")
        acknowledgements, groups = [], []
        while self._id() == "TA1":
            acknowledgements.append(self._take("TA1"))
        while self._id() == "GS":
            groups.append(self._group())
        trailer = self._take("IEA")
        if self._id() != _END:
            raise X12Error(self._segments[self._next].defect(Code.SYNTAX, "segment after IEA"))
        self._compare(trailer, len(groups), isa, 13)
        refuse_for(self._defects)
        found = _interchange(isa, self._newlines)
        return Envelope(found, self._delimiters, tuple(groups), tuple(acknowledgements))

    def _group(self) -> Group:
        header = self._take("GS")
        sets = []
        while self._id() == "ST":
            sets.append(self._set())
        self._compare(self._take("GE"), len(sets), header, 6)
        return Group(_group_header(header), tuple(sets))

    def _set(self) -> TransactionSet:
        first = self._next
        header = self._take("ST")
        while self._id() not in _SET_ENDS:
            self._next += 1
        trailer = self._take("SE")
        segments = tuple(self._segments[first : self._next])
        self._compare(trailer, len(segments), header, 2)
        return TransactionSet(header.get(1), header.get(2), header.get(3), segments)

    def _id(self) -> str:
        return self._segments[self._next].id if self._next < len(self._segments) else _END

    def _take(self, name: str) -> Segment:
        if self._id() != name:
            message = f"{name} expected, {self._id()} found"
            raise X12Error(Defect(Code.SYNTAX, message, name, self._next + 1))
        self._next += 1
        return self._segments[self._next - 1]

    def _compare(self, trailer: Segment, count: int, header: Segment, number: int) -> None:
        stated, control, expected = trailer.get(1), trailer.get(2), header.get(number)
        if not (stated.isascii() and stated.isdecimal() and int(stated) == count):
            message = f"{trailer.id}01={stated} actual {count}"
            self._defects.append(trailer.defect(Code.COUNT, message, 1))
        if control != expected:
            message = f"{trailer.id}02={control} {header.id}{number:02d}={expected}"
            self._defects.append(trailer.defect(Code.CONTROL, message, 2))


def _interchange(isa: Segment, newlines: bool) -> Interchange:
    return Interchange(
        sender_id=isa.get(6).strip(),
        receiver_id=isa.get(8).strip(),
        control=read_number(isa, 13),
        day=read_day(isa, 9, century=_CENTURY),
        time=read_time(isa, 10),
        is_test=isa.get(15) == "T",
        sender_qualifier=isa.get(5),
        receiver_qualifier=isa.get(7),
        acknowledge=isa.get(14) == "1",
        newlines=newlines,
    )


def _group_header(gs: Segment) -> GroupHeader:
    return GroupHeader(
        sender=gs.get(2),
        receiver=gs.get(3),
        control=read_number(gs, 6),
        day=read_day(gs, 4),
        time=read_time(gs, 5),
        version=gs.get(8),
        kind=gs.get(1),
    )


def read_number(segment: Segment, element: int) -> int:
    """A whole number without sign; raises `X12Error` CONTENT."""
    if not re.fullmatch("[0-9]{1,15}", segment.get(element)):
        raise unreadable(segment, element, "whole number")
    return int(segment.get(element))


def read_day(segment: Segment, element: int, *, century: int = 0) -> dt.date:
    """A day: CCYYMMDD, or YYMMDD of a century; raises `X12Error` CONTENT."""
    value = segment.get(element)
    found = re.fullmatch("([0-9]{2}|[0-9]{4})([0-9]{2})([0-9]{2})", value)
    if not found or (len(found[1]) == 2) != bool(century):
        raise unreadable(segment, element, "day")
    try:
        return dt.date(century + int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise unreadable(segment, element, "day") from error


def read_time(segment: Segment, element: int) -> dt.time:
    """A time: HHMM, what follows is not kept; raises `X12Error` CONTENT."""
    found = re.fullmatch("([01][0-9]|2[0-3])([0-5][0-9])[0-9]{0,4}", segment.get(element))
    if not found:
        raise unreadable(segment, element, "time")
    return dt.time(int(found[1]), int(found[2]))


def unreadable(segment: Segment, element: int, kind: str) -> X12Error:
    """The error for an element that is not of its kind; it does not repeat the content."""
    message = f"{segment.id}{element:02d} is not a {kind}"
    return X12Error(segment.defect(Code.CONTENT, message, element))
