"""The inbox: grouped by urgency, one's own only, seen by reading and done by saying so."""

import datetime as dt
import zoneinfo

import pytest
from django.urls import reverse

from peerworks.audit.models import AuditEvent
from peerworks.notices.kinds import reminder_kinds
from peerworks.notices.models import Notice
from tests.factories.participants import reading_english, sealed_person

LIST, DONE = "notices:notice-list", "notices:notice-done"


@pytest.fixture
def today(world):
    """The agency's local day."""
    return world.now.astimezone(zoneinfo.ZoneInfo(world.juniper.agency.time_zone)).date()


def notice(world, who, due_on, *, participant=None, kind=None):
    """A raised notice for one of the nine."""
    with world.acting(who) as player:
        return Notice.objects.create(
            agency_id=player.member.agency_id,
            kind=kind or reminder_kinds()[0].kind,
            subject_type="accounts.membership",
            subject_id=player.member.pk,
            participant=participant,
            cycle=str(due_on),
            step="D7",
            recipient=player.member,
            state=Notice.State.RAISED,
            due_on=due_on,
            raised_on=world.today,
        )


def read(world, who):
    """The inbox of one of the nine, as text."""
    page = reading_english(world[who]).get(reverse(LIST))
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize(
    ("days", "title"),
    [
        (-1, "Overdue"),
        (0, "Today"),
        (1, "This week"),
        (7, "This week"),
        (8, "Later"),
        (None, "Later"),
    ],
)
def test_a_notice_stands_under_its_urgency(world, today, days, title):
    notice(world, "peer", None if days is None else today + dt.timedelta(days=days))
    text = read(world, "peer")
    titles = ("Overdue", "Today", "This week", "Later")
    assert [each for each in titles if f"<h2>{each}</h2>" in text] == [title]


def test_an_empty_inbox_says_so(world):
    assert "Nothing is due." in read(world, "trainer")


def test_nobody_reads_the_notices_of_others(world, today):
    notice(world, "peer", today)
    for who in ("supervisor", "administrator", "other-administrator"):
        assert "1 reminder for you" not in read(world, who)


def test_reading_marks_as_seen(world, today):
    told = notice(world, "peer", today)
    read(world, "peer")
    with world.acting("peer"):
        told.refresh_from_db()
    assert told.seen_at is not None


def test_done_takes_it_out_and_twice_is_as_once(world, today):
    told = notice(world, "peer", today)
    client = reading_english(world["peer"])
    data = {"form_agency": world.juniper.agency.pk}
    url = reverse(DONE, args=[told.pk])
    assert client.get(url).status_code == 405
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert "Nothing is due." in read(world, "peer")
    with world.acting("auditor"):
        assert AuditEvent.objects.filter(action="notice.done").count() == 1


def test_nobody_answers_the_notice_of_another(world, today):
    told = notice(world, "peer", today)
    data = {"form_agency": world.juniper.agency.pk}
    answer = world["supervisor"].client().post(reverse(DONE, args=[told.pk]), data)
    assert answer.status_code == 404
    with world.acting("peer"):
        told.refresh_from_db()
    assert told.done_at is None


def test_a_notice_about_a_person_is_kept_in_the_trail(world, today):
    person = world.people["mesa"].participant
    notice(world, "peer", today, participant=person)
    read(world, "peer")
    with world.acting("auditor"):
        event = AuditEvent.objects.get(action="notice.listed")
    assert event.participants == [person.pk]


def test_a_sealed_persons_notice_is_not_there(world, today):
    person = sealed_person(world, world.today, listed=("peer",))
    notice(world, "peer", today, participant=person)
    assert "1 reminder for you" in read(world, "peer")
    with world.acting("administrator"):
        assert not Notice.objects.filter(participant=person.pk).exists()


def test_a_kind_that_nobody_declares_any_more_does_not_break_the_page(world, today):
    notice(world, "peer", today, kind="gone")
    assert "1 reminder for you" in read(world, "peer")
