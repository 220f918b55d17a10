"""Reads an 837P into the values of `claim_837p`: what the writer wrote, and as much of others' files
as those values hold.

The envelope is judged strictly (see `envelope`). Inside a set the reader keeps what it knows and
lists every other segment, and every segment with an element it does not know, in
`Batch837.unread`: nothing is passed over in silence.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from billing.x12.claim_837p import (
    MODIFIERS_A_LINE,
    Address,
    Batch837,
    BillingProvider,
    Claim,
    ClaimSet,
    Line,
    Payer837,
    Receiver,
    RenderingProvider,
    ServiceFacility,
    Submitter,
    Subscriber,
    SupervisingProvider,
    Unread,
)
from billing.x12.envelope import (
    Envelope,
    Group,
    TransactionSet,
    read_day,
    read_one,
    read_time,
    unreadable,
)
from billing.x12.errors import Code, Defect, X12Error
from billing.x12.syntax import LIMITS, Limits, Segment

_KIND = "837"
_AMOUNT = re.compile(r"([0-9]{1,16})?(?:\.([0-9]{0,2}))?")
_OTHER = "other"  # a loop that these values do not hold
_LEVELS = {"20": "billing", "22": "person", "23": "patient"}  # HL03
_LOOPS = {
    ("header", "41"): "1000A",
    ("header", "40"): "1000B",
    ("billing", "85"): "2010AA",
    ("billing", "87"): "2010AB",
    ("person", "IL"): "2010BA",
    ("person", "PR"): "2010BB",
    ("claim", "82"): "2310B",
    ("claim", "77"): "2310C",
    ("claim", "DQ"): "2310D",
    ("line", "82"): "2420A",
}
"""The loops that a name (NM101) begins, by the level it stands in."""

_NOTHING: Mapping[int, str] = {}
_ORGANIZATION_46 = {2: "2", 8: "46"}
_ORGANIZATION_NPI = {2: "2", 8: "XX"}
_TAXONOMY = {2: "PXC"}
_SIGNATURES = {6: "Y", 7: "A", 8: "Y", 9: "Y"}


def read_837p(content: bytes, limits: Limits = LIMITS) -> Batch837:
    """The batch in a file of one interchange with one functional group.

    Raises `X12Error` as `envelope.read_one` does, SYNTAX for several groups, EMPTY for a set without
    a claim and CONTENT for an element that cannot be read.
    """
    envelope = read_one(content, limits)
    if len(envelope.groups) != 1:
        raise X12Error(Defect(Code.SYNTAX, f"{len(envelope.groups)} groups, expected one", "GS"))
    return batches_of(envelope)[0]


def batches_of(envelope: Envelope) -> tuple[Batch837, ...]:
    """The batches of an interchange that has been read, one for each functional group."""
    return tuple(_batch(envelope, each) for each in envelope.groups)


def _batch(envelope: Envelope, group: Group) -> Batch837:
    readers = [_SetReader(each, envelope.delimiters.component) for each in group.sets]
    sets = tuple(each.claim_set() for each in readers)
    unread = tuple(segment for each in readers for segment in each.unread())
    return Batch837(envelope.interchange, group.header, sets, unread)


# ----------------------------------------------------------------- a set, cut into its loops


@dataclass(slots=True)
class _Loop:
    """The segments of one loop, and the positions of those that were understood in full."""

    name: str
    segments: list[Segment] = field(default_factory=list)
    understood: set[int] = field(default_factory=set)

    def take(
        self,
        name: str,
        first: str = "",
        *,
        read: Collection[int] = (),
        fixed: Mapping[int, str] = _NOTHING,
    ) -> Segment:
        """The first segment of that id (and first element), an empty one where there is none.

        `read` are the numbers of the elements that the caller reads, `fixed` the only value that
        another may have. A segment that says anything else stays among the unread.
        """
        for segment in self.segments:
            if segment.id == name and (not first or segment.get(1) == first):
                break
        else:
            return Segment(name, (), self.segments[0].position if self.segments else 0)
        for number, value in enumerate(segment.elements, 1):
            known = number in read or (number == 1 and first) or fixed.get(number) == value
            if value and not known:
                return segment
        self.understood.add(segment.position)
        return segment

    def doubt(self, segment: Segment) -> None:
        """Put a segment back among the unread: a part of one of its elements is not known."""
        self.understood.discard(segment.position)

    def unread(self) -> Iterator[Unread]:
        """The segments that were not understood in full."""
        for each in self.segments:
            if each.position not in self.understood and each.id not in ("ST", "SE"):
                yield Unread(each.id, each.position)


def _loops(segments: Sequence[Segment]) -> Iterator[tuple[str, _Loop]]:
    """The loops in order, each with its level."""
    level, loop = "header", _Loop("header")
    for each in segments:
        before, level = level, _level(each, level)
        started = _started(each, level)
        if started:
            yield before, loop
            loop = _Loop(started)
        loop.segments.append(each)
    yield level, loop


def _level(segment: Segment, level: str) -> str:
    match segment.id:
        case "HL":
            return _LEVELS.get(segment.get(3), _OTHER)
        case "CLM":
            return "claim"
        case "LX":
            return "line"
        case "SBR" if level == "claim":
            return "insurance"
    return level


def _started(segment: Segment, level: str) -> str:
    match segment.id:
        case "HL":
            return {"billing": "2000A", "person": "2000B"}.get(level, _OTHER)
        case "CLM":
            return "2300"
        case "LX":
            return "2400"
        case "NM1":
            return _LOOPS.get((level, segment.get(1)), _OTHER)
        case "SBR" if level == "insurance":
            return _OTHER
        case "SVD" | "LIN" | "LQ":
            return _OTHER
    return ""


@dataclass(slots=True)
class _ClaimLoops:
    """The loops of one claim by name; billing and person are shared with its neighbours."""

    billing: dict[str, _Loop]
    person: dict[str, _Loop]
    claim: dict[str, _Loop] = field(default_factory=dict)
    lines: list[dict[str, _Loop]] = field(default_factory=list)


class _SetReader:
    """Reads one transaction set, loop by loop, into flat claims."""

    def __init__(self, found: TransactionSet, component: str) -> None:
        self._found = found
        self._component = component
        self._all: list[_Loop] = []
        self._header: dict[str, _Loop] = {}
        self._claims: list[_ClaimLoops] = []
        self._shared: dict[int, tuple[BillingProvider, Subscriber, Payer837]] = {}

    def claim_set(self) -> ClaimSet:
        """The set; raises `X12Error` SYNTAX for another transaction, EMPTY and CONTENT."""
        first = self._found.segments[0]
        if self._found.kind != _KIND:
            message = f"ST01 is {self._found.kind}, expected {_KIND}"
            raise X12Error(first.defect(Code.SYNTAX, message, 1))
        self._nest()
        if not self._claims:
            raise X12Error(first.defect(Code.EMPTY, "transaction set without a claim"))
        begin = self._header["header"].take("BHT", read=(2, 3, 4, 5, 6), fixed={1: "0019"})
        return ClaimSet(
            control=self._found.control,
            reference=begin.get(3),
            day=read_day(begin, 4),
            time=read_time(begin, 5),
            submitter=_submitter(_in(self._header, "1000A")),
            receiver=_receiver(_in(self._header, "1000B")),
            claims=tuple(self._claim(each) for each in self._claims),
            kind=begin.get(6),
            purpose=begin.get(2),
        )

    def unread(self) -> Iterator[Unread]:
        """What of the set these values do not hold, in the order of the file."""
        return (segment for loop in self._all for segment in loop.unread())

    def _nest(self) -> None:
        billing: dict[str, _Loop] = {}
        person: dict[str, _Loop] = {}
        for level, loop in _loops(self._found.segments):
            self._all.append(loop)
            if loop.name == "2000A":
                billing, person = {}, {}
            elif loop.name == "2000B":
                person = {}
            elif loop.name == "2300":
                self._claims.append(_ClaimLoops(billing, person))
            scopes = {"header": self._header, "billing": billing, "person": person}
            if level in ("claim", "line"):
                scopes[level] = self._scope_in_claim(level, loop)
            scopes.get(level, {}).setdefault(loop.name, loop)

    def _scope_in_claim(self, level: str, loop: _Loop) -> dict[str, _Loop]:
        if not self._claims:
            raise X12Error(loop.segments[0].defect(Code.SYNTAX, "line before its claim"))
        claim = self._claims[-1]
        if loop.name == "2400":
            claim.lines.append({})
        return claim.lines[-1] if level == "line" else claim.claim

    def _claim(self, loops: _ClaimLoops) -> Claim:
        billing, subscriber, payer = self._parties(loops)
        loop = loops.claim["2300"]
        clm = loop.take("CLM", loop.segments[0].get(1), read=(2, 5, 20), fixed=_SIGNATURES)
        place, kind, frequency = self._parts(clm.get(5), 3)
        if kind != "B":
            loop.doubt(clm)
        return Claim(
            number=clm.get(1),
            billing=billing,
            subscriber=subscriber,
            payer=payer,
            charge=_cents(clm, 2),
            place=place,
            diagnoses=self._diagnoses(loop),
            lines=tuple(self._line(each) for each in loops.lines),
            frequency=frequency,
            authorization=loop.take("REF", "G1", read=(2,)).get(2),
            payer_claim_number=loop.take("REF", "F8", read=(2,)).get(2),
            record_number=loop.take("REF", "EA", read=(2,)).get(2),
            note=loop.take("NTE", "ADD", read=(2,)).get(2),
            delay_reason=clm.get(20),
            rendering=_rendering(loops.claim.get("2310B")),
            facility=_facility(loops.claim.get("2310C")),
            supervising=_supervising(loops.claim.get("2310D")),
        )

    def _parties(self, loops: _ClaimLoops) -> tuple[BillingProvider, Subscriber, Payer837]:
        if not (loops.billing and loops.person):
            first = loops.claim["2300"].segments[0]
            raise X12Error(first.defect(Code.SYNTAX, "claim outside the levels 20 and 22"))
        key = id(loops.person)
        if key not in self._shared:
            billing, subscriber = _billing(loops.billing), _subscriber(loops.person)
            self._shared[key] = billing, subscriber, _payer(_in(loops.person, "2010BB"))
        return self._shared[key]

    def _diagnoses(self, loop: _Loop) -> tuple[str, ...]:
        segment = loop.take("HI", read=range(1, 13))
        pairs = [self._parts(each, 2) for each in segment.elements]
        if any(kind != ("ABF" if index else "ABK") for index, (kind, _) in enumerate(pairs)):
            loop.doubt(segment)
        return tuple(value for kind, value in pairs if kind in ("ABK", "ABF"))

    def _line(self, loops: dict[str, _Loop]) -> Line:
        loop = loops["2400"]
        loop.take("LX", read=(1,))
        service = loop.take("SV1", read=(1, 2, 4, 5, 7), fixed={3: "UN"})
        qualifier, procedure, *modifiers = service.get(1).split(self._component)
        if qualifier != "HC" or len(modifiers) > MODIFIERS_A_LINE:
            loop.doubt(service)
        day, until = _days(loop.take("DTP", "472", read=(2, 3)))
        return Line(
            code=procedure,
            charge=_cents(service, 2),
            units=_whole(service, 4),
            day=day,
            reference=loop.take("REF", "6R", read=(2,)).get(2),
            pointers=self._pointers(service),
            modifiers=tuple(modifiers[:MODIFIERS_A_LINE]),
            until=until,
            place=service.get(5),
            authorization=loop.take("REF", "G1", read=(2,)).get(2),
            rendering=_rendering(loops.get("2420A")),
        )

    def _pointers(self, service: Segment) -> tuple[int, ...]:
        found = service.get(7).split(self._component) if service.get(7) else []
        if not all(re.fullmatch("[0-9]{1,2}", each) for each in found):
            raise unreadable(service, 7, "list of pointers")
        return tuple(int(each) for each in found)

    def _parts(self, value: str, count: int) -> list[str]:
        """The components of an element, filled up or cut to `count`; more of them come back as
        part of the last, so that they cannot pass for it."""
        parts = value.split(self._component, count - 1)
        return parts + [""] * (count - len(parts))


# ------------------------------------------------------------------------- single loops


def _in(loops: Mapping[str, _Loop], name: str) -> _Loop:
    return loops.get(name) or _Loop(name)


def _submitter(loop: _Loop) -> Submitter:
    named = loop.take("NM1", "41", read=(3, 9), fixed=_ORGANIZATION_46)
    contact = loop.take("PER", "IC", read=(2, 3, 4, 5, 6, 7, 8))
    ways = {contact.get(n): contact.get(n + 1) for n in (3, 5, 7) if contact.get(n)}
    if not ways.keys() <= {"TE", "EM"}:
        loop.doubt(contact)
    phone, email = ways.get("TE", ""), ways.get("EM", "")
    return Submitter(named.get(3), named.get(9), contact.get(2), phone, email)


def _receiver(loop: _Loop) -> Receiver:
    named = loop.take("NM1", "40", read=(3, 9), fixed=_ORGANIZATION_46)
    return Receiver(named.get(3), named.get(9))


def _billing(loops: Mapping[str, _Loop]) -> BillingProvider:
    level, loop = _in(loops, "2000A"), _in(loops, "2010AA")
    level.take("HL", read=(1, 2, 3, 4))
    named = loop.take("NM1", "85", read=(3, 9), fixed=_ORGANIZATION_NPI)
    pay_to = loops.get("2010AB")
    if pay_to:
        pay_to.take("NM1", "87", fixed={2: "2"})
    return BillingProvider(
        name=named.get(3),
        npi=named.get(9),
        taxonomy=level.take("PRV", "BI", read=(3,), fixed=_TAXONOMY).get(3),
        ein=loop.take("REF", "EI", read=(2,)).get(2),
        address=_address(loop) or Address("", "", "", ""),
        pay_to=_address(pay_to) if pay_to else None,
    )


def _subscriber(loops: Mapping[str, _Loop]) -> Subscriber:
    level, loop = _in(loops, "2000B"), _in(loops, "2010BA")
    level.take("HL", read=(1, 2, 3, 4))
    order = level.take("SBR", read=(1, 9), fixed={2: "18"})
    named = loop.take("NM1", "IL", read=(3, 4, 5, 7, 9), fixed={2: "1", 8: "MI"})
    born = loop.take("DMG", "D8", read=(2, 3))
    return Subscriber(
        last_name=named.get(3),
        first_name=named.get(4),
        member_id=named.get(9),
        birth_date=read_day(born, 2) if born.get(2) else None,
        sex=born.get(3),
        address=_address(loop),
        middle_name=named.get(5),
        suffix=named.get(7),
        order=order.get(1),
        filing=order.get(9),
    )


def _payer(loop: _Loop) -> Payer837:
    named = loop.take("NM1", "PR", read=(3, 9), fixed={2: "2", 8: "PI"})
    return Payer837(named.get(3), named.get(9), loop.take("REF", "G2", read=(2,)).get(2))


def _address(loop: _Loop) -> Address | None:
    street, city = loop.take("N3", read=(1, 2)), loop.take("N4", read=(1, 2, 3))
    if not (street.elements or city.elements):
        return None
    return Address(street.get(1), city.get(1), city.get(2), city.get(3), street.get(2))


def _rendering(loop: _Loop | None) -> RenderingProvider | None:
    if loop is None:
        return None
    named, other = _professional(loop, "82")
    taxonomy = loop.take("PRV", "PE", read=(3,), fixed=_TAXONOMY).get(3)
    return RenderingProvider(
        named.get(3), named.get(4), named.get(9), named.get(5), other.get(1), other.get(2), taxonomy
    )


def _supervising(loop: _Loop | None) -> SupervisingProvider | None:
    if loop is None:
        return None
    named, other = _professional(loop, "DQ")
    return SupervisingProvider(
        named.get(3), named.get(4), named.get(9), named.get(5), other.get(1), other.get(2)
    )


def _professional(loop: _Loop, role: str) -> tuple[Segment, Segment]:
    named = loop.take("NM1", role, read=(3, 4, 5, 9), fixed={2: "1", 8: "XX"})
    return named, loop.take("REF", read=(1, 2))


def _facility(loop: _Loop | None) -> ServiceFacility | None:
    if loop is None:
        return None
    named = loop.take("NM1", "77", read=(3, 9), fixed=_ORGANIZATION_NPI)
    address = _address(loop) or Address("", "", "", "")
    return ServiceFacility(named.get(3), address, named.get(9))


def _days(period: Segment) -> tuple[dt.date, dt.date | None]:
    if period.get(2) != "RD8":
        return read_day(period, 3), None
    first, _, last = period.get(3).partition("-")
    both = [Segment("DTP", ("", "", each), period.position) for each in (first, last)]
    return read_day(both[0], 3), read_day(both[1], 3)


def _whole(segment: Segment, element: int) -> int:
    found = re.fullmatch(r"([0-9]{1,8})(?:\.0*)?", segment.get(element))
    if not found:
        raise unreadable(segment, element, "whole number")
    return int(found[1])


def _cents(segment: Segment, element: int) -> int:
    found = _AMOUNT.fullmatch(segment.get(element))
    if not found or not (found[1] or found[2]):
        raise unreadable(segment, element, "amount in dollars and cents")
    return int(found[1] or 0) * 100 + int((found[2] or "").ljust(2, "0"))
