"""Writes an 837P (005010X222A1) from the values of `claim_837p`.

The writer guarantees the syntax: counts, control numbers, hierarchy, order of segments, and texts
that fit their elements. Whether a payer would take the claim is asked before, by `checks`.
"""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from billing.x12.claim_837p import (
    ADDRESS,
    BILLING,
    CLAIM,
    CLAIM_SET,
    CLAIMS_A_SET,
    FACILITY,
    LINE,
    LINES_A_CLAIM,
    PAYER,
    POINTERS_A_LINE,
    RECEIVER,
    RENDERING,
    SUBMITTER,
    SUBSCRIBER,
    SUPERVISING,
    Address,
    Batch837,
    BillingProvider,
    Claim,
    ClaimSet,
    Line,
    Payer837,
    RenderingProvider,
    ServiceFacility,
    Subscriber,
    SupervisingProvider,
)
from billing.x12.envelope import day, time, write_envelope, write_set
from billing.x12.errors import Code, Defect, X12Error

_KIND = "837"
_Key = TypeVar("_Key", bound=Hashable)


class ClaimPlace(NamedTuple):
    """Where a claim stands: `set_control` is its ST02, `first` and `last` count segments from ST as
    1, both included. A 999 names a segment; this tells which claim it belongs to.

    The segments of the person and payer belong to the first of the claims that share them.
    """

    number: str
    set_control: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file and where each of its claims stands in it, in order."""

    content: bytes
    places: tuple[ClaimPlace, ...]


def write_837p(batch: Batch837) -> bytes:
    """The bytes of a batch of claims.

    Raises `X12Error` with CHARACTER, LENGTH or FORM for what no element can hold, and EMPTY for a
    batch, a set or a claim with nothing in it; nothing is ever cut.
    """
    return written_837p(batch).content


def written_837p(batch: Batch837) -> Written:
    """The bytes of a batch with the place of each claim; raises as `write_837p`."""
    if not batch.sets:
        raise X12Error(Defect(Code.EMPTY, "batch without a transaction set"))
    _refuse_repeated_controls(batch)
    places: list[ClaimPlace] = []
    sets = [_SetWriter(each, batch.group.version, places).text() for each in batch.sets]
    return Written(write_envelope(batch.interchange, batch.group, sets), tuple(places))


def _refuse_repeated_controls(batch: Batch837) -> None:
    controls = [each.control for each in batch.sets]
    if len(set(controls)) < len(controls):
        raise X12Error(Defect(Code.FORM, "ST02 is used twice in the group", "ST", element=2))


class _Memo(dict[_Key, str]):
    """Texts of values that come again and again in a batch: made once, then looked up."""

    def __init__(self, make: Callable[[_Key], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: _Key) -> str:
        text = self[key] = self._make(key)
        return text


class _SetWriter:
    """Writes one transaction set, keeping the numbers of the hierarchy and of the segments."""

    def __init__(self, claims: ClaimSet, version: str, places: list[ClaimPlace]) -> None:
        self._set = claims
        self._version = version
        self._places = places
        self._parts: list[str] = []
        self._written = 1  # segments so far: ST
        self._levels = 0
        self._billing_level = 0
        self._billing: BillingProvider | None = None
        self._subscriber: Subscriber | None = None
        self._payer: Payer837 | None = None
        self._days = _Memo[dt.date](day)
        self._pointers = _Memo[tuple[int, ...]](_pointers)
        self._payers = _Memo[Payer837](_payer)
        self._rendering = _Memo[RenderingProvider | None](_rendering)

    def text(self) -> str:
        """The set from ST to SE."""
        claims = self._set.claims
        if not 1 <= len(claims) <= CLAIMS_A_SET:
            code = Code.LENGTH if claims else Code.EMPTY
            raise X12Error(Defect(code, f"{len(claims)} claims, 1 to {CLAIMS_A_SET} a set", "ST"))
        control, heading = _heading(self._set)
        self._add(heading)
        for each in claims:
            try:
                self._add_claim(each, control)
            except X12Error as error:
                named = (replace(defect, where=each.number) for defect in error.defects)
                raise X12Error(*named) from error
        return write_set(_KIND, control, self._version, "".join(self._parts))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._written += text.count("~")

    def _add_claim(self, claim: Claim, control: str) -> None:
        if claim.billing != self._billing:
            self._start_billing(claim)
        first = self._written + 1
        person = self._start_person(claim) if self._is_other_person(claim) else ""
        number, *texts = CLAIM.texts(claim)
        self._add(f"{person}{self._claim(claim, number, texts)}")
        self._places.append(ClaimPlace(number, control, first, self._written))

    def _start_billing(self, claim: Claim) -> None:
        self._levels += 1
        self._billing_level = self._levels
        self._billing, self._subscriber = claim.billing, None
        self._add(f"HL*{self._levels}**20*1~{_billing(claim.billing)}")

    def _is_other_person(self, claim: Claim) -> bool:
        return claim.subscriber != self._subscriber or claim.payer != self._payer

    def _start_person(self, claim: Claim) -> str:
        self._levels += 1
        self._subscriber, self._payer = claim.subscriber, claim.payer
        return (
            f"HL*{self._levels}*{self._billing_level}*22*0~"
            f"{self._person(claim.subscriber)}{self._payers[claim.payer]}"
        )

    def _person(self, person: Subscriber) -> str:
        last, first, middle, suffix, member_id, sex, order, filing = SUBSCRIBER.texts(person)
        address = _address(person.address) if person.address else ""
        born = f"DMG*D8*{self._days[person.birth_date]}*{sex}~" if person.birth_date else ""
        return (
            f"SBR*{order}*18*******{filing}~"
            f"NM1*IL*1*{last}*{first}*{middle}**{suffix}*MI*{member_id}~{address}{born}"
        )

    def _claim(self, claim: Claim, number: str, texts: list[str]) -> str:
        place, frequency, delay, authorization, payers_number, record, note, *diagnoses = texts
        if not 1 <= len(claim.lines) <= LINES_A_CLAIM:
            raise _refused("LX", 1, f"{len(claim.lines)} lines, 1 to {LINES_A_CLAIM} can be sent")
        if claim.charge < 0:
            raise _refused("CLM", 2, "is below zero")
        lines = [self._line(each, at) for at, each in enumerate(claim.lines, 1)]
        return (
            f"CLM*{number}*{_amount(claim.charge)}***{place}:B:{frequency}*Y*A*Y*Y"
            f"{'***********' + delay if delay else ''}~"
            f"{f'REF*G1*{authorization}~' if authorization else ''}"
            f"{f'REF*F8*{payers_number}~' if payers_number else ''}"
            f"{f'REF*EA*{record}~' if record else ''}"
            f"{f'NTE*ADD*{note}~' if note else ''}"
            f"HI*ABK:{'*ABF:'.join(diagnoses)}~{self._rendering[claim.rendering]}"
            f"{_facility(claim.facility) if claim.facility else ''}"
            f"{_supervising(claim.supervising) if claim.supervising else ''}{''.join(lines)}"
        )

    def _line(self, line: Line, at: int) -> str:
        reference, place, authorization, *codes = LINE.texts(line)
        if line.charge < 0:
            raise _refused("SV1", 2, "is below zero")
        if line.units < 1:
            raise _refused("SV1", 4, "is below one")
        days = f"D8*{self._days[line.day]}"
        if line.until is not None:
            days = f"RD8*{self._days[line.day]}-{self._days[line.until]}"
        return (
            f"LX*{at}~SV1*HC:{':'.join(codes)}*{_amount(line.charge)}*UN*{line.units}*{place}**"
            f"{self._pointers[line.pointers]}~DTP*472*{days}~"
            f"{f'REF*G1*{authorization}~' if authorization else ''}REF*6R*{reference}~"
            f"{self._rendering[line.rendering]}"
        )


# ------------------------------------------------------------------- segments of each loop


def _segment(*elements: str) -> str:
    return "*".join(elements).rstrip("*") + "~"


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _heading(claims: ClaimSet) -> tuple[str, str]:
    control, reference, kind, purpose = CLAIM_SET.texts(claims)
    sender, sender_id, contact, phone, email = SUBMITTER.texts(claims.submitter)
    receiver, receiver_id = RECEIVER.texts(claims.receiver)
    ways = (("TE", phone), ("EM", email))
    reached = [part for way, value in ways if value for part in (way, value)]
    return control, (
        f"BHT*0019*{purpose}*{reference}*{day(claims.day)}*{time(claims.time)}*{kind}~"
        f"NM1*41*2*{sender}*****46*{sender_id}~{_segment('PER', 'IC', contact, *reached)}"
        f"NM1*40*2*{receiver}*****46*{receiver_id}~"
    )


def _billing(billing: BillingProvider) -> str:
    name, npi, taxonomy, ein = BILLING.texts(billing)
    return (
        f"{f'PRV*BI*PXC*{taxonomy}~' if taxonomy else ''}{_organization('85', name, npi)}"
        f"{_address(billing.address)}REF*EI*{ein}~"
        f"{f'NM1*87*2~{_address(billing.pay_to)}' if billing.pay_to else ''}"
    )


def _payer(payer: Payer837) -> str:
    name, payer_id, billing_id = PAYER.texts(payer)
    number = f"REF*G2*{billing_id}~" if billing_id else ""
    return f"NM1*PR*2*{name}*****PI*{payer_id}~{number}"


def _address(address: Address) -> str:
    street, second, city, state, zip_code = ADDRESS.texts(address)
    return f"N3*{street}{f'*{second}' if second else ''}~N4*{city}*{state}*{zip_code}~"


def _rendering(provider: RenderingProvider | None) -> str:
    if provider is None:
        return ""
    *person, taxonomy = RENDERING.texts(provider)
    return _professional("82", person, f"PRV*PE*PXC*{taxonomy}~" if taxonomy else "")


def _supervising(provider: SupervisingProvider) -> str:
    return _professional("DQ", SUPERVISING.texts(provider), "")


def _professional(role: str, texts: list[str], taxonomy: str) -> str:
    last, first, middle, npi, other_kind, other_id = texts
    known_by = ("XX", npi) if npi else ()
    other = f"REF*{other_kind}*{other_id}~" if other_id else ""
    return f"{_segment('NM1', role, '1', last, first, middle, '', '', *known_by)}{taxonomy}{other}"


def _facility(facility: ServiceFacility) -> str:
    name, npi = FACILITY.texts(facility)
    return f"{_organization('77', name, npi)}{_address(facility.address)}"


def _organization(role: str, name: str, npi: str) -> str:
    known_by = ("XX", npi) if npi else ()
    return _segment("NM1", role, "2", name, "", "", "", "", *known_by)


def _pointers(pointers: tuple[int, ...]) -> str:
    if not 1 <= len(pointers) <= POINTERS_A_LINE:
        message = f"SV107 has {len(pointers)} pointers, 1 to {POINTERS_A_LINE} can be sent"
        raise X12Error(Defect(Code.LENGTH, message, "SV1", element=7))
    return ":".join(map(str, pointers))


def _refused(segment: str, element: int, message: str) -> X12Error:
    return X12Error(Defect(Code.FORM, f"{segment}{element:02d} {message}", segment, 0, element))
