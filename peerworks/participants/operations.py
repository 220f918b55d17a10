"""Writing the records of people: who is served, in which program, by whom, with which consent."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from peerworks.accounts.models import Membership
from peerworks.accounts.queries import service_member
from peerworks.agencies.models import Program
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from peerworks.participants import policies
from peerworks.participants.models import (
    STANDING,
    CareTeamMember,
    Consent,
    Enrolment,
    Participant,
    SealedAccess,
    StatusPeriod,
)
from peerworks.participants.records import days_from, made_before

_Held = TypeVar("_Held", Enrolment, CareTeamMember, StatusPeriod)
_WHILE_SEALING = dt.timedelta(minutes=1)


def add_participant(
    *,
    by: Membership,
    on: dt.date,
    record_number: str,
    given_name: str,
    family_name: str,
    born_on: dt.date,
    gender: str,
    chosen_name: str = "",
    pronouns: str = "",
    language: str = "en",
    street: str = "",
    city: str = "",
    state: str = "",
    postal_code: str = "",
    program: Program | None = None,
    worker: Membership | None = None,
    form_key: UUID | None = None,
) -> Participant:
    """Begin a person's record; with a program they are enrolled from `on`, with a worker cared for.

    The worker becomes the primary one: without any, the record is seen by nobody but those who see
    the whole agency. Raises `Refused` (FORM-CHANGED, CARE-NOT-A-WORKER).
    """
    values: dict[str, Any] = {
        "record_number": record_number,
        "given_name": given_name,
        "family_name": family_name,
        "born_on": born_on,
        "gender": gender,
        "chosen_name": chosen_name,
        "pronouns": pronouns,
        "language": language,
        "street": street,
        "city": city,
        "state": state,
        "postal_code": postal_code,
    }
    if made := made_before(Participant, by=by, form_key=form_key, **values):
        return made
    person = Participant(agency_id=by.agency_id, created_by=by, form_key=form_key, **values)
    if worker is not None:
        enforce(policies.refusal_to_join_care_team(person, worker))
    person.save()
    _begin(person, program, worker, by, on)
    trail.record("participant.added", by=by.user, about=person, participants=[person.pk])
    return person


def _begin(
    person: Participant,
    program: Program | None,
    worker: Membership | None,
    by: Membership,
    on: dt.date,
) -> None:
    whose = {"agency_id": by.agency_id, "participant": person, "created_by": by}
    if program is not None:
        Enrolment.objects.create(program=program, period=days_from(on), **whose)
    if worker is not None:
        CareTeamMember.objects.create(member=worker, is_primary=True, period=days_from(on), **whose)


def change_participant(*, participant: Participant, by: Membership, **values: Any) -> Participant:
    """Correct a person's data; the event names the fields that changed, never what they hold."""
    changed = [name for name, value in values.items() if getattr(participant, name) != value]
    if not changed:
        return participant
    for name in changed:
        setattr(participant, name, values[name])
    participant.save(update_fields=changed)
    trail.record(
        "participant.changed",
        by=by.user,
        about=participant,
        participants=[participant.pk],
        fields=changed,
    )
    return participant


def enrol(
    *,
    participant: Participant,
    program: Program,
    starts_on: dt.date,
    by: Membership,
    form_key: UUID | None = None,
) -> Enrolment:
    """Enroll a person in a program from a day on (gate PART-01 asks for it on the service day)."""
    return _hold(
        Enrolment,
        "enrolment.added",
        by=by,
        form_key=form_key,
        participant_id=participant.pk,
        program_id=program.pk,
        period=days_from(starts_on),
    )


def end_enrolment(*, enrolment: Enrolment, last_day: dt.date, by: Membership) -> Enrolment:
    """End an enrollment; `last_day` is the last one in the program."""
    return _end(enrolment, "enrolment.ended", last_day, by)


