"""What rules look at, for many workers at once: on staff, certified, placed, at work elsewhere.

Each function asks a fixed number of queries, whatever the number of workers, and gives every worker
that was asked about an answer, an empty one too. Periods and dates are as recorded; what they mean
on a day is said by `providers.rules`.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from peerworks.agencies.postgres.questions import GivenIds, Question
from peerworks.lib.findings import RecordRef, ref
from peerworks.lib.periods import Days
from providers.models import Credential, Employment, Placement, Stage
from providers.rules import (
    CredentialDates,
    EmploymentFact,
    EmploymentKind,
    real_deadline,
)

EXPIRY_REMINDER = "credential-expiry"
"""The kind of the reminder that a certification ends."""

REMINDED_BEFORE = dt.timedelta(days=90)
"""How long before a deadline the first reminder comes: the first step of `rules.expiry_steps`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCredential:
    """A certificate as gates take it.

    `kind` is the key in the rule pack `pack`, `stage` and `endorsements` are in a pack's words.
    `verified_on` is the day of the first check by another person, or None.
    """

    record: RecordRef
    pack: str
    kind: str
    stage: str
    dates: CredentialDates
    endorsements: frozenset[str]
    states: frozenset[str]
    verified_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementFact:
    """In which program, under which rule pack, a worker works on which days."""

    record: RecordRef
    program: UUID
    pack: str
    days: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRecord:
    """What this app knows of a worker, on all days."""

    provider: RecordRef
    employments: tuple[EmploymentFact, ...] = ()
    credentials: tuple[HeldCredential, ...] = ()
    placements: tuple[PlacementFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeadline:
    """A certificate that nothing follows, and the day by which its renewal has to be filed."""

    credential: UUID
    provider: UUID
    member: UUID | None
    day: dt.date


T = TypeVar("T")
_PROVIDERS = GivenIds("providers")
_EMPLOYMENTS = Question(
    lambda: Employment.objects.for_providers(_PROVIDERS).order_by("period", "pk")
)
_CREDENTIALS = Question(
    lambda: (
        Credential.objects.for_providers(_PROVIDERS)
        .select_related("kind")
        .annotate(verified_on=Min("verifications__checked_on"))
        .order_by("valid_from", "pk")
    )
)
_PLACEMENTS = Question(
    lambda: (
        Placement.objects.for_providers(_PROVIDERS)
        .select_related("program")
        .order_by("period", "pk")
    )
)


def worker_facts(providers: Collection[UUID]) -> dict[UUID, WorkerRecord]:
    """Employments, certificates and placements of these workers, each in order of time: 3 queries."""
    employments = _grouped(_employments(providers))
    credentials = _grouped(_credentials(providers))
    placements = _grouped(_placements(providers))
    return {
        each: WorkerRecord(
            provider=ref("providers.provider", each),
            employments=tuple(employments.get(each, ())),
            credentials=tuple(credentials.get(each, ())),
            placements=tuple(placements.get(each, ())),
        )
        for each in providers
    }


def _grouped(pairs: Iterable[tuple[UUID, T]]) -> dict[UUID, list[T]]:
    grouped: dict[UUID, list[T]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped


def _employments(providers: Collection[UUID]) -> Iterable[tuple[UUID, EmploymentFact]]:
    for each in _EMPLOYMENTS(providers=providers):
        record = ref("providers.employment", each.pk)
        yield each.provider_id, EmploymentFact(EmploymentKind(each.kind), each.days, record)


def _credentials(providers: Collection[UUID]) -> Iterable[tuple[UUID, HeldCredential]]:
    for each in _CREDENTIALS(providers=providers):
        yield (
            each.provider_id,
            HeldCredential(
                record=ref("providers.credential", each.pk),
                pack=each.kind.pack,
                kind=each.kind.pack_key,
                stage=each.stage,
                dates=each.dates,
                endorsements=frozenset(each.endorsements),
                states=frozenset(each.states),
                verified_on=each.verified_on,
            ),
        )


def _placements(providers: Collection[UUID]) -> Iterable[tuple[UUID, PlacementFact]]:
    for each in _PLACEMENTS(providers=providers):
        yield (
            each.provider_id,
            PlacementFact(
                record=ref("providers.placement", each.pk),
                program=each.program_id,
                pack=each.program.pack,
                days=each.days,
            ),
        )


def open_deadlines(on: dt.date) -> list[OpenDeadline]:
    """The deadlines that reminders speak of on a day, of everyone employed that day: 1 query.

    A certificate is open until a later one of its kind is entered, or it is suspended or retired.
    Left out are deadlines more than 90 days ahead, where no step is reached yet.
    """
    found = (
        (each, real_deadline(each.dates))
        for each in _not_followed().filter(_is_employed(on)).order_by("provider", "pk")
    )
    return [
        OpenDeadline(
            credential=each.pk, provider=each.provider_id, member=each.provider.member_id, day=day
        )
        for each, day in found
        if day is not None and day - on <= REMINDED_BEFORE
    ]


def _not_followed() -> "QuerySet[Credential]":
    later = Credential.objects.filter(
        provider=OuterRef("provider"), kind=OuterRef("kind"), valid_from__gt=OuterRef("valid_from")
    ).exclude(stage=Stage.RETIRED)
    stopped = Q(stage__in=(Stage.SUSPENDED, Stage.RETIRED))
    open_ones = Credential.objects.filter(~Exists(later), never_ends=False).exclude(stopped)
    return open_ones.select_related("provider")


def _is_employed(on: dt.date) -> Exists:
    return Exists(Employment.objects.in_force_on(on).filter(provider=OuterRef("provider")))
