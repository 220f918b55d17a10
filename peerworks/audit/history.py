"""Reading the trail: a page of events in any order, and who has to do with one person.

Every sort and every filter has an index that begins with the agency. A page is found by the event
that ends the one before it, never by a number of rows to skip, so that the last page of a million
events costs what the first one does. Nothing here counts the whole trail.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from peerworks.audit.models import AuditEvent, EventPerson

PER_PAGE = 50
SORTS: dict[str, tuple[str, ...]] = {
    "when": ("at",),
    "who": ("actor_name",),
    "what": ("action",),
    "about": ("object_type", "object_id"),
    "from": ("device",),
}
"""What a page may be sorted by, and the columns that stands for; the number of the event follows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: everything left empty asks for all.

    `people` are participants' ids, one of whom the event is about; `record` is a kind of record and an
    id, which may be "" for all of that kind. `until` is not included. `actor` is a user's id.
    """

    kind: str = ""
    actor: str = ""
    people: tuple[UUID, ...] = ()
    record: tuple[str, str] = ("", "")
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """By what a page is sorted; nonsense is answered with the newest first."""

    by: str = "when"
    is_down: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, the number of the event last."""
        return (*SORTS[self.by], "id")


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order, and the numbers by which the pages before and after are asked for, if any."""

    events: tuple[AuditEvent, ...]
    before: int | None = None
    after: int | None = None


def wanted_events(wanted: Wanted) -> "QuerySet[AuditEvent]":
    """The events asked for, in no order."""
    kind, pk = wanted.record
    told = {
        "kind": wanted.kind,
        "actor_id": wanted.actor,
        "object_type": kind,
        "object_id": pk,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    events = AuditEvent.objects.filter(**{name: value for name, value in told.items() if value})
    if wanted.people:
        about = EventPerson.objects.filter(
            event_id=OuterRef("pk"), participant_id__in=wanted.people
        )
        events = events.filter(Exists(about))
    return events


def page_of_events(
    wanted: Wanted,
    order: Order,
    *,
    after: int | None = None,
    before: int | None = None,
    per_page: int = PER_PAGE,
) -> Page:
    """A page of the events asked for: the first one, or that beside a given event.

    At most two queries. An event that is not there (any more, or for this reader) gives the first
    page.
    """
    is_back = before is not None
    anchor = _anchor(before if is_back else after, order)
    rows = _beside(wanted_events(wanted), order, anchor, is_back=is_back and anchor is not None)
    found = list(rows[: per_page + 1])
    has_more, events = len(found) > per_page, found[:per_page]
    if anchor is None:
        return Page(tuple(events), None, events[-1].pk if has_more else None)
    if is_back:
        events.reverse()
        return Page(tuple(events), events[0].pk if has_more else None, _last(events))
    return Page(tuple(events), _first(events), events[-1].pk if has_more else None)


def _first(events: Sequence[AuditEvent]) -> int | None:
    return events[0].pk if events else None


def _last(events: Sequence[AuditEvent]) -> int | None:
    return events[-1].pk if events else None


def _anchor(pk: int | None, order: Order) -> tuple[object, ...] | None:
    if pk is None:
        return None
    return AuditEvent.objects.filter(pk=pk).values_list(*order.columns).first()


def _beside(
    events: "QuerySet[AuditEvent]",
    order: Order,
    anchor: tuple[object, ...] | None,
    *,
    is_back: bool,
) -> "QuerySet[AuditEvent]":
    goes_down = order.is_down != is_back
    if anchor is not None:
        beyond = TupleLessThan if goes_down else TupleGreaterThan
        events = events.filter(beyond(Tuple(*(F(each) for each in order.columns)), anchor))
    return events.order_by(*(f"-{each}" if goes_down else each for each in order.columns))


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody did with one person's record, how often, first and last."""

    actor_id: str
    actor_name: str
    action: str
    times: int
    first: dt.datetime
    last: dt.datetime


def accesses(wanted: Wanted) -> list[Access]:
    """Who did what with the people asked for, how often and when, by name, the latest first. One query."""
    rows = (
        wanted_events(wanted)
        .values("actor_id", "actor_name", "action")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("actor_name", "-last", "action")
    )
    return [Access(**row) for row in rows]
