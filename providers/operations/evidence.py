"""Evidence of certifications: files that somebody uploads, and withdraws while nobody verified with them."""

import datetime as dt
from collections.abc import Sequence

from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.files.operations import store_file, withdraw_file
from peerworks.files.sniff import Examined
from peerworks.lib.findings import Refused, enforce, refuse
from providers.models import Credential, Evidence
from providers.policies import refusal_to_add_evidence, refusal_to_withdraw_evidence


def add_evidence(
    *, credential: Credential, files: Sequence[Examined], by: Membership, at: dt.datetime
) -> Credential:
    """Add files to a certificate that is entered; those that it has already are not kept twice.

    So the same form sent again writes nothing. Allowed after a verification, too: a later check then
    sees more.
    """
    locked = _locked(credential)
    if keep_evidence(locked, files, by, at):
        trail.record("evidence.added", by=by.user, about=locked, fields=["evidence"])
    return locked


def withdraw_evidence(*, evidence: Evidence, why: str, by: Membership, at: dt.datetime) -> Evidence:
    """Close a file that was uploaded by mistake; a verification on its way is waited for."""
    locked = _locked(evidence.credential)
    held = Evidence.objects.select_related("file").get(pk=evidence.pk, credential=locked)
    held.credential = locked
    enforce(refusal_to_withdraw_evidence(held, by=by))
    withdraw_file(stored=held.file, why=why, by=by, at=at)
    trail.record("evidence.withdrawn", by=by.user, about=held, fields=["withdrawn_at"])
    return held


def keep_evidence(
    credential: Credential, files: Sequence[Examined], by: Membership, at: dt.datetime
) -> list[str]:
    """Store what is not there yet, inside of the operation that asks; the names of changed fields."""
    there = _digests(credential)
    new = list({each.sha256: each for each in files if each.sha256 not in there}.values())
    if not new:
        return []
    enforce(refusal_to_add_evidence(credential, count=len(new)))
    for each in new:
        stored = store_file(file=each, purpose=Evidence.PURPOSE, by=by, at=at)
        Evidence.objects.create(agency_id=credential.agency_id, credential=credential, file=stored)
    return ["evidence"]


def refuse_other_evidence(made: Credential, files: Sequence[Examined]) -> Credential:
    """The record of a form that is sent again, if it holds these files; else the form was changed."""
    if {each.sha256 for each in files} - _digests(made):
        raise Refused(refuse("FORM-CHANGED"))
    return made


def _digests(credential: Credential) -> set[str]:
    standing = credential.evidence.filter(file__withdrawn_at__isnull=True)
    return set(standing.values_list("file__sha256", flat=True))


def _locked(credential: Credential) -> Credential:
    held = Credential.objects.select_for_update(of=("self",), no_key=True)
    return held.prefetch_related("evidence__file", "verifications").get(pk=credential.pk)
