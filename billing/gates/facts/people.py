"""What gates know of the people served, in a program, as of a service day."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any, Final
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

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
from peerworks.agencies.postgres.questions import GivenIds, Question
from peerworks.lib.findings import ref
from peerworks.lib.periods import Days
from peerworks.participants.models import Consent, Enrolment

_ORDER: Final = {"PRIMARY": 1, "SECONDARY": 2, "TERTIARY": 3}
_BY_DAY = ("period", "pk")
_FIELDS = ("pk", "participant_id", "period")
_PEOPLE, _VERSIONS = GivenIds("people"), GivenIds("versions")
_ENROLMENTS = Question(
    lambda: (
        Enrolment.objects.for_participants(_PEOPLE)
        .order_by(*_BY_DAY)
        .values_list(*_FIELDS, "program_id")
    )
)
_DIAGNOSES = Question(
    lambda: (
        Diagnosis.objects.for_participants(_PEOPLE)
        .order_by("rank", *_BY_DAY)
        .values_list(*_FIELDS, "family")
    )
)
_COVERAGES = Question(
    lambda: (
        Coverage.objects.for_participants(_PEOPLE)
        .order_by(*_BY_DAY)
        .values_list(*_FIELDS, "payer_id", "order", "checked_on")
    )
)
_CONSENTS = Question(
    lambda: (
        Consent.objects.for_participants(_PEOPLE)
        .filter(purposes__contains=[Consent.Purpose.PAYMENT])
        .order_by(*_BY_DAY)
        .values_list(*_FIELDS, "recipient", "revoked_on")
    )
)
_PLANS = Question(
    lambda: (
        PlanVersion.objects.filter(participant__among=_PEOPLE, activated_at__isnull=False)
        .order_by(*_BY_DAY)
        .values_list(*_FIELDS, "plan__program_id", "number")
    )
)
_GOALS = Question(
    lambda: Goal.objects.filter(version__among=_VERSIONS).values_list("pk", "version_id")
)
_SIGNATURES = Question(
    lambda: (
        PlanSignature.objects.filter(version__among=_VERSIONS, declined_reason="")
        .order_by("signed_on", "pk")
        .values_list("version_id", "role", "signed_on")
    )
)


class People:
    """The records of some people served: 7 queries. What began after the day is left out of `at`."""

    def __init__(self, participants: Collection[UUID], places: Places) -> None:
        self._places = places
        self._enrolments = _enrolments(participants)
        self._diagnoses = _diagnoses(participants)
        self._coverages = _coverages(participants)
        self._consents = _consents(participants, places)
        self._plans = _plans(participants)
        self._known: dict[tuple[UUID, UUID], _Known] = {}

    def at(self, participant: UUID, program: UUID, day: dt.date) -> Part[PersonFacts]:
        """The facts of a person in a program as of a day."""
        key = participant, program
        if key not in self._known:
            self._known[key] = _Known(self._facts(participant, program))
        return self._known[key].at(day)

    def _facts(self, participant: UUID, program: UUID) -> PersonFacts:
        in_program = participant, program
        return PersonFacts(
            participant=ref("participants.participant", participant),
            program=ref("agencies.program", program),
            is_part2=self._places.programs[program].is_part2,
            enrolments=tuple(self._enrolments[in_program]),
            diagnoses=tuple(self._diagnoses[participant]),
            coverages=tuple(self._coverages[participant]),
            consents=tuple(self._consents[participant]),
            plans=tuple(self._plans[in_program]),
        )


class _Known:
    """All that is known of one person in one program. As of a day it differs only from the next day
    on which a record begins, so that all days between share one object."""

    def __init__(self, facts: PersonFacts) -> None:
        self._lists: dict[str, tuple[Any, ...]] = {
            each.name: value
            for each in fields(facts)
            if isinstance(value := getattr(facts, each.name), tuple)
        }
        self._facts = facts
        self._begin = sorted({each.days.start for held in self._lists.values() for each in held})
        self._parts: dict[int, Part[PersonFacts]] = {}

    def at(self, day: dt.date) -> Part[PersonFacts]:
        begun = bisect_right(self._begin, day)
        if begun not in self._parts:
            self._parts[begun] = Part(replace(self._facts, **self._begun(day)))
        return self._parts[begun]

    def _begun(self, day: dt.date) -> dict[str, Any]:
        return {
            name: tuple(each for each in held if each.days.start <= day)
            for name, held in self._lists.items()
        }


def _enrolments(people: Collection[UUID]) -> dict[tuple[UUID, UUID], list[PeriodFact]]:
    found: dict[tuple[UUID, UUID], list[PeriodFact]] = defaultdict(list)
    for pk, person, period, program in _ENROLMENTS(people=people):
        record = ref("participants.enrolment", pk)
        found[person, program].append(PeriodFact(record=record, days=_days(period)))
    return found


def _diagnoses(people: Collection[UUID]) -> dict[UUID, list[DiagnosisFact]]:
    found: dict[UUID, list[DiagnosisFact]] = defaultdict(list)
    for pk, person, period, family in _DIAGNOSES(people=people):
        record = ref("billing.diagnosis", pk)
        found[person].append(DiagnosisFact(record=record, family=family, days=_days(period)))
    return found


def _coverages(people: Collection[UUID]) -> dict[UUID, list[CoverageFact]]:
    found: dict[UUID, list[CoverageFact]] = defaultdict(list)
    for pk, person, period, payer, order, checked_on in _COVERAGES(people=people):
        found[person].append(
            CoverageFact(
                record=ref("billing.coverage", pk),
                payer=ref("billing.payer", payer),
                order=_ORDER[order],
                days=_days(period),
                checked_on=checked_on,
            )
        )
    return found


def _consents(people: Collection[UUID], places: Places) -> dict[UUID, list[ConsentFact]]:
    # One to a recipient that is none of our payers says nothing about a claim.
    found: dict[UUID, list[ConsentFact]] = defaultdict(list)
    for pk, person, period, recipient, revoked_on in _CONSENTS(people=people):
        payer = places.payers_by_code.get(recipient)
        if recipient and payer is None:
            continue
        found[person].append(
            ConsentFact(
                record=ref("participants.consent", pk),
                days=_days(period),
                payer=None if payer is None else ref("billing.payer", payer),
                revoked_on=revoked_on,
            )
        )
    return found


def _plans(people: Collection[UUID]) -> dict[tuple[UUID, UUID], list[PlanFact]]:
    found: dict[tuple[UUID, UUID], list[PlanFact]] = defaultdict(list)
    held: list[tuple[Any, ...]] = _PLANS(people=people)
    versions = {row[0] for row in held}
    goals, signatures = _goals(versions), _signatures(versions)
    for version, person, period, program, number in held:
        found[person, program].append(
            PlanFact(
                record=ref("billing.planversion", version, str(number)),
                days=_days(period),
                goals=frozenset(goals[version]),
                signatures=tuple(signatures[version]),
            )
        )
    return found


def _goals(versions: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for goal, version in _GOALS(versions=versions):
        found[version].append(str(goal))
    return found


def _signatures(versions: Collection[UUID]) -> dict[UUID, list[SignatureFact]]:
    found: dict[UUID, list[SignatureFact]] = defaultdict(list)
    for version, role, on in _SIGNATURES(versions=versions):
        found[version].append(SignatureFact(role, on))
    return found


def _days(period: DateRange) -> Days:
    return Days(period.lower, period.upper)
