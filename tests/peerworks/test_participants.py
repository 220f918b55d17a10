"""People's records: what the operations write, refuse and leave in the trail."""

import datetime as dt

import pytest

from peerworks.accounts.roles import Permission
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Refused
from peerworks.participants import operations, queries
from peerworks.participants.models import CareTeamMember, Consent, Enrolment, Participant
from peerworks.participants.records import days_from
from tests.factories import participants as factory

DAY = dt.timedelta(days=1)


def events(action):
    """The events of an action, the oldest first."""
    return list(AuditEvent.objects.filter(action=action).order_by("at", "pk"))


@pytest.fixture
def admin(world):
    """Inside the agency as its administrator."""
    with world.acting("administrator") as player:
        yield player.member


@pytest.fixture
def person(world, admin):
    """A new person in no program."""
    return factory.person(admin, world.today)


def refused(call, **given):
    """The code of a refusal; fails where the operation is done."""
    with pytest.raises(Refused) as told:
        call(**given)
    return told.value.refusal.code


def test_a_new_person_is_enrolled_and_cared_for_from_that_day(world, admin):
    program, worker = world.juniper.programs["mesa"], world["peer"].member
    made = factory.person(admin, world.today, program=program, worker=worker)
    assert Enrolment.objects.get(participant=made).days.start == world.today
    team = CareTeamMember.objects.get(participant=made)
    assert (team.member_id, team.is_primary) == (worker.pk, True)
    (event,) = events("participant.added")
    assert (event.object_id, event.participants) == (str(made.pk), [made.pk])


def test_a_form_sent_twice_makes_one_person(world, admin):
    key = "6a8f1d2e-0000-4000-8000-000000000001"
    first = factory.person(admin, world.today, record_number="DEMO-A", form_key=key)
    again = factory.person(admin, world.today, record_number="DEMO-A", form_key=key)
    assert first == again
    assert len(events("participant.added")) == 1


def test_a_form_sent_again_with_other_content_is_refused(world, admin):
    key = "6a8f1d2e-0000-4000-8000-000000000002"
    factory.person(admin, world.today, record_number="DEMO-A", form_key=key)
    given = {"by": admin, "on": world.today, "record_number": "DEMO-B", "form_key": key}
    assert refused(factory.person, **given) == "FORM-CHANGED"
    assert not Participant.objects.filter(record_number="DEMO-B").exists()


def test_a_biller_is_put_on_no_care_team(world, admin, person):
    given = {"participant": person, "is_primary": False, "starts_on": world.today, "by": admin}
    call = operations.add_care_team_member
    assert refused(call, member=world["biller"].member, **given) == "CARE-NOT-A-WORKER"


def test_a_change_names_the_fields_and_never_the_values(world, admin, person):
    operations.change_participant(participant=person, by=admin, city="Elmwood", state=person.state)
    person.refresh_from_db()
    assert person.city == "Elmwood"
    (event,) = events("participant.changed")
    assert event.fields == ["city"]


def test_nothing_changed_writes_no_event(admin, person):
    operations.change_participant(participant=person, by=admin, city=person.city)
    assert not events("participant.changed")


def test_an_enrollment_ends_on_its_last_day_and_once(world, admin, person):
    program = world.juniper.programs["mesa"]
    enrolment = operations.enrol(
        participant=person, program=program, starts_on=world.today - 5 * DAY, by=admin
    )
    ended = operations.end_enrolment(enrolment=enrolment, last_day=world.today, by=admin)
    assert ended.days.last == world.today
    assert ended.days.contains(world.today)
    again = {"enrolment": enrolment, "last_day": world.today, "by": admin}
    assert refused(operations.end_enrolment, **again) == "PERIOD-ENDED"
    assert [each.fields for each in events("enrolment.ended")] == [["period"]]


def test_nothing_ends_before_it_began(world, admin, person):
    status = operations.record_status(
        participant=person, kind="INPATIENT", starts_on=world.today, last_day=None, by=admin
    )
    early = {"status": status, "last_day": world.today - DAY, "by": admin}
    assert refused(operations.end_status, **early) == "PERIOD-ENDS-BEFORE"
    assert operations.end_status(status=status, last_day=world.today, by=admin).days.last


def test_a_new_primary_worker_leaves_the_one_before_on_the_team(world, admin, person):
    luz, andre = world["peer"].member, world["supervisor"].member
    given = {"participant": person, "is_primary": True, "by": admin}
    start = world.today - 10 * DAY
    operations.add_care_team_member(member=luz, starts_on=start, **given)
    operations.add_care_team_member(member=andre, starts_on=world.today, **given)
    now = CareTeamMember.objects.filter(participant=person).in_force_on(world.today)
    assert {each.member_id: each.is_primary for each in now} == {luz.pk: False, andre.pk: True}
    before = CareTeamMember.objects.filter(participant=person).in_force_on(world.today - DAY)
    assert [(each.member_id, each.is_primary) for each in before] == [(luz.pk, True)]


