"""Reminders that certifications end: who is told which step, once, and what closes it."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import translation

from peerworks.agencies.context import acting_for
from peerworks.audit.models import AuditEvent
from peerworks.jobs.models import DueWork
from peerworks.jobs.operations import plan
from peerworks.notices.kinds import because_of
from peerworks.notices.models import Notice
from peerworks.web import reasons
from providers import standing
from providers.models import Credential
from providers.notices import TASK, due
from providers.operations import (
    CertificateData,
    add_credential,
    raise_expiry_reminders,
    renew_credential,
    retire_credential,
)
from providers.queries import EXPIRY_REMINDER, provider_file
from providers.tasks import certification_expiry_reminders_raised
from tests.factories.providers import make_credential, make_employment, make_provider

END = dt.date(2027, 3, 31)
NOW = dt.datetime(2027, 1, 1, 15, tzinfo=dt.UTC)


def before(days):
    """The day so many days before the deadline; after it, with a minus."""
    return END - dt.timedelta(days=days)


@pytest.fixture
def clerk(world):
    """Inside Juniper Bridge, as its administrator."""
    with world.acting("administrator") as player:
        yield player.member


@pytest.fixture
def sam(world):
    """A worker who signs in and whose supervisor is Andre."""
    return world["lapsed-peer"].provider


@pytest.fixture
def held(world, clerk, sam, monkeypatch):
    """A certificate of Sam that ends on END, and a registry in which Andre supervises everybody."""
    andre = world["supervisor"].member.pk
    answers = [lambda ids, on: {each: [andre] for each in ids}]
    monkeypatch.setattr(standing, "_supervisors", answers)
    return make_credential(
        by=clerk,
        provider=sam,
        kind=world.juniper.kinds["tx-peer-specialist"],
        since=dt.date(2026, 4, 1),
        until=END,
    )


def run(world, on):
    """What the daily task does."""
    return raise_expiry_reminders(agency_id=world.juniper.agency.pk, on=on)


def rows(credential, state=None):
    """Recipient's name, step and state of the notices about a certificate."""
    found = Notice.objects.filter(subject_id=credential.pk).select_related("recipient__user")
    return {
        (each.recipient.user.name.split()[0], each.step, each.state)
        for each in found
        if state in (None, each.state)
    }


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (91, set()),
        (90, {("Sam", "D90")}),
        (60, {("Sam", "D60")}),
        (31, {("Sam", "D60")}),
        (30, {("Sam", "D30"), ("Andre", "D30")}),
        (8, {("Sam", "D14"), ("Andre", "D14")}),
        (7, {("Sam", "D7"), ("Andre", "D7"), ("Marisol", "D7")}),
        (0, {("Sam", "D0"), ("Andre", "D0"), ("Marisol", "D0")}),
        (-6, {("Sam", "D0"), ("Andre", "D0"), ("Marisol", "D0")}),
        (-7, {("Sam", "W1"), ("Andre", "W1"), ("Marisol", "W1")}),
        (-21, {("Sam", "W3"), ("Andre", "W3"), ("Marisol", "W3")}),
    ],
)
def test_each_step_reaches_its_audience(world, held, days, told):
    run(world, before(days))
    assert {(who, step) for who, step, _state in rows(held, "RAISED")} == told


def test_the_day_again_changes_nothing(world, held):
    run(world, before(30))
    first = rows(held)
    again = run(world, before(30))
    assert (again.raised, again.superseded, again.closed) == (0, 0, 0)
    assert rows(held) == first


def test_two_missed_days_cost_nothing(world, held):
    run(world, before(31))
    run(world, before(28))
    raised = rows(held, "RAISED")
    assert {("Sam", "D30", "RAISED"), ("Andre", "D30", "RAISED")} <= raised
    after = rows(held)
    run(world, before(27))
    assert rows(held) == after


def test_each_recipient_has_one_row_a_step(world, held):
    for days in (95, 90, 61, 30, 30, 13, 7, 2, 1, 0, -1, -8, -20):
        run(world, before(days))
    found = Notice.objects.filter(subject_id=held.pk)
    counted = Counter((each.recipient_id, each.cycle, each.step) for each in found)
    assert set(counted.values()) == {1}
    own = {step for who, step, _state in rows(held) if who == "Sam"}
    assert own == {"D90", "D60", "D30", "D14", "D7", "D1", "D0", "W1", "W2"}


def test_steps_that_were_missed_are_superseded_for_those_they_were_meant_for(world, held):
    run(world, before(7))
    superseded = {(who, step) for who, step, _state in rows(held, "SUPERSEDED")}
    assert superseded == {
        *(("Sam", step) for step in ("D90", "D60", "D30", "D14")),
        *(("Andre", step) for step in ("D30", "D14")),
    }


