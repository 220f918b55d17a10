"""The ledger of worked minutes: each minute once, reversed and never edited."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from peerworks.audit.models import AuditEvent
from peerworks.lib.periods import Stretch
from peerworks.web.operations import constraint_name
from providers.models import WorkEntry, WorkSpan
from providers.operations import SpanEntry, record_span, reverse_span
from providers.queries import month_of_work

NINE = dt.datetime(2026, 3, 10, 15, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def record(world):
    """Records an hour of Luz at Mesa House, as she would by signing a note."""
    program = world.juniper.programs["mesa"]
    luz = world["peer"]

    def do(*, start=NINE, length=HOUR, source=None, minutes=(45, 10), kind="INDIVIDUAL_NOTE"):
        activities = ("INDIVIDUAL_SUPPORT", "DOCUMENTATION")
        entries = [
            SpanEntry(
                activity=activity,
                minutes=each,
                funding_source=program.funding_source,
                role_elements=["HOPE"],
            )
            for activity, each in zip(activities, minutes, strict=False)
        ]
        return record_span(
            provider=luz.provider,
            period=Stretch(start, start + length),
            site=program.site,
            program=program,
            source_kind=kind,
            source_id=source or uuid.uuid4(),
            entries=entries,
            by=luz.member,
            at=start + length,
        )

    with world.acting("peer"):
        yield do


def reverse(world, span):
    return reverse_span(
        provider=span.provider,
        source_kind=span.source_kind,
        source_id=span.source_id,
        by=world["peer"].member,
        at=NINE + 2 * HOUR,
    )


def refused(do, **given):
    """The constraint that refuses."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        do(**given)
    return constraint_name(error.value)


def test_a_span_holds_its_entries(record):
    span = record()
    assert span.stretch == Stretch(NINE, NINE + HOUR)
    entries = WorkEntry.objects.filter(span=span).order_by("minutes")
    assert [(each.activity, each.minutes, each.role_elements) for each in entries] == [
        ("DOCUMENTATION", 10, ["HOPE"]),
        ("INDIVIDUAL_SUPPORT", 45, ["HOPE"]),
    ]


def test_it_writes_no_event_of_its_own(record, world):
    before = AuditEvent.objects.count()
    span = record()
    reverse(world, span)
    assert AuditEvent.objects.count() == before


def test_the_same_source_and_time_is_recorded_once(record):
    source = uuid.uuid4()
    first = record(source=source, kind="GROUP_SESSION")
    assert record(source=source, kind="GROUP_SESSION") == first
    assert WorkSpan.objects.filter(source_id=source).count() == 1
    assert WorkEntry.objects.filter(span=first).count() == 2


def test_another_time_for_a_recorded_source_is_refused(record):
    source = uuid.uuid4()
    record(source=source)
    assert refused(record, source=source, start=NINE + 3 * HOUR) == "providers_workspan_once"


def test_time_that_overlaps_is_refused_and_time_that_touches_is_not(record):
    record()
    overlapping = NINE + dt.timedelta(minutes=59)
    assert refused(record, start=overlapping) == "providers_workspan_no_overlap"
    assert record(start=NINE + HOUR)


def test_more_minutes_than_the_time_are_refused(record):
    assert refused(record, minutes=(45, 16)) == "providers_workentry_fits_span"


def test_a_reversed_span_counts_nowhere_and_is_written_anew(record, world):
    source = uuid.uuid4()
    first = record(source=source)
    assert reverse(world, first) is True
    assert reverse(world, first) is False
    kept = WorkSpan.objects.get(pk=first.pk)
    assert kept.reversed_by == world["peer"].member
    again = record(source=source)
    assert again != first
    assert list(WorkSpan.objects.standing().filter(source_id=source)) == [again]


def test_a_month_shows_the_days_of_the_site(record, world):
    late = dt.datetime(2026, 4, 1, 4, tzinfo=dt.UTC)  # 11 in the evening of March 31 in Texas
    record(start=late)
    march = month_of_work(world["peer"].provider, dt.date(2026, 3, 1))
    (day,) = march.days
    assert day.day == dt.date(2026, 3, 31)
    assert day.lines[0].start == "11:00 PM"
    assert dict(march.classes) == {
        "Direct peer support": 45,
        "Other peer work": 0,
        "Needed beside it": 10,
        "Not peer work": 0,
    }
    assert month_of_work(world["peer"].provider, dt.date(2026, 4, 1)).minutes == 0


def test_own_hours_are_shown_by_day(world):
    client = world["peer"].client()
    page = client.get("/hours/?month=2026-03")
    assert page.status_code == 200
    assert "?month=2026-02" in page.content.decode()
    assert (
        client.post("/hours/", {"form_agency": world["peer"].member.agency_id}).status_code == 405
    )


@pytest.mark.parametrize("month", ["x", "2026-13", "0000-01", "2026-03-01"])
def test_a_month_that_is_none_shows_this_one(world, month):
    assert world["peer"].client().get("/hours/", {"month": month}).status_code == 200
