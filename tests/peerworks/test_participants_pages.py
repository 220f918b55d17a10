"""The pages about people: who opens them, what they show, what a form does, and twice."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from peerworks.audit.models import AuditEvent
from peerworks.participants.models import (
    CareTeamMember,
    Consent,
    Enrolment,
    Participant,
    StatusPeriod,
)
from tests.factories import participants as factory

pytestmark = pytest.mark.slow

LIST = "participants:participant-list"
DETAIL = "participants:participant-detail"
NEW_PERSON = {
    "record_number": "DEMO-9001",
    "given_name": "Rowan",
    "family_name": "Hazel",
    "born_on": "1990-02-03",
    "gender": "U",
    "language": "es",
}


@pytest.fixture
def wren(world):
    """The person served at Mesa House, by Luz and Andre."""
    return world.people["mesa"].participant


@pytest.fixture
def send(world):
    """Send a form as one of the nine: `send(who, name, *args, **data)` gives the answer."""

    def post(who, name, /, *args, key=None, **data):
        told = {"form_agency": str(world[who].member.agency_id), "form_key": key or uuid.uuid4()}
        return factory.reading_english(world[who]).post(reverse(name, args=args), {**told, **data})

    return post


def get(world, who, name, *args):
    """Open a page as one of the nine."""
    return factory.reading_english(world[who]).get(reverse(name, args=args))


def test_a_peer_sees_the_people_of_their_care_teams(world):
    page = get(world, "peer", LIST)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Wren Alder" in text
    assert "Jay Cedar" in text
    assert "Robin Birch" not in text
    assert "My people" in text


def test_an_administrator_sees_the_agency(world):
    text = get(world, "administrator", LIST).content.decode()
    assert all(name in text for name in ("Wren Alder", "Jay Cedar", "Robin Birch"))


def test_the_other_agency_sees_nobody(world):
    text = get(world, "other-administrator", LIST).content.decode()
    assert not any(name in text for name in ("Alder", "Cedar", "Birch"))


def test_the_list_says_in_the_trail_who_was_shown(world, wren):
    get(world, "peer", LIST)
    with world.acting("auditor"):
        event = AuditEvent.objects.get(action="participant.listed")
    assert wren.pk in event.participants
    assert len(event.participants) == 2


def test_finding_keeps_the_name_out_of_the_address(world, send):
    page = send("administrator", LIST, words="birch")
    text = page.content.decode()
    assert "Robin Birch" in text
    assert "Wren Alder" not in text
    assert "1 person found" in text


def test_too_many_words_are_an_error_and_find_nobody(send):
    page = send("peer", LIST, words="x" * 61)
    assert page.status_code == 422
    text = page.content.decode()
    assert "“Name or record number” takes at most 60 characters, and these are 61." in text
    assert "The people you may see, by family name." in text
    assert "x" * 61 in text, "what was typed is kept"


def test_finding_nobody_says_so(send):
    assert "Nobody of that name" in send("peer", LIST, words="birch").content.decode()


def test_the_detail_page_shows_the_header(world, wren):
    text = get(world, "peer", DETAIL, wren.pk).content.decode()
    for shown in (
        wren.record_number,
        world["peer"].user.name,
        world.juniper.programs["mesa"].name,
        "Consents",
    ):
        assert shown in text
    with world.acting("auditor"):
        event = AuditEvent.objects.get(action="participant.viewed")
    assert event.participants == [wren.pk]


def test_no_name_stands_in_a_title(world, wren):
    for name in (DETAIL, "participants:status-add", "billing:plan-write", "billing:coverage-list"):
        text = get(world, "supervisor", name, wren.pk).content.decode()
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert title
        assert wren.family_name not in title
        assert wren.family_name in text


def test_a_biller_sees_name_ids_and_coverage_only(world, wren):
    text = get(world, "biller", DETAIL, wren.pk).content.decode()
    assert wren.record_number in text
    assert "Consents" not in text
    assert "Plan and goals" not in text


def test_a_peer_finds_no_others_person(world):
    robin = world.people["dogwood"].participant
    told = get(world, "peer", DETAIL, robin.pk)
    unknown = get(world, "peer", DETAIL, uuid.uuid4())
    assert told.status_code == 404
    assert told.content == unknown.content


def test_the_other_agency_finds_no_person(world, wren):
    assert get(world, "other-administrator", DETAIL, wren.pk).status_code == 404


def test_a_trainer_is_asked_for_no_one(world, wren):
    assert get(world, "trainer", DETAIL, wren.pk).status_code == 404


def test_a_person_is_added_once(world, send):
    program = world.juniper.programs["mesa"]
    key = uuid.uuid4()
    given = {**NEW_PERSON, "program": program.pk, "worker": world["peer"].member.pk}
    first = send("administrator", "participants:participant-add", key=key, **given)
    again = send("administrator", "participants:participant-add", key=key, **given)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    with world.acting("administrator"):
        made = Participant.objects.get(record_number="DEMO-9001")
        assert Enrolment.objects.filter(participant=made, program=program).count() == 1


def test_the_same_form_with_another_name_is_refused(world, send):
    key = uuid.uuid4()
    send("administrator", "participants:participant-add", key=key, **NEW_PERSON)
    changed = {**NEW_PERSON, "given_name": "Robin"}
    told = send("administrator", "participants:participant-add", key=key, **changed)
    assert told.status_code == 422
    assert "sent before with other content" in told.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("given_name", "", "“Given name” is missing."),
        ("born_on", "2999-01-01", "Check the date of birth."),
        ("born_on", "1700-01-01", "Check the year of this day."),
        ("state", "T1", "Write the state in two letters"),
        ("postal_code", "78A", "five or nine digits"),
        ("gender", "X", "Select a valid choice"),
        ("record_number", "DEMO-0001", "has a record of that number"),
    ],
)
def test_a_wrong_field_is_named(send, field, value, words):
    told = send("administrator", "participants:participant-add", **{**NEW_PERSON, field: value})
    assert told.status_code == 422
    assert words in told.content.decode()


def test_a_foreign_program_is_no_choice(world, send):
    program = world.lantern.programs["harbor"]
    given = {**NEW_PERSON, "program": program.pk}
    told = send("administrator", "participants:participant-add", **given)
    assert told.status_code == 422


def test_a_peer_adds_nobody(world, send):
    assert send("peer", "participants:participant-add", **NEW_PERSON).status_code == 403


def test_data_are_changed(world, send, wren):
    given = {
        **NEW_PERSON,
        "record_number": wren.record_number,
        "given_name": wren.given_name,
        "family_name": wren.family_name,
        "city": "Elmwood",
    }
    assert (
        send("administrator", "participants:participant-edit", wren.pk, **given).status_code == 302
    )
    with world.acting("administrator"):
        assert Participant.objects.get(pk=wren.pk).city == "Elmwood"


#: Page of a form, who may send it, what they send, and the model that gets one row more.
ADDS = [
    (
        "participants:status-add",
        "peer",
        {"kind": "INPATIENT", "starts_on": "2026-01-05"},
        StatusPeriod,
    ),
    (
        "participants:consent-add",
        "peer",
        {"purposes": ["PAYMENT"], "signed_on": "2026-01-05", "starts_on": "2026-01-05"},
        Consent,
    ),
]


@pytest.mark.parametrize(("name", "who", "data", "model"), ADDS)
def test_a_record_is_added_and_harmless_twice(world, send, wren, name, who, data, model):
    with world.acting(who):
        before = model.objects.filter(participant=wren).count()
    key = uuid.uuid4()
    answers = [send(who, name, wren.pk, key=key, **data).status_code for _ in range(2)]
    assert answers == [302, 302]
    with world.acting(who):
        assert model.objects.filter(participant=wren).count() == before + 1


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("participants:status-add", "biller"),
        ("participants:consent-add", "biller"),
        ("participants:enrolment-add", "peer"),
        ("participants:care-team-edit", "peer"),
        ("participants:participant-edit", "peer"),
        ("participants:consent-add", "administrator"),
    ],
)
def test_the_wrong_role_is_denied(world, wren, name, who):
    assert get(world, who, name, wren.pk).status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        "participants:status-add",
        "participants:enrolment-add",
        "participants:care-team-edit",
        "participants:participant-edit",
    ],
)
def test_a_form_opens_for_its_role_and_not_for_the_other_agency(world, wren, name):
    assert get(world, "administrator", name, wren.pk).status_code == 200
    assert get(world, "other-administrator", name, wren.pk).status_code == 404


def test_an_enrollment_is_added_and_ended(world, send, wren):
    program = world.juniper.programs["peachtree"]
    day = world.today - dt.timedelta(days=3)
    given = {"program": program.pk, "starts_on": day.isoformat()}
    assert send("administrator", "participants:enrolment-add", wren.pk, **given).status_code == 302
    with world.acting("administrator"):
        made = Enrolment.objects.get(participant=wren, program=program)
    end = {"last_day": day.isoformat()}
    assert send("administrator", "participants:enrolment-end", made.pk, **end).status_code == 302
    told = send("administrator", "participants:enrolment-end", made.pk, **end)
    assert told.status_code == 422
    assert "ended already" in told.content.decode()


def test_an_enrollment_in_the_same_program_twice_is_refused_in_words(world, send, wren):
    given = {"program": world.juniper.programs["mesa"].pk, "starts_on": world.today.isoformat()}
    told = send("administrator", "participants:enrolment-add", wren.pk, **given)
    assert told.status_code == 422
    assert "enrolled in the program already" in told.content.decode()


def test_a_worker_joins_and_leaves_the_care_team(world, send, wren):
    sam = world["lapsed-peer"]
    given = {"member": sam.member.pk, "starts_on": (world.today - dt.timedelta(days=2)).isoformat()}
    answer = send("administrator", "participants:care-team-edit", wren.pk, **given)
    assert answer.status_code == 302
    assert get(world, "lapsed-peer", DETAIL, wren.pk).status_code == 200
    with world.acting("administrator"):
        entry = CareTeamMember.objects.get(participant=wren, member=sam.member)
    end = {"last_day": (world.today - dt.timedelta(days=2)).isoformat()}
    assert send("administrator", "participants:care-team-end", entry.pk, **end).status_code == 302
    assert get(world, "lapsed-peer", DETAIL, wren.pk).status_code == 404


def test_a_consent_is_revoked_by_post_alone(world, send, wren):
    with world.acting("peer") as peer:
        consent = factory.consent(peer.member, wren, world.today - dt.timedelta(days=1))
    name = "participants:consent-revoke"
    assert get(world, "peer", name, consent.pk).status_code == 405
    assert send("peer", name, consent.pk).status_code == 302
    assert send("peer", name, consent.pk).status_code == 302
    with world.acting("peer"):
        kept = Consent.objects.get(pk=consent.pk)
        assert kept.revoked_by_id == world["peer"].member.pk
        assert AuditEvent.objects.filter(action="consent.revoked").count() <= 1


def test_a_consent_of_another_agency_is_not_there(world, send, wren):
    with world.acting("peer") as peer:
        consent = factory.consent(peer.member, wren, world.today)
    told = send("other-administrator", "participants:consent-revoke", consent.pk)
    assert told.status_code == 403  # an administrator keeps no consents, here or elsewhere


def test_a_form_of_another_agency_is_a_conflict(world, wren):
    url = reverse("participants:status-add", args=[wren.pk])
    data = {"form_agency": world.lantern.agency.pk, "kind": "INPATIENT"}
    assert world["administrator"].client().post(url, data).status_code == 409


def test_nobody_signed_in_is_asked_to_sign_in(client, world, wren):
    answer = client.get(reverse(DETAIL, args=[wren.pk]))
    assert answer.status_code == 302
    assert "/accounts/sign-in/" in answer["Location"]


def test_the_list_costs_the_same_for_more_people(world, django_assert_max_num_queries):
    with world.acting("administrator") as administrator:
        for _ in range(12):
            factory.person(administrator.member, world.today)
    client = world["administrator"].client()
    with django_assert_max_num_queries(24):
        client.get(reverse(LIST))
