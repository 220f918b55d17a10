"""Who is a member of what, who is invited, and who is signed in where."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.db.models import Q, QuerySet

from peerworks.accounts.devices import device_words
from peerworks.accounts.models import Invitation, Membership, SetupKey, SignIn, User
from peerworks.accounts.roles import ROLES, RoleName
from peerworks.agencies.context import acting_for
from peerworks.agencies.postgres.questions import Given, Question
from peerworks.lib.addresses import NoAddress, plain_address
from peerworks.lib.names import sort_key

OVERALL = dt.timedelta(hours=12)
"""How long a session lasts at most, whatever is done in it."""
LONGEST_IDLE = 30
"""The most minutes without an action that an agency may set."""
DEVICE_DAYS = 180
"""How long a browser is remembered as one in which somebody has signed in."""
WITHDRAWN_SHOWN = dt.timedelta(days=7)


def memberships_of(user: User) -> "QuerySet[Membership]":
    """The memberships in force of a user, with their agency, by its name.

    Asked before an agency is chosen, too: the policy then shows own rows only.
    """
    return (
        Membership.objects.filter(user=user, is_active=True, is_service=False)
        .select_related("agency")
        .order_by("agency__name", "pk")
    )


_MEMBERSHIPS = Question(lambda: memberships_of(Given("user")))  # type: ignore[arg-type]


def memberships_in_force(user_id: UUID) -> list[Membership]:
    """The same, as every request asks it."""
    return _MEMBERSHIPS(user=user_id)


def own_memberships(user: User) -> list[Membership]:
    """The memberships in force of a user in all agencies, asked as that user."""
    with acting_for(None, user.pk):
        return memberships_in_force(user.pk)


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


def other_administrators(member: Membership) -> "QuerySet[Membership]":
    """The administrators in force beside a member."""
    return members_with(RoleName.ADMINISTRATOR).exclude(pk=member.pk)


def members() -> "QuerySet[Membership]":
    """The people of the agency who sign in, disabled ones included, with their user."""
    return Membership.objects.filter(is_service=False).select_related("user")


def member_by_email(email: str) -> Membership | None:
    """The member of this address, in force or not."""
    return members().filter(user__email=email).first()


def user_by_email(text: str) -> User | None:
    """The account of an address as somebody typed it; None also for a service member's."""
    try:
        email = plain_address(text)
    except NoAddress:
        return None
    return User.objects.filter(email=email, is_service=False, is_active=True).first()


# The members page.


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role as people read it: its name and what it is for."""

    name: Any
    sentence: Any


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list."""

    id: UUID
    name: str
    pronouns: str
    email: str
    roles: list[RoleWords]
    is_active: bool
    last_login: dt.datetime | None
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation in a list."""

    id: UUID
    email: str
    roles: list[RoleWords]
    by: str
    made_at: dt.datetime
    expires_at: dt.datetime
    has_run_out: bool


def role_words(roles: Iterable[str]) -> list[RoleWords]:
    """Roles in the order of the matrix."""
    held = set(roles)
    return [RoleWords(name.label, ROLES[name].sentence) for name in RoleName if name.value in held]


def member_rows(words: str = "") -> list[MemberRow]:
    """The members by name, those in force first: one query. `words` are looked for in name and address."""
    found = members()
    for word in words.split():
        found = found.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    rows = sorted(
        found, key=lambda each: (not each.is_active, sort_key(each.user.name, ""), each.pk)
    )
    return [member_row(each) for each in rows]


def member_row(member: Membership) -> MemberRow:
    """One member, whose user is loaded."""
    return MemberRow(
        id=member.pk,
        name=member.user.name,
        pronouns=member.user.pronouns,
        email=member.user.email,
        roles=role_words(member.roles),
        is_active=member.is_active,
        last_login=member.user.last_login,
        since=member.created_at,
    )


def open_invitations(at: dt.datetime) -> list[InvitationRow]:
    """The invitations that wait, also those that have run out, by address: one query."""
    return _invitation_rows(Invitation.objects.open().order_by("email", "pk"), at)


def withdrawn_invitations(at: dt.datetime) -> list[InvitationRow]:
    """What was withdrawn in the last seven days and can be taken back: the last one of each address."""
    lately = Invitation.objects.filter(
        withdrawn_at__gt=at - WITHDRAWN_SHOWN, expires_at__gt=at, accepted_at__isnull=True
    )
    still_open = Invitation.objects.open().values("email")
    last = lately.exclude(email__in=still_open).order_by("email", "-withdrawn_at").distinct("email")
    return _invitation_rows(last, at)


def _invitation_rows(found: "QuerySet[Invitation]", at: dt.datetime) -> list[InvitationRow]:
    return [
        InvitationRow(
            id=each.pk,
            email=each.email,
            roles=role_words(each.roles),
            by=each.made_by.user.name,
            made_at=each.created_at,
            expires_at=each.expires_at,
            has_run_out=each.expires_at <= at,
        )
        for each in found.select_related("made_by__user")
    ]


# What a stranger holds.


def agency_of_invitation(token_sha256: str) -> UUID | None:
    """The agency of an open invitation, by the hash of its token: the one way past the policy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT peerworks_agency_of_invitation(%s)", [token_sha256])
        found: UUID | None = cursor.fetchone()[0]
    return found


def invitation_by_token(token_sha256: str, at: dt.datetime) -> Invitation | None:
    """The usable invitation of a token, with its agency; asked inside that agency."""
    usable = Invitation.objects.usable(at).filter(token_sha256=token_sha256)
    return usable.select_related("agency").first() if token_sha256 else None


def setup_key(token_sha256: str, most_tries: int) -> SetupKey | None:
    """The key of the setup page that opens it now."""
    keys = SetupKey.objects.filter(used_at__isnull=True, tries__lt=most_tries)
    return keys.filter(token_sha256=token_sha256).first() if token_sha256 else None


def user_of_key(key: str) -> User | None:
    """The account that a reset key opens now, or None."""
    user_id, _dot, token = key.partition(".")
    try:
        user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None


# Who is signed in where.


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
    """The sessions of a user, this one first; one in another agency lasts as long as that one says.

    `idle_minutes` is for those in which no agency is chosen.
    """
    rows = [
        Session(
            id=each.pk,
            device=device_words(each.browser, each.system),
            since=each.created_at,
            last=each.acted_at,
            is_this_one=each.pk == this_one,
        )
        for each in alive(at, LONGEST_IDLE).filter(user=user).select_related("agency")
        if each.acted_at > at - dt.timedelta(minutes=_idle_of(each, idle_minutes))
    ]
    return sorted(rows, key=lambda each: not each.is_this_one)


def _idle_of(session: SignIn, otherwise: int) -> int:
    return session.agency.idle_minutes if session.agency is not None else otherwise


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
