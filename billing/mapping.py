"""Our claims as the values of the 837P: the only module that knows our tables and X12 both.

Claims come with everything they point at loaded (`ClaimToSend`), so nothing here asks the database.
What stands against sending is answered as refusals that name whose claim and which element.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.models import Batch, Claim, ClaimLine, ClaimLineNote, Payer
from billing.x12 import claim_837p as x12
from billing.x12.checks import Problem, problems
from billing.x12.envelope import GroupHeader, Interchange
from billing.x12.errors import X12Error
from billing.x12.write_837p import written_837p
from peerworks.agencies.models import Agency
from peerworks.lib.canonical import sha256_of
from peerworks.lib.findings import Refusal, ref, refuse
from peerworks.lib.money import cents

PEER_SPECIALIST = "175T00000X"
"""The taxonomy code of a peer specialist (NUCC code set), for workers who give the service."""

PART_2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records"
"""The short notice of 42 CFR 2.32(a), which prescribes its words; it fits NTE02 (80 characters)."""

LINES_A_CLAIM = x12.LINES_A_CLAIM
DIAGNOSES_A_CLAIM = x12.DIAGNOSES_A_CLAIM
_STATE_LICENCE = "0B"
_NUMBER_LENGTH = 17
_COUNTER_LENGTH = 9


@dataclass(frozen=True, slots=True)
class LineToSend:
    """A line with its notes in order of start; the line has its `rendering_provider` loaded."""

    line: ClaimLine
    notes: tuple[ClaimLineNote, ...]


@dataclass(frozen=True, slots=True)
class ClaimToSend:
    """A claim with its lines; participant, coverage, payer, notes and versions are loaded.

    `is_part2` tells that a note of it was written in a program under 42 CFR Part 2.
    """

    claim: Claim
    lines: tuple[LineToSend, ...]
    is_part2: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A finished file: its text, its hash, how many sets, and the hash of each claim as sent."""

    text: str
    sha256: str
    sets: int
    claim_sha256: tuple[str, ...]


def claim_number(payer: Payer, number: int) -> str:
    """CLM01: the payer's code and a count, letters and digits only, at most 17 characters.

    The code keeps numbers of two payers apart. Counts that outgrow a long code make the number too
    long, which the checks of the file refuse.
    """
    code = "".join(each for each in payer.code.upper() if each.isascii() and each.isalnum())
    return f"{code}{number:0{min(_COUNTER_LENGTH, _NUMBER_LENGTH - len(code))}d}"


def line_number(claim_number: str, line: int) -> str:
    """REF*6R of a line, which comes back with the payment."""
    return f"{claim_number}-{line}"


def interchange_number(number: int) -> str:
    """ISA13 as it is shown: nine digits."""
    return f"{number:09d}"


def batch_reference(number: int) -> str:
    """BHT03: unique for us and the payer, since it follows the number of the file."""
    return f"PW{number:09d}"


def stands_against(
    agency: Agency, batch: Batch, group: int, claims: Sequence[ClaimToSend], at: dt.datetime
) -> tuple[Refusal, ...]:
    """Why the payer would turn this batch away, as far as that is known; nothing when it can go.

    A refusal is X12-CLAIM with the participant, or X12-FILE; both name the problem and the element.
    `at` is the moment of building: service days are compared with its day in the agency.
    """
    people = {each.claim.control_number: each.claim.participant_id for each in claims}
    on = at.astimezone(ZoneInfo(agency.time_zone)).date()
    found = problems(_batch(agency, batch, group, claims, at), on=on)
    return tuple(_refusal(each, people) for each in found)


def _refusal(problem: Problem, people: Mapping[str, UUID]) -> Refusal:
    element = f"{problem.segment}{problem.element:02d}" if problem.element else problem.segment
    rule, person = str(problem.rule), people.get(problem.claim)
    if person is None:
        return refuse("X12-FILE", problem=rule, element=element)
    about = ref("participants.participant", person)
    return refuse("X12-CLAIM", problem=rule, element=element, participant=about)


def file_of(
    agency: Agency, batch: Batch, group: int, claims: Sequence[ClaimToSend], at: dt.datetime
) -> File:
    """The 837P of a batch. Ask `stands_against` first: what cannot be written raises `ValueError`."""
    values = _batch(agency, batch, group, claims, at)
    try:
        content = written_837p(values).content
    except X12Error as error:
        raise ValueError(f"unchecked claims: {error.code}") from error
    sent = (each for one in values.sets for each in one.claims)
    return File(
        text=content.decode("ascii"),
        sha256=hashlib.sha256(content).hexdigest(),
        sets=len(values.sets),
        claim_sha256=tuple(sha256_of(each) for each in sent),
    )