def add_care_team_member(
    *,
    participant: Participant,
    member: Membership,
    is_primary: bool,
    starts_on: dt.date,
    by: Membership,
    form_key: UUID | None = None,
) -> CareTeamMember:
    """Put a worker on a person's care team: from that day the person is one of theirs.

    A new primary worker takes the place of the one before, who stays on the team as from `starts_on`.
    Raises `Refused` (CARE-NOT-A-WORKER, SEAL-SELF).
    """
    enforce(policies.refusal_to_join_care_team(participant, member))
    values: dict[str, Any] = {
        "participant_id": participant.pk,
        "member_id": member.pk,
        "is_primary": is_primary,
        "period": days_from(starts_on),
    }
    if made := made_before(CareTeamMember, by=by, form_key=form_key, **values):
        return made
    if is_primary:
        _step_back(participant, starts_on, by)
    return _hold(CareTeamMember, "care-team.added", by=by, form_key=form_key, **values)


def _step_back(participant: Participant, on: dt.date, by: Membership) -> None:
    """The primary worker of before is on the team from `on` as one of the others."""
    standing = participant.care_team.filter(is_primary=True, period__upper_inf=True)
    for before in standing.select_for_update(of=("self",)).order_by("pk"):
        if before.days.start >= on:
            before.is_primary = False
            before.save(update_fields=["is_primary"])
            continue
        before.period = DateRange(before.days.start, on)
        before.save(update_fields=["period"])
        CareTeamMember.objects.create(
            agency_id=by.agency_id,
            participant=participant,
            member_id=before.member_id,
            is_primary=False,
            period=days_from(on),
            created_by=by,
        )


def end_care_team_member(
    *, entry: CareTeamMember, last_day: dt.date, by: Membership
) -> CareTeamMember:
    """End a worker's time on a care team; from the day after, the record is closed to them."""
    return _end(entry, "care-team.ended", last_day, by)


def record_consent(
    *,
    participant: Participant,
    purposes: Collection[str],
    recipient: str,
    signed_on: dt.date,
    starts_on: dt.date,
    last_day: dt.date | None,
    by: Membership,
    on: dt.date,
    form_key: UUID | None = None,
) -> Consent:
    """Record a signed consent: for which purposes, to whom, from when to when (42 CFR 2.31).

    `on` is today: raises `Refused` (CONSENT-SIGNED-LATER, PERIOD-ENDS-BEFORE).
    """
    enforce(policies.refusal_to_record_consent(signed_on, on))
    values: dict[str, Any] = {
        "participant_id": participant.pk,
        "purposes": sorted(purposes),
        "recipient": recipient,
        "signed_on": signed_on,
        "period": days_from(starts_on, last_day),
    }
    if made := made_before(Consent, by=by, form_key=form_key, made_by="recorded_by", **values):
        return made
    consent = Consent.objects.create(
        agency_id=by.agency_id, recorded_by=by, form_key=form_key, **values
    )
    _tell("consent.recorded", consent, by)
    return consent


def revoke_consent(*, consent: Consent, on: dt.date, by: Membership, at: dt.datetime) -> Consent:
    """Record that a consent was revoked: it holds no longer from the day `on`, which `at` falls on.

    What was shared before stays as it was. Raises `Refused` (CONSENT-REVOKED).
    """
    kept = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    enforce(policies.refusal_to_revoke(kept, on))
    kept.revoked_on, kept.revoked_at, kept.revoked_by = on, at, by
    kept.save(update_fields=["revoked_on", "revoked_at", "revoked_by"])
    _tell("consent.revoked", kept, by, ["revoked_on"])
    return kept


def record_status(
    *,
    participant: Participant,
    kind: str,
    starts_on: dt.date,
    last_day: dt.date | None,
    by: Membership,
    form_key: UUID | None = None,
) -> StatusPeriod:
    """Record that a person is in hospital, in jail, or has died (gate PART-02)."""
    return _hold(
        StatusPeriod,
        "status.recorded",
        by=by,
        form_key=form_key,
        participant_id=participant.pk,
        kind=kind,
        period=days_from(starts_on, last_day),
    )


