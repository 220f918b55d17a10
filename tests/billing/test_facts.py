"""The loader: what it fills, as of which day, and in one canonical form."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from billing.gates.facts import Gathered, from_draft, gather, load_notes, load_places
from billing.gates.facts.drafts import VisitDraft
from billing.gates.facts.gathering import Held
from peerworks.agencies.context import acting_for
from peerworks.home.demo.founding import certify
from peerworks.home.demo.standing import supervise
from peerworks.lib.canonical import canonical_bytes, plain, sha256_of
from peerworks.lib.findings import Moment
from peerworks.lib.units import Scope
from tests.factories.billing_notes import (
    ONE_DAY,
    add_span,
    make_note,
    on_claim,
    run_of,
    times_at,
)


@pytest.fixture
def acting(world):
    """The world, inside the first agency as its service member."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        yield world


def gathered_for(world, *notes, moment=Moment.BATCH) -> Gathered:
    """The facts of these notes, as of today."""
    places = load_places()
    ids = [each.pk for each in notes]
    asked = load_notes(ids, moment=moment, on=world.today, zones=places.zones)
    return gather(asked, places, on=world.today)


def held_of(world, note) -> Held:
    """The facts of one note."""
    gathered = gathered_for(world, note)
    return gathered.facts(gathered.asked[0])


def test_the_form_made_of_parts_is_the_canonical_form(acting):
    note = make_note(acting, deductions={"TRAVEL": 5}, with_span=True)
    on_claim(acting, [note])
    held = held_of(acting, note)
    assert held.text == canonical_bytes(held.facts)
    assert held.plain == plain(held.facts)
    assert held.sha256 == sha256_of(held.plain)


def test_lines_of_one_claim_are_always_in_the_same_order(acting):
    notes = [make_note(acting, hour=8 + number, minutes=30) for number in range(5)]
    line = None
    for each in notes:
        line = on_claim(acting, [each], beside=line)
    lines = run_of(acting, notes[0]).facts["visit"]["live_lines"]
    assert [each["visits"] for each in lines] == sorted([str(each.pk)] for each in notes)


def test_the_visit_is_the_version_with_its_parts(acting):
    note = make_note(acting, deductions={"TRAVEL": 5, "BREAK": 10})
    visit = held_of(acting, note).facts.visit
    assert visit.goals == {str(acting.people["mesa"].goal.pk)}
    assert [(each.activity, each.minutes) for each in visit.deductions] == [
        ("BREAK", 10),
        ("TRAVEL", 5),
    ]
    assert visit.record.version == note.versions.get().sha256
    assert visit.signed_on == note.service_day
    (cosigned,) = visit.cosignatures
    assert cosigned.by.id == str(acting["supervisor"].provider.pk)
    assert cosigned.was_assigned


def test_the_service_day_is_the_local_day_of_the_site(acting):
    house, served = acting.juniper, acting.people["mesa"]
    places = load_places()
    late = dt.datetime(2026, 3, 15, 3, 30, tzinfo=dt.UTC)
    draft = VisitDraft(
        participant_id=served.participant.pk,
        provider_id=acting["peer"].provider.pk,
        program_id=served.program.pk,
        site_id=house.sites["mesa"].pk,
        service="mh-individual",
        start=late,
    )
    assert from_draft(draft, on=acting.today, zones=places.zones).day == dt.date(2026, 3, 14)
    without = replace(draft, start=None)
    assert from_draft(without, on=acting.today, zones=places.zones).day == acting.today


def test_what_begins_after_the_day_is_not_among_its_facts(acting):
    note, house = make_note(acting), acting.juniper
    luz, andre = acting["peer"].provider, house.providers["supervisor"]
    before = held_of(acting, note).sha256
    supervise(house, luz, andre, "mesa", note.service_day + ONE_DAY)
    certify(
        house,
        luz,
        "va-prs",
        since=note.service_day + ONE_DAY,
        until=note.service_day + 300 * ONE_DAY,
        now=acting.now,
        number="DEMO-LATER",
    )
    assert held_of(acting, note).sha256 == before
    supervise(house, luz, andre, "mesa", note.service_day - ONE_DAY)
    assert held_of(acting, note).sha256 != before


def test_facts_of_two_days_of_one_worker_are_shared_where_nothing_began(acting):
    house, day = acting.juniper, acting.today - 5 * ONE_DAY
    supervise(
        house, acting["peer"].provider, house.providers["supervisor"], "mesa", day - 3 * ONE_DAY
    )
    first, second = make_note(acting, day=day), make_note(acting, day=day - ONE_DAY, hour=14)
    third = make_note(acting, day=day - 20 * ONE_DAY)
    gathered = gathered_for(acting, first, second, third)
    workers = {each.key: gathered.facts(each).facts.worker for each in gathered.asked}
    assert workers[str(first.pk)] is workers[str(second.pk)]
    assert len(workers[str(first.pk)].sessions) == 1
    assert workers[str(third.pk)].sessions == ()


def test_other_time_is_that_which_touches_the_visit(acting):
    note, site = make_note(acting, with_span=True), acting.juniper.sites["mesa"]
    day = note.service_day
    inside = add_span(acting, note.provider, site, times_at(site, day, 8, 0, 30))
    add_span(acting, acting["supervisor"].provider, site, times_at(site, day, 10, 0, 30))
    facts = held_of(acting, note).facts
    assert facts.visit.spans == ()
    draft = make_note(acting, state="DRAFT", hour=8, minutes=180)
    spans = held_of(acting, draft).facts.visit.spans
    assert [each.record.id for each in spans] == [str(inside.pk), str(note.pk)]


def test_companions_are_of_the_same_person_and_day(acting):
    note = make_note(acting)
    beside = make_note(acting, hour=14)
    make_note(acting, "peachtree", hour=16)
    make_note(acting, hour=16, state="DRAFT")
    other_day = make_note(acting, day=note.service_day - ONE_DAY)
    gathered = gathered_for(acting, note, other_day)
    (visit,) = (each for each in gathered.asked if each.key == str(note.pk))
    assert [each.key for each in gathered.beside(visit, Scope.DAY)] == [str(beside.pk)]


def test_live_lines_carry_all_their_notes(acting):
    first, second = make_note(acting), make_note(acting, hour=14)
    line = on_claim(acting, [first, second])
    gathered = gathered_for(acting, first)
    (held,) = gathered.facts(gathered.asked[0]).facts.visit.live_lines
    assert held.claim.id == str(line.claim_id)
    assert held.visits == {str(first.pk), str(second.pk)}
    assert gathered.is_billed(gathered.asked[0])


def test_before_a_claim_the_latest_version_is_judged_and_for_it_the_one_in_force(acting):
    note = make_note(acting)
    version = note.versions.get()
    opened = note.versions.create(
        agency=acting.juniper.agency,
        participant_id=note.participant_id,
        number=2,
        opened_kind="CORRECTION",
        reason="The end was wrong.",
        opened_by=acting["peer"].member,
        starts_at=version.starts_at,
        ends_at=version.ends_at - dt.timedelta(minutes=30),
        mode="IN_PERSON",
        place="11",
    )
    note.state = "CORRECTING"
    note.save()
    (writing,) = gathered_for(acting, note, moment=Moment.WRITING).asked
    (batch,) = gathered_for(acting, note, moment=Moment.BATCH).asked
    assert (writing.version_id, writing.minutes) == (opened.pk, 30)
    assert (batch.version_id, batch.minutes) == (version.pk, 60)
