"""What is not done with people who sign in, as values that a page shows and an operation raises."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator

from peerworks.accounts import letters, queries
from peerworks.accounts.access import has_permission
from peerworks.accounts.models import Invitation, Membership, SetupKey, User
from peerworks.accounts.reasons import PASSWORD_LIMITS
from peerworks.accounts.roles import Permission, RoleName
from peerworks.agencies.models import Agency
from peerworks.lib.findings import Refusal, refuse
from peerworks.lib.passphrases import weakness

WRONG_TRIES = 20
"""After so many wrong keys the setup page stays closed until a new key is made."""


def refusal_to_manage(by: Membership) -> Refusal | None:
    """Members are managed by administrators."""
    return None if has_permission(by, Permission.MANAGE_MEMBERS) else refuse("MEMBER-MANAGER")


def refusal_to_run_agency(by: Membership) -> Refusal | None:
    """What an agency says about itself, and how long sessions last, administrators change."""
    return None if has_permission(by, Permission.MANAGE_AGENCY) else refuse("AGENCY-MANAGER")


def refusal_to_invite(email: str, roles: Iterable[str], by: Membership) -> Refusal | None:
    """Who is a member is not invited, and nobody is invited to nothing."""
    if (refusal := refusal_to_manage(by)) is not None:
        return refusal
    if not list(roles):
        return refuse("MEMBER-NO-ROLE")
    member = queries.member_by_email(email)
    if member is None:
        return None
    return refuse("INVITE-MEMBER" if member.is_active else "INVITE-DISABLED")


def refusal_to_change_roles(
    member: Membership, roles: Iterable[str], by: Membership
) -> Refusal | None:
    """Nobody gives themselves a role; a member has one at least, an agency an administrator."""
    wanted = set(roles)
    if (refusal := refusal_to_manage(by)) is not None:
        return refusal
    if not wanted:
        return refuse("MEMBER-NO-ROLE")
    if member.pk == by.pk and wanted - set(member.roles):
        return refuse("MEMBER-OWN-ROLE")
    if RoleName.ADMINISTRATOR in wanted:
        return None
    return _refusal_to_lose(member)


def _refusal_to_lose(member: Membership) -> Refusal | None:
    """An agency keeps one administrator in force."""
    if not member.is_active or RoleName.ADMINISTRATOR not in member.roles:
        return None
    return None if queries.other_administrators(member).exists() else refuse("MEMBER-LAST-ADMIN")


def refusal_to_disable(member: Membership, by: Membership) -> Refusal | None:
    """A member in force who is not oneself, and not the last administrator."""
    if (refusal := refusal_to_manage(by)) is not None:
        return refusal
    if not member.is_active:
        return refuse("MEMBER-DISABLED")
    if member.pk == by.pk:
        return refuse("MEMBER-SELF")
    return _refusal_to_lose(member)


def refusal_to_enable(member: Membership, by: Membership) -> Refusal | None:
    """A member who was disabled."""
    if (refusal := refusal_to_manage(by)) is not None:
        return refusal
    return refuse("MEMBER-ENABLED") if member.is_active else None


def refusal_to_withdraw(invitation: Invitation, by: Membership) -> Refusal | None:
    """An open invitation, also one that has run out."""
    return refusal_to_manage(by) or _refusal_of_state(invitation)


def _refusal_of_state(invitation: Invitation) -> Refusal | None:
    if invitation.accepted_at is not None:
        return refuse("INVITE-ACCEPTED")
    return refuse("INVITE-WITHDRAWN") if invitation.withdrawn_at is not None else None


def refusal_to_send_again(invitation: Invitation, by: Membership) -> Refusal | None:
    """An open invitation; one that has run out gets new days."""
    return refusal_to_withdraw(invitation, by)


def refusal_to_reopen(invitation: Invitation, by: Membership, at: dt.datetime) -> Refusal | None:
    """A withdrawn invitation whose days are not over and whose address is no member's."""
    if (refusal := refusal_to_manage(by)) is not None:
        return refusal
    if invitation.accepted_at is not None:
        return refuse("INVITE-ACCEPTED")
    if invitation.withdrawn_at is None:
        return refuse("INVITE-OPEN")
    if invitation.expires_at <= at:
        return refuse("INVITE-RUN-OUT")
    return refusal_to_invite(invitation.email, invitation.roles, by)


def refusal_to_show_link(invitation: Invitation, by: Membership) -> Refusal | None:
    """Only where no mail reaches people: else the link proves the address, and nobody else has it."""
    if (refusal := refusal_to_withdraw(invitation, by)) is not None:
        return refusal
    return refuse("INVITE-MAIL") if letters.leaves_this_machine() else None


def refusal_to_join(invitation: Invitation | None, user: User | None) -> Refusal | None:
    """An invitation that can be used, by the account of its address where there is one.

    `user` is who is signed in, or None for a new account.
    """
    if invitation is None:
        return refuse("INVITE-GONE")
    if user is not None:
        return None if user.email == invitation.email else refuse("INVITE-OTHER-ADDRESS")
    has_account = User.objects.filter(email=invitation.email).exists()
    return refuse("INVITE-SIGN-IN") if has_account else None


def refusal_to_set_up(key: SetupKey | None) -> Refusal | None:
    """Once, with the key, and never where an agency is."""
    return refuse("SETUP-CLOSED") if key is None or Agency.objects.exists() else None


def refusal_of_password(password: str, own: Iterable[str]) -> Refusal | None:
    """AU-2: long, and not what somebody tries first. `own` are name, address and agencies."""
    weak = weakness(password, own=own, known=_known_passwords())
    if weak is None:
        return None
    code = f"PASSWORD-{weak}"
    limits: dict[str, Any] = PASSWORD_LIMITS.get(code, {})
    return refuse(code, **limits)


@cache
def _known_passwords() -> frozenset[str]:
    # Django's list of 20 thousand: few of them are long, but many begin a long one.
    return frozenset(CommonPasswordValidator().passwords)


def refusal_to_change_password(user: User) -> Refusal | None:
    """Who has no password, as in the demonstration, has none to change."""
    return None if user.has_usable_password() else refuse("PASSWORD-NONE")


def refusal_to_add_factor(*, has_factor: bool) -> Refusal | None:
    """One app at a time: the old one is taken away first."""
    return refuse("FACTOR-THERE") if has_factor else None


def refusal_without_factor(*, has_factor: bool) -> Refusal | None:
    """What is not there is neither renewed nor taken away."""
    return None if has_factor else refuse("FACTOR-NONE")


def refusal_to_reset_factor(
    member: Membership, by: Membership, *, has_factor: bool
) -> Refusal | None:
    """Nobody resets their own second factor without giving it, and none is reset that is not there."""
    if (refusal := refusal_to_manage(by)) is not None:
        return refusal
    if member.user_id == by.user_id:
        return refuse("FACTOR-OWN")
    return None if has_factor else refuse("FACTOR-NONE")
