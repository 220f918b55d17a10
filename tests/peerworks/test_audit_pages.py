"""The audit trail's pages: who may see them, what they show, how they are filtered, sorted and paged."""

import csv
import datetime as dt
import io

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peerworks.accounts.operations import take_out_events
from peerworks.accounts.views import audit as views
from peerworks.audit import history, trail
from peerworks.audit.history import Order, Wanted
from peerworks.audit.models import AuditEvent
from supervision.models import Session
from tests.factories import participants as people
from tests.factories.participants import reading_english

pytestmark = pytest.mark.django_db
LIST, EXPORT = "/audit/", "/audit/export/"


def told(world, action, who="peer", person="mesa", **given):
    """One event of somebody about the person of a house (None: about nobody)."""
    about = [] if person is None else [world.people[person].participant.pk]
    with world.acting(who) as player:
        trail.record(action, by=player.user, participants=about, **given)


def get(world, path=LIST, who="privacy-officer", **query):
    """The answer to somebody who reads English."""
    return reading_english(world[who]).get(path, query)


def text(world, *args, **given):
    """The page in words."""
    answer = get(world, *args, **given)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def deeds(answer):
    """What the rows of a list say was done."""
    return [row.deed for row in answer.context["rows"]]


def choose(world, who="privacy-officer", **given):
    """What the form answers, and the list it leads to."""
    client = reading_english(world[who])
    data = {"form_agency": str(world.juniper.agency.pk), "form_key": KEY, **given}
    answer = client.post(LIST, data)
    return answer, client


KEY = "5e3a2c9e-7a55-4a3b-9d65-0d3f6a1d3f10"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("privacy-officer", 200),
        ("auditor", 200),
        ("administrator", 403),
        ("supervisor", 403),
        ("peer", 403),
        ("biller", 403),
        ("trainer", 403),
    ],
)
def test_the_trail_is_for_privacy_officer_and_auditor(world, who, status):
    assert get(world, who=who).status_code == status
    wren = world.people["mesa"].participant.pk
    assert get(world, f"/audit/participants/{wren}/", who).status_code == status
    sent = {"form_agency": str(world.juniper.agency.pk)}
    assert world[who].client().post(EXPORT, sent).status_code == status
    assert world[who].client().get(EXPORT).status_code in {403, 405}


def test_a_row_says_when_who_what_about_whom_and_from_where(world):
    told(world, "participant.changed", fields=["family_name", "city"])
    page = text(world)
    assert "Luz Ortega" in page
    assert "Changed a participant&#x27;s data." in page
    assert "Changed: family name, city" in page
    assert "Wren Alder" in page
    wren = world.people["mesa"].participant
    world["peer"].client().get(f"/participants/{wren.pk}/", headers={"user-agent": "X Mobi"})
    rows = get(world, kind="VIEW").context["rows"]
    (row,) = [each for each in rows if each.deed == "Opened a participant's record."]
    assert (row.device, row.people[0].name) == ("Phone", "Wren Alder")


def test_it_speaks_spanish(world):
    told(world, "note.signed")
    client = world["privacy-officer"].client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert "Firmó una nota de servicio." in client.get(LIST).content.decode()


def test_the_newest_comes_first_and_each_column_turns_round(world):
    told(world, "note.signed", "peer")
    told(world, "note.cosigned", "supervisor", "dogwood")
    told(world, "session.signed", "supervisor", None)
    assert deeds(get(world, kind="SIGN"))[0] == "Signed a supervision session as supervisor."
    for name in history.SORTS:
        up, down = (get(world, kind="SIGN", sort=name, way=way) for way in ("up", "down"))
        numbers = [[row.id for row in each.context["rows"]] for each in (up, down)]
        assert len(numbers[0]) == 3
        assert numbers[0] == numbers[1][::-1], name
        (column,) = [each for each in down.context["columns"] if each["sorted"]]
        assert column["sorted"] == "descending"


@pytest.mark.parametrize("by", list(history.SORTS))
@pytest.mark.parametrize("is_down", [True, False])
def test_pages_follow_one_another_without_gap_or_repetition(world, by, is_down):
    for number in range(11):
        told(world, "course.added", "trainer" if number % 2 else "peer", None)
        told(world, "note.viewed", "supervisor", kind="VIEW")
    order = Order(by, is_down)
    with world.acting("auditor"):
        whole = [each.pk for each in history.page_of_events(Wanted(), order, per_page=99).events]
        forth, page = [], history.page_of_events(Wanted(), order, per_page=4)
        while True:
            forth += [each.pk for each in page.events]
            if page.after is None:
                break
            page = history.page_of_events(Wanted(), order, after=page.after, per_page=4)
        back = [each.pk for each in page.events]
        while page.before is not None:
            page = history.page_of_events(Wanted(), order, before=page.before, per_page=4)
            back = [each.pk for each in page.events] + back
    assert forth == back == whole
    assert len(whole) >= 22


