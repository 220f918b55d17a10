"""Today for a supervisor: what waits for review, whom to meet, whose certification ends."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from billing.models import ServiceNote
from billing.queries.note_pages import queue_of
from peerworks.accounts.models import Membership
from peerworks.home.queries.beginning import TeamBeginning, team_beginning
from providers.models import Credential, Provider
from providers.queries import KindStatus, statuses
from supervision.queries import SOON_AT_PERCENT, TeamRow, supervisees_of, team_rows

ENDING_WITHIN = 90


@dataclass(frozen=True, slots=True)
class Ending:
    """A certification of the team that ends soon or has ended."""

    provider: UUID
    name: str
    status: KindStatus


@dataclass(frozen=True, slots=True)
class TeamToday:
    """What a supervisor's section shows: counts of notes, rows of people, the most urgent first."""

    begins: TeamBeginning | None
    to_review: int
    oldest_days: int
    returned: int
    people: tuple[TeamRow, ...]
    overdue: int
    soon: int
    endings: tuple[Ending, ...]


def team_today(member: Membership, on: dt.date, now: dt.datetime) -> TeamToday:
    """The section of a supervisor: a fixed number of queries, whatever the size of the team."""
    team = supervisees_of(member, on)
    waiting = queue_of(member).aggregate(
        count=Count("pk"), oldest=Min("version_in_force__signed_at")
    )
    people = team_rows(on, team)
    return TeamToday(
        begins=team_beginning(member, on),
        to_review=waiting["count"],
        oldest_days=(now - waiting["oldest"]).days if waiting["oldest"] else 0,
        returned=_returned(team),
        people=tuple(people),
        overdue=sum(row.of.is_overdue for row in people),
        soon=sum(not row.of.is_overdue and row.of.percent >= SOON_AT_PERCENT for row in people),
        endings=tuple(_endings(list(team), on)),
    )


def _returned(team: "QuerySet[Provider]") -> int:
    notes = ServiceNote.objects.filter(state=ServiceNote.State.RETURNED)
    return notes.filter(provider__in=team).count()


def _endings(team: Iterable[Provider], on: dt.date) -> list[Ending]:
    people = {each.pk: each for each in team}
    held: dict[UUID, list[Credential]] = {each: [] for each in people}
    found = Credential.objects.for_providers(people).select_related("kind")
    for each in found.prefetch_related("verifications").order_by("pk"):
        held[each.provider_id].append(each)
    endings = [
        Ending(provider, people[provider].name, status)
        for provider, certificates in held.items()
        for status in statuses(certificates, on)
        if _is_ending(status)
    ]
    return sorted(endings, key=lambda each: (_left(each.status), each.name))


def _is_ending(status: KindStatus) -> bool:
    return status.tone == "late" or (_left(status) <= ENDING_WITHIN and status.tone != "info")


def _left(status: KindStatus) -> int:
    """Days left; one that has ended comes first, one without an end last."""
    if status.tone == "late":
        return -1
    return ENDING_WITHIN + 1 if status.days_left is None else status.days_left
