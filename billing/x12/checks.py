"""What payers reject and no syntax shows: rules for a batch before it is sent.

Pure functions over the values of `claim_837p`; an empty answer means nothing known stands against
sending. What needs the payer's own settings (its places, limits, rates, authorizations) is judged
by the gates. Source: 005010X222A1 and its usage notes, as far as no validator checks them.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

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
    Professional,
    Subscriber,
)
from billing.x12.errors import Defect
from peerworks.lib.identifiers import (
    is_ein,
    is_icd10_shape,
    is_npi,
    is_taxonomy,
    is_telephone,
    is_zip_plus_4,
    names_a_box,
)

CLAIM_NUMBER_MOST = 17
"""The guide allows 20 characters in CLM01; some payers cut at 17, and then no answer matches."""

_OLDEST = 120  # years
_OWN_NUMBER = re.compile("[A-Z0-9]+")


class Rule(StrEnum):
    """What is wrong; pages translate it."""

    TEXT = "TEXT"  # a text that cannot be sent: see the message
    NPI = "NPI"  # check digit
    TAXONOMY = "TAXONOMY"
    EIN = "EIN"
    STREET = "STREET"  # a post-office box as the billing address
    ZIP = "ZIP"  # the billing address needs all nine digits
    PHONE = "PHONE"  # ten digits, area and exchange beginning with 2 to 9
    CONTACT = "CONTACT"  # neither phone nor e-mail
    PROVIDER_ID = "PROVIDER_ID"  # neither NPI nor another number, or the number without its kind
    BIRTH_DATE = "BIRTH_DATE"  # missing, in the future or over 120 years ago
    SEX = "SEX"
    ADDRESS = "ADDRESS"  # the subscriber is the patient, so it is required
    CLAIM_NUMBER = "CLAIM_NUMBER"  # too long, or not capitals and digits
    CLAIM_TWICE = "CLAIM_TWICE"
    CLAIMS = "CLAIMS"  # none in a set, or more than 5,000
    SET_TWICE = "SET_TWICE"
    LINES = "LINES"  # none in a claim, or more than 50
    CHARGE = "CHARGE"  # not above zero
    CLAIM_CHARGE = "CLAIM_CHARGE"  # not the sum of its lines
    ORIGINAL = "ORIGINAL"  # a replacement or void without the payer's claim number
    DIAGNOSIS = "DIAGNOSIS"  # not of the form of an ICD-10-CM code
    DIAGNOSIS_TWICE = "DIAGNOSIS_TWICE"
    POINTER = "POINTER"  # none, more than 4, twice the same, or to no diagnosis
    MODIFIER_TWICE = "MODIFIER_TWICE"
    UNITS = "UNITS"
    DAY = "DAY"  # in the future, or a period that ends before it begins
    LINE_TWICE = "LINE_TWICE"  # same code, modifiers, day and provider
    REFERENCE_TWICE = "REFERENCE_TWICE"


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that does not hold: on which claim (CLM01) and line (from 1), in which element.

    `claim` is empty for the set, `line` 0 for the claim. `message` is set for TEXT only.
    """

    rule: Rule
    segment: str
    element: int
    claim: str = ""
    line: int = 0
    message: str = ""


def problems(batch: Batch837, *, on: dt.date) -> tuple[Problem, ...]:
    """All that is known to stand against sending this batch on that day."""
    claims = [each for one in batch.sets for each in one.claims]
    return (
        *(found for each in batch.sets for found in _of_set(each)),
        *_repeated(Rule.SET_TWICE, "ST", 2, (each.control for each in batch.sets)),
        *(found for each in claims for found in claim_problems(each, on=on)),
        *(
            Problem(Rule.CLAIM_TWICE, "CLM", 1, number)
            for number, count in Counter(each.number for each in claims).items()
            if count > 1
        ),
    )


def claim_problems(claim: Claim, *, on: dt.date) -> list[Problem]:
    """What stands against one claim on that day, whatever batch it will be in."""
    return [
        *_of_billing(claim.billing, claim.number),
        *_of_subscriber(claim.subscriber, claim.number, on),
        *_texts(PAYER.defects(claim.payer, claim.number)),
        *_of_claim(claim),
        *_of_professionals(claim),
        *(
            found
            for at, line in enumerate(claim.lines, 1)
            for found in _of_line(line, at, claim, on)
        ),
        *_of_lines_together(claim),
    ]


def _texts(defects: Iterable[Defect], line: int = 0) -> Iterator[Problem]:
    for each in defects:
        yield Problem(Rule.TEXT, each.segment, each.element, each.where, line, each.message)


def _repeated(
    rule: Rule,
    segment: str,
    element: int,
    values: Iterable[Hashable],
    claim: str = "",
    line: int = 0,
) -> Iterator[Problem]:
    if any(count > 1 for count in Counter(values).values()):
        yield Problem(rule, segment, element, claim, line)


def _of_set(claims: ClaimSet) -> Iterator[Problem]:
    yield from _texts(CLAIM_SET.defects(claims))
    yield from _texts(SUBMITTER.defects(claims.submitter))
    yield from _texts(RECEIVER.defects(claims.receiver))
    if not 1 <= len(claims.claims) <= CLAIMS_A_SET:
        yield Problem(Rule.CLAIMS, "ST", 0)
    if claims.submitter.phone and not is_telephone(claims.submitter.phone):
        yield Problem(Rule.PHONE, "PER", 4)
    if not (claims.submitter.phone or claims.submitter.email):
        yield Problem(Rule.CONTACT, "PER", 4)