def test_the_renewal_closes_what_is_open(world, held, clerk):
    run(world, before(30))
    certificate = CertificateData(
        issued_on=END,
        valid_from=END + dt.timedelta(days=1),
        expires_on=END + dt.timedelta(days=730),
        number=held.number,
    )
    renew_credential(credential=held, certificate=certificate, by=clerk, at=NOW, on=before(30))
    assert rows(held, "RAISED") == set()
    run(world, before(7))
    assert rows(held, "RAISED") == set()
    assert held.pk not in {each.subject_id for each in due(before(7))}


def test_a_later_one_entered_anew_closes_it_too(world, held, clerk, sam):
    run(world, before(30))
    certificate = CertificateData(
        issued_on=END, valid_from=END + dt.timedelta(days=1), expires_on=None, number="DEMO-77"
    )
    add_credential(
        provider=sam, kind=held.kind, certificate=certificate, by=clerk, at=NOW, on=before(30)
    )
    assert rows(held, "RAISED") == set()


def test_a_renewal_entered_by_mistake_opens_it_again(world, held, clerk):
    certificate = CertificateData(
        issued_on=END, valid_from=END + dt.timedelta(days=1), expires_on=None, number="DEMO-78"
    )
    wrong = renew_credential(
        credential=held, certificate=certificate, by=clerk, at=NOW, on=before(30)
    )
    retire_credential(credential=wrong, since=wrong.valid_from, by=clerk, at=NOW)
    run(world, before(7))
    assert ("Marisol", "D7", "RAISED") in rows(held)


def test_what_is_retired_or_of_somebody_who_left_is_not_reminded_of(world, clerk, held):
    left = make_provider(by=clerk, employed_from=None)
    make_employment(by=clerk, provider=left, since=dt.date(2025, 1, 1), until=before(100))
    gone = make_credential(
        by=clerk, provider=left, kind=held.kind, since=dt.date(2026, 4, 1), until=END
    )
    retire_credential(credential=held, since=before(50), by=clerk, at=NOW)
    subjects = {each.subject_id for each in due(before(7))}
    assert not {held.pk, gone.pk} & subjects


def test_the_count_goes_down_to_the_day_of_filing(world, clerk, held):
    Credential.objects.filter(pk=held.pk).update(file_by=before(30))
    run(world, before(30))
    found = Notice.objects.filter(subject_id=held.pk, state="RAISED")
    assert {(each.step, each.due_on, each.cycle) for each in found} == {
        ("D0", before(30), before(30).isoformat())
    }


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_does_not_grow(world, clerk, held, count, django_assert_num_queries):
    for _ in range(count):
        provider = make_provider(by=clerk)
        make_credential(
            by=clerk, provider=provider, kind=held.kind, since=dt.date(2026, 4, 1), until=END
        )
    with django_assert_num_queries(2):
        assert len({each.subject_id for each in due(before(7))}) > count


def test_the_words_name_the_certificate_and_whose_it_is(world, held):
    run(world, before(7))
    notice = Notice.objects.filter(subject_id=held.pk, state="RAISED").first()
    with translation.override("en"):
        said = reasons.sentence(because_of(notice))
    assert said == "Texas Peer Specialist (Sam Whitfield): the renewal is due on March 31, 2027."
    with translation.override("es"):
        said = reasons.sentence(because_of(notice))
    assert said.startswith("Especialista de apoyo entre pares de Texas (Sam Whitfield)")


@pytest.mark.parametrize(
    ("days", "said"),
    [(30, "30 days before"), (1, "1 day before"), (0, "on the day"), (-9, "1 week after")],
)
def test_the_file_shows_what_is_open_and_who_was_told(world, held, days, said):
    run(world, before(days))
    with translation.override("en"):
        file = provider_file(held.provider, before(days), with_certificates=True)
    shown = [each for each in file.reminders if "Texas Peer Specialist" in each.sentence]
    assert [each.step for each in shown] == [said]
    assert {"Andre Rivers", "Sam Whitfield"} <= set(shown[0].told.split(", "))


def test_the_task_does_its_row_once(world, held):
    agency = world.juniper.agency.pk
    slot = before(7).isoformat()
    plan(kind=TASK, slots=[(agency, slot)], at=NOW)
    row = DueWork.objects.get(kind=TASK, slot=slot)
    for _ in range(2):
        certification_expiry_reminders_raised(
            agency_id=str(agency), due_work_id=str(row.pk), slot=slot, later="ignored"
        )
    assert AuditEvent.objects.filter(action="reminders.raised").count() == 1
    with acting_for(agency, world["administrator"].user.pk):
        assert ("Marisol", "D7", "RAISED") in rows(held)
        assert DueWork.objects.get(pk=row.pk).state == "DONE"
        assert EXPIRY_REMINDER in set(Notice.objects.values_list("kind", flat=True))
