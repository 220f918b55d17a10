"""What is not done with a plan of care, as values that a page shows and an operation raises."""

import datetime as dt
from collections.abc import Collection, Sequence

from billing.models import Goal, NoteGoal, PlanOfCare, PlanSignature, PlanVersion
from billing.queries import plans as queries
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import RoleName
from peerworks.lib.findings import Refusal, refuse

_SIGNS_AS = {
    PlanSignature.Role.PEER: RoleName.PEER,
    PlanSignature.Role.SUPERVISOR: RoleName.SUPERVISOR,
}


def refusal_to_list_services(services: Collection[str], known: Collection[str]) -> Refusal | None:
    """A plan lists services of the payer's rule pack only."""
    strange = sorted(set(services) - set(known))
    return refuse("PLAN-SERVICE", service=strange[0]) if strange else None


def refusal_to_open_version(plan: PlanOfCare) -> Refusal | None:
    """A plan has one draft at a time."""
    return refuse("PLAN-DRAFT-OPEN") if queries.draft_of(plan) is not None else None


def refusal_to_change(version: PlanVersion) -> Refusal | None:
    """Only a draft is changed; what is in force stays word for word."""
    return refuse("PLAN-IN-FORCE") if version.activated_at is not None else None


def refusal_to_drop_goals(goals: Sequence[Goal]) -> Refusal | None:
    """A goal that a note cites keeps its words and stays: the note would else cite nothing."""
    cited = NoteGoal.objects.filter(goal__in=goals).order_by("goal__number")
    number = cited.values_list("goal__number", flat=True).first()
    return None if number is None else refuse("PLAN-GOAL-CITED", number=number)


def refusal_to_activate(version: PlanVersion, starts_on: dt.date) -> Refusal | None:
    """A version comes into force with a goal and a service, after the one before it began."""
    if (refusal := refusal_to_change(version)) is not None:
        return refusal
    if not version.goals.exists():
        return refuse("PLAN-NO-GOAL")
    if not version.services:
        return refuse("PLAN-NO-SERVICE")
    before = queries.version_to_sign(version.plan)
    if before is not None and starts_on <= before.period.lower:
        return refuse("PLAN-STARTS-EARLY", date=before.period.lower)
    return None


def refusal_to_sign(
    version: PlanVersion,
    *,
    role: str,
    name: str,
    signed_on: dt.date,
    declined_reason: str,
    by: Membership,
    on: dt.date,
) -> Refusal | None:
    """A version in force is signed once in a role, by who holds the role, and never beforehand.

    Peer and supervisor sign for themselves, today, and are two persons. The participant and a
    licensed practitioner sign on paper perhaps: their name stands beside the day, a participant's as on record.
    """
    if version.activated_at is None:
        return refuse("PLAN-STILL-DRAFT")
    if signed_on > on:
        return refuse("PLAN-SIGNED-LATER", today=on)
    if declined_reason and role != PlanSignature.Role.PARTICIPANT:
        return refuse("PLAN-DECLINE-WHO")
    if role in queries.roles_signed(version):
        return refuse("PLAN-SIGNED-ALREADY")
    if role in _SIGNS_AS:
        return _refusal_to_sign_in_person(version, PlanSignature.Role(role), signed_on, by, on)
    return None if name.strip() else refuse("PLAN-NO-NAME")


def _refusal_to_sign_in_person(
    version: PlanVersion,
    role: PlanSignature.Role,
    signed_on: dt.date,
    by: Membership,
    on: dt.date,
) -> Refusal | None:
    if _SIGNS_AS[role] not in by.roles:
        return refuse("PLAN-SIGN-ROLE")
    if signed_on != on:
        return refuse("PLAN-SIGN-TODAY")
    if version.signatures.filter(member=by, role__in=list(_SIGNS_AS)).exists():
        return refuse("PLAN-SIGN-TWICE")
    return None
