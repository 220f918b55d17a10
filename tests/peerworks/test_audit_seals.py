"""Events about sealed people: absent for everybody who is not listed, existence included.

Also the move of people out of the events' arrays, tried on rows.
"""

import pytest
from django.db import connection

from peerworks.audit import history, trail
from peerworks.audit.history import Order, Wanted
from peerworks.audit.models import AuditEvent, EventPerson
from peerworks.participants import operations
from tests.conftest import folder_of_the_run
from tests.databases import as_owner, copied, drop, manage, owner_connection, template
from tests.factories import participants as factory
from tests.factories.billing_claims import as_service
from tests.factories.participants import reading_english

pytestmark = pytest.mark.django_db
READERS = ("privacy-officer", "auditor", "administrator", "supervisor", "biller")


@pytest.fixture
def sealed(world):
    """A person whose record is sealed for Luz alone."""
    return factory.sealed_person(world, world.today, listed=("peer",), family_name="Hidden-Fir")


def record(world, action, *people, who="peer"):
    """An event of somebody about these people; answers its number."""
    with world.acting(who) as player:
        trail.record(action, by=player.user, participants=[each.pk for each in people])
    with as_service(world):
        return AuditEvent.objects.order_by("-pk").first().pk


def shown(world, who, number):
    """The people of an event as somebody reads it, or None where it is not there."""
    with world.acting(who):
        event = AuditEvent.objects.filter(pk=number).first()
        return None if event is None else event.participants


def test_an_event_about_a_sealed_person_is_there_for_the_listed_alone(world, sealed):
    number = record(world, "participant.changed", sealed)
    assert shown(world, "peer", number) == [sealed.pk]
    with as_service(world):
        assert AuditEvent.objects.get(pk=number).participants == [sealed.pk]
    for who in READERS:
        assert shown(world, who, number) is None, who
        with world.acting(who):
            assert not EventPerson.objects.filter(event_id=number).exists(), who
            assert not EventPerson.objects.filter(participant_id=sealed.pk).exists(), who


def test_from_an_event_about_several_the_sealed_one_is_missing(world, sealed):
    wren = world.people["mesa"].participant
    number = record(world, "participant.listed", wren, sealed)
    assert set(shown(world, "peer", number)) == {wren.pk, sealed.pk}
    for who in READERS:
        assert shown(world, who, number) == [wren.pk], who


def test_what_was_recorded_before_the_seal_is_sealed_with_it(world):
    wren, robin = (world.people[key].participant for key in ("mesa", "dogwood"))
    alone = record(world, "participant.viewed", wren)
    together = record(world, "participant.listed", wren, robin)
    assert shown(world, "auditor", alone) == [wren.pk]
    with world.acting("privacy-officer") as dana:
        operations.seal_participant(
            participant=wren,
            listed=[world["peer"].member],
            reason="Asked for it",
            by=dana.member,
            at=world.now,
        )
    assert shown(world, "auditor", alone) is None
    assert shown(world, "auditor", together) == [robin.pk]
    assert shown(world, "peer", alone) == [wren.pk]


def test_the_pages_show_nothing_of_a_sealed_person(world, sealed):
    wren = world.people["mesa"].participant
    record(world, "participant.changed", sealed)
    record(world, "participant.listed", wren, sealed)
    for who in ("privacy-officer", "auditor"):
        client = reading_english(world[who])
        page = client.get("/audit/").content.decode()
        assert "Hidden-Fir" not in page
        assert str(sealed.pk) not in page
        assert "Wren Alder" in page
        assert "more" not in page.split("Wren Alder")[1].split("</td>")[0]
        unknown = client.get("/audit/participants/00000000-0000-4000-8000-000000000000/")
        there = client.get(f"/audit/participants/{sealed.pk}/")
        assert (there.status_code, there.content) == (404, unknown.content)


def test_a_sealed_person_is_found_by_no_name(world, sealed):
    data = {
        "form_agency": str(world.juniper.agency.pk),
        "form_key": "5e3a2c9e-7a55-4a3b-9d65-0d3f6a1d3f10",
    }
    client = reading_english(world["auditor"])
    there = client.post("/audit/", data | {"person": "Hidden-Fir"})
    unknown = client.post("/audit/", data | {"person": "Nobody-Fir"})
    assert there.status_code == unknown.status_code == 422
    assert str(there.context["form"].errors) == str(unknown.context["form"].errors)


