"""Today for who gives services: whom I see, what I left unfinished, my week, how I stand."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import get_language

from billing.gates.engine import latest_runs
from billing.models import ServiceNote
from billing.queries.note_pages import NoteRow, note_rows
from billing.queries.notes import PersonChoice, drafts_of, my_people
from peerworks.accounts.models import Membership
from peerworks.home.queries.beginning import PeerBeginning, peer_beginning
from peerworks.lib.periods import week_of
from providers.models import CLASS_OF, Activity, ActivityClass, Credential, Provider, WorkEntry
from providers.queries import KindStatus, statuses
from supervision.queries import SessionRow, TeamRow, session_rows, team_rows, waiting_for

SHOWN = 6
SEEN_WITHIN = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PersonToSee:
    """Somebody of my people; `is_waiting` where I have not seen them for a week."""

    id: UUID
    name: str
    last_visit: dt.date | None
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class PeerToday:
    """What a peer's section shows: `waiting` people not seen for a week, `rest` those left out."""

    begins: PeerBeginning | None
    people: tuple[PersonToSee, ...]
    waiting: int
    rest: int
    unfinished: tuple[NoteRow, ...]
    week: tuple[tuple[str, int], ...]
    minutes: int
    certificates: tuple[KindStatus, ...]
    supervision: TeamRow | None
    to_sign: tuple[SessionRow, ...]
    participants: tuple[UUID, ...]


def peer_today(member: Membership, on: dt.date, now: dt.datetime) -> PeerToday:
    """The section of a peer: a fixed number of queries, however many people and notes."""
    people = _people(my_people(member, on), on)
    drafts = list(drafts_of(member))
    week = _week(member, on, now)
    return PeerToday(
        begins=peer_beginning(member, people[0].id if people else None, on),
        people=tuple(people[:SHOWN]),
        waiting=sum(each.is_waiting for each in people),
        rest=len(people[SHOWN:]),
        unfinished=tuple(_rows(drafts, member, on)),
        week=week,
        minutes=sum(minutes for _, minutes in week),
        certificates=tuple(_certificates(member, on)),
        supervision=next(iter(team_rows(on, Provider.objects.filter(member=member))), None),
        to_sign=tuple(session_rows(waiting_for(member), member)),
        participants=_shown(people, drafts),
    )


def _shown(people: list[PersonToSee], drafts: list[ServiceNote]) -> tuple[UUID, ...]:
    ids = [*(each.id for each in people[:SHOWN]), *(each.participant_id for each in drafts)]
    return tuple(dict.fromkeys(ids))


def _people(mine: Iterable[PersonChoice], on: dt.date) -> list[PersonToSee]:
    shown = [
        PersonToSee(
            each.id,
            each.name,
            each.last_visit,
            each.last_visit is None or on - each.last_visit > SEEN_WITHIN,
        )
        for each in mine
    ]
    return sorted(shown, key=lambda each: (each.last_visit or dt.date.min, each.name))


def _rows(drafts: list[ServiceNote], member: Membership, on: dt.date) -> list[NoteRow]:
    runs = latest_runs([each.pk for each in drafts])
    return note_rows(drafts, runs, by=member, on=on, language=get_language() or "en")


def _week(member: Membership, on: dt.date, now: dt.datetime) -> tuple[tuple[str, int], ...]:
    first = dt.datetime.combine(week_of(on).start, dt.time(), now.tzinfo)
    entries = WorkEntry.objects.standing().filter(span__provider__member=member)
    rows = entries.begun_within(first, now).values("activity").annotate(total=Sum("minutes"))
    totals = dict.fromkeys(ActivityClass, 0)
    for row in rows:
        totals[CLASS_OF[Activity(row["activity"])]] += row["total"]
    return tuple((str(key.label), minutes) for key, minutes in totals.items() if minutes)


def _certificates(member: Membership, on: dt.date) -> list[KindStatus]:
    held = Credential.objects.filter(provider__member=member).select_related("kind")
    return statuses(held.prefetch_related("verifications"), on)
