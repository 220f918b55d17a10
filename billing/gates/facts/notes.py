"""Visits that stand in notes: those asked about, and those that share their day."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import DateField, F, Q, QuerySet
from django.db.models.functions import Cast, TruncMonth

from billing.gates.facts.drafts import UNSAVED, Visit, VisitDraft
from billing.gates.rules import DeductionFact
from billing.models import Deduction, NoteGoal, NoteVersion
from billing.queries import note_times
from peerworks.agencies.postgres.lookups import IsPairAmong
from peerworks.agencies.postgres.questions import GivenIds, Question
from peerworks.lib.findings import Moment
from peerworks.lib.periods import service_day

_FIELDS = (
    *("note_id", "pk", "sha256", "number", "draft_number", "starts_at", "ends_at", "mode", "place"),
    *("signed_at", "note__participant_id", "note__provider_id", "note__program_id"),
    *("note__site_id", "note__service_key", "note__group_session_id", "note__state"),
    "note__service_day",
)
_DAY = "note__service_day"
_IN_FORCE = Q(note__version_in_force=F("pk"))
_VERSIONS = GivenIds("versions")
_GOALS = Question(
    lambda: NoteGoal.objects.filter(version__among=_VERSIONS).values_list("version_id", "goal_id")
)
_DEDUCTIONS = Question(
    lambda: (
        Deduction.objects.filter(version__among=_VERSIONS)
        .order_by("activity")
        .values_list("version_id", "activity", "minutes")
    )
)


def _latest(among: Q) -> "QuerySet[NoteVersion, tuple[Any, ...]]":
    versions = NoteVersion.objects.filter(among, note__among=GivenIds("notes"))
    return versions.order_by("note_id", "-number").distinct("note_id").values_list(*_FIELDS)


_LATEST = Question(lambda: _latest(Q()))
_BATCHED = Question(lambda: _latest(_IN_FORCE | Q(note__version_in_force__isnull=True)))


def load_notes(
    note_ids: Collection[UUID], *, moment: Moment, on: dt.date, zones: Mapping[UUID, str]
) -> list[Visit]:
    """The visits of these notes, in the order of their ids: one query.

    At BATCH the version in force is judged, before that the latest; without one in force always the
    latest. Notes that the reader may not see are left out.
    """
    ask = _BATCHED if moment is Moment.BATCH else _LATEST
    return [_visit(row, on, zones) for row in ask(notes=set(note_ids))]


def load_companions(
    visits: Collection[Visit], *, by_month: bool, on: dt.date, zones: Mapping[UUID, str]
) -> list[Visit]:
    """The other signed visits of the same people on the same days (months `by_month`): one query."""
    wanted = {(each.participant_id, window(each.day, by_month)) for each in visits}
    column = Cast(TruncMonth(_DAY), DateField()) if by_month else F(_DAY)
    others = (
        NoteVersion.objects.filter(_IN_FORCE, IsPairAmong("note__participant", column, wanted))
        .exclude(note__among={each.note_id for each in visits if each.note_id is not None})
        .order_by("note_id")
    )
    found = [_visit(row, on, zones) for row in others.values_list(*_FIELDS)]
    return [each for each in found if (each.participant_id, window(each.day, by_month)) in wanted]


def window(day: dt.date, by_month: bool) -> dt.date:
    """What visits have in common that may count together: their day, or the first of their month."""
    return day.replace(day=1) if by_month else day


def _visit(row: tuple[Any, ...], on: dt.date, zones: Mapping[UUID, str]) -> Visit:
    note, version, sha256, number, saved, start, end, mode, place, signed_at = row[:10]
    participant, provider, program, site, service, group, state, day = row[10:]
    zone = zones[site]
    start, end = note_times.real(start, zone), note_times.real(end, zone)
    return Visit(
        key=str(note),
        note_id=note,
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
        note_id=draft.note_id,
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


def fill_parts(visits: Iterable[Visit]) -> None:
    """Give visits the goals and deductions of their stored versions: two queries. Again: the same."""
    stored = {each.version_id: each for each in visits if each.version_id is not None}
    goals: dict[UUID, set[str]] = {version: set() for version in stored}
    for version, goal in _GOALS(versions=stored):
        goals[version].add(str(goal))
    deductions: dict[UUID, list[DeductionFact]] = {version: [] for version in stored}
    for version, activity, minutes in _DEDUCTIONS(versions=stored):
        deductions[version].append(DeductionFact(activity, minutes))
    for version, visit in stored.items():
        visit.goals = frozenset(goals[version])
        visit.deductions = tuple(deductions[version])
