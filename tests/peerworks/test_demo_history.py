"""The demonstration can be filled on any day: nobody of it is in two places at once, whenever it begins."""

import datetime as dt
import uuid
from itertools import pairwise
from types import SimpleNamespace

import pytest

from peerworks.home.demo import history
from peerworks.home.demo.cast import SITES
from peerworks.home.demo.history import Maker, odd_visits, ordinary_visits
from peerworks.home.demo.people import Served60
from peerworks.home.demo.standing import end_of_georgias_term

FIRST = dt.date(2026, 11, 21)
A_FEW = [dt.date(2026, 11, 28), *(FIRST + dt.timedelta(days=97 * each) for each in range(4))]
A_YEAR = [FIRST + dt.timedelta(days=each) for each in range(366)]


class Named(dict):
    """One record for each name, made when it is asked for."""

    def __missing__(self, name):
        self[name] = SimpleNamespace(pk=uuid.uuid5(uuid.NAMESPACE_OID, name))
        return self[name]


NAMED = Named()


@pytest.fixture
def visits_as_of(monkeypatch):
    """All visits of the past, as they are made on a day."""
    monkeypatch.setattr(history, "goals_of", lambda people: {each.pk: [each.pk] for each in people})
    sites = {each.key: each for each in SITES}
    house = SimpleNamespace(sites=sites, providers=NAMED, programs=NAMED)
    people = {number: SimpleNamespace(participant=NAMED[str(number)]) for number in range(1, 61)}

    def made(day):
        maker = Maker(house, Served60(people), day)
        odd = odd_visits(maker)
        return [*ordinary_visits(maker), *odd.values()]

    return made


def twice_at_once(visits):
    """Pairs of visits of one worker that share time."""
    by_worker = sorted(visits, key=lambda each: (str(each.provider.pk), each.start))
    return [
        (first.start, second.start)
        for first, second in pairwise(by_worker)
        if first.provider is second.provider and second.start < first.end
    ]


@pytest.mark.parametrize("day", A_FEW, ids=str)
def test_nobody_is_in_two_places_at_once(visits_as_of, day):
    """On 2026-11-28 a visit in Georgia began before one in Texas had ended, and nothing was filled."""
    visits = visits_as_of(day)
    assert len(visits) > 2000
    assert twice_at_once(visits) == []


@pytest.mark.parametrize(
    ("today", "year"), [("2026-01-01", 2026), ("2026-12-30", 2026), ("2026-12-31", 2027)]
)
def test_georgias_certificates_hold_where_the_new_year_has_begun(today, year):
    """On New Year's Eve they had ended in Georgia, an hour before the agency's midnight: nothing was filled."""
    assert end_of_georgias_term(dt.date.fromisoformat(today)) == dt.date(year, 12, 31)


@pytest.mark.long
def test_on_no_day_of_a_year(visits_as_of):
    assert {day: found for day in A_YEAR if (found := twice_at_once(visits_as_of(day)))} == {}
