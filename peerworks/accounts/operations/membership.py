"""Making members, and what a user chooses for themselves."""

from collections.abc import Iterable

from peerworks.accounts.models import Membership, User
from peerworks.agencies.models import Agency
from peerworks.audit import trail


def add_service_member(*, agency: Agency) -> Membership:
    """Give an agency the member as which jobs and commands act. Asked once, when it is founded."""
    user = User.objects.create_user(
        email=f"service@{agency.slug}.invalid",
        name=agency.name,
        is_service=True,
        is_active=False,
    )
    return Membership.objects.create(agency=agency, user=user, is_service=True)


def add_member(*, agency: Agency, user: User, roles: Iterable[str], by: User) -> Membership:
    """Make a user a member with these roles."""
    membership = Membership.objects.create(agency=agency, user=user, roles=list(roles))
    trail.record("member.added", by=by, about=membership, fields=["roles"])
    return membership


def choose_language(*, by: User, language: str) -> None:
    """Keep the language that a user reads; no event: it says nothing about anybody else."""
    User.objects.filter(pk=by.pk).update(language=language)
