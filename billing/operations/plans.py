"""Writing plans of care: a draft, its coming into force, the signatures, the next version."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from billing.models import Goal, PlanOfCare, PlanSignature, PlanVersion
from billing.policies import plans as policies
from billing.queries import plans as queries
from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from peerworks.participants.models import Participant
from peerworks.participants.records import days_from, made_before

_BESIDE_ITS_WORDS = ("measure", "starts_on", "target_on")
_ROOM = 1000


@dataclass(frozen=True, slots=True)
class GivenGoal:
    """A goal as the form gives it, in the person's words."""

    text: str
    measure: str = ""
    starts_on: dt.date | None = None
    target_on: dt.date | None = None


def write_plan(
    *,
    participant: Participant,
    program: Program,
    summary: str,
    services: Collection[str],
    goals: Sequence[GivenGoal],
    by: Membership,
    on: dt.date,
    form_key: UUID | None = None,
) -> PlanOfCare:
    """Begin a person's plan in a program, with its first version as a draft.

    `services` are keys of the pack that answers `on` that day. Raises `Refused` (PLAN-SERVICE,
    FORM-CHANGED); a second current plan in the program is refused by the database.
    """
    whose: dict[str, Any] = {"participant_id": participant.pk, "program_id": program.pk}
    if made := made_before(PlanOfCare, by=by, form_key=form_key, **whose):
        return made
    _enforce_services(participant, program, services, on)
    plan = PlanOfCare.objects.create(
        agency_id=by.agency_id, created_by=by, form_key=form_key, **whose
    )
    version = _draft(plan, 1, summary, services, "", by)
    _put_goals(version, goals)
    _tell("plan.written", version, by)
    return plan


def _enforce_services(
    participant: Participant, program: Program, services: Collection[str], on: dt.date
) -> None:
    known = [key for key, _ in queries.services_for(participant, [program], on)]
    enforce(policies.refusal_to_list_services(services, known))


def _draft(
    plan: PlanOfCare,
    number: int,
    summary: str,
    services: Collection[str],
    reason: str,
    by: Membership,
) -> PlanVersion:
    return PlanVersion.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        plan=plan,
        participant_id=plan.participant_id,
        number=number,
        summary=summary,
        services=list(services),
        reason=reason,
    )


def _put_goals(version: PlanVersion, goals: Sequence[GivenGoal]) -> None:
    Goal.objects.bulk_create(
        _goal(version, number, each) for number, each in enumerate(goals, start=1)
    )


def _goal(version: PlanVersion, number: int, given: GivenGoal) -> Goal:
    return Goal(
        agency_id=version.agency_id,
        version=version,
        participant_id=version.participant_id,
        number=number,
        text=given.text,
        measure=given.measure,
        starts_on=given.starts_on,
        target_on=given.target_on,
    )


def change_plan(
    *,
    version: PlanVersion,
    summary: str,
    services: Collection[str],
    goals: Sequence[GivenGoal],
    by: Membership,
    on: dt.date,
) -> PlanVersion:
    """Write a draft anew: what matters, its services and its goals.

    A goal with the same words stays the same goal, so that a note's draft goes on citing it. Raises
    `Refused` (PLAN-IN-FORCE, PLAN-SERVICE, PLAN-GOAL-CITED).
    """
    draft = _locked(version)
    enforce(policies.refusal_to_change(draft))
    _enforce_services(draft.plan.participant, draft.plan.program, services, on)
    draft.summary, draft.services = summary, list(services)
    draft.save(update_fields=["summary", "services"])
    _replace_goals(draft, goals)
    _tell("plan.changed", draft, by, ["summary", "services", "goals"])
    return draft


def _replace_goals(draft: PlanVersion, goals: Sequence[GivenGoal]) -> None:
    # Locked: a note that would cite one of them in this moment waits, and then finds it gone.
    there = list(draft.goals.select_for_update(of=("self",)).order_by("number"))
    kept, new = _paired(there, goals)
    dropped = [each for each in there if each.pk not in {goal.pk for goal in kept.values()}]
    enforce(policies.refusal_to_drop_goals(dropped))
    draft.goals.filter(pk__in=[each.pk for each in dropped]).delete()
    # Numbers are unique: all that stay first make room for one another.
    draft.goals.update(number=F("number") + _ROOM)
    for number, goal in kept.items():
        goal.number = number
    Goal.objects.bulk_update(kept.values(), ["number", *_BESIDE_ITS_WORDS])
    Goal.objects.bulk_create(_goal(draft, number, each) for number, each in new.items())


