"""What counts beside a visit: its unit group, claim lines, the worker's time; alone or among others."""

import datetime as dt

import pytest
from django.db import transaction

from billing.gates import engine
from peerworks.agencies.context import acting_for
from peerworks.lib.findings import Moment
from tests.billing.verdicts import told, verdict_of, verdicts_of
from tests.factories.billing_notes import (
    ONE_DAY,
    add_span,
    make_note,
    make_note_at_state,
    on_claim,
    queries_of,
    times_at,
    yesterday,
)


@pytest.fixture
def acting(world):
    """The world, inside the first agency as its service member."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        yield world


def test_a_visit_on_a_live_line_is_not_billed_again(acting):
    note = make_note(acting)
    line = on_claim(acting, [note])
    assert told(verdict_of(acting, note)) == ["BILLED"]
    line.line_notes.update(is_live=False)
    assert told(verdict_of(acting, note)) == []


def test_what_joins_a_billed_group_says_billed(acting):
    on_claim(acting, [make_note(acting)])
    later = make_note(acting, hour=15)
    assert told(verdict_of(acting, later)) == ["BILLED"]


def test_minutes_of_two_notes_are_rounded_together(acting):
    first, second = make_note(acting, minutes=29), make_note(acting, hour=14, minutes=16)
    one, two = verdicts_of(acting, [first, second])
    assert (one.units, two.units) == (1, 2)
    assert one.unit_group.units == two.unit_group.units == 3
    assert [each[0] for each in two.unit_group.members] == [str(first.pk), str(second.pk)]


def test_one_note_alone_is_judged_with_what_shares_its_day(acting):
    make_note(acting, minutes=29)
    second = make_note(acting, hour=14, minutes=16)
    assert verdict_of(acting, second).unit_group.units == 3


def test_a_note_that_cannot_be_billed_lends_no_minutes(acting):
    held = make_note(acting, minutes=10, cites_goal=False)
    second = make_note(acting, hour=14, minutes=10)
    verdict = verdict_of(acting, second)
    assert verdict.unit_group.members == ((str(second.pk), 10, 0),)
    assert told(verdict) == ["TIME-SHORT"]
    assert told(verdict_of(acting, held)) == ["GOAL-NONE"]


def test_a_note_that_waits_for_review_counts_until_the_claim(acting):
    make_note(acting, minutes=10, state="SIGNED")
    second = make_note(acting, hour=14, minutes=10)
    assert verdict_of(acting, second, Moment.SIGNING).unit_group.units == 1
    assert verdict_of(acting, second).unit_group.units == 0


def test_other_days_and_other_people_are_other_groups(acting):
    note = make_note(acting, minutes=10)
    day = note.service_day - ONE_DAY
    make_note(acting, minutes=10, day=day)
    assert verdict_of(acting, note).unit_group.minutes == 10


def test_the_number_of_queries_does_not_grow(acting):
    first = yesterday(acting) - dt.timedelta(days=40)
    notes = [
        make_note(
            acting,
            "mesa" if number % 2 else "peachtree",
            day=first + dt.timedelta(days=number // 10),
            hour=7 + number % 10 + (number + 1) % 2,
            minutes=45,
        ).pk
        for number in range(200)
    ]

    def judged(size):
        engine.judge(
            notes[:size],
            on=acting.today,
            moment=Moment.BATCH,
            by=acting.juniper.service,
            store=False,
        )

    judged(10)  # the first in a process reads the packs
    asked = {size: queries_of(lambda size=size: judged(size)) for size in (1, 10, 200)}
    assert len(set(asked.values())) == 1, asked
    assert asked[200] <= 32, asked


def test_a_verdict_is_the_same_alone_and_among_others(acting):
    site = acting.juniper.sites["mesa"]
    overlapped = make_note(acting, state="DRAFT", hour=15)
    add_span(acting, overlapped.provider, site, times_at(site, yesterday(acting), 15, 30, 15))
    notes = [
        moved_onto(acting, hour=13),
        overlapped,
        make_note(acting, minutes=29, with_span=True),
        make_note(acting, hour=13, minutes=16, with_span=True),
        make_note(acting, "peachtree", hour=18, minutes=300),
        make_note(acting, "peachtree", hour=10, minute=30, state="DRAFT"),
        make_note(acting, "dogwood", hour=9, state="SIGNED"),
    ]
    on_claim(acting, notes[2:3])
    for moment in Moment:
        together = verdicts_of(acting, notes, moment)
        assert together == [verdict_of(acting, each, moment) for each in notes]


def moved_onto(world, hour):
    """A signed note whose correction, not signed yet, moves it to an hour of yesterday."""
    site = world.juniper.sites["mesa"]
    day = yesterday(world)
    note = make_note_at_state(world, state="CORRECTING", day=day - ONE_DAY)
    times = times_at(site, day, hour, 0, 30)
    note.versions.filter(signed_at=None).update(starts_at=times.start, ends_at=times.end)
    return note
