"""Who has completed what: for pages one row each, for rules facts in bulk."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from peerworks.agencies.postgres.questions import GivenIds, Question
from peerworks.lib.findings import ref
from providers.models import Provider
from training.models import Completion, Course
from training.rules import CompletionFact

COMPLETION = "training.completion"


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course in a list: how many workers count as having completed it, and the last day of one."""

    id: UUID
    key: str
    title: str
    hours: str
    meetings: int
    minutes: int
    completed: int
    last_on: dt.date | None


@dataclass(frozen=True, slots=True)
class CompletionRow:
    """A completed course in a list; `kind` and `words` of its state are the page's."""

    id: UUID
    provider_id: UUID
    name: str
    course_id: UUID
    title: str
    completed_on: dt.date
    valid_through: dt.date | None
    hours: str
    certificate_number: str
    is_revoked: bool
    counts: bool


_COMPLETIONS = Question(
    lambda: (
        Completion.objects.standing()
        .for_providers(GivenIds("providers"))
        .select_related("course")
        .order_by("completed_on", "pk")
    )
)


def completion_facts(providers: Iterable[UUID]) -> dict[UUID, tuple[CompletionFact, ...]]:
    """The completions of these workers that count, of any day: one query.

    Revoked ones count on no day and are left out; a worker without any has an empty tuple.
    """
    wanted = list(providers)
    found: dict[UUID, list[CompletionFact]] = {each: [] for each in wanted}
    for each in _COMPLETIONS(providers=wanted):
        found[each.provider_id].append(completion_fact(each))
    return {provider: tuple(facts) for provider, facts in found.items()}


def completion_fact(completion: Completion) -> CompletionFact:
    """A completion as `training.rules` takes it. Its course must be loaded."""
    return CompletionFact(
        course=completion.course.key,
        completed_on=completion.completed_on,
        record=ref(COMPLETION, completion.pk),
        valid_through=completion.valid_through,
    )


def course_rows(seen: "QuerySet[Completion]", day: dt.date, language: str) -> list[CourseRow]:
    """All courses by title, with what `seen` (the completions a reader may see) holds on a day."""
    counted = Q(completions__in=seen.valid_on(day))  # type: ignore[attr-defined]
    courses = Course.objects.annotate(
        completed=Count("completions__provider", filter=counted, distinct=True),
        last_on=Max("completions__completed_on", filter=counted),
    )
    rows = [_course_row(each, language) for each in courses]
    return sorted(rows, key=lambda row: (row.title.casefold(), str(row.id)))


def _course_row(course: Course, language: str) -> CourseRow:
    return CourseRow(
        id=course.pk,
        key=course.key,
        title=course.title(language),
        hours=f"{course.hours.normalize():f}",
        meetings=course.minimum_meetings,
        minutes=course.minimum_minutes,
        completed=course.completed,  # type: ignore[attr-defined]
        last_on=course.last_on,  # type: ignore[attr-defined]
    )


def completion_rows(
    seen: "QuerySet[Completion]", day: dt.date, language: str
) -> list[CompletionRow]:
    """Completions as a list shows them, the latest first: one query."""
    told = seen.select_related("provider", "course").order_by("-completed_on", "pk")
    return [completion_row(each, day, language) for each in told]


def completion_row(each: Completion, day: dt.date, language: str) -> CompletionRow:
    """One row. Its worker and its course must be loaded."""
    lasts = each.valid_through is None or day <= each.valid_through
    return CompletionRow(
        id=each.pk,
        provider_id=each.provider_id,
        name=each.provider.name,
        course_id=each.course_id,
        title=each.course.title(language),
        completed_on=each.completed_on,
        valid_through=each.valid_through,
        hours=f"{each.hours.normalize():f}",
        certificate_number=each.certificate_number,
        is_revoked=each.revoked_at is not None,
        counts=each.revoked_at is None and each.completed_on <= day and lasts,
    )


def workers_to_train(day: dt.date) -> "QuerySet[Provider]":
    """Who may have completed a course: everyone who works here on a day, by name."""
    return Provider.objects.employed_on(day).by_name()