def test_the_list_has_pages(world, monkeypatch):
    monkeypatch.setattr(history.page_of_events, "__kwdefaults__", KWDEFAULTS | {"per_page": 2})
    for _ in range(5):
        told(world, "course.added", "trainer", None)
    first = get(world)
    assert first.context["before_url"] == ""
    client = reading_english(world["privacy-officer"])
    second = client.get(f"{LIST}?{first.context['after_url']}")
    assert {row.id for row in second.context["rows"]}.isdisjoint(
        row.id for row in first.context["rows"]
    )
    again = client.get(f"{LIST}?{second.context['before_url']}")
    assert [row.id for row in again.context["rows"]] == [row.id for row in first.context["rows"]]


KWDEFAULTS = dict(history.page_of_events.__kwdefaults__)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("VIEW", "Opened a service note."),
        ("SIGN", "Signed a service note."),
        ("EXPORT", "Took out the file of a batch again."),
        ("PERMISSION", "Put a worker on a care team."),
        ("CHANGE", "Added a course."),
        ("DENIAL", "Asked for a page that is not open to them."),
        ("SIGN_IN", "Signed in."),
    ],
)
def test_each_kind_is_a_filter_of_its_own(world, kind, shown):
    told(world, "note.viewed", kind="VIEW")
    told(world, "note.signed")
    told(world, "batch.downloaded", "biller")
    told(world, "care-team.added", "administrator")
    told(world, "course.added", "trainer", None)
    founded = {"Added a member."}  # the world's own
    with world.acting("trainer") as tom:
        trail.record_denial(by=tom.user, status=403, url_name="billing:worklist")
    answer = get(world, kind=kind)
    assert set(deeds(answer)) - founded == {shown}


def test_days_are_those_of_the_agency(world):
    told(world, "course.added", "trainer", None)
    zone = views.zoneinfo.ZoneInfo(world.juniper.agency.time_zone)
    today = world.now.astimezone(zone).date()
    for days, number in ((0, 1), (1, 0)):
        since = (today + dt.timedelta(days=days)).isoformat()
        answer = get(world, since=since, kind="CHANGE")
        assert len(answer.context["rows"]) == number
    before = (today - dt.timedelta(days=1)).isoformat()
    assert not get(world, until=before).context["rows"]
    assert get(world, until=today.isoformat()).context["rows"]


def test_nonsense_in_the_address_is_left_out(world):
    told(world, "course.added", "trainer", None)
    for query in (
        {"sort": "name; DROP TABLE", "way": "x", "kind": "X", "record": "a.b.c", "since": "32"},
        {"after": "9" * 30, "before": "-1", "like": "x"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"after": "999999999"},
    ):
        assert get(world, **query).context["rows"]


