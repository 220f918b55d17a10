"""What gates know of the people served, in a program, as of a service day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from billing.gates.facts.parts import Part
from billing.gates.facts.places import Places
from billing.gates.rules import (
    ConsentFact,
    CoverageFact,
    DiagnosisFact,
    PeriodFact,
    PersonFacts,
    PlanFact,
    SignatureFact,
)
from billing.models import Coverage, Diagnosis, Goal, PlanSignature, PlanVersion
from peerworks.lib.findings import ref
from peerworks.lib.periods import Days
from peerworks.participants.models import Consent, Enrolment

_ORDER: Final = {"PRIMARY": 1, "SECONDARY": 2, "TERTIARY": 3}
_BY_DAY = ("period", "pk")


class People:
    """The records of some people served: 7 queries. What began after the day is left out of `at`."""

    def __init__(self, participants: Collection[UUID], places: Places) -> None:
        self._places = places
        self._enrolments = _enrolments(participants)
        self._diagnoses = _diagnoses(participants)
        self._coverages = _coverages(participants)
        self._consents = _consents(participants, places)
        self._plans = _plans(participants)
        self._at: dict[tuple[UUID, UUID, dt.date], Part[PersonFacts]] = {}
        self._parts: dict[tuple[object, ...], Part[PersonFacts]] = {}

    def at(self, participant: UUID, program: UUID, day: dt.date) -> Part[PersonFacts]:
        """The facts of a person in a program as of a day."""
        key = participant, program, day
        if key not in self._at:
            facts = self._facts(participant, program, day)
            # Of one person they only grow with the days, so their numbers tell them apart.
            held = (facts.enrolments, facts.diagnoses, facts.coverages, facts.consents, facts.plans)
            sizes = tuple(len(each or ()) for each in held)
            by_size = (participant, program, *sizes)
            self._at[key] = self._parts.setdefault(by_size, Part(facts))
        return self._at[key]

    def _facts(self, participant: UUID, program: UUID, day: dt.date) -> PersonFacts:
        in_program = participant, program
        return PersonFacts(
            participant=ref("participants.participant", participant),
            program=ref("agencies.program", program),
            is_part2=self._places.programs[program].is_part2,
            enrolments=tuple(e for e in self._enrolments[in_program] if e.days.start <= day),
            diagnoses=tuple(e for e in self._diagnoses[participant] if e.days.start <= day),
            coverages=tuple(e for e in self._coverages[participant] if e.days.start <= day),
            consents=tuple(e for e in self._consents[participant] if e.days.start <= day),
            plans=tuple(e for e in self._plans[in_program] if e.days.start <= day),
        )


def _enrolments(people: Collection[UUID]) -> dict[tuple[UUID, UUID], list[PeriodFact]]:
    found: dict[tuple[UUID, UUID], list[PeriodFact]] = defaultdict(list)
    for each in Enrolment.objects.for_participants(people).order_by(*_BY_DAY):
        found[each.participant_id, each.program_id].append(
            PeriodFact(record=ref("participants.enrolment", each.pk), days=each.days)
        )
    return found


def _diagnoses(people: Collection[UUID]) -> dict[UUID, list[DiagnosisFact]]:
    found: dict[UUID, list[DiagnosisFact]] = defaultdict(list)
    for each in Diagnosis.objects.for_participants(people).order_by("rank", *_BY_DAY):
        found[each.participant_id].append(
            DiagnosisFact(
                record=ref("billing.diagnosis", each.pk), family=each.family, days=each.days
            )
        )
    return found


def _coverages(people: Collection[UUID]) -> dict[UUID, list[CoverageFact]]:
    found: dict[UUID, list[CoverageFact]] = defaultdict(list)
    for each in Coverage.objects.for_participants(people).order_by(*_BY_DAY):
        found[each.participant_id].append(
            CoverageFact(
                record=ref("billing.coverage", each.pk),
                payer=ref("billing.payer", each.payer_id),
                order=_ORDER[each.order],
                days=each.days,
                checked_on=each.checked_on,
            )
        )
    return found


def _consents(people: Collection[UUID], places: Places) -> dict[UUID, list[ConsentFact]]:
    # One to a recipient that is none of our payers says nothing about a claim.
    found: dict[UUID, list[ConsentFact]] = defaultdict(list)
    held = Consent.objects.for_participants(people).filter(
        purposes__contains=[Consent.Purpose.PAYMENT],
        recipient__in=["", *places.payers_by_code],
    )
    for each in held.order_by(*_BY_DAY):
        payer = places.payers_by_code.get(each.recipient)
        found[each.participant_id].append(
            ConsentFact(
                record=ref("participants.consent", each.pk),
                days=Days(each.period.lower, each.period.upper),
                payer=None if payer is None else ref("billing.payer", payer),
                revoked_on=each.revoked_on,
            )
        )
    return found


def _plans(people: Collection[UUID]) -> dict[tuple[UUID, UUID], list[PlanFact]]:
    found: dict[tuple[UUID, UUID], list[PlanFact]] = defaultdict(list)
    versions = PlanVersion.objects.filter(participant__in=list(people), activated_at__isnull=False)
    held: list[tuple[Any, ...]] = list(
        versions.order_by(*_BY_DAY).values_list(
            "pk", "participant_id", "plan__program_id", "number", "period"
        )
    )
    goals, signatures = _goals(row[0] for row in held), _signatures(row[0] for row in held)
    for version, person, program, number, period in held:
        found[person, program].append(
            PlanFact(
                record=ref("billing.planversion", version, str(number)),
                days=Days(period.lower, period.upper),
                goals=frozenset(goals[version]),
                signatures=tuple(signatures[version]),
            )
        )
    return found


def _goals(versions: Iterable[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for goal, version in Goal.objects.filter(version__in=list(versions)).values_list(
        "pk", "version_id"
    ):
        found[version].append(str(goal))
    return found


def _signatures(versions: Iterable[UUID]) -> dict[UUID, list[SignatureFact]]:
    found: dict[UUID, list[SignatureFact]] = defaultdict(list)
    held = PlanSignature.objects.filter(version__in=list(versions), declined_reason="")
    rows = held.order_by("signed_on", "pk").values_list("version_id", "role", "signed_on")
    for version, role, on in rows:
        found[version].append(SignatureFact(role, on))
    return found
