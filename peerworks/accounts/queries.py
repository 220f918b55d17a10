"""Who is a member of what."""

from uuid import UUID

from django.db.models import QuerySet

from peerworks.accounts.models import Membership, User


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