class TestChoosing:
    """The form: what names nobody goes into the address, who is named into the session."""

    def test_kind_and_days_stand_in_the_address(self, world):
        told(world, "note.signed")
        answer, client = choose(world, kind="SIGN", since="2020-01-01", sort="who")
        assert answer.status_code == 302
        assert answer["Location"] == "/audit/?kind=SIGN&since=2020-01-01&sort=who"
        assert deeds(client.get(answer["Location"])) == ["Signed a service note."]

    def test_who_did_it_stands_in_the_session(self, world):
        told(world, "note.signed", "peer")
        told(world, "note.signed", "supervisor")
        luz = world["peer"].member
        answer, client = choose(world, actor=str(luz.pk), kind="SIGN")
        assert str(luz.pk) not in answer["Location"]
        assert str(luz.user_id) not in answer["Location"]
        page = client.get(answer["Location"])
        assert [row.actor for row in page.context["rows"]] == ["Luz Ortega"]
        assert "by Luz Ortega" in page.content.decode()

    def test_a_participant_is_found_by_name(self, world):
        told(world, "participant.changed", "administrator", "mesa")
        told(world, "participant.changed", "administrator", "dogwood")
        answer, client = choose(world, person="alder", kind="CHANGE")
        wren = world.people["mesa"].participant
        assert "alder" not in answer["Location"].lower()
        assert str(wren.pk) not in answer["Location"]
        page = client.get(answer["Location"])
        (row,) = page.context["rows"]
        assert [person.name for person in row.people] == ["Wren Alder"]
        assert "about Wren Alder" in page.content.decode()
        with world.acting("auditor"):
            seen = AuditEvent.objects.filter(action="events.listed").latest("pk")
        assert seen.participants == [wren.pk]

    def test_nobody_of_a_name_is_said_in_words(self, world):
        told(world, "participant.changed", "administrator", "mesa")
        answer, _client = choose(world, person="Nobody Here")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Nobody of that name is among the people you may see." in page
        assert "Wren Alder" not in page

    def test_too_many_of_a_name_are_said_in_words(self, world, monkeypatch):
        monkeypatch.setattr(views, "FOUND_AT_MOST", 1)
        answer, _client = choose(world, person="r")
        assert answer.status_code == 422
        assert "Many people match. Write more of the name." in answer.content.decode()

    def test_a_period_that_ends_before_it_begins_is_refused(self, world):
        answer, _client = choose(world, since="2026-02-02", until="2026-02-01")
        assert answer.status_code == 422
        assert "The last day comes before the first day." in answer.content.decode()

    def test_the_choice_of_another_session_is_lost_and_said(self, world):
        told(world, "note.signed", "peer")
        answer, _client = choose(world, actor=str(world["peer"].member.pk))
        page = text(world, answer["Location"])
        assert "Your choice of a person is no longer kept." in page

    def test_a_person_who_is_sealed_since_is_lost_too(self, world):
        answer, client = choose(world, person="alder")
        with world.acting("privacy-officer") as dana:
            people.operations.seal_participant(
                participant=world.people["mesa"].participant,
                listed=[world["peer"].member],
                reason="Asked for it",
                by=dana.member,
                at=world.now,
            )
        page = client.get(answer["Location"]).content.decode()
        assert "Your choice of a person is no longer kept." in page
        assert "Alder" not in page

    def test_only_the_last_choices_are_kept(self, world):
        client = reading_english(world["auditor"])
        data = {"form_agency": str(world.juniper.agency.pk), "form_key": KEY}
        for _ in range(views.CHOICES_KEPT + 3):
            client.post(LIST, data | {"actor": str(world["peer"].member.pk)})
        assert len(client.session["audit_choices"]) == views.CHOICES_KEPT

    def test_a_kind_of_record(self, world):
        served = world.people["mesa"]
        told(world, "coverage.added", about=served.coverage)
        told(world, "plan.changed", about=served.version.plan)
        answer = get(world, record="billing.coverage")
        assert deeds(answer) == ["Recorded a coverage."]

    def test_everything_about_the_same_record(self, world):
        served = world.people["mesa"]
        told(world, "coverage.added", about=served.coverage)
        told(world, "coverage.ended", about=served.coverage)
        told(world, "coverage.added", about=world.people["dogwood"].coverage)
        with world.acting("auditor"):
            number = AuditEvent.objects.get(action="coverage.ended").pk
        answer = get(world, like=str(number))
        assert sorted(deeds(answer)) == ["Ended a coverage.", "Recorded a coverage."]
        page = answer.content.decode()
        assert f"?like={number}" in page
        assert str(served.coverage.pk) not in page


def test_the_page_of_a_record_is_linked_for_those_who_may_open_it(world):
    plan = world.people["mesa"].version.plan
    told(world, "plan.changed", about=plan)
    link = reverse("billing:plan-detail", args=[plan.pk])
    assert link in text(world, who="auditor")
    with world.acting("supervisor") as andre:
        session = Session.objects.first()
        trail.record("session.changed", by=andre.user, about=session)
    link = reverse("supervision:session-detail", args=[session.pk])
    assert link in text(world, who="auditor")
    assert link not in text(world, who="privacy-officer")


def test_the_list_costs_the_same_whatever_it_holds(world):
    def queries():
        client = reading_english(world["privacy-officer"])
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    told(world, "participant.changed")
    before = queries()
    for _ in range(15):
        told(world, "participant.changed", person="dogwood", fields=["city"])
        told(world, "note.signed", "supervisor", "peachtree")
    assert queries() == before
    assert before <= 40