def _paired(
    there: Sequence[Goal], goals: Sequence[GivenGoal]
) -> tuple[dict[int, Goal], dict[int, GivenGoal]]:
    """By their new number: the goals that stay, as they shall be, and those that are new."""
    kept: dict[int, Goal] = {}
    new: dict[int, GivenGoal] = {}
    left = list(there)
    for number, given in enumerate(goals, start=1):
        same = next((each for each in left if each.text == given.text), None)
        if same is None:
            new[number] = given
            continue
        left.remove(same)
        for name in _BESIDE_ITS_WORDS:
            setattr(same, name, getattr(given, name))
        kept[number] = same
    return kept, new


def open_version(*, plan: PlanOfCare, reason: str, by: Membership) -> PlanVersion:
    """Open the next version of a plan as a copy of the last one, with the reason.

    The version in force stays so until the new one is put into force. Raises `Refused`
    (PLAN-DRAFT-OPEN).
    """
    enforce(policies.refusal_to_open_version(plan))
    last = plan.versions.order_by("-number").get(number=_last_number(plan))
    draft = _draft(plan, last.number + 1, last.summary, last.services, reason, by)
    kept = last.goals.filter(status=Goal.Status.ACTIVE).order_by("number")
    _put_goals(
        draft, [GivenGoal(each.text, each.measure, each.starts_on, each.target_on) for each in kept]
    )
    _tell("plan.written", draft, by)
    return draft


def _last_number(plan: PlanOfCare) -> int:
    return max(plan.versions.values_list("number", flat=True))


def activate_plan(
    *, version: PlanVersion, starts_on: dt.date, by: Membership, at: dt.datetime
) -> PlanVersion:
    """Put a draft into force from a day on; its words are final, and the version before ends.

    Signatures are gathered after that, so that everyone signs the same words. Visits count as
    planned from `starts_on`, and as billable from the day on which all have signed (PLAN-02).
    Raises `Refused` (PLAN-IN-FORCE, PLAN-NO-GOAL, PLAN-NO-SERVICE, PLAN-STARTS-EARLY).
    """
    draft = _locked(version)
    enforce(policies.refusal_to_activate(draft, starts_on))
    before = queries.version_to_sign(draft.plan)
    if before is not None and (before.period.upper is None or before.period.upper > starts_on):
        before.period = DateRange(before.period.lower, starts_on)
        before.save(update_fields=["period"])
    draft.period, draft.activated_at, draft.activated_by = days_from(starts_on), at, by
    draft.save(update_fields=["period", "activated_at", "activated_by"])
    _tell("plan.activated", draft, by, ["period"])
    return draft


def sign_plan(
    *,
    version: PlanVersion,
    role: str,
    name: str,
    signed_on: dt.date,
    by: Membership,
    on: dt.date,
    at: dt.datetime,
    declined_reason: str = "",
    form_key: UUID | None = None,
) -> PlanSignature:
    """Record who agreed to a version, or that the participant chose not to sign, and why.

    Peer and supervisor sign as the acting member, under their own name; for the participant and a
    licensed practitioner `name` is what they go by. `on` is today. Raises `Refused` (the PLAN codes).
    """
    in_person = role in {PlanSignature.Role.PEER, PlanSignature.Role.SUPERVISOR}
    values: dict[str, Any] = {
        "version_id": version.pk,
        "role": role,
        "signed_on": signed_on,
        "name_typed": by.user.name if in_person else name.strip(),
        "declined_reason": declined_reason,
    }
    if made := made_before(PlanSignature, by=by, form_key=form_key, **values):
        return made
    enforce(
        policies.refusal_to_sign(
            version,
            role=role,
            name=name,
            signed_on=signed_on,
            declined_reason=declined_reason,
            by=by,
            on=on,
        )
    )
    signature = PlanSignature.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        form_key=form_key,
        participant_id=version.participant_id,
        signed_at=at,
        member=by if in_person else None,
        **values,
    )
    _tell("plan.signed", signature, by, ["role"])
    return signature


def _locked(version: PlanVersion) -> PlanVersion:
    rows = PlanVersion.objects.select_related("plan__participant", "plan__program")
    return rows.select_for_update(of=("self",)).get(pk=version.pk)


def _tell(action: str, record: Any, by: Membership, fields: Sequence[str] = ()) -> None:
    trail.record(
        action, by=by.user, about=record, participants=[record.participant_id], fields=fields
    )
