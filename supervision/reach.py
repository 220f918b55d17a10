"""Whose rows supervision opens: a supervisor's team and its people, and one's own supervision.

"My supervisees and their people, in my assignment periods": the assignment must be in force on the
day asked, as supervisor or as named delegate. Apps above use `team` and `team_people` for models of
theirs.
"""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from peerworks.accounts import reach
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Scope
from supervision.models import Session, SessionAttendance
from supervision.queries import led_by, local_day, people_of_team

_OF_WORKERS = {
    "providers.Provider": "pk",
    "providers.Employment": "provider",
    "providers.Placement": "provider",
    "providers.Credential": "provider",
    "providers.Verification": "credential__provider",
    "providers.WorkSpan": "provider",
    "providers.WorkEntry": "span__provider",
    "supervision.Assignment": "provider",
    "training.Completion": "provider",
    "training.CourseEnrolment": "provider",
    "training.Attendance": "provider",
}
_OF_PEOPLE = {
    "participants.Participant": "pk",
    "participants.CareTeamMember": "participant",
    "participants.Enrolment": "participant",
    "participants.Consent": "participant",
    "participants.StatusPeriod": "participant",
}


def team(path: str = "provider") -> reach.Rows:
    """Rows of those whom a member supervises on the day; `path` leads from the row to the worker."""

    def rows(member: Membership, on: dt.date) -> Q:
        return Q(**{f"{path}__in": led_by(member, on).values("provider")})

    return rows


def team_and_self(path: str = "provider") -> reach.Rows:
    """The same with one's own rows: a supervisor opens the own file as well as the team's."""
    member_path = "member" if path == "pk" else f"{path}__member"

    def rows(member: Membership, on: dt.date) -> Q:
        return team(path)(member, on) | Q(**{member_path: member})

    return rows


def team_people(path: str = "participant") -> reach.Rows:
    """Rows about the people of a member's team; `path` leads from the row to the participant."""

    def rows(member: Membership, on: dt.date) -> Q:
        return Q(**{f"{path}__in": people_of_team(member, on).values("participant")})

    return rows


def own_sessions(member: Membership, on: dt.date) -> Q:
    """The sessions that a member gave or took part in."""
    took_part = SessionAttendance.objects.filter(provider__member=member)
    return Q(supervisor__member=member) | Q(pk__in=took_part.values("session"))


def team_sessions(member: Membership, on: dt.date) -> Q:
    """The sessions that a member gave, and those of present supervisees since the assignment began.

    What a worker said to an earlier supervisor stays with those two and the administrators.
    """
    since = led_by(member, on).filter(
        provider=OuterRef("provider"), period__startswith__lte=OuterRef("day")
    )
    day = local_day("session__starts_at", "session__site__time_zone")
    parts = SessionAttendance.objects.annotate(day=day).filter(Exists(since))
    return Q(supervisor__member=member) | Q(pk__in=parts.values("session"))


def _within(sessions: reach.Rows) -> reach.Rows:
    def rows(member: Membership, on: dt.date) -> Q:
        return Q(session__in=Session.objects.filter(sessions(member, on)))

    return rows


def own_assignments(member: Membership, on: dt.date) -> Q:
    """Who supervises a member, and whom they supervise."""
    mine = Q(supervisor__member=member) | Q(delegate__member=member)
    return mine | Q(provider__member=member)


def own_proofs(member: Membership, on: dt.date) -> Q:
    """What speaks for a member as a supervisor."""
    return Q(supervisor__member=member)


def _team_proofs(member: Membership, on: dt.date) -> Q:
    return own_proofs(member, on) | team("supervisor")(member, on)


def register() -> None:
    """Say which rows each scope covers; called once, when the program starts."""
    for label, path in _OF_WORKERS.items():
        reach.register(label, Scope.TEAM, team_and_self(path))
    for label, path in _OF_PEOPLE.items():
        reach.register(label, Scope.TEAM, team_people(path))
    reach.register("supervision.Assignment", Scope.OWN, own_assignments)
    reach.register("supervision.Session", Scope.OWN, own_sessions)
    reach.register("supervision.Session", Scope.TEAM, team_sessions)
    for part in ("SessionAttendance", "Action"):
        reach.register(f"supervision.{part}", Scope.OWN, _within(own_sessions))
        reach.register(f"supervision.{part}", Scope.TEAM, _within(team_sessions))
    reach.register("supervision.Qualification", Scope.OWN, own_proofs)
    reach.register("supervision.Qualification", Scope.TEAM, _team_proofs)
