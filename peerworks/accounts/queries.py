"""Who is a member of what, and who is signed in where."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from peerworks.accounts.devices import device_words
from peerworks.accounts.models import Membership, SignIn, User

OVERALL = dt.timedelta(hours=12)
"""How long a session lasts at most, whatever is done in it."""
DEVICE_DAYS = 180
"""How long a browser is remembered as one in which somebody has signed in."""


def memberships_of(user: User) -> "QuerySet[Membership]":
    """The memberships in force of a user, with their agency, by its name.

    Asked before an agency is chosen, too: the policy then shows own rows only.
    """
    return (
        Membership.objects.filter(user=user, is_active=True, is_service=False)
        .select_related("agency")
        .order_by("agency__name", "pk")
    )


def service_member(agency_id: UUID | str) -> Membership:
    """The agency's service member, as which jobs and commands act. Asked inside that agency."""
    return Membership.objects.select_related("user").get(agency_id=agency_id, is_service=True)


def members_with(*roles: str) -> "QuerySet[Membership]":
    """The members in force who hold one of these roles, with their user, by name."""
    return (
        Membership.objects.filter(roles__overlap=list(roles), is_active=True, is_service=False)
        .select_related("user")
        .order_by("user__name", "pk")
    )


@dataclass(frozen=True, slots=True)
class Session:
    """A row of the page of sessions."""

    id: UUID
    device: str
    since: dt.datetime
    last: dt.datetime
    is_this_one: bool


@dataclass(frozen=True, slots=True)
class MemberSessions:
    """A member as the page of sign-ins shows them: which devices are signed in, and how they prove it."""

    member: Membership
    devices: tuple[str, ...]
    last: dt.datetime | None
    has_factor: bool


def alive(at: dt.datetime, idle_minutes: int) -> "QuerySet[SignIn]":
    """The sessions that are neither idle nor over at a moment, the last used first."""
    since = at - dt.timedelta(minutes=idle_minutes)
    rows = SignIn.objects.filter(acted_at__gt=since, created_at__gt=at - OVERALL)
    return rows.order_by("-acted_at", "pk")


def sessions_of(user: User, *, this_one: UUID, at: dt.datetime, idle_minutes: int) -> list[Session]:
    """The sessions of a user, this one first."""
    rows = [
        Session(
            id=each.pk,
            device=device_words(each.browser, each.system),
            since=each.created_at,
            last=each.acted_at,
            is_this_one=each.pk == this_one,
        )
        for each in alive(at, idle_minutes).filter(user=user)
    ]
    return sorted(rows, key=lambda each: not each.is_this_one)


def members_by_name() -> "QuerySet[Membership]":
    """The members of the acting agency, by name: the service member is none of them."""
    rows = Membership.objects.filter(is_active=True, is_service=False).select_related("user")
    return rows.order_by("user__name", "pk")


def sessions_by_member(
    members: Iterable[Membership], *, agency_id: UUID, at: dt.datetime, idle_minutes: int
) -> list[MemberSessions]:
    """Where these members are signed in to this agency now, and who has a second factor: two queries."""
    members = list(members)
    users = [each.user_id for each in members]
    rows: dict[UUID, list[SignIn]] = defaultdict(list)
    for each in alive(at, idle_minutes).filter(user_id__in=users, agency_id=agency_id):
        rows[each.user_id].append(each)
    proved = set(
        Authenticator.objects.filter(user_id__in=users, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    return [
        MemberSessions(
            member=each,
            devices=tuple(device_words(row.browser, row.system) for row in rows[each.user_id]),
            last=rows[each.user_id][0].acted_at if rows[each.user_id] else None,
            has_factor=each.user_id in proved,
        )
        for each in members
    ]