def end_status(*, status: StatusPeriod, last_day: dt.date, by: Membership) -> StatusPeriod:
    """End a status; `last_day` is the last day that it held."""
    return _end(status, "status.ended", last_day, by)


def seal_participant(
    *,
    participant: Participant,
    listed: Collection[Membership],
    reason: str,
    by: Membership,
    at: dt.datetime,
    staff: Membership | None = None,
) -> None:
    """Close a person's record to everyone who is not on its list, existence included.

    The list is written first, with a minute for the privacy officer who seals, since the database
    lets nobody seal what they could then not see. `staff` is given where the person works here, too:
    such a record is always sealed. The agency's service member is listed, so that jobs judge and
    count; nobody is listed by their role. Raises `Refused` (the SEAL codes).
    """
    enforce(policies.refusal_to_seal(participant, listed=listed, staff=staff, by=by))
    while_sealing = _list(participant.pk, by, _("Sealing the record"), by, Now() + _WHILE_SEALING)
    for each in [*listed, service_member(by.agency_id)]:
        _list(participant.pk, each, reason, by)
    participant.is_sealed, participant.staff_membership = True, staff
    participant.save(update_fields=["is_sealed", "staff_membership"])
    trail.record(
        "participant.sealed",
        by=by.user,
        about=participant,
        participants=[participant.pk],
        fields=["is_sealed"],
    )
    while_sealing.delete()


def let_open_sealed(
    *, participant_id: UUID, member: Membership, reason: str, by: Membership
) -> SealedAccess:
    """Put a member on the list of a sealed record, by the id: the officer need not see the record.

    Raises `Refused` (SEAL-OFFICER, SEAL-OWN-LIST): nobody lists themselves.
    """
    enforce(policies.refusal_to_list(member, by))
    entry = _list(participant_id, member, reason, by)
    trail.record("seal.listed", by=by.user, about=entry, participants=[participant_id])
    return entry


def close_sealed_access(*, entry: SealedAccess, by: Membership, at: dt.datetime) -> None:
    """Take a place off the list of a sealed record, from this moment on; the entry is kept."""
    enforce(policies.refusal_to_keep_seals(by))
    entry.expires_at = at
    entry.save(update_fields=["expires_at"])
    trail.record("seal.unlisted", by=by.user, about=entry, participants=[entry.participant_id])


def _list(
    participant_id: UUID,
    member: Membership,
    reason: str,
    by: Membership,
    expires_at: dt.datetime | CombinedExpression = STANDING,
) -> SealedAccess:
    return SealedAccess.objects.create(
        agency_id=by.agency_id,
        participant_id=participant_id,
        user_id=member.user_id,
        granted_by=by,
        reason=reason,
        expires_at=expires_at,
    )


def _hold(
    model: type[_Held], action: str, *, by: Membership, form_key: UUID | None, **values: Any
) -> _Held:
    """Make a record about a person once a form, with its event."""
    if made := made_before(model, by=by, form_key=form_key, **values):
        return made
    record = model._default_manager.create(
        agency_id=by.agency_id, created_by=by, form_key=form_key, **values
    )
    _tell(action, record, by)
    return record


def _end(record: _Held, action: str, last_day: dt.date, by: Membership) -> _Held:
    """Close the period of a record, locked, so that two cannot end it on different days."""
    held = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    enforce(policies.refusal_to_end(held, last_day))
    held.period = days_from(held.days.start, last_day)
    held.save(update_fields=["period"])
    _tell(action, held, by, ["period"])
    return held


def _tell(action: str, record: Any, by: Membership, fields: Iterable[str] = ()) -> None:
    trail.record(
        action, by=by.user, about=record, participants=[record.participant_id], fields=fields
    )