def test_a_new_primary_worker_of_the_same_day_takes_the_place(world, admin, person):
    luz, andre = world["peer"].member, world["supervisor"].member
    given = {"participant": person, "is_primary": True, "starts_on": world.today, "by": admin}
    operations.add_care_team_member(member=luz, **given)
    operations.add_care_team_member(member=andre, **given)
    team = CareTeamMember.objects.filter(participant=person)
    assert {each.member_id: each.is_primary for each in team} == {luz.pk: False, andre.pk: True}


def test_the_care_team_opens_the_record_and_closes_it(world, admin, person):
    luz, on = world["peer"].member, world.today
    assert person not in queries.people_for(luz, Permission.VIEW_PARTICIPANT, on)
    entry = operations.add_care_team_member(
        participant=person, member=luz, is_primary=False, starts_on=on - 5 * DAY, by=admin
    )
    assert person in queries.people_for(luz, Permission.VIEW_PARTICIPANT, on)
    operations.end_care_team_member(entry=entry, last_day=on - DAY, by=admin)
    assert person not in queries.people_for(luz, Permission.VIEW_PARTICIPANT, on)
    assert person in queries.people_for(luz, Permission.VIEW_PARTICIPANT, on - DAY)


def test_a_consent_is_not_signed_tomorrow(world, admin, person):
    late = {"by": admin, "participant": person, "on": world.today}
    code = refused(factory.consent, **late, signed_on=world.today + DAY)
    assert code == "CONSENT-SIGNED-LATER"


def test_a_consent_ends_after_it_began(world, admin, person):
    late = {"by": admin, "participant": person, "on": world.today}
    code = refused(factory.consent, **late, last_day=world.today - DAY)
    assert code == "PERIOD-ENDS-BEFORE"


def test_a_revoked_consent_holds_no_longer_from_that_day(world, admin, person):
    consent = factory.consent(admin, person, world.today, signed_on=world.today - DAY)
    on = world.today
    operations.revoke_consent(consent=consent, on=on, by=admin, at=world.now)
    assert not Consent.objects.filter(participant=person).in_force_on(on).exists()
    (event,) = events("consent.revoked")
    assert event.participants == [person.pk]
    again = {"consent": consent, "on": on, "by": admin, "at": world.now}
    assert refused(operations.revoke_consent, **again) == "CONSENT-REVOKED"


def test_a_consent_is_never_edited(world, admin, person):
    consent = factory.consent(admin, person, world.today)
    consent.recipient = "TXMCD"
    assert factory.refused_in_savepoint(consent.save) == "participants_consent_final"


def test_a_consent_of_before_is_not_revoked_before_it_was_signed(world, admin, person):
    consent = factory.consent(admin, person, world.today)
    early = {"consent": consent, "on": world.today - DAY, "by": admin, "at": world.now}
    assert refused(operations.revoke_consent, **early) == "PERIOD-ENDS-BEFORE"


def test_one_status_at_a_time(world, admin, person):
    given = {"participant": person, "kind": "INPATIENT", "starts_on": world.today, "by": admin}
    operations.record_status(last_day=None, **given)
    name = factory.refused_in_savepoint(operations.record_status, last_day=None, **given)
    assert name == "participants_statusperiod_once"


def test_a_page_of_people_costs_three_queries(world, admin, django_assert_num_queries):
    people = list(Participant.objects.by_name())
    with django_assert_num_queries(3):
        rows = queries.person_rows(people, world.today)
    (wren,) = [row for row in rows if row.name == "Wren Alder"]
    assert wren.worker == world["peer"].user.name
    assert wren.programs == world.juniper.programs["mesa"].name


@pytest.mark.parametrize("words", ["alder", "ALD", "wren", "  Alder "])
def test_people_are_found_by_a_part_of_the_name(world, admin, words):
    found = queries.called(Participant.objects.all(), words)
    assert [each.name for each in found] == ["Wren Alder"]


def test_people_are_found_by_their_record_number_only_as_a_whole(world, admin):
    assert queries.called(Participant.objects.all(), "demo-0001").count() == 1
    assert not queries.called(Participant.objects.all(), "DEMO-00").exists()


def test_the_person_page_says_what_holds_today(world, admin):
    page = queries.person_page(world.people["mesa"].participant, world.today)
    assert page.program_names == world.juniper.programs["mesa"].name
    assert page.worker_names.startswith(world["peer"].user.name)
    assert page.pays


def test_the_last_day_of_the_calendar_means_no_end(world):
    assert days_from(world.today, dt.date.max) == days_from(world.today)
