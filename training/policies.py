"""Who may record and revoke completed courses."""

import datetime as dt

from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.lib.findings import Refusal, refuse
from providers.models import Provider
from training.models import Completion


def refusal_to_add_course(*, by: Membership) -> Refusal | None:
    """Courses are added by who runs them."""
    return None if by.may(Permission.MANAGE_COURSES) else refuse("TRNG-NO-ROLE")


def refusal_to_record_completion(
    *, provider: Provider, completed_on: dt.date, by: Membership, on: dt.date
) -> Refusal | None:
    """A trainer or administrator records it, never for themselves, and not ahead of the day."""
    if not by.may(Permission.MANAGE_COURSES):
        return refuse("TRNG-NO-ROLE")
    if provider.member_id == by.pk:
        return refuse("TRNG-OWN")
    if completed_on > on:
        return refuse("TRNG-FUTURE", date=completed_on)
    return None


def refusal_to_revoke_completion(*, completion: Completion, by: Membership) -> Refusal | None:
    """One recorded by mistake is revoked once, by who may record."""
    if not by.may(Permission.MANAGE_COURSES):
        return refuse("TRNG-NO-ROLE")
    if completion.provider.member_id == by.pk:
        return refuse("TRNG-OWN")
    return None if completion.revoked_at is None else refuse("TRNG-REVOKED")
