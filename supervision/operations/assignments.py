"""Assigning supervisors, ending that, and naming who stands in."""

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
from supervision.models import Assignment

_ONE_DAY = dt.timedelta(days=1)


def assign_supervisor(
    *,
    provider: Provider,
    supervisor: Provider,
    starts_on: dt.date,
    is_primary: bool = True,
    replaces: bool = False,
    delegate: Provider | None = None,
    by: Membership,
    form_key: UUID | None = None,
) -> Assignment:
    """Say who supervises a worker from a day on (gate SUPV-01 asks for it on the service day).

    With `replaces`, the primary assignment that holds on `starts_on` ends on the day before. Without
    it, a second primary one in the same time is refused by the database. Raises `Refused`
    (SUPS-NO-ROLE, SUPS-ONESELF, SUPS-NOT-HERE, SUPS-THIRD, FORM-CHANGED).
    """
    told: dict[str, Any] = {
        "provider_id": provider.pk,
        "supervisor_id": supervisor.pk,
        "period": days_from(starts_on),
        "is_primary": is_primary,
        "delegate_id": None if delegate is None else delegate.pk,
    }
    enforce(
        policies.refusal_to_assign(
            provider=provider, supervisor=supervisor, starts_on=starts_on, by=by
        )
    )
    if made := made_before(Assignment, by=by, form_key=form_key, **told):
        return made
    assignment = Assignment(agency_id=by.agency_id, created_by=by, form_key=form_key, **told)
    enforce(policies.refusal_to_name_delegate(assignment=assignment, delegate=delegate, by=by))
    if replaces and is_primary:
        _end_the_primary_one(provider, starts_on)
    assignment.save()
    trail.record("supervisor.assigned", by=by.user, about=assignment, fields=sorted(told))
    return assignment


def _end_the_primary_one(provider: Provider, starts_on: dt.date) -> None:
    held = Assignment.objects.primary().in_force_on(starts_on).filter(provider=provider)
    for each in held.select_for_update(of=("self",)).order_by("pk"):
        # One that began on the same day would be left without a day: the database refuses that.
        if each.days.start < starts_on:
            each.period = days_from(each.days.start, starts_on - _ONE_DAY)
            each.save(update_fields=["period"])


def end_assignment(*, assignment: Assignment, last_day: dt.date, by: Membership) -> Assignment:
    """End an assignment; `last_day` is the last one of it. Sessions and signatures stay.

    Raises `Refused` (SUPS-NO-ROLE, PERIOD-ENDED, PERIOD-ENDS-BEFORE).
    """
    held = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    enforce(policies.refusal_to_end_assignment(by=by))
    enforce(refusal_to_end(held, last_day))
    held.period = days_from(held.days.start, last_day)
    held.save(update_fields=["period"])
    trail.record("assignment.ended", by=by.user, about=held, fields=["period"])
    return held


def name_delegate(
    *, assignment: Assignment, delegate: Provider | None, by: Membership
) -> Assignment:
    """Say who may co-sign and log in the supervisor's place; None takes the delegate back.

    Raises `Refused` (SUPS-NO-ROLE, SUPS-THIRD).
    """
    held = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    enforce(policies.refusal_to_name_delegate(assignment=held, delegate=delegate, by=by))
    chosen = None if delegate is None else delegate.pk
    if held.delegate_id == chosen:
        return held
    held.delegate = delegate
    held.save(update_fields=["delegate"])
    trail.record("assignment.delegated", by=by.user, about=held, fields=["delegate"])
    return held
