"""Minutes across a clock change, modifiers in order, shares that always sum to the group."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.gates.rules import (
    DeductionFact,
    ModifierTerm,
    OtherVisitFact,
    billable_minutes,
    minutes_of,
    modifiers,
    modifiers_for,
    terms_of,
    unit_group,
    used_that_day,
)
from peerworks.lib.units import Engine, Scope
from tests.gates.clean import DAY, GEORGIA, TERMS, TEXAS, clean, having, term

CHICAGO = ZoneInfo("America/Chicago")
NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


class TestMinutes:
    @pytest.mark.parametrize(
        ("start", "end", "minutes"),
        [
            # Clocks went from 02:00 to 03:00 on 8 March and back on 1 November 2026.
            ("2026-03-08T01:30", "2026-03-08T03:30", 60),
            ("2026-11-01T00:30", "2026-11-01T02:30", 180),
            ("2026-03-07T23:30", "2026-03-08T00:30", 60),
        ],
    )
    def test_time_that_passed_whatever_the_clocks_did(self, start, end, minutes):
        local = [dt.datetime.fromisoformat(each).replace(tzinfo=CHICAGO) for each in (start, end)]
        assert billable_minutes(*local, ()) == minutes

    def test_an_hour_with_twenty_five_minutes_of_transport(self):
        ride = DeductionFact("TRANSPORT_ONLY", 25)
        assert billable_minutes(NOON, NOON + dt.timedelta(hours=1), (ride,)) == 35

    def test_never_less_than_nothing_and_no_begun_minute(self):
        long = DeductionFact("BREAK", 99)
        assert billable_minutes(NOON, NOON + dt.timedelta(minutes=30), (long,)) == 0
        assert billable_minutes(NOON, NOON + dt.timedelta(seconds=119), ()) == 1
        assert billable_minutes(NOON, NOON, ()) == 0
        assert billable_minutes(NOON, NOON - dt.timedelta(hours=1), ()) == 0

    @pytest.mark.parametrize("missing", ["start", "end"])
    def test_not_known_while_a_time_is_missing(self, missing):
        facts = having(clean(), "visit", **{missing: None})
        assert minutes_of(facts.visit) is None
        assert unit_group(facts, TERMS) is None
        assert used_that_day(facts, TERMS) is None


class TestModifiers:
    def test_in_the_order_of_the_pack(self):
        terms = terms_of(GEORGIA, "group")
        assert modifiers_for(terms, mode="IN_PERSON", place="11") == ("HQ", "U4", "U6")
        assert modifiers_for(terms, mode="IN_PERSON", place="12") == ("HQ", "U4", "U7")

    def test_by_mode_of_the_visit(self):
        terms = terms_of(TEXAS, "mh-individual")
        facts = clean(terms=terms, pack=TEXAS, mode="VIDEO")
        assert modifiers(terms, facts) == ("95",)
        assert modifiers(terms, replace(facts, visit=None)) == ()

    def test_by_setting_and_each_once(self):
        rules = (
            ModifierTerm({"setting": ("GROUP",)}, term("HQ")),
            ModifierTerm({"setting": ("INDIVIDUAL",), "mode": ("VIDEO", "PHONE")}, term("GT")),
            ModifierTerm({}, term("HF")),
            ModifierTerm({}, term("HF")),
        )
        terms = replace(TERMS, modifiers=rules)
        assert modifiers_for(terms, mode="PHONE", place="11") == ("GT", "HF")
        assert modifiers_for(terms, mode="IN_PERSON", place="11") == ("HF",)


def other(number, minutes, provider="peer", day=DAY) -> OtherVisitFact:
    return OtherVisitFact(
        id=f"o{number}",
        provider=provider,
        service="sud-individual",
        day=day,
        start=NOON + dt.timedelta(hours=number),
        minutes=minutes,
        code="T1012",
    )


def test_ten_and_ten_the_second_adds_the_unit():
    facts = clean(minutes=10, minutes_before=[10])
    group = unit_group(facts, TERMS)
    assert group.members == (("earlier-0", 10, 0), ("visit", 10, 1))
    assert (group.units, group.next_unit_at) == (1, 20)


def test_by_month_the_visits_of_the_month_are_counted_together():
    month = replace(TERMS, engine=term(Engine.THRESHOLD_MONTH), scope=term(Scope.MONTH))
    first, last = DAY.replace(day=1), DAY.replace(day=31)
    visits = (
        other(1, 20, day=first),
        other(2, 20, day=last),
        other(3, 500, day=dt.date(2026, 4, 1)),
    )
    group = unit_group(having(clean(minutes=20), "visit", other_visits=visits), month)
    assert (group.minutes, group.units) == (60, 1)


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(0, 80), st.sampled_from(["peer", "another"])), max_size=6),
    st.integers(0, 90),
    st.sampled_from([Engine.FULL_UNIT, Engine.MIDPOINT_8, Engine.UP_TO]),
    st.sampled_from([Scope.DAY, Scope.ENCOUNTER]),
)
def test_shares_sum_to_the_group_and_the_day_to_its_groups(visits, minutes, engine, scope):
    """The judged visit is the last of the day, so the day's use is that of all its visits."""
    others = tuple(other(n - 20, m, who) for n, (m, who) in enumerate(visits))
    terms = replace(TERMS, engine=term(engine), scope=term(scope))
    facts = having(clean(minutes=minutes), "visit", other_visits=others)
    group = unit_group(facts, terms)
    assert sum(share for _, _, share in group.members) == group.units
    units, used = used_that_day(facts, terms)
    assert used == minutes + sum(m for m, _ in visits)
    formula = {
        Engine.FULL_UNIT: lambda m: m // 15,
        Engine.MIDPOINT_8: lambda m: (m + 7) // 15,
        Engine.UP_TO: lambda m: -(-m // 15),
    }[engine]
    own = [minutes, *(m for m, who in visits if who == "peer")]
    theirs = [m for m, who in visits if who == "another"]
    if scope is Scope.DAY:
        assert units == formula(sum(own)) + formula(sum(theirs))
        assert group.units == formula(sum(own))
    else:
        assert units == sum(formula(m) for m in own + theirs)
        assert group.units == formula(minutes)