def test_neither_filter_nor_file_finds_a_sealed_person(world, sealed):
    number = record(world, "participant.changed", sealed)
    with world.acting("auditor"):
        for wanted in (Wanted(people=(sealed.pk,)), Wanted(kind="CHANGE")):
            page = history.page_of_events(wanted, Order())
            assert number not in [each.pk for each in page.events]
        assert history.accesses(Wanted(people=(sealed.pk,))) == []
    data = {"form_agency": str(world.juniper.agency.pk)}
    file = world["auditor"].client().post("/audit/export/", data).content.decode()
    assert "Hidden-Fir" not in file


def test_the_number_of_a_sealed_event_leads_nowhere(world, sealed):
    number = record(world, "participant.changed", sealed)
    client = reading_english(world["auditor"])
    page = client.get("/audit/", {"like": number}).content.decode()
    assert "no longer kept" in page
    first = client.get("/audit/", {"after": number}).context["rows"]
    assert first, "an event that is not there gives the first page"


def test_another_agency_sees_none_of_it(world, sealed):
    wren = world.people["mesa"].participant
    number = record(world, "participant.changed", wren)
    with world.acting("other-administrator"):
        assert not AuditEvent.objects.filter(pk=number).exists()
        assert not EventPerson.objects.filter(participant_id=wren.pk).exists()


def test_people_of_events_are_sealed_by_the_table_itself():
    """EM-2, security.md 3.2: the catalogue says so, whatever the pages do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, cmd, qual FROM pg_policies WHERE permissive = 'RESTRICTIVE' "
            "AND tablename IN ('audit_auditevent', 'audit_eventperson') ORDER BY tablename"
        )
        event, person = cursor.fetchall()
    assert event[:2] == ("audit_auditevent", "SELECT")
    assert "audit_eventperson" in event[2]
    assert person[:2] == ("audit_eventperson", "SELECT")
    assert "EXISTS" in person[2]
    assert "participants_participant" in person[2]


# The move of the people into their own table, on rows.

_OLD = """INSERT INTO audit_auditevent
  (agency_id, kind, action, actor_id, actor_name, object_type, object_id, participants, fields, reference)
  VALUES (%s, 'CHANGE', 'x', '', '', '', '', %s::uuid[], '{}', '')"""
_SOMEBODY = "00000000-0000-4000-8000-00000000000"


@pytest.mark.long
def test_the_people_of_old_events_move_and_move_back(databases):
    name = f"{databases.name}_moving"
    copied(template(folder_of_the_run()), name)
    environment = as_owner(name)
    people = [f"{_SOMEBODY}1", f"{_SOMEBODY}2"]
    try:
        manage(environment, "migrate", "audit", "0001", "--verbosity", "0")
        with owner_connection(name) as owner:
            told = owner.execute(
                "INSERT INTO agencies_agency (id, name, slug, time_zone, is_demo, idle_minutes, npi,"
                " ein, taxonomy, street, city, state, postal_code, contact_name, contact_phone)"
                " VALUES (gen_random_uuid(), 'X', 'x', 'UTC', true, 15, '', '', '', '', '', '', '',"
                " '', '') RETURNING id"
            )
            (agency,) = told.fetchone()
            owner.execute(_OLD, [agency, [*people, people[0]]])
            owner.execute(_OLD, [agency, []])
            kept = owner.execute("SELECT id, at, xid, action FROM audit_auditevent").fetchall()
        manage(environment, "migrate", "audit", "--verbosity", "0")
        with owner_connection(name) as owner:
            now = owner.execute("SELECT id, at, xid, action FROM audit_auditevent").fetchall()
            flags = owner.execute("SELECT is_about_people FROM audit_auditevent ORDER BY id")
            moved = owner.execute("SELECT event_id, participant_id::text FROM audit_eventperson")
            assert sorted(now) == sorted(kept)
            assert [flag for (flag,) in flags.fetchall()] == [True, False]
            assert sorted(moved.fetchall()) == [(kept[0][0], each) for each in people]
        manage(environment, "migrate", "audit", "0001", "--verbosity", "0")
        with owner_connection(name) as owner:
            back = owner.execute("SELECT participants::text[] FROM audit_auditevent ORDER BY id")
            assert [sorted(each) for (each,) in back.fetchall()] == [people, []]
    finally:
        with owner_connection() as owner:
            drop(owner, name)
