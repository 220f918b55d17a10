"""Recording and verifying what makes somebody a supervisor."""

import datetime as dt
from typing import Any
from uuid import UUID

from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from peerworks.participants.policies import refusal_to_end
from peerworks.participants.records import days_from, made_before
from providers.models import Provider
from supervision import policies
from supervision.models import Qualification


def record_qualification(
    *,
    supervisor: Provider,
    atom: str,
    key: str,
    starts_on: dt.date,
    last_day: dt.date | None,
    evidence: str,
    by: Membership,
    at: dt.datetime,
    form_key: UUID | None = None,
) -> Qualification:
    """Record one thing that a supervisor rule may ask; it counts once somebody else has verified it.

    Raises `Refused` (SUPS-NO-ROLE, PERIOD-ENDS-BEFORE, FORM-CHANGED).
    """
    enforce(policies.refusal_to_record_qualification(supervisor=supervisor, by=by))
    told: dict[str, Any] = {
        "supervisor_id": supervisor.pk,
        "atom": atom,
        "key": key,
        "period": days_from(starts_on, last_day),
        "evidence": evidence,
    }
    if made := made_before(Qualification, by=by, form_key=form_key, made_by="recorded_by", **told):
        return made
    proof = Qualification.objects.create(
        agency_id=by.agency_id, recorded_by=by, recorded_at=at, form_key=form_key, **told
    )
    trail.record("qualification.recorded", by=by.user, about=proof, fields=sorted(told))
    return proof


def verify_qualification(
    *, qualification: Qualification, by: Membership, at: dt.datetime
) -> Qualification:
    """Record that somebody else has checked it: from now on it counts (gate SUPV-02) and is final.

    Raises `Refused` (SUPS-NO-ROLE, SUPS-HOLDER, SUPS-ENTERER, SUPS-VERIFIED).
    """
    proof = _locked(qualification)
    enforce(policies.refusal_to_verify_qualification(qualification=proof, by=by))
    proof.verified_at, proof.verified_by = at, by
    proof.save(update_fields=["verified_at", "verified_by"])
    trail.record("qualification.verified", by=by.user, about=proof, fields=["verified_at"])
    return proof


def end_qualification(
    *, qualification: Qualification, last_day: dt.date, by: Membership
) -> Qualification:
    """End a proof; `last_day` is the last on which it counts. Days before keep it.

    Raises `Refused` (SUPS-NO-ROLE, PERIOD-ENDED, PERIOD-ENDS-BEFORE).
    """
    proof = _locked(qualification)
    enforce(policies.refusal_to_record_qualification(supervisor=proof.supervisor, by=by))
    enforce(refusal_to_end(proof, last_day))
    proof.period = days_from(proof.days.start, last_day)
    proof.save(update_fields=["period"])
    trail.record("qualification.ended", by=by.user, about=proof, fields=["period"])
    return proof


def _locked(qualification: Qualification) -> Qualification:
    rows = Qualification.objects.select_for_update(of=("self",)).select_related("supervisor")
    return rows.get(pk=qualification.pk)
