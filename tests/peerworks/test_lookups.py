"""Lists of any length as one parameter: the same rows as by the ways that Django has."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from peerworks.agencies.postgres.lookups import IsPairAmong
from peerworks.lib.periods import Stretch
from providers.models import Employment, Provider, WorkSpan
from tests.factories.billing_notes import make_note, times_at, yesterday

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def acting(world):
    """The world, inside the first agency."""
    with world.acting("administrator"):
        yield world


def sent(rows) -> list[str]:
    """The statements that it takes to read these rows."""
    with CaptureQueriesContext(connection) as asked:
        list(rows)
    return [each["sql"] for each in asked]


def test_among_finds_what_in_finds(acting):
    some = list(Provider.objects.order_by("pk").values_list("pk", flat=True))[:3]
    among = Provider.objects.filter(pk__among=some)
    assert set(among) == set(Provider.objects.filter(pk__in=some))
    assert set(Provider.objects.exclude(pk__among=some)) == set(
        Provider.objects.exclude(pk__in=some)
    )
    held = Employment.objects.filter(provider__among=set(some))
    assert set(held) == set(Employment.objects.filter(provider__in=some))
    assert set(held) == set(Employment.objects.filter(provider__pk__among=some))


def test_a_list_is_one_parameter_however_long(acting):
    some = list(Provider.objects.values_list("pk", flat=True))
    (one,) = sent(Provider.objects.filter(pk__among=some[:1]))
    (many,) = sent(Provider.objects.filter(pk__among=some))
    assert one.count("::uuid[]") == many.count("::uuid[]") == 1


def test_of_nothing_nothing_is_asked(acting):
    assert sent(Provider.objects.filter(pk__among=())) == []
    assert sent(WorkSpan.objects.filter(period__touches=[])) == []
    assert (
        sent(Employment.objects.filter(IsPairAmong("provider", "period__startswith", set()))) == []
    )
    assert set(Provider.objects.exclude(pk__among=())) == set(Provider.objects.all())


def test_touches_finds_what_shares_time_with_any(acting):
    site = acting.juniper.sites["mesa"]
    note = make_note(acting, with_span=True)
    times = times_at(site, yesterday(acting), 10, 0, 60)
    start, end = times.start, times.end
    spans = WorkSpan.objects.filter(source_id=note.pk)
    for stretches, is_found in (
        ([Stretch(end - HOUR / 4, end + HOUR)], True),
        ([Stretch(end, end + HOUR)], False),
        ([Stretch(start - HOUR, start)], False),
        ([Stretch(end + HOUR, end + 2 * HOUR), Stretch(start - HOUR, start + HOUR / 4)], True),
    ):
        assert spans.filter(period__touches=stretches).exists() is is_found


def test_pairs_are_of_one_row(acting):
    luz, andre = (acting[who].provider.pk for who in ("peer", "supervisor"))
    note = make_note(acting)
    notes = type(note).objects
    day, before = note.service_day, note.service_day - dt.timedelta(days=1)
    among = IsPairAmong("provider", F("service_day"), {(luz, day), (andre, before)})
    assert list(notes.filter(among)) == [note]
    among = IsPairAmong("provider", F("service_day"), {(luz, before), (andre, day)})
    assert not notes.filter(among).exists()
