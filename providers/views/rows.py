"""What the pages of this app share: the agency's day, and records in the member's reach."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils import timezone

from peerworks.accounts import reach
from peerworks.accounts.roles import Permission
from providers import policies
from providers.models import Credential, Evidence, Provider
from providers.queries import EvidenceLine, evidence_of, with_evidence


def today(request) -> dt.date:
    """The agency's local date."""
    return timezone.localdate(timezone=ZoneInfo(request.agency.time_zone))


def provider_or_404(request, pk, permission: Permission) -> Provider:
    """A worker whose file the member may open under this permission; else as if there were none."""
    rows = reach.narrow(Provider.objects.all(), request.member, permission, today(request))
    return get_object_or_404(rows.select_related("member__user"), pk=pk)


def credential_or_404(request, pk, permission: Permission) -> Credential:
    """A certificate in the member's reach under this permission, with all that policies ask."""
    rows = reach.narrow(Credential.objects.all(), request.member, permission, today(request))
    full = rows.select_related("kind", "provider", "entered_by__user")
    return get_object_or_404(
        full.prefetch_related("verifications__verified_by__user", "replaced_by", with_evidence()),
        pk=pk,
    )


def evidence_or_404(request, pk, permission: Permission) -> Evidence:
    """A file that proves a certificate in the member's reach; a withdrawn one is there for nobody."""
    held = reach.narrow(Credential.objects.all(), request.member, permission, today(request))
    standing = Evidence.objects.filter(credential__in=held, file__withdrawn_at__isnull=True)
    full = standing.select_related("file", "credential__kind", "credential__provider")
    return get_object_or_404(full.prefetch_related("credential__verifications"), pk=pk)


def evidence_lines(request, credential: Credential) -> list[tuple[EvidenceLine, bool]]:
    """The files of a certificate, and whether this member may withdraw each."""
    lines = evidence_of(credential, ZoneInfo(request.agency.time_zone))
    may = request.member.may(Permission.ADD_CREDENTIAL)
    return [
        (
            each,
            may and not policies.refusal_to_withdraw_evidence(each.evidence, by=request.member),
        )
        for each in lines
    ]


def is_within(request, provider: Provider, permission: Permission) -> bool:
    """Whether the member holds the permission for this worker."""
    rows = Provider.objects.filter(pk=provider.pk)
    return reach.narrow(rows, request.member, permission, today(request)).exists()
