"""What a recipient does with a reminder: done, put off, not needed, and back again."""

import datetime as dt
import zoneinfo

import pytest
from django.urls import reverse

from peerworks.audit.models import AuditEvent
from peerworks.notices.models import Notice
from tests.factories.participants import reading_english
from tests.factories.shared import make_notice

LIST, PAST = "notices:notice-list", "notices:notice-past"


@pytest.fixture
def today(world):
    """The agency's local day."""
    return world.now.astimezone(zoneinfo.ZoneInfo(world.juniper.agency.time_zone)).date()


@pytest.fixture
def notice(world, today):
    """A reminder of Luz's, raised yesterday, due in ten days."""
    with world.acting("peer") as luz:
        return make_notice(
            recipient=luz.member,
            raised_on=today - dt.timedelta(days=1),
            due_on=today + dt.timedelta(days=10),
        )


def send(world, name, notice, who="peer", **data):
    client = reading_english(world[who])
    page = client.get(reverse(name, args=[notice.pk]))
    form = page.context["form"] if page.context and "form" in page.context else None
    key = {"form_key": str(form["form_key"].value())} if form else {}
    agency = {"form_agency": str(world.house_of(who).agency.pk)}
    return client.post(reverse(name, args=[notice.pk]), data | key | agency)


def text(world, name, who="peer"):
    return reading_english(world[who]).get(reverse(name)).content.decode()


def stored(world, notice):
    with world.acting("peer"):
        return Notice.objects.get(pk=notice.pk)


def actions(world):
    with world.acting("peer"):
        return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_what_is_put_off_stands_apart_and_comes_back_on_its_day(world, today, notice):
    day = today + dt.timedelta(days=3)
    assert send(world, "notices:notice-put-off", notice, until=day.isoformat()).status_code == 302
    page = text(world, LIST)
    assert "Nothing is due." in page
    assert "Put off until" in page
    assert "Show it now" in page
    assert actions(world).count("notice.put_off") == 1
    with world.acting("peer") as luz:
        from peerworks.notices.queries import open_notices

        assert list(open_notices(luz.member, day)) == [notice]
        assert list(open_notices(luz.member, day - dt.timedelta(days=1))) == []


@pytest.mark.parametrize("days", [-1, 0, 11, 400])
def test_a_day_before_tomorrow_or_after_the_deadline_is_refused_at_its_field(
    world, today, notice, days
):
    day = today + dt.timedelta(days=days)
    answer = send(world, "notices:notice-put-off", notice, until=day.isoformat())
    assert answer.status_code == 422
    assert "Choose a day from" in str(answer.context["form"].errors["until"])
    assert stored(world, notice).snoozed_until is None


def test_what_is_overdue_is_put_off_for_sixty_days_at_most(world, today):
    with world.acting("peer") as luz:
        late = make_notice(
            recipient=luz.member,
            raised_on=today - dt.timedelta(days=9),
            due_on=today - dt.timedelta(days=2),
        )
    for days, status in ((61, 422), (60, 302)):
        day = today + dt.timedelta(days=days)
        answer = send(world, "notices:notice-put-off", late, until=day.isoformat())
        assert answer.status_code == status


def test_not_needed_is_out_with_its_reason(world, notice):
    answer = send(world, "notices:notice-not-needed", notice, not_needed="SOMEBODY")
    assert answer.status_code == 302
    assert "Nothing is due." in text(world, LIST)
    past = text(world, PAST)
    assert "Somebody else takes care of it" in past
    assert "Put it back" in past
    assert actions(world).count("notice.not_needed") == 1


def test_another_reason_needs_words(world, notice):
    answer = send(world, "notices:notice-not-needed", notice, not_needed="OTHER")
    assert answer.status_code == 422
    assert "few words" in str(answer.context["form"].errors["words"])
    told = {"not_needed": "OTHER", "words": "The office asked twice."}
    assert send(world, "notices:notice-not-needed", notice, **told).status_code == 302
    assert "The office asked twice." in text(world, PAST)


def test_each_answer_can_be_taken_back(world, today, notice):
    day = (today + dt.timedelta(days=3)).isoformat()
    answers = (
        ("notices:notice-done", {}),
        ("notices:notice-not-needed", {"not_needed": "NO_LONGER"}),
        ("notices:notice-put-off", {"until": day}),
    )
    for name, data in answers:
        send(world, name, notice, **data)
        assert "1 reminder for you." not in text(world, LIST)
        send(world, "notices:notice-take-back", notice)
        assert "1 reminder for you." in text(world, LIST)
    assert actions(world).count("notice.taken_back") == 3


def test_taken_back_twice_is_once(world, notice):
    send(world, "notices:notice-done", notice)
    for _again in range(2):
        assert send(world, "notices:notice-take-back", notice).status_code == 302
    assert actions(world).count("notice.taken_back") == 1


@pytest.mark.parametrize("name", ["done", "put-off", "not-needed", "take-back"])
@pytest.mark.parametrize("who", ["supervisor", "other-administrator"])
def test_the_notice_of_another_is_not_there(world, notice, who, name):
    client = reading_english(world[who])
    agency = {"form_agency": str(world.house_of(who).agency.pk)}
    assert (
        client.post(reverse(f"notices:notice-{name}", args=[notice.pk]), agency).status_code == 404
    )
    assert stored(world, notice).done_at is None


def test_a_closed_cause_is_shown_as_mended_and_stays_out(world, notice):
    with world.acting("peer"):
        Notice.objects.filter(pk=notice.pk).update(state="CLOSED", closed_at=world.now)
    past = text(world, PAST)
    assert "Mended" in past
    assert "Put it back" not in past
    send(world, "notices:notice-take-back", notice)
    assert "Nothing is due." in text(world, LIST)


def test_many_rows_cost_no_more_queries(world, today, django_assert_num_queries):
    def count(client):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as told:
            assert client.get(reverse(PAST)).status_code == 200
        return len(told)

    with world.acting("peer") as luz:
        first = make_notice(recipient=luz.member, raised_on=today)
        Notice.objects.filter(pk=first.pk).update(done_at=world.now)
    client = reading_english(world["peer"])
    count(client)
    few = count(client)
    with world.acting("peer") as luz:
        for day in range(1, 20):
            make_notice(recipient=luz.member, raised_on=today - dt.timedelta(days=day))
        Notice.objects.filter(recipient=luz.member).update(done_at=world.now)
    assert count(client) == few
