"""Sealed people: absent for everyone who is not on the list, the privacy officer included."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from peerworks.agencies.context import acting_for
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.participants import operations, queries
from peerworks.participants.models import Participant, SealedAccess
from peerworks.web.operations import run_operation
from tests.factories import participants as factory

DETAILS = (
    "participants:participant-detail",
    "participants:participant-edit",
    "participants:care-team-edit",
    "participants:enrolment-add",
    "participants:status-add",
    "billing:coverage-list",
    "billing:participant-coverage",
    "billing:participant-plans",
)


@pytest.fixture
def sealed(world):
    """A person served by Luz, whose record is sealed for Luz alone."""
    return factory.sealed_person(
        world,
        world.today - factory.DAY,
        listed=("peer",),
        worker=world["peer"].member,
        program=world.juniper.programs["mesa"],
    )


def test_the_record_is_there_for_the_listed_only(world, sealed):
    for who, is_there in (("peer", True), ("administrator", False), ("privacy-officer", False)):
        with world.acting(who):
            assert Participant.objects.filter(pk=sealed.pk).exists() is is_there, who


def test_the_service_member_may_judge_and_count(world, sealed):
    with acting_for(world.juniper.agency.pk, world.juniper.service.user_id):
        assert Participant.objects.filter(pk=sealed.pk).exists()


def test_the_minute_of_the_officer_is_gone_and_the_list_stands(world, sealed):
    with world.acting("privacy-officer") as officer:
        users = {each.user_id for each in factory.sealed_access(sealed)}
        assert not AuditEvent.objects.filter(action="participant.sealed").exists()
    with world.acting("peer"):
        event = AuditEvent.objects.get(action="participant.sealed")
        assert event.participants == [sealed.pk]
    assert officer.user.pk not in users
    assert users == {world["peer"].user.pk, world.juniper.service.user_id}


def test_others_do_not_see_the_list(world, sealed):
    with world.acting("administrator"):
        assert not SealedAccess.objects.exists()
    with world.acting("peer") as peer:
        assert [each.user_id for each in SealedAccess.objects.all()] == [peer.user.pk]


@pytest.mark.parametrize("name", DETAILS)
def test_a_sealed_record_answers_as_an_unknown_id(world, sealed, name):
    client = world["administrator"].client()
    told = client.get(reverse(name, args=[sealed.pk]))
    unknown = client.get(reverse(name, args=[uuid.uuid4()]))
    assert (told.status_code, unknown.status_code) == (404, 404)
    assert told.content == unknown.content


def test_a_sealed_person_is_in_no_list_and_no_search(world, sealed):
    client = world["administrator"].client()
    page = client.get(reverse("participants:participant-list"))
    assert sealed.family_name not in page.content.decode()
    data = {
        "words": sealed.family_name,
        "form_agency": world.juniper.agency.pk,
        "form_key": uuid.uuid4(),
    }
    found = client.post(reverse("participants:participant-list"), data)
    assert found.status_code == 200
    assert str(sealed.pk) not in found.content.decode()


def test_the_number_of_people_does_not_move(world):
    client = world["administrator"].client()
    before = client.get(reverse("participants:participant-list")).content.decode().count("<tr")
    factory.sealed_person(world, world.today)
    after = client.get(reverse("participants:participant-list")).content.decode().count("<tr")
    assert before == after


def test_the_number_of_a_sealed_record_is_told_to_nobody(world, sealed):
    sent = {
        "record_number": sealed.record_number,
        "given_name": "Robin",
        "family_name": "Hazel",
        "born_on": "1984-02-03",
        "gender": "U",
        "language": "en",
        "form_agency": str(world.juniper.agency.pk),
    }
    client = factory.reading_english(world["administrator"])
    address = reverse("participants:participant-add")
    told = client.post(address, {**sent, "form_key": str(uuid.uuid4())})
    assert told.status_code == 302
    again = client.post(address, {**sent, "form_key": str(uuid.uuid4())})
    assert (again.status_code, b"has a record of that number" in again.content) == (422, True)


def test_two_sealed_records_may_have_one_number(world, sealed):
    other = factory.sealed_person(world, world.today, record_number=sealed.record_number)
    with acting_for(world.juniper.agency.pk, world.juniper.service.user_id):
        same = Participant.objects.filter(record_number=sealed.record_number)
        assert {each.pk for each in same} == {sealed.pk, other.pk}


def test_a_record_is_not_unsealed_into_a_number_that_is_in_use(world, sealed):
    with world.acting("administrator") as administrator:
        factory.person(administrator.member, world.today, record_number=sealed.record_number)
    with world.acting("peer"):
        mine = Participant.objects.get(pk=sealed.pk)
        mine.is_sealed = False
        given = {"update_fields": ["is_sealed"]}
        said = run_operation(mine.save, request=None, **given)
    assert said.constraint == "participants_participant_record_number"
    assert said.message == "Your agency has a record of that number."


def test_the_listed_worker_sees_the_seal(world, sealed):
    page = factory.reading_english(world["peer"]).get(reverse(DETAILS[0], args=[sealed.pk]))
    assert page.status_code == 200
    assert "Sealed" in page.content.decode()


def refusal(world, who, person, **given):
    """The code with which sealing is not done."""
    told = {
        "participant": person,
        "listed": [world["peer"].member],
        "reason": "Made-up reason",
        "at": world.now,
        **given,
    }
    with world.acting(who) as player, pytest.raises(Refused) as refused:
        operations.seal_participant(by=player.member, **told)
    return refused.value.refusal.code


def test_only_a_privacy_officer_seals(world):
    person = world.people["mesa"].participant
    assert refusal(world, "administrator", person) == "SEAL-OFFICER"


def test_somebody_is_listed(world):
    person = world.people["mesa"].participant
    assert refusal(world, "privacy-officer", person, listed=[]) == "SEAL-NOBODY"


def test_nobody_is_listed_for_their_own_record(world):
    person = world.people["mesa"].participant
    staff = world["peer"].member
    assert refusal(world, "privacy-officer", person, staff=staff) == "SEAL-SELF"


def test_nobody_seals_their_own_record(world):
    person = world.people["mesa"].participant
    staff = world["privacy-officer"].member
    assert refusal(world, "privacy-officer", person, staff=staff) == "SEAL-OWN"


def test_a_record_is_sealed_once(world, sealed):
    person = sealed
    person.is_sealed = True
    assert refusal(world, "privacy-officer", person) == "SEAL-ALREADY"


def test_a_member_of_staff_never_opens_their_own_record(world):
    staff = world["trainer"].member
    person = factory.sealed_person(world, world.today, listed=("administrator",), staff=staff)
    with world.acting("privacy-officer") as officer:
        operations.let_open_sealed(
            participant_id=person.pk, member=staff, reason="A mistake", by=officer.member
        )
    with world.acting("trainer"):
        assert Participant.objects.filter(pk=person.pk).exists()
        people = queries.people_for(staff, "VIEW_PARTICIPANT", world.today)
        assert person not in people
    with world.acting("administrator") as administrator:
        people = queries.people_for(administrator.member, "VIEW_PARTICIPANT", world.today)
        assert person in people


def test_a_place_on_the_list_is_given_and_taken(world, sealed):
    with world.acting("privacy-officer") as officer:
        entry = operations.let_open_sealed(
            participant_id=sealed.pk,
            member=world["biller"].member,
            reason="Bills the visits",
            by=officer.member,
        )
    with world.acting("biller"):
        assert Participant.objects.filter(pk=sealed.pk).exists()
    with world.acting("privacy-officer") as officer:
        earlier = world.now - dt.timedelta(days=365)
        operations.close_sealed_access(entry=entry, by=officer.member, at=earlier)
    for who, there in (("peer", 2), ("privacy-officer", 0)):
        with world.acting(who):
            acts = AuditEvent.objects.filter(action__in=["seal.listed", "seal.unlisted"])
            assert acts.count() == there
    with world.acting("biller"):
        assert not Participant.objects.filter(pk=sealed.pk).exists()


def test_the_officer_does_not_list_themselves(world, sealed):
    with world.acting("privacy-officer") as officer, pytest.raises(Refused) as told:
        operations.let_open_sealed(
            participant_id=sealed.pk, member=officer.member, reason="Curious", by=officer.member
        )
    assert told.value.refusal.code == "SEAL-OWN-LIST"


def test_the_seal_page_is_the_officers(world):
    person = world.people["mesa"].participant
    url = reverse("participants:participant-seal", args=[person.pk])
    assert world["administrator"].client().get(url).status_code == 403
    client = world["privacy-officer"].client()
    assert client.get(url).status_code == 200
    data = {
        "listed": [str(world["peer"].member.pk)],
        "reason": "Works with this person",
        "form_agency": str(world.juniper.agency.pk),
        "form_key": str(uuid.uuid4()),
    }
    done = client.post(url, data)
    assert (done.status_code, done["Location"]) == (302, reverse("participants:participant-list"))
    assert client.post(url, data).status_code == 404