class TestFile:
    """The list as a file: starred, recorded, and harmless in a spreadsheet."""

    def take(self, world, who="auditor", **given):
        data = {"form_agency": str(world.juniper.agency.pk), **given}
        return reading_english(world[who]).post(EXPORT, data)

    def rows(self, answer):
        assert answer.content.decode().startswith("\ufeff")
        return list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))

    def test_it_holds_what_the_list_shows(self, world):
        told(world, "participant.changed", fields=["city"])
        told(world, "note.signed", "supervisor")
        answer = self.take(world, kind="CHANGE")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"].startswith('attachment; filename="audit-')
        head, row = self.rows(answer)
        assert head[:3] == ["When", "Who", "What"]
        assert row[1:7] == [
            "Luz Ortega",
            "Luz Ortega changed a participant's data.",
            "Change",
            "",
            "Wren Alder",
            "city",
        ]

    def test_it_is_itself_one_event_that_names_everybody_in_it(self, world):
        told(world, "participant.changed", person="mesa")
        told(world, "participant.changed", person="dogwood")
        self.take(world)
        with world.acting("auditor") as ines:
            event = AuditEvent.objects.get(action="events.exported")
        assert (event.kind, event.actor_name) == ("EXPORT", ines.user.name)
        named = {world.people[key].participant.pk for key in ("mesa", "dogwood")}
        assert set(event.participants) == named

    def test_a_name_that_a_spreadsheet_would_run_is_text(self, world):
        with world.acting("administrator") as kent:
            risky = people.person(
                kent.member, world.today, given_name="=1+1", family_name="Elm|cmd"
            )
            trail.record("participant.changed", by=kent.user, participants=[risky.pk])
        cells = [cell for row in self.rows(self.take(world, kind="CHANGE")) for cell in row]
        assert "'=1+1 Elm|cmd" in cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]

    def test_a_list_too_long_for_a_file_is_refused_in_words(self, world, monkeypatch):
        monkeypatch.setattr(views, "TAKEN_OUT_AT_MOST", 1)
        told(world, "participant.changed", person="mesa")
        told(world, "participant.changed", person="dogwood")
        answer = self.take(world)
        assert answer.status_code == 302
        with world.acting("auditor"):
            assert not AuditEvent.objects.filter(action="events.exported").exists()

    def test_a_choice_that_is_lost_gives_no_file(self, world):
        data = {"form_agency": str(world.juniper.agency.pk), "who": "0" * 32}
        assert world["auditor"].client().post(EXPORT, data).status_code == 302
        with world.acting("auditor"):
            assert not AuditEvent.objects.filter(action="events.exported").exists()

    def test_who_may_not_export_gets_none(self, world):
        told(world, "participant.changed")
        assert self.take(world, "administrator").status_code == 403

    def test_the_operation_alone(self, world):
        with world.acting("auditor") as ines:
            take_out_events(people=[], by=ines.member)
            assert AuditEvent.objects.get(action="events.exported").participants == []


class TestWhoSaw:
    """One person's record: who saw or changed it, in a period."""

    def path(self, world, key="mesa"):
        return f"/audit/participants/{world.people[key].participant.pk}/"

    def test_it_counts_who_what_and_how_often(self, world):
        told(world, "note.viewed", "supervisor", kind="VIEW")
        told(world, "note.viewed", "supervisor", kind="VIEW")
        told(world, "participant.changed", "administrator", fields=["city"])
        told(world, "participant.changed", "administrator", "dogwood")
        answer = get(world, self.path(world))
        rows = [(row.actor, row.deed, row.times) for row in answer.context["accesses"]]
        assert rows == [
            ("Andre Rivers", "Opened a service note.", 2),
            ("Marisol Kent", "Changed a participant's data.", 1),
        ]
        page = answer.content.decode()
        assert "Wren Alder" in page
        assert "Robin Birch" not in page
        assert "Printed by Dana Whitlock" in page

    def test_reading_it_is_an_event(self, world):
        get(world, self.path(world))
        with world.acting("auditor"):
            event = AuditEvent.objects.get(action="person.traced")
        wren = world.people["mesa"].participant.pk
        assert (event.object_id, event.participants) == (str(wren), [wren])

    def test_the_period_is_kept_to(self, world):
        told(world, "participant.changed", "administrator")
        empty = get(world, self.path(world), since="2020-01-01", until="2020-02-01")
        assert empty.context["accesses"] == []
        assert "Nobody opened or changed this record in these days." in empty.content.decode()
        assert get(world, self.path(world), since="", until="").context["accesses"]

    @pytest.mark.parametrize(
        "query", [{"since": "x"}, {"since": "2026-02-02", "until": "2026-02-01"}]
    )
    def test_days_that_are_none_are_said_in_words(self, world, query):
        answer = get(world, self.path(world), **query)
        assert answer.status_code == 200
        assert answer.context["form"].errors

    def test_the_participants_page_leads_there_for_those_who_may(self, world):
        wren = world.people["mesa"].participant.pk
        for who, is_there in (("auditor", True), ("privacy-officer", True), ("supervisor", False)):
            page = reading_english(world[who]).get(f"/participants/{wren}/").content.decode()
            assert (self.path(world) in page) is is_there, who

    def test_an_unknown_person_is_not_there(self, world):
        assert (
            get(world, "/audit/participants/00000000-0000-4000-8000-000000000000/").status_code
            == 404
        )

    def test_nobody_traces_their_own_record(self, world):
        auditor = world["auditor"].member
        own = people.sealed_person(world, world.today, listed=("peer",), staff=auditor)
        with world.acting("privacy-officer") as dana:
            people.operations.let_open_sealed(
                participant_id=own.pk, member=auditor, reason="A mistake", by=dana.member
            )
        with world.acting("auditor"):
            assert people.models.Participant.objects.filter(pk=own.pk).exists()
        assert get(world, f"/audit/participants/{own.pk}/", "auditor").status_code == 404
