"""Where else a worker was: notes in force and the ledger."""

import pytest
from django.db import transaction

from billing.models import GroupSession
from peerworks.agencies.context import acting_for
from peerworks.lib.findings import Moment
from tests.billing.verdicts import finding_of, told, verdict_of
from tests.factories.billing_notes import add_span, make_note, times_at, yesterday


@pytest.fixture
def acting(world):
    """The world, inside the first agency as its service member."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        yield world


def test_time_in_the_ledger_that_overlaps_stops_the_signature(acting):
    note, site = make_note(acting, with_span=True), acting.juniper.sites["mesa"]
    assert told(verdict_of(acting, note)) == []
    draft = make_note(acting, state="DRAFT", hour=13)
    span = add_span(acting, draft.provider, site, times_at(site, note.service_day, 13, 30, 15))
    verdict = verdict_of(acting, draft, Moment.SIGNING)
    assert told(verdict) == ["TIME-OVER"]
    assert not verdict.can_sign
    assert finding_of(verdict, "TIME-01").evidence[0].record.id == str(span.pk)


def test_a_draft_that_overlaps_a_signed_note_names_the_note(acting):
    signed = make_note(acting, with_span=True)
    draft = make_note(acting, "peachtree", state="DRAFT", hour=10, minute=30)
    clash = finding_of(verdict_of(acting, draft, Moment.SIGNING), "TIME-01")
    # Peachtree is an hour ahead of Mesa: 10:30 there is 9:30 here.
    assert clash.evidence[0].record.id == str(signed.pk)


def test_touching_times_do_not_overlap(acting):
    make_note(acting, with_span=True)
    assert told(verdict_of(acting, make_note(acting, hour=11, with_span=True))) == []


def test_the_span_of_a_group_session_is_not_named_beside_its_note(acting):
    group = make_group(acting)
    member = make_note(acting, service="mh-group", group=group, with_span=True)
    draft = make_note(acting, "peachtree", state="DRAFT", hour=11, minute=30)
    clash = finding_of(verdict_of(acting, draft, Moment.SIGNING), "TIME-01")
    assert [each.record.id for each in clash.evidence] == [str(member.pk)]
    assert told(verdict_of(acting, member)) == []


def test_a_note_explains_the_ledger_only_where_it_covers_it(acting):
    """A colleague's note of a session says nothing of this worker's own time."""
    andre, group = acting["supervisor"].provider, make_group(acting)
    make_note(acting, service="mh-group", group=group)
    site = acting.juniper.sites["mesa"]
    times = times_at(site, yesterday(acting), 10, 0, 60)
    span = add_span(acting, andre, site, times, source_kind="GROUP_SESSION", source_id=group.pk)
    draft = make_note(acting, author=andre, state="DRAFT", hour=10, minute=30)
    clash = finding_of(verdict_of(acting, draft, Moment.SIGNING), "TIME-01")
    assert [each.record.id for each in clash.evidence] == [str(span.pk)]


def make_group(world):
    """A group session of Luz at Mesa House, at ten."""
    house, site = world.juniper, world.juniper.sites["mesa"]
    times = times_at(site, yesterday(world), 10, 0, 60)
    return GroupSession.objects.create(
        agency=house.agency,
        created_by=world["peer"].member,
        provider=world["peer"].provider,
        program=house.programs["mesa"],
        site=site,
        service_key="mh-group",
        starts_at=times.start,
        ends_at=times.end,
    )
