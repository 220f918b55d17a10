"""Certifications: entered, renewed, corrected, verified by another person, stopped."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.files.sniff import Examined
from peerworks.lib.findings import enforce
from peerworks.notices.operations import close_notices
from peerworks.participants.records import made_before
from peerworks.rulepacks.queries import packs_on
from providers.models import Credential, CredentialKind, Provider, Stage, Verification
from providers.operations.evidence import keep_evidence, refuse_other_evidence
from providers.policies import (
    refusal_to_add_credential,
    refusal_to_change_credential,
    refusal_to_renew_credential,
    refusal_to_retire_credential,
    refusal_to_suspend_credential,
    refusal_to_verify_credential,
)
from providers.queries import EXPIRY_REMINDER
from providers.rules import dates_by_rule

_DEADLINES = (
    *("renewal_opens_on", "file_by", "late_fee_from", "grace_until"),
    "late_window_counts_as_valid",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateData:
    """What stands on a certificate; one without `expires_on` has no end.

    `stage` and `endorsements` are in the words of rule packs, `states` two-letter codes.
    """

    issued_on: dt.date
    valid_from: dt.date
    expires_on: dt.date | None
    number: str = ""
    stage: str = Stage.FULL
    endorsements: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How a certificate was checked at its source, and what the public registry shows as its end."""

    method: str
    source: str
    checked_on: dt.date
    source_url: str = ""
    next_check_on: dt.date | None = None
    registry_on: dt.date | None = None


def add_credential(
    *,
    provider: Provider,
    kind: CredentialKind,
    certificate: CertificateData,
    by: Membership,
    at: dt.datetime,
    on: dt.date,
    evidence: Sequence[Examined] = (),
    form_key: UUID | None = None,
) -> Credential:
    """Enter a certificate with its evidence. It counts once another person has verified it (PROV-04).

    Its deadlines come from the rule pack of its kind in force on the day `on`; a pack that is not
    loaded gives none. Refused where somebody else holds the same number.
    """
    made = made_before(
        Credential, by=by, form_key=form_key, made_by="entered_by", **_content(certificate)
    )
    if made is not None:
        return refuse_other_evidence(made, evidence)
    enforce(refusal_to_add_credential(provider, kind=kind, number=certificate.number))
    credential = _enter(provider, kind, certificate, by, on, form_key)
    _close_reminders_before(credential, at)
    fields = [*_named(certificate), *keep_evidence(credential, evidence, by, at)]
    trail.record("credential.added", by=by.user, about=credential, fields=fields)
    return credential


def renew_credential(
    *,
    credential: Credential,
    certificate: CertificateData,
    by: Membership,
    at: dt.datetime,
    on: dt.date,
    evidence: Sequence[Examined] = (),
    form_key: UUID | None = None,
) -> Credential:
    """Enter the renewal of a certificate with its evidence: one of its own that replaces the old, which is kept.

    Days between the old end and the new beginning stay uncovered. Open reminders about the old one
    are closed. Refused where it is retired or suspended, or renewed already.
    """
    made = made_before(
        Credential, by=by, form_key=form_key, made_by="entered_by", **_content(certificate)
    )
    if made is not None:
        return refuse_other_evidence(made, evidence)
    old = _locked(credential)
    enforce(refusal_to_renew_credential(old))
    enforce(refusal_to_add_credential(old.provider, kind=old.kind, number=certificate.number))
    renewal = _enter(old.provider, old.kind, certificate, by, on, form_key, replaces=old)
    _close_reminders_before(renewal, at)
    fields = [*_named(certificate), *keep_evidence(renewal, evidence, by, at)]
    trail.record("credential.renewed", by=by.user, about=renewal, fields=fields)
    return renewal


def change_credential(
    *,
    credential: Credential,
    certificate: CertificateData,
    by: Membership,
    at: dt.datetime,
    on: dt.date,
) -> Credential:
    """Correct a certificate that nobody has verified yet; the same data again write nothing."""
    locked = _locked(credential)
    told = _content(certificate)
    changed = [name for name, value in told.items() if getattr(locked, name) != value]
    if not changed:
        return locked
    enforce(refusal_to_change_credential(locked))
    enforce(refusal_to_add_credential(locked.provider, kind=locked.kind, number=certificate.number))
    for name, value in {**told, **_deadlines(locked.kind, certificate, on)}.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*told, *_DEADLINES])
    trail.record("credential.changed", by=by.user, about=locked, fields=changed)
    return locked


