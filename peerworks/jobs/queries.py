"""Reads of jobs. Asked inside the agency: the database shows no other's."""

import datetime as dt
from uuid import UUID

from django.db.models import QuerySet

from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.jobs.models import DueWork, Job, JobQuerySet


def jobs_for(member: Membership) -> JobQuerySet:
    """The runs that a member may look at: an administrator all, others what they asked for."""
    jobs = Job.objects.select_related("asked_by__user")
    return jobs if member.may(Permission.VIEW_JOBS) else jobs.filter(asked_by=member)


def latest_by_kind() -> dict[str, Job]:
    """The latest run of each kind: one query."""
    latest = (
        Job.objects.select_related("asked_by__user")
        .order_by("kind", "-created_at", "-pk")
        .distinct("kind")
    )
    return {each.kind: each for each in latest}


def runs_of(kind: str) -> "QuerySet[Job]":
    """The runs of a kind, the latest first."""
    runs = Job.objects.filter(kind=kind).select_related("asked_by__user")
    return runs.order_by("-created_at", "-pk")


def live_run(kind: str) -> Job | None:
    """The run of a kind that waits or runs now."""
    return Job.objects.live().filter(kind=kind).order_by("created_at", "pk").first()


def kinds_planned_on(agency_id: UUID, day: dt.date) -> set[str]:
    """The kinds that the clock has planned for a local day; rows of due work stand outside the wall."""
    rows = DueWork.objects.filter(agency_id=agency_id, slot=day.isoformat())
    return set(rows.values_list("kind", flat=True))


def asker_in_force(job_id: UUID) -> Membership | None:
    """Who asked for a run, while they are a member who may sign in; else None."""
    asked = Membership.objects.filter(pk__in=Job.objects.filter(pk=job_id).values("asked_by"))
    return (
        asked.filter(is_active=True, user__is_active=True).select_related("user", "agency").first()
    )


def kinds_with_live_runs() -> set[str]:
    """The kinds of which a run waits or goes on: one query."""
    return set(Job.objects.live().values_list("kind", flat=True))
