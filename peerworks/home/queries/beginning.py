"""What leads to the first note, and how far one has come: an agency, a peer specialist, a supervisor."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Coverage, Diagnosis, PlanVersion, Rate, ServiceNote
from peerworks.accounts.models import Invitation, Membership
from peerworks.accounts.roles import RoleName
from peerworks.agencies.models import Agency
from peerworks.participants.models import Consent
from providers.models import Credential, CredentialKind, Provider, Verification
from supervision.models import Assignment, Qualification, Session, SessionAttendance
from supervision.queries import people_of_team

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
    return Beginning(**_told(done, Beginning))


@dataclass(frozen=True, slots=True)
class PeerBeginning:
    """The steps up to a peer's own first note; `person` is whom the note may be about, if anybody."""

    file: bool
    certified: bool
    verified: bool
    consented: bool
    planned: bool
    supervised: bool
    person: UUID | None


def peer_beginning(member: Membership, person: UUID | None, on: dt.date) -> PeerBeginning | None:
    """How far somebody has come with a person; None once they signed a note. Two queries at most.

    A certification that has ended by the day counts for nothing. Who leads a team, too, is shown
    `team_beginning` instead: their certification is among its steps.
    """
    signed = ServiceNote.objects.filter(provider__member=member, version_in_force__isnull=False)
    if RoleName.SUPERVISOR in member.roles or signed.exists():
        return None
    held = Credential.objects.filter(provider__member=member).exclude(expires_on__lt=on)
    plans = PlanVersion.objects.filter(participant=person, activated_at__isnull=False)
    attended = SessionAttendance.objects.filter(provider__member=member)
    done = Membership.objects.filter(pk=member.pk).annotate(
        file=Exists(Provider.objects.filter(member=member)),
        certified=Exists(held),
        verified=Exists(Verification.objects.filter(credential__in=held)),
        supervised=Exists(attended.credited()),
        consented=Exists(Consent.objects.filter(participant=person)),
        planned=Exists(plans),
    )
    return PeerBeginning(person=person, **_told(done, PeerBeginning, but="person"))


@dataclass(frozen=True, slots=True)
class TeamBeginning:
    """The steps of a new supervisor; `file` is their own, if they have one."""

    certified: bool
    shown: bool
    verified: bool
    met: bool
    serves: bool
    diagnosed: bool
    file: UUID | None


def team_beginning(member: Membership, on: dt.date) -> TeamBeginning | None:
    """How far a supervisor has come; None once they signed a session and their people have diagnoses. One query.

    `diagnosed`: somebody of those whom the team serves on the day has a diagnosis. While it serves nobody
    and a session is signed, there is nothing to do.
    """
    mine = Provider.objects.filter(member=member)
    held = Qualification.objects.filter(supervisor__in=mine)
    served = people_of_team(member, on)
    signed = Session.objects.filter(supervisor__member=member, supervisor_signed_at__isnull=False)
    done = Membership.objects.filter(pk=member.pk).annotate(
        certified=Exists(Credential.objects.filter(provider__in=mine)),
        shown=Exists(held),
        verified=Exists(held.verified()),
        met=Exists(signed),
        diagnosed=Exists(Diagnosis.objects.filter(participant__in=served.values("participant"))),
        serves=Exists(served),
        file=mine.values("pk")[:1],
    )
    told = TeamBeginning(**_told(done, TeamBeginning))
    return None if told.met and (told.diagnosed or not told.serves) else told


def _told(done: "QuerySet[Any]", kind: type, but: str = "") -> dict[str, Any]:
    names = [each.name for each in fields(kind) if each.name != but]
    return dict(done.values(*names).get())


def _verified() -> "QuerySet[Verification]":
    """The verified certifications, once nothing waits to be verified."""
    waiting = Credential.objects.to_verify(), Qualification.objects.to_verify()
    return Verification.objects.filter(*(~Exists(each) for each in waiting))