def _batch(
    agency: Agency, batch: Batch, group: int, claims: Sequence[ClaimToSend], at: dt.datetime
) -> x12.Batch837:
    payer, local = batch.payer, at.astimezone(ZoneInfo(agency.time_zone))
    day, time = local.date(), local.time().replace(second=0, microsecond=0, tzinfo=None)
    whole = x12.ClaimSet(
        control="0001",
        reference=batch.reference,
        day=day,
        time=time,
        submitter=x12.Submitter(
            agency.name,
            payer.submitter_id,
            agency.contact_name or agency.name,
            agency.contact_phone,
        ),
        receiver=x12.Receiver(payer.receiver_name, payer.receiver_id),
        claims=tuple(_claim(each, _billing(agency), _payer(payer)) for each in claims),
        kind=payer.claim_kind,
    )
    return x12.Batch837(
        interchange=Interchange(
            payer.submitter_id,
            payer.receiver_id,
            int(batch.interchange),
            day,
            time,
            is_test=batch.usage == Payer.Usage.T,
            sender_qualifier=payer.submitter_qualifier,
            receiver_qualifier=payer.receiver_qualifier,
        ),
        group=GroupHeader(payer.submitter_id, payer.receiver_id, group, day, time, x12.VERSION),
        sets=x12.split_set(whole, payer.claims_per_set),
    )


def _billing(agency: Agency) -> x12.BillingProvider:
    return x12.BillingProvider(
        name=agency.name,
        npi=agency.npi,
        taxonomy=agency.taxonomy,
        ein=agency.ein.replace("-", ""),
        address=x12.Address(agency.street, agency.city, agency.state, agency.postal_code),
    )


def _payer(payer: Payer) -> x12.Payer837:
    return x12.Payer837(payer.name, payer.payer_id, payer.billing_number)


def _claim(sent: ClaimToSend, billing: x12.BillingProvider, payer: x12.Payer837) -> x12.Claim:
    claim = sent.claim
    lines = tuple(_line(each, len(claim.diagnoses)) for each in sent.lines)
    is_noted = sent.is_part2 and claim.payer.part2_notice
    return x12.Claim(
        number=claim.control_number,
        billing=billing,
        subscriber=_subscriber(claim),
        payer=payer,
        charge=cents(claim.total),
        place=claim.place,
        diagnoses=tuple(claim.diagnoses),
        lines=lines,
        frequency=claim.frequency,
        payer_claim_number=claim.payer_number,
        note=PART_2_NOTICE if is_noted else "",
        rendering=_rendering(sent.lines[0], claim.payer),
    )


def _subscriber(claim: Claim) -> x12.Subscriber:
    # Of the coverages in force on the day the first is billed, so it always pays first: SBR01 is P.
    person = claim.participant
    address = x12.Address(person.street, person.city, person.state, person.postal_code)
    return x12.Subscriber(
        last_name=person.family_name,
        first_name=person.given_name,
        member_id=claim.coverage.member_id,
        birth_date=person.born_on,
        sex=person.gender,
        address=address if person.street else None,
        filing=claim.payer.kind,
    )


def _line(sent: LineToSend, diagnoses: int) -> x12.Line:
    line = sent.line
    return x12.Line(
        code=line.code,
        charge=cents(line.charge),
        units=line.units,
        day=line.service_day,
        reference=line.line_control,
        pointers=tuple(range(1, min(diagnoses, x12.POINTERS_A_LINE) + 1)),
        modifiers=tuple(line.modifiers),
    )


def _rendering(sent: LineToSend, payer: Payer) -> x12.RenderingProvider | None:
    worker = sent.line.rendering_provider
    if worker is None:
        return None
    is_worker = payer.rendering != Payer.Rendering.SUPERVISOR
    by_number = payer.rendering == Payer.Rendering.PROVIDER_NUMBER
    number = sent.notes[0].version.signer_credential if by_number else ""
    return x12.RenderingProvider(
        last_name=worker.family_name,
        first_name=worker.given_name,
        npi="" if by_number else worker.npi,
        other_id_kind=_STATE_LICENCE if number else "",
        other_id=number,
        taxonomy=PEER_SPECIALIST if is_worker else "",
    )
