"""Where else a worker was: notes in force, and what the ledger holds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from billing.gates.facts.drafts import Visit
from billing.gates.rules import SpanFact
from billing.models import ServiceNote
from peerworks.lib.findings import ref
from peerworks.lib.periods import in_utc
from providers.models import WorkSpan
from providers.queries import spans_within

_ONE_DAY = dt.timedelta(days=1)
_OF_NOTES = (WorkSpan.Source.INDIVIDUAL_NOTE, WorkSpan.Source.GROUP_SESSION)


class Times:
    """All recorded time of some workers around some visits: two queries.

    A note in force and the span that its signing wrote are one stretch: the note is named, and the
    span of a note only where the note itself may not be seen.
    """

    def __init__(self, visits: Collection[Visit]) -> None:
        timed = [each for each in visits if each.start is not None and each.end is not None]
        self._by_day: dict[tuple[UUID, dt.date], list[tuple[str, SpanFact]]] = defaultdict(list)
        if timed:
            self._load(timed)

    def _load(self, timed: Collection[Visit]) -> None:
        first = min(each.start for each in timed if each.start is not None)
        last = max(each.end for each in timed if each.end is not None)
        if last <= first:
            last = first + _ONE_DAY
        workers = {each.provider_id for each in timed}
        known = self._notes(workers, first, last)
        for provider, spans in spans_within(workers, first, last).items():
            for each in spans:
                source = str(each.source_id)
                if each.source_kind in _OF_NOTES and source in known:
                    continue
                group = source if each.source_kind == WorkSpan.Source.GROUP_SESSION else ""
                stretch = each.stretch
                span = SpanFact(
                    record=each.record, start=stretch.start, end=stretch.end, group_session=group
                )
                self._keep(provider, source, span)

    def _notes(self, workers: Collection[UUID], first: dt.datetime, last: dt.datetime) -> set[str]:
        known: set[str] = set()
        notes = ServiceNote.objects.filter(
            provider__in=list(workers), in_force_period__overlap=(first, last)
        )
        fields = ("pk", "provider_id", "in_force_period", "group_session_id")
        rows: Iterable[tuple[Any, ...]] = notes.order_by("in_force_period", "pk").values_list(
            *fields
        )
        for note, provider, period, group in rows:
            known |= {str(note), str(group or note)}
            span = SpanFact(
                record=ref("billing.servicenote", note),
                start=period.lower,
                end=period.upper,
                group_session=str(group or ""),
            )
            self._keep(provider, str(note), span)
        return known

    def _keep(self, provider: UUID, source: str, span: SpanFact) -> None:
        for day in _days(span.start, span.end):
            self._by_day[provider, day].append((source, span))

    def around(self, visit: Visit) -> tuple[SpanFact, ...]:
        """Other time of the worker that touches the visit, by start; without times there is none.

        The visit's own time is left out: that of its note, and of its group session.
        """
        if visit.start is None or visit.end is None:
            return ()
        own = {visit.key, visit.group_session}
        found: dict[str, SpanFact] = {}
        for day in _days(visit.start, visit.end):
            for source, span in self._by_day.get((visit.provider_id, day), ()):
                touches = span.start < visit.end and visit.start < span.end
                shared = visit.group_session and span.group_session == visit.group_session
                if touches and source not in own and not shared:
                    found[span.record.id] = span
        return tuple(sorted(found.values(), key=lambda each: (each.start, each.record.id)))


def _days(start: dt.datetime, end: dt.datetime) -> Iterator[dt.date]:
    day, last = in_utc(start).date(), in_utc(end).date()
    while day <= last:
        yield day
        day += _ONE_DAY
