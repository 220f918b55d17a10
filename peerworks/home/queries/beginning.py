"""What leads a new agency to its first note, and how far it has come."""

from dataclasses import dataclass, fields

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Coverage, Rate, ServiceNote
from peerworks.accounts.models import Invitation, Membership
from peerworks.agencies.models import Agency
from providers.models import Credential, CredentialKind, Provider, Verification
from supervision.models import Assignment, Qualification

SECOND = slice(1, 2)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The steps that an agency has done, each by its name in the list of first steps."""

    kinds: bool
    payer: bool
    claims: bool
    invited: bool
    files: bool
    assigned: bool
    verified: bool
    served: bool


def beginning(member: Membership) -> Beginning | None:
    """How far a member's agency has come; None once a note is written. Two queries at most.

    Of what two people need, the second one tells.
    """
    if ServiceNote.objects.exists():
        return None
    on_claims = Agency.objects.filter(pk=OuterRef("pk")).exclude(ein="")
    done = Agency.objects.filter(pk=member.agency_id).annotate(
        kinds=Exists(CredentialKind.objects.all()),
        payer=Exists(Rate.objects.all()),
        claims=Exists(on_claims),
        invited=Exists(Invitation.objects.filter(withdrawn_at__isnull=True)[SECOND]),
        files=Exists(Provider.objects.filter(member__isnull=False)[SECOND]),
        assigned=Exists(Assignment.objects.all()),
        verified=Exists(_verified()[SECOND]),
        served=Exists(Coverage.objects.all()),
    )
    return Beginning(**done.values(*(each.name for each in fields(Beginning))).get())


def _verified() -> "QuerySet[Verification]":
    """The verified certifications, once nothing waits to be verified."""
    waiting = Credential.objects.to_verify(), Qualification.objects.to_verify()
    return Verification.objects.filter(*(~Exists(each) for each in waiting))
