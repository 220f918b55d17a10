"""Where else a worker was: notes in force, and what the ledger holds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef

from billing.gates.facts.drafts import Visit
from billing.gates.rules import SpanFact
from billing.models import ServiceNote
from peerworks.lib.findings import ref
from peerworks.lib.periods import Stretch, in_utc
from providers.models import WorkSpan

_ONE_DAY = dt.timedelta(days=1)
_PERIOD = "in_force_period"


class Times:
    """All recorded time of some workers that touches some visits: two queries.

    A note in force and the span that its signing wrote are one stretch: the note is named, and the
    span of a note only where the note itself may not be seen. Visits that were loaded already are not
    asked for again.
    """

    def __init__(self, visits: Collection[Visit]) -> None:
        self._by_day: dict[tuple[UUID, dt.date], list[tuple[str, SpanFact]]] = defaultdict(list)
        known = [each for each in visits if each.is_in_force]
        for each in known:
            if each.start is not None and each.end is not None:
                self._note(each.provider_id, each.key, each.start, each.end, each.group_session)
        workers = {each.provider_id for each in visits}
        stretches = list(_stretches(visits))
        self._load_notes(workers, stretches, {each.note_id for each in known})
        self._load_spans(workers, stretches)

    def _load_notes(
        self, workers: set[UUID], stretches: list[Stretch], known: set[UUID | None]
    ) -> None:
        notes = ServiceNote.objects.filter(
            provider__among=workers, in_force_period__touches=stretches
        ).exclude(pk__among=known)
        rows = notes.values_list("pk", "provider_id", _PERIOD, "group_session_id")
        for note, provider, period, group in rows:
            self._note(provider, str(note), period.lower, period.upper, str(group or ""))

    def _load_spans(self, workers: set[UUID], stretches: list[Stretch]) -> None:
        explained = ServiceNote.objects.filter(
            provider=OuterRef("provider"), in_force_period__contains=OuterRef("period")
        )
        spans = WorkSpan.objects.standing().filter(
            ~Exists(explained.filter(pk=OuterRef("source_id"))),
            ~Exists(explained.filter(group_session=OuterRef("source_id"))),
            provider__among=workers,
            period__touches=stretches,
        )
        fields = ("pk", "provider_id", "period", "source_kind", "source_id")
        for pk, provider, period, kind, source in spans.values_list(*fields):
            is_group = kind == WorkSpan.Source.GROUP_SESSION
            span = SpanFact(
                record=ref("providers.workspan", pk),
                start=in_utc(period.lower),
                end=in_utc(period.upper),
                group_session=str(source) if is_group else "",
            )
            self._keep(provider, str(source), span)

    def _note(
        self, provider: UUID, note: str, start: dt.datetime, end: dt.datetime, group: str
    ) -> None:
        record = ref("billing.servicenote", note)
        span = SpanFact(record=record, start=start, end=end, group_session=group)
        self._keep(provider, note, span)

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


def _stretches(visits: Collection[Visit]) -> Iterator[Stretch]:
    for each in visits:
        if each.start is not None and each.end is not None:
            start, end = in_utc(each.start), in_utc(each.end)
            # A form may hold an end before its start for a while.
            yield Stretch(start, end if start < end else start + _ONE_DAY)


def _days(start: dt.datetime, end: dt.datetime) -> Iterator[dt.date]:
    day, last = in_utc(start).date(), in_utc(end).date()
    while day <= last:
        yield day
        day += _ONE_DAY
