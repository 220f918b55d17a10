"""What is not done with a person's record, as values that a page shows and an operation raises."""

import datetime as dt
from collections.abc import Collection

from peerworks.accounts.access import has_permission
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission, RoleName
from peerworks.lib.findings import Refusal, refuse
from peerworks.participants.models import Consent, Participant
from peerworks.participants.records import WithPeriod

_CARING = {RoleName.PEER, RoleName.SUPERVISOR}


def refusal_to_end(record: WithPeriod, last: dt.date) -> Refusal | None:
    """A record is ended once, on a day that it held; its last day stays in it."""
    days = record.days
    if days.last is not None:
        return refuse("PERIOD-ENDED", last=days.last)
    if last < days.start:
        return refuse("PERIOD-ENDS-BEFORE", first=days.start)
    return None


def refusal_to_join_care_team(participant: Participant, member: Membership) -> Refusal | None:
    """On a care team stand peers and supervisors in force, and never the person served."""
    if not member.is_active or member.is_service or not _CARING & set(member.roles):
        return refuse("CARE-NOT-A-WORKER")
    if participant.staff_membership_id == member.pk:
        return refuse("SEAL-SELF")
    return None


def refusal_to_record_consent(signed_on: dt.date, on: dt.date) -> Refusal | None:
    """A consent is recorded when it is signed, never before."""
    return refuse("CONSENT-SIGNED-LATER", today=on) if signed_on > on else None


def refusal_to_revoke(consent: Consent, on: dt.date) -> Refusal | None:
    """A consent is revoked once, and not before it was signed (42 CFR 2.31(a)(6))."""
    if consent.revoked_on is not None:
        return refuse("CONSENT-REVOKED", date=consent.revoked_on)
    if on < consent.signed_on:
        return refuse("PERIOD-ENDS-BEFORE", first=consent.signed_on)
    return None


def refusal_to_keep_seals(by: Membership) -> Refusal | None:
    """Only a privacy officer writes the lists of sealed records; the database says so too."""
    return None if has_permission(by, Permission.MANAGE_SEALS) else refuse("SEAL-OFFICER")


def refusal_to_seal(
    participant: Participant,
    *,
    listed: Collection[Membership],
    staff: Membership | None,
    by: Membership,
) -> Refusal | None:
    """A record is sealed once, for named people, none of whom is the person served."""
    if (refusal := refusal_to_keep_seals(by)) is not None:
        return refusal
    if participant.is_sealed:
        return refuse("SEAL-ALREADY")
    if staff is not None and staff.pk == by.pk:
        return refuse("SEAL-OWN")
    if not listed:
        return refuse("SEAL-NOBODY")
    if staff is not None and any(each.user_id == staff.user_id for each in listed):
        return refuse("SEAL-SELF")
    return None


def refusal_to_list(member: Membership, by: Membership) -> Refusal | None:
    """A privacy officer lists others, never themselves: what they need in an emergency is recorded.

    Who the sealed person is may not be known here; the staff account of that person is left off by
    `refusal_to_seal`, and a privacy officer who is that person cannot list themselves either.
    """
    if (refusal := refusal_to_keep_seals(by)) is not None:
        return refusal
    return refuse("SEAL-OWN-LIST") if member.user_id == by.user_id else None
