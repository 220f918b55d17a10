"""Makes courses, cohorts and completions. Called inside the agency, with the member who records it."""

import datetime as dt
from decimal import Decimal

from peerworks.accounts.models import Membership
from peerworks.agencies.models import FundingSource, Site
from providers.models import Provider
from tests.factories.numbers import next_number
from training.models import (
    Attendance,
    Cohort,
    CohortTrainer,
    Completion,
    Course,
    CourseEnrolment,
    Meeting,
)


def make_course(*, by: Membership, **given) -> Course:
    """A made-up course of eight hours."""
    number = next_number()
    told = {
        "key": f"made-up-{number}",
        "title_en": f"Made-up course {number}",
        "title_es": f"Curso inventado {number}",
        "hours": Decimal(8),
    }
    return Course.objects.create(agency_id=by.agency_id, created_by=by, **told | given)


def make_cohort(
    *, by: Membership, course: Course, site: Site, funding_source: FundingSource, **given
) -> Cohort:
    """A cohort in English of one month."""
    told = {
        "title": "Made-up cohort",
        "language": "en",
        "period": (dt.date(2026, 1, 1), dt.date(2026, 2, 1)),
    }
    return Cohort.objects.create(
        agency_id=by.agency_id,
        created_by=by,
        course=course,
        site=site,
        funding_source=funding_source,
        **told | given,
    )


def make_cohort_trainer(*, cohort: Cohort, provider: Provider) -> CohortTrainer:
    """Who leads a cohort."""
    return CohortTrainer.objects.create(
        agency_id=cohort.agency_id, cohort=cohort, provider=provider
    )


def make_meeting(*, by: Membership, cohort: Cohort, **given) -> Meeting:
    """A meeting of one hour."""
    start = dt.datetime(2026, 1, 5, 15, tzinfo=dt.UTC)
    told = {"number": 1, "starts_at": start, "ends_at": start + dt.timedelta(hours=1)}
    return Meeting.objects.create(
        agency_id=by.agency_id, created_by=by, cohort=cohort, **told | given
    )


def make_course_enrolment(
    *, by: Membership, cohort: Cohort, provider: Provider, **given
) -> CourseEnrolment:
    """A place in a cohort."""
    return CourseEnrolment.objects.create(
        agency_id=by.agency_id, created_by=by, cohort=cohort, provider=provider, **given
    )


def make_attendance(*, by: Membership, meeting: Meeting, provider: Provider, **given) -> Attendance:
    """Somebody who was there all the time."""
    told = {"status": Attendance.Status.PRESENT, "minutes": meeting.minutes}
    return Attendance.objects.create(
        agency_id=by.agency_id,
        meeting=meeting,
        provider=provider,
        recorded_by=by,
        **told | given,
    )


def make_completion(*, by: Membership, provider: Provider, course: Course, **given) -> Completion:
    """A completed course without an end."""
    told = {
        "completed_on": dt.date(2026, 1, 5),
        "hours": course.hours,
        "certificate_number": f"DEMO-C{next_number()}",
    }
    return Completion.objects.create(
        agency_id=by.agency_id,
        provider=provider,
        course=course,
        recorded_by=by,
        **told | given,
    )
