"""New passwords: through a letter, or by who knows the old one."""

import datetime as dt
from uuid import UUID

from peerworks.accounts import letters, limits, policies
from peerworks.accounts.letters import Kind
from peerworks.accounts.models import Membership, User
from peerworks.accounts.operations.signins import forget_sign_ins
from peerworks.accounts.queries import own_memberships, user_by_email, user_of_key
from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused, enforce, refuse

ONE_LETTER_IN = 300
"""Seconds in which one account gets one letter about a reset, however often it is asked."""


def ask_reset(*, email: str, at: dt.datetime) -> None:
    """Send a link for a new password to the account of an address; nothing where there is none.

    Answers nothing, so that no page can tell the two apart (AU-6). Who is a member of no agency has
    nothing to open, and gets no letter. Who asks too often is not heard: each time leaves an event.
    """
    user = user_by_email(email)
    memberships = own_memberships(user) if user is not None else []
    if user is None or not memberships or not limits.count(limits.reset_limit(user.pk)).is_free:
        return
    _send(Kind.RESET, user, memberships[0], int(at.timestamp()) // ONE_LETTER_IN, at)
    _keep("password.reset-asked", user, memberships)


def _send(kind: Kind, user: User, member: Membership, number: int, at: dt.datetime) -> None:
    letters.send(kind, agency_id=member.agency_id, about=user.pk, number=number, at=at)


def _keep(action: str, user: User, memberships: list[Membership]) -> None:
    """One event in each agency of the account: there is no agency on these pages."""
    for each in memberships:
        with acting_for(each.agency_id, user.pk):
            trail.record(action, by=user, about=user, kind=AuditEvent.Kind.SIGN_IN)


def reset_password(*, key: str, password: str, at: dt.datetime) -> User:
    """Set a new password with the key of a letter; every session of the account ends.

    The key works once and 60 minutes; a change of the password or the address and a sign-in end it,
    too, since all of these are part of it. The second factor stays and is asked at the next sign-in
    (AU-7). Raises `Refused` (RESET-GONE, and those of a password).
    """
    user = _user_of(key)
    memberships = own_memberships(user)
    own = (user.name, user.email, *(each.agency.name for each in memberships))
    enforce(policies.refusal_of_password(password, own))
    _set(user, password)
    _tell(user, memberships, at)
    _keep("password.reset", user, memberships)
    return user


def _user_of(key: str) -> User:
    """The same, locked before it is asked: of two tries with one key the second finds it used."""
    found = user_of_key(key)
    if found is None:
        raise Refused(refuse("RESET-GONE"))
    list(User.objects.select_for_update(no_key=True).filter(pk=found.pk))
    found = user_of_key(key)
    if found is None:
        raise Refused(refuse("RESET-GONE"))
    return found


def change_password(
    *, by: Membership, current: str, password: str, but: UUID, at: dt.datetime
) -> User:
    """Change one's own password; all sessions end but the one that asks.

    Raises `Refused` (PASSWORD-NONE, PASSWORD-CURRENT, CODE-TOO-MANY, and those of a password).
    """
    user = by.user
    enforce(policies.refusal_to_change_password(user))
    _check_current(user, current)
    memberships = own_memberships(user)
    own = (user.name, user.email, *(each.agency.name for each in memberships))
    enforce(policies.refusal_of_password(password, own))
    _set(user, password, but=but)
    _tell(user, memberships, at)
    trail.record("password.changed", by=user, about=user)
    return user


def _check_current(user: User, current: str) -> None:
    """The try is counted before it is hashed, as at a sign-in."""
    limit = limits.own_password_limit(user.pk, user.password)
    if not limits.count(limit).is_free:
        raise Refused(refuse("CODE-TOO-MANY"))
    if not user.check_password(current):
        raise Refused(refuse("PASSWORD-CURRENT"))
    limits.forgive(limit)


def _set(user: User, password: str, but: UUID | None = None) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    forget_sign_ins(user_id=user.pk, but=but)


def _tell(user: User, memberships: list[Membership], at: dt.datetime) -> None:
    """A letter that the password is another one, so that a thief is noticed."""
    if memberships:
        _send(Kind.PASSWORD_CHANGED, user, memberships[0], int(at.timestamp()), at)