def verify_credential(
    *,
    credential: Credential,
    check: Check,
    by: Membership,
    at: dt.datetime,
    form_key: UUID | None = None,
) -> Verification:
    """Record that another person checked a certificate at its source; a later check is added to it.

    Refused to the holder and to who entered it, here and by the database. The end that the registry
    shows is kept on the certificate: the earlier of the two counts.
    """
    content = {"credential_id": credential.pk, "method": check.method, "source": check.source}
    made = made_before(Verification, by=by, form_key=form_key, made_by="verified_by", **content)
    if made is not None:
        return made
    locked = _locked(credential)
    enforce(refusal_to_verify_credential(locked, by=by))
    if check.registry_on is not None and locked.registry_on != check.registry_on:
        locked.registry_on = check.registry_on
        locked.save(update_fields=["registry_on"])
    verification = Verification.objects.create(
        agency_id=locked.agency_id,
        credential=locked,
        method=check.method,
        source=check.source,
        source_url=check.source_url,
        checked_on=check.checked_on,
        next_check_on=check.next_check_on,
        verified_by=by,
        verified_at=at,
        form_key=form_key,
    )
    trail.record("credential.verified", by=by.user, about=locked, fields=["verification"])
    return verification


def suspend_credential(
    *, credential: Credential, since: dt.date, by: Membership, at: dt.datetime
) -> Credential:
    """Note that the body suspended a certificate; `since` is the first day without it."""
    locked = _locked(credential)
    enforce(refusal_to_suspend_credential(locked))
    return _stop(locked, Stage.SUSPENDED, "credential.suspended", since, by, at)


def retire_credential(
    *, credential: Credential, since: dt.date, by: Membership, at: dt.datetime
) -> Credential:
    """Give up a certificate from a day on; one entered by mistake, from its first day on."""
    locked = _locked(credential)
    enforce(refusal_to_retire_credential(locked))
    stopped = locked.inactive_on
    first = since if stopped is None else min(since, stopped)
    return _stop(locked, Stage.RETIRED, "credential.retired", first, by, at)


def _stop(
    credential: Credential,
    stage: Stage,
    action: str,
    since: dt.date,
    by: Membership,
    at: dt.datetime,
) -> Credential:
    credential.stage, credential.inactive_on = stage, since
    credential.save(update_fields=["stage", "inactive_on"])
    close_notices(kind=EXPIRY_REMINDER, subject_ids=[credential.pk], at=at)
    trail.record(action, by=by.user, about=credential, fields=["stage", "inactive_on"])
    return credential


def _locked(credential: Credential) -> Credential:
    held = Credential.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("provider", "kind").get(pk=credential.pk)


def _content(certificate: CertificateData) -> dict[str, Any]:
    return {
        "number": certificate.number,
        "stage": str(certificate.stage),
        "endorsements": list(certificate.endorsements),
        "states": list(certificate.states),
        "issued_on": certificate.issued_on,
        "valid_from": certificate.valid_from,
        "expires_on": certificate.expires_on,
        "never_ends": certificate.expires_on is None,
    }


def _named(certificate: CertificateData) -> list[str]:
    return [name for name, value in _content(certificate).items() if value]


def _enter(
    provider: Provider,
    kind: CredentialKind,
    certificate: CertificateData,
    by: Membership,
    on: dt.date,
    form_key: UUID | None,
    replaces: Credential | None = None,
) -> Credential:
    return Credential.objects.create(
        agency_id=provider.agency_id,
        provider=provider,
        kind=kind,
        replaces=replaces,
        entered_by=by,
        form_key=form_key,
        **_content(certificate),
        **_deadlines(kind, certificate, on),
    )


def _deadlines(kind: CredentialKind, certificate: CertificateData, on: dt.date) -> dict[str, Any]:
    none: dict[str, Any] = {**dict.fromkeys(_DEADLINES), "late_window_counts_as_valid": False}
    pack = packs_on([(kind.pack, on)]).get((kind.pack, on))
    rules = () if pack is None else pack.workforce.credentials
    rule = next((each for each in rules if each.key == kind.pack_key), None)
    if rule is None or certificate.expires_on is None:
        return none
    dates = dates_by_rule(
        rule,
        issued_on=certificate.issued_on,
        valid_from=certificate.valid_from,
        ends_on=certificate.expires_on,
    )
    return {name: getattr(dates, name) for name in _DEADLINES}


def _close_reminders_before(credential: Credential, at: dt.datetime) -> None:
    close_notices(kind=EXPIRY_REMINDER, subject_ids=_earlier(credential), at=at)


def _earlier(credential: Credential) -> Iterable[UUID]:
    same = Credential.objects.filter(provider=credential.provider_id, kind=credential.kind_id)
    return same.filter(valid_from__lt=credential.valid_from).values_list("pk", flat=True)
