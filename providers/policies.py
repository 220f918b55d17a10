"""Why something may not be done with a personnel file: asked by buttons and by operations alike.

Where a page asks for many certifications, it loads their `provider`, `verifications` and
`replaced_by` before, and nothing here asks the database again.
"""

import datetime as dt

from django.db.models import QuerySet

from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission, Scope
from peerworks.files.policies import refusal_to_withdraw_file
from peerworks.lib.findings import Refusal, ref, refuse
from providers.models import (
    Credential,
    CredentialKind,
    Employment,
    Evidence,
    Placement,
    Provider,
    Stage,
    Verification,
)

MOST_EVIDENCE = 20
_ONE_DAY = dt.timedelta(days=1)


def refusal_to_add_credential(
    provider: Provider, *, kind: CredentialKind, number: str
) -> Refusal | None:
    """Two people never hold one certificate: its number within a kind belongs to one of them."""
    if not number:
        return None
    others = Credential.objects.filter(kind=kind, number=number).exclude(provider=provider)
    other = others.exclude(stage=Stage.RETIRED).order_by("pk").first()
    if other is None:
        return None
    return refuse("CRED-NUMBER", other=ref("providers.provider", other.provider_id))


def refusal_to_keep_kind(key: str) -> Refusal | None:
    """An agency keeps one kind of certification of a key."""
    if CredentialKind.objects.filter(key=key).exists():
        return refuse("KIND-KEPT")
    return None


def refusal_to_renew_credential(credential: Credential) -> Refusal | None:
    """A retired or suspended certificate is not renewed, and none is renewed twice."""
    if any(each.stage != Stage.RETIRED for each in credential.replaced_by.all()):
        return refuse("CRED-RENEWED")
    return _refusal_when_stopped(credential)


def refusal_to_verify_credential(credential: Credential, *, by: Membership) -> Refusal | None:
    """Nobody verifies what they hold or entered; what is retired needs no verifying."""
    if credential.provider.member_id == by.pk:
        return refuse("CRED-HOLDER")
    if credential.entered_by_id == by.pk:
        return refuse("CRED-ENTERER")
    return refuse("CRED-RETIRED") if credential.stage == Stage.RETIRED else None


def refusal_to_change_credential(credential: Credential) -> Refusal | None:
    """What was verified does not change; before that, its data may be corrected."""
    if credential.verifications.all():
        return refuse("CRED-VERIFIED")
    return _refusal_when_stopped(credential)


def refusal_to_suspend_credential(credential: Credential) -> Refusal | None:
    """A certificate is suspended once, and never after it is retired."""
    return _refusal_when_stopped(credential)


def refusal_to_retire_credential(credential: Credential) -> Refusal | None:
    """A certificate is retired once; a suspended one may be."""
    return refuse("CRED-RETIRED") if credential.stage == Stage.RETIRED else None


def refusal_to_add_evidence(credential: Credential, *, count: int = 1) -> Refusal | None:
    """A retired certificate needs no proof, and none needs more than twenty files."""
    if credential.stage == Stage.RETIRED:
        return refuse("CRED-RETIRED")
    standing = sum(each.file.withdrawn_at is None for each in credential.evidence.all())
    if standing + count > MOST_EVIDENCE:
        return refuse("EVIDENCE-MANY", most=MOST_EVIDENCE)
    return None


def refusal_to_withdraw_evidence(evidence: Evidence, *, by: Membership) -> Refusal | None:
    """By who uploaded it or an administrator, and not once somebody has verified with it."""
    stored = evidence.file
    is_administrator = Scope.AGENCY in by.scopes(Permission.ADD_CREDENTIAL)
    if stored.uploaded_by_id != by.pk and not is_administrator:
        return refuse("EVIDENCE-WHO")
    checks = evidence.credential.verifications.all()
    if any(each.verified_at >= stored.uploaded_at for each in checks):
        return refuse("EVIDENCE-VERIFIED")
    return refusal_to_withdraw_file(stored)


def _refusal_when_stopped(credential: Credential) -> Refusal | None:
    if credential.stage == Stage.RETIRED:
        return refuse("CRED-RETIRED")
    if credential.stage == Stage.SUSPENDED and credential.inactive_on is not None:
        return refuse("CRED-SUSPENDED", date=credential.inactive_on)
    return None


def refusal_to_link_file(provider: Provider, member: Membership | None = None) -> Refusal | None:
    """Whoever signs in for a file wrote what stands under its name, so that it is said once.

    Who verified a paper of the file would be its holder: nobody verifies their own.
    """
    if provider.member_id is not None:
        return refuse("FILE-LINKED")
    papers = Verification.objects.filter(credential__provider=provider, verified_by=member)
    return refuse("LINK-VERIFIER") if member is not None and papers.exists() else None


def refusal_to_offer_a_link(candidates: "QuerySet[Membership]") -> Refusal | None:
    """Where every member has a file there is nobody to choose."""
    return None if candidates.exists() else refuse("LINK-NOBODY")


def refusal_to_link_member(member: Membership | None) -> Refusal | None:
    """A sign-in belongs to one personnel file."""
    taken = None if member is None else Provider.objects.filter(member=member).first()
    if taken is None:
        return None
    return refuse("MEMBER-TAKEN", other=ref("providers.provider", taken.pk))


def refusal_to_end_employment(
    employment: Employment, *, last_day: dt.date | None = None
) -> Refusal | None:
    """An employment ends once, and not before it begins."""
    return _refusal_to_end(employment, last_day)


def refusal_to_end_placement(
    placement: Placement, *, last_day: dt.date | None = None
) -> Refusal | None:
    """A placement ends once, and not before it begins."""
    return _refusal_to_end(placement, last_day)


def _refusal_to_end(held: Employment | Placement, last_day: dt.date | None) -> Refusal | None:
    begins, ends = held.period.lower, held.period.upper
    if ends is not None:
        return refuse("PERIOD-ENDED", last=ends - _ONE_DAY)
    if last_day is not None and last_day < begins:
        return refuse("PERIOD-ENDS-BEFORE", first=begins)
    return None
