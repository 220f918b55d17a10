"""Visits that stand in notes: those asked about, and those that share their day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from billing.gates.facts.drafts import UNSAVED, Visit, VisitDraft
from billing.gates.rules import DeductionFact
from billing.models import Deduction, NoteGoal, NoteVersion
from billing.queries import note_times
from peerworks.lib.findings import Moment
from peerworks.lib.periods import month_of, service_day

_FIELDS = (
    *("note_id", "pk", "sha256", "number", "draft_number", "starts_at", "ends_at", "mode", "place"),
    *("signed_at", "note__participant_id", "note__provider_id", "note__program_id"),
    *("note__site_id", "note__service_key", "note__group_session_id", "note__state"),
    "note__service_day",
)
_IN_FORCE = Q(note__version_in_force=F("pk"))


def load_notes(
    note_ids: Collection[UUID], *, moment: Moment, on: dt.date, zones: Mapping[UUID, str]
) -> list[Visit]:
    """The visits of these notes, in the order of their ids: one query.

    At BATCH the version in force is judged, before that the latest; without one in force always the
    latest. Notes that the reader may not see are left out.
    """
    versions = NoteVersion.objects.filter(note__in=list(note_ids))
    if moment is Moment.BATCH:
        versions = versions.filter(_IN_FORCE | Q(note__version_in_force__isnull=True))
    latest = versions.order_by("note_id", "-number").distinct("note_id")
    return _visits(latest, on, zones)


def load_companions(
    visits: Collection[Visit], *, by_month: bool, on: dt.date, zones: Mapping[UUID, str]
) -> list[Visit]:
    """The other signed visits of the same people on the same days (months `by_month`): one query."""
    wanted = {(each.participant_id, _window(each.day, by_month)) for each in visits}
    days = [window for _, window in wanted]
    if not days:
        return []
    people = {person for person, _ in wanted}
    others = (
        NoteVersion.objects.filter(_IN_FORCE, note__participant__in=people)
        .filter(_within(set(days)))
        .exclude(note__in=[UUID(each.key) for each in visits if each.key != UNSAVED])
        .order_by("note_id")
    )
    found = _visits(others, on, zones)
    return [each for each in found if (each.participant_id, _window(each.day, by_month)) in wanted]


def _window(day: dt.date, by_month: bool) -> dt.date:
    return month_of(day).start if by_month else day


def _within(starts: set[dt.date]) -> Q:
    # Wider than asked where the days lie apart; the exact pairs are picked afterwards.
    last = max(month_of(each).last or each for each in starts)
    return Q(note__service_day__range=(min(starts), last))


def _visits(
    versions: "QuerySet[NoteVersion]", on: dt.date, zones: Mapping[UUID, str]
) -> list[Visit]:
    return [_visit(row, on, zones) for row in versions.values_list(*_FIELDS)]


def _visit(row: tuple[Any, ...], on: dt.date, zones: Mapping[UUID, str]) -> Visit:
    note, version, sha256, number, saved, start, end, mode, place, signed_at = row[:10]
    participant, provider, program, site, service, group, state, day = row[10:]
    zone = zones[site]
    start, end = note_times.real(start, zone), note_times.real(end, zone)
    return Visit(
        key=str(note),
        version_id=version,
        version=sha256 or f"{number}.{saved}",
        participant_id=participant,
        provider_id=provider,
        program_id=program,
        site_id=site,
        service=service,
        day=service_day(start, zone) if start else day or on,
        start=start,
        end=end,
        mode=mode,
        place=place,
        group_session=str(group or ""),
        state=state,
        signed_on=service_day(signed_at, zone) if signed_at else None,
    )


def from_draft(draft: VisitDraft, *, on: dt.date, zones: Mapping[UUID, str]) -> Visit:
    """A visit out of a form; without a start its day is the day of asking."""
    return Visit(
        key=UNSAVED if draft.note_id is None else str(draft.note_id),
        version_id=None,
        version="",
        participant_id=draft.participant_id,
        provider_id=draft.provider_id,
        program_id=draft.program_id,
        site_id=draft.site_id,
        service=draft.service,
        day=service_day(draft.start, zones[draft.site_id]) if draft.start else on,
        start=draft.start,
        end=draft.end,
        mode=draft.mode,
        place=draft.place,
        group_session=str(draft.group_session or ""),
        state="DRAFT",
        signed_on=None,
        deductions=tuple(DeductionFact(a, m) for a, m in sorted(draft.deductions.items())),
        goals=None if draft.goal_ids is None else frozenset(str(each) for each in draft.goal_ids),
    )


def with_parts(visits: Iterable[Visit]) -> list[Visit]:
    """The same visits with the goals and deductions of their stored versions: two queries."""
    held = list(visits)
    versions = [each.version_id for each in held if each.version_id is not None]
    goals: dict[UUID, set[str]] = defaultdict(set)
    for version, goal in NoteGoal.objects.filter(version__in=versions).values_list(
        "version_id", "goal_id"
    ):
        goals[version].add(str(goal))
    taken: dict[UUID, list[DeductionFact]] = defaultdict(list)
    rows = Deduction.objects.filter(version__in=versions).order_by("activity")
    for version, activity, minutes in rows.values_list("version_id", "activity", "minutes"):
        taken[version].append(DeductionFact(activity, minutes))
    return [
        each
        if each.version_id is None
        else replace(
            each,
            goals=frozenset(goals.get(each.version_id, ())),
            deductions=tuple(taken.get(each.version_id, ())),
        )
        for each in held
    ]