def _of_billing(billing: BillingProvider, where: str) -> Iterator[Problem]:
    yield from _texts(BILLING.defects(billing, where))
    yield from _texts(ADDRESS.defects(billing.address, where))
    if billing.pay_to:
        yield from _texts(ADDRESS.defects(billing.pay_to, where))
    if billing.npi and not is_npi(billing.npi):
        yield Problem(Rule.NPI, "NM1", 9, where)
    if billing.taxonomy and not is_taxonomy(billing.taxonomy):
        yield Problem(Rule.TAXONOMY, "PRV", 3, where)
    if not is_ein(billing.ein):
        yield Problem(Rule.EIN, "REF", 2, where)
    yield from _of_billing_address(billing.address, where)


def _of_billing_address(address: Address, where: str) -> Iterator[Problem]:
    if names_a_box(address.street) or names_a_box(address.street_2):
        yield Problem(Rule.STREET, "N3", 1, where)
    if not is_zip_plus_4(address.zip_code):
        yield Problem(Rule.ZIP, "N4", 3, where)


def _of_subscriber(person: Subscriber, where: str, on: dt.date) -> Iterator[Problem]:
    yield from _texts(SUBSCRIBER.defects(person, where))
    born = person.birth_date
    if born is None or not on.year - _OLDEST <= born.year or born > on:
        yield Problem(Rule.BIRTH_DATE, "DMG", 2, where)
    if person.sex not in ("F", "M", "U"):
        yield Problem(Rule.SEX, "DMG", 3, where)
    if person.address is None:
        yield Problem(Rule.ADDRESS, "N3", 1, where)
    else:
        yield from _texts(ADDRESS.defects(person.address, where))


def _of_claim(claim: Claim) -> Iterator[Problem]:
    where = claim.number
    yield from _texts(CLAIM.defects(claim, where))
    if len(where) > CLAIM_NUMBER_MOST or not _OWN_NUMBER.fullmatch(where):
        yield Problem(Rule.CLAIM_NUMBER, "CLM", 1, where)
    if not 1 <= len(claim.lines) <= LINES_A_CLAIM:
        yield Problem(Rule.LINES, "LX", 1, where)
    if claim.charge <= 0:
        yield Problem(Rule.CHARGE, "CLM", 2, where)
    if claim.charge != sum(each.charge for each in claim.lines):
        yield Problem(Rule.CLAIM_CHARGE, "CLM", 2, where)
    if claim.frequency in ("7", "8") and not claim.payer_claim_number:
        yield Problem(Rule.ORIGINAL, "REF", 2, where)
    if not all(map(is_icd10_shape, claim.diagnoses)):
        yield Problem(Rule.DIAGNOSIS, "HI", 1, where)
    yield from _repeated(Rule.DIAGNOSIS_TWICE, "HI", 1, claim.diagnoses, where)


def _of_professionals(claim: Claim) -> Iterator[Problem]:
    where = claim.number
    people = [
        (0, claim.rendering),
        *((at, each.rendering) for at, each in enumerate(claim.lines, 1)),
    ]
    for at, person in people:
        if person:
            yield from _texts(RENDERING.defects(person, where), at)
            yield from _of_professional(person, where, at)
            if person.taxonomy and not is_taxonomy(person.taxonomy):
                yield Problem(Rule.TAXONOMY, "PRV", 3, where, at)
    if claim.supervising:
        yield from _texts(SUPERVISING.defects(claim.supervising, where))
        yield from _of_professional(claim.supervising, where, 0)
    if claim.facility:
        yield from _texts(FACILITY.defects(claim.facility, where))
        yield from _texts(ADDRESS.defects(claim.facility.address, where))
        if claim.facility.npi and not is_npi(claim.facility.npi):
            yield Problem(Rule.NPI, "NM1", 9, where)


def _of_professional(person: Professional, where: str, line: int) -> Iterator[Problem]:
    if person.npi and not is_npi(person.npi):
        yield Problem(Rule.NPI, "NM1", 9, where, line)
    whole = bool(person.other_id) == bool(person.other_id_kind)
    if not whole or not (person.npi or person.other_id):
        yield Problem(Rule.PROVIDER_ID, "REF", 2, where, line)


def _of_line(line: Line, at: int, claim: Claim, on: dt.date) -> Iterator[Problem]:
    where = claim.number
    yield from _texts(LINE.defects(line, where), at)
    if line.charge <= 0:
        yield Problem(Rule.CHARGE, "SV1", 2, where, at)
    if line.units < 1:
        yield Problem(Rule.UNITS, "SV1", 4, where, at)
    if (line.until or line.day) > on or (line.until or line.day) < line.day:
        yield Problem(Rule.DAY, "DTP", 3, where, at)
    if not _good_pointers(line.pointers, len(claim.diagnoses)):
        yield Problem(Rule.POINTER, "SV1", 7, where, at)
    yield from _repeated(Rule.MODIFIER_TWICE, "SV1", 1, line.modifiers, where, at)


def _good_pointers(pointers: tuple[int, ...], diagnoses: int) -> bool:
    return (
        1 <= len(pointers) <= POINTERS_A_LINE
        and len(set(pointers)) == len(pointers)
        and all(1 <= each <= diagnoses for each in pointers)
    )


def _of_lines_together(claim: Claim) -> Iterator[Problem]:
    same = ((each.code, each.modifiers, each.day, each.rendering) for each in claim.lines)
    yield from _repeated(Rule.LINE_TWICE, "SV1", 1, same, claim.number)
    references = (each.reference for each in claim.lines)
    yield from _repeated(Rule.REFERENCE_TWICE, "REF", 2, references, claim.number)
