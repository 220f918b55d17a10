"""Adding courses, and recording who has completed them."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from peerworks.accounts.models import Membership
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from peerworks.participants.records import made_before
from providers.models import Provider
from training import policies
from training.models import Completion, Course


def add_course(
    *,
    key: str,
    title_en: str,
    title_es: str,
    hours: Decimal,
    minimum_meetings: int,
    minimum_minutes: int = 0,
    curriculum: str = "",
    by: Membership,
    form_key: UUID | None = None,
) -> Course:
    """Add a course under the key that rule packs ask for ("wham", "wrap-seminar-1").

    Asked again with the same form it answers with the course; with other content it is refused
    (FORM-CHANGED).
    """
    enforce(policies.refusal_to_add_course(by=by))
    told: dict[str, Any] = {
        "key": key,
        "title_en": title_en,
        "title_es": title_es,
        "hours": hours,
        "minimum_meetings": minimum_meetings,
        "minimum_minutes": minimum_minutes,
        "curriculum": curriculum,
    }
    if made := made_before(Course, by=by, form_key=form_key, **told):
        return made
    course = Course.objects.create(agency_id=by.agency_id, created_by=by, form_key=form_key, **told)
    trail.record("course.added", by=by.user, about=course, fields=sorted(told))
    return course


def record_completion(
    *,
    provider: Provider,
    course: Course,
    completed_on: dt.date,
    hours: Decimal,
    certificate_number: str,
    valid_through: dt.date | None = None,
    by: Membership,
    on: dt.date,
    form_key: UUID | None = None,
) -> Completion:
    """Record that a worker has completed a course; final from then on (gate TRNG-01 rests on it).

    `on` is the local day of recording. Asked again with the same form it answers with the record;
    with other content it is refused
    (FORM-CHANGED).
    """
    enforce(
        policies.refusal_to_record_completion(
            provider=provider, completed_on=completed_on, by=by, on=on
        )
    )
    told: dict[str, Any] = {
        "provider_id": provider.pk,
        "course_id": course.pk,
        "completed_on": completed_on,
        "hours": hours,
        "certificate_number": certificate_number,
        "valid_through": valid_through,
    }
    if made := made_before(Completion, by=by, form_key=form_key, made_by="recorded_by", **told):
        return made
    completion = Completion.objects.create(
        agency_id=by.agency_id, recorded_by=by, form_key=form_key, **told
    )
    trail.record("completion.recorded", by=by.user, about=completion, fields=sorted(told))
    return completion


def revoke_completion(*, completion: Completion, by: Membership, at: dt.datetime) -> Completion:
    """Revoke one that was recorded by mistake: it counts on no day any more, past ones included."""
    locked = (
        Completion.objects.select_for_update(of=("self",))
        .select_related("provider")
        .get(pk=completion.pk)
    )
    enforce(policies.refusal_to_revoke_completion(completion=locked, by=by))
    locked.revoked_at, locked.revoked_by = at, by
    locked.save(update_fields=["revoked_at", "revoked_by"])
    trail.record("completion.revoked", by=by.user, about=locked, fields=["revoked_at"])
    return locked
