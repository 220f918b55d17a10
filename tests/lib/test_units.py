"""Minutes into units: the published tables, the groups and their shares."""

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.findings import UnitGroup
from peerworks.lib.units import (
    Engine,
    Scope,
    Visit,
    minutes_for,
    share_units,
    threshold_units,
    units_for,
)

NINE = dt.datetime(2026, 3, 9, 9, 0, tzinfo=dt.UTC)
BY_LENGTH = [Engine.FULL_UNIT, Engine.MIDPOINT_8, Engine.UP_TO]

engines = st.sampled_from(BY_LENGTH)
scopes = st.sampled_from(Scope)
unit_lengths = st.integers(1, 60)
some_minutes = st.lists(st.integers(0, 300), max_size=8)


def visits_of(minutes: Sequence[int]) -> list[Visit]:
    return [Visit(f"v{n}", NINE + dt.timedelta(hours=n), each) for n, each in enumerate(minutes)]


def group_of(
    minutes: Sequence[int],
    engine: Engine = Engine.FULL_UNIT,
    scope: Scope = Scope.DAY,
    judged: str | None = None,
    unit_minutes: int = 15,
) -> UnitGroup:
    return share_units(
        visits_of(minutes), engine=engine, unit_minutes=unit_minutes, scope=scope, judged=judged
    )


class TestOneRounding:
    @pytest.mark.parametrize(
        ("first", "last", "units"),
        [(0, 7, 0), (8, 22, 1), (23, 37, 2), (38, 52, 3), (53, 67, 4), (68, 82, 5), (83, 97, 6)],
    )
    def test_midpoint_8_follows_the_table_of_cms(self, first: int, last: int, units: int) -> None:
        for minutes in range(first, last + 1):
            assert units_for(minutes, engine=Engine.MIDPOINT_8, unit_minutes=15) == units

    @pytest.mark.parametrize(
        ("minutes", "units"),
        [(7, 0), (8, 1), (22, 1), (23, 2), (37, 2), (38, 3), (52, 3), (53, 4)],
    )
    def test_midpoint_8_at_its_edges(self, minutes: int, units: int) -> None:
        assert units_for(minutes, engine=Engine.MIDPOINT_8, unit_minutes=15) == units

    @pytest.mark.parametrize(
        ("first", "last", "units"),
        [(0, 14, 0), (15, 29, 1), (30, 44, 2), (45, 59, 3), (60, 74, 4), (120, 134, 8)],
    )
    def test_full_unit_follows_the_table_of_michigan(
        self, first: int, last: int, units: int
    ) -> None:
        for minutes in range(first, last + 1):
            assert units_for(minutes, engine=Engine.FULL_UNIT, unit_minutes=15) == units

    @pytest.mark.parametrize(
        ("minutes", "unit_minutes", "units"),
        [(0, 30, 0), (29, 30, 0), (30, 30, 1), (59, 30, 1), (59, 60, 0), (60, 60, 1), (119, 60, 1)],
    )
    def test_full_unit_of_other_lengths(self, minutes: int, unit_minutes: int, units: int) -> None:
        assert units_for(minutes, engine=Engine.FULL_UNIT, unit_minutes=unit_minutes) == units

    @pytest.mark.parametrize(
        ("first", "last", "units"), [(0, 0, 0), (1, 15, 1), (16, 30, 2), (31, 45, 3)]
    )
    def test_up_to_counts_any_part(self, first: int, last: int, units: int) -> None:
        for minutes in range(first, last + 1):
            assert units_for(minutes, engine=Engine.UP_TO, unit_minutes=15) == units

    @pytest.mark.parametrize(
        ("minutes", "unit_minutes", "units"),
        [(15, 30, 0), (16, 30, 1), (45, 30, 1), (46, 30, 2), (30, 60, 0), (31, 60, 1), (1, 1, 1)],
    )
    def test_midpoint_of_other_lengths_needs_more_than_half(
        self, minutes: int, unit_minutes: int, units: int
    ) -> None:
        assert units_for(minutes, engine=Engine.MIDPOINT_8, unit_minutes=unit_minutes) == units

    @given(st.integers(0, 2000), unit_lengths)
    def test_midpoint_counts_a_unit_once_more_than_half_has_passed(self, m: int, unit: int) -> None:
        whole, rest = divmod(m, unit)
        expected = whole + (1 if 2 * rest > unit else 0)
        assert units_for(m, engine=Engine.MIDPOINT_8, unit_minutes=unit) == expected

    @pytest.mark.parametrize(
        ("minutes", "codes"),
        [(0, (0, 0)), (59, (0, 0)), (60, (1, 0)), (89, (1, 0)), (90, (1, 1)), (120, (1, 2))],
    )
    def test_threshold_of_a_month(self, minutes: int, codes: tuple[int, int]) -> None:
        assert threshold_units(minutes) == codes
        total = units_for(minutes, engine=Engine.THRESHOLD_MONTH, unit_minutes=60)
        assert total == sum(codes)

    @pytest.mark.parametrize("engine", Engine)
    def test_negative_minutes_are_refused(self, engine: Engine) -> None:
        with pytest.raises(ValueError, match="never negative"):
            units_for(-1, engine=engine, unit_minutes=15)

    def test_negative_minutes_of_a_month_are_refused(self) -> None:
        with pytest.raises(ValueError, match="never negative"):
            threshold_units(-1)

    def test_a_unit_has_a_length(self) -> None:
        with pytest.raises(ValueError, match="at least one minute"):
            units_for(15, engine=Engine.FULL_UNIT, unit_minutes=0)
        with pytest.raises(ValueError, match="at least one minute"):
            minutes_for(1, engine=Engine.FULL_UNIT, unit_minutes=0)

    def test_no_units_take_no_minutes(self) -> None:
        with pytest.raises(ValueError, match="one unit or more"):
            minutes_for(0, engine=Engine.FULL_UNIT, unit_minutes=15)

    @given(st.integers(1, 100), st.sampled_from(Engine), unit_lengths)
    def test_minutes_for_are_the_fewest(self, units: int, engine: Engine, unit: int) -> None:
        fewest = minutes_for(units, engine=engine, unit_minutes=unit)
        assert units_for(fewest, engine=engine, unit_minutes=unit) >= units
        assert units_for(fewest - 1, engine=engine, unit_minutes=unit) < units


class TestScopes:
    @pytest.mark.parametrize(
        ("minutes", "midpoint_each", "midpoint_day", "full_each", "full_day"),
        [
            ((7, 7), 0, 1, 0, 0),
            ((10, 10), 2, 1, 0, 1),
            ((8, 8, 8), 3, 2, 0, 1),
            ((22, 22), 2, 3, 2, 2),
            ((29, 16), 3, 3, 2, 3),
        ],
    )
    def test_the_two_scopes_give_different_money(
        self,
        minutes: tuple[int, ...],
        midpoint_each: int,
        midpoint_day: int,
        full_each: int,
        full_day: int,
    ) -> None:
        assert group_of(minutes, Engine.MIDPOINT_8, Scope.ENCOUNTER).units == midpoint_each
        assert group_of(minutes, Engine.MIDPOINT_8, Scope.DAY).units == midpoint_day
        assert group_of(minutes, Engine.FULL_UNIT, Scope.ENCOUNTER).units == full_each
        assert group_of(minutes, Engine.FULL_UNIT, Scope.DAY).units == full_day

    def test_a_visit_gets_what_it_adds_in_order_of_start(self) -> None:
        assert group_of((29, 16)) == UnitGroup(
            members=(("v0", 29, 1), ("v1", 16, 2)), minutes=45, units=3
        )

    def test_the_order_given_does_not_count(self) -> None:
        visits = visits_of((29, 16, 5))
        one, other = (
            share_units(each, engine=Engine.FULL_UNIT, unit_minutes=15, scope=Scope.DAY)
            for each in (visits, visits[::-1])
        )
        assert one == other

    def test_visits_of_one_start_stand_in_order_of_id(self) -> None:
        visits = [Visit("b", NINE, 10), Visit("a", NINE, 10)]
        group = share_units(visits, engine=Engine.FULL_UNIT, unit_minutes=15, scope=Scope.DAY)
        assert group.members == (("a", 10, 0), ("b", 10, 1))

    def test_starts_are_compared_as_moments(self) -> None:
        # 09:00 in UTC-5 is later than 10:00 in UTC.
        late = Visit("a-late", NINE.replace(tzinfo=dt.timezone(dt.timedelta(hours=-5))), 15)
        early = Visit("b-early", NINE + dt.timedelta(hours=1), 10)
        group = share_units(
            [late, early], engine=Engine.FULL_UNIT, unit_minutes=15, scope=Scope.DAY
        )
        assert [member[0] for member in group.members] == ["b-early", "a-late"]

    def test_a_month_is_rounded_once_over_all_its_visits(self) -> None:
        group = group_of((40, 30, 25), Engine.THRESHOLD_MONTH, Scope.MONTH, judged="v2")
        assert group == UnitGroup(
            members=(("v0", 40, 0), ("v1", 30, 1), ("v2", 25, 1)),
            minutes=95,
            units=2,
            next_unit_at=50,
        )

    def test_no_visits_make_no_units(self) -> None:
        assert group_of(()) == UnitGroup()

    @pytest.mark.parametrize("scope", [Scope.DAY, Scope.ENCOUNTER])
    def test_the_threshold_is_counted_over_a_month(self, scope: Scope) -> None:
        with pytest.raises(ValueError, match="its scope is MONTH"):
            group_of((60,), Engine.THRESHOLD_MONTH, scope)

    def test_a_visit_stands_only_once(self) -> None:
        visits = [Visit("a", NINE, 10), Visit("a", NINE, 20)]
        with pytest.raises(ValueError, match="only once"):
            share_units(visits, engine=Engine.FULL_UNIT, unit_minutes=15, scope=Scope.DAY)

    def test_a_visit_needs_a_time_zone_and_minutes(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            Visit("a", NINE.replace(tzinfo=None), 10)
        with pytest.raises(ValueError, match="never negative"):
            Visit("a", NINE, -1)


class TestNextUnit:
    @pytest.mark.parametrize(
        ("engine", "scope", "judged", "expected"),
        [
            (Engine.FULL_UNIT, Scope.DAY, "v1", 31),  # 60 of the group less the 29 of the other
            (Engine.FULL_UNIT, Scope.DAY, "v0", 44),
            (Engine.FULL_UNIT, Scope.ENCOUNTER, "v0", 30),
            (Engine.FULL_UNIT, Scope.ENCOUNTER, "v1", 30),
            (Engine.MIDPOINT_8, Scope.DAY, "v1", 24),
            (Engine.UP_TO, Scope.DAY, "v1", 17),
            (Engine.UP_TO, Scope.ENCOUNTER, "v0", 31),
        ],
    )
    def test_says_at_which_minutes_of_the_judged_visit(
        self, engine: Engine, scope: Scope, judged: str, expected: int
    ) -> None:
        assert group_of((29, 16), engine, scope, judged).next_unit_at == expected

    def test_is_not_known_without_a_judged_visit(self) -> None:
        assert group_of((29, 16)).next_unit_at is None

    def test_refuses_a_visit_that_is_not_in_the_group(self) -> None:
        with pytest.raises(ValueError, match="not in the unit group"):
            group_of((29, 16), judged="v9")

    @pytest.mark.slow
    @given(some_minutes.filter(bool), engines, scopes, unit_lengths, st.data())
    def test_is_where_the_group_gains_one_and_no_minute_sooner(
        self, minutes: list[int], engine: Engine, scope: Scope, unit: int, data: st.DataObject
    ) -> None:
        which = data.draw(st.integers(0, len(minutes) - 1))
        group = group_of(minutes, engine, scope, f"v{which}", unit)
        at = group.next_unit_at
        assert at is not None
        assert at > minutes[which]

        def units_with(own: int) -> int:
            changed = [*minutes[:which], own, *minutes[which + 1 :]]
            return group_of(changed, engine, scope, unit_minutes=unit).units

        assert units_with(at) == group.units + 1
        assert units_with(at - 1) == group.units


class TestShares:
    @pytest.mark.slow
    @given(some_minutes, engines, scopes, unit_lengths)
    def test_add_up_to_the_group(
        self, minutes: list[int], engine: Engine, scope: Scope, unit: int
    ) -> None:
        group = group_of(minutes, engine, scope, unit_minutes=unit)
        assert sum(share for _, _, share in group.members) == group.units
        assert all(share >= 0 for _, _, share in group.members)
        assert group.minutes == sum(minutes)
        assert [each for _, each, _ in group.members] == minutes

    @given(some_minutes, engines, st.sampled_from([Scope.DAY, Scope.MONTH]), unit_lengths)
    def test_of_a_day_or_month_are_rounded_once(
        self, minutes: list[int], engine: Engine, scope: Scope, unit: int
    ) -> None:
        group = group_of(minutes, engine, scope, unit_minutes=unit)
        assert group.units == units_for(sum(minutes), engine=engine, unit_minutes=unit)

    @pytest.mark.slow
    @given(some_minutes, engines, unit_lengths)
    def test_of_encounters_are_rounded_each_alone(
        self, minutes: list[int], engine: Engine, unit: int
    ) -> None:
        group = group_of(minutes, engine, Scope.ENCOUNTER, unit_minutes=unit)
        shares = [share for _, _, share in group.members]
        assert shares == [units_for(each, engine=engine, unit_minutes=unit) for each in minutes]

    @given(some_minutes, unit_lengths)
    def test_full_units_of_a_day_never_exceed_the_time(self, minutes: list[int], unit: int) -> None:
        group = group_of(minutes, unit_minutes=unit)
        assert group.units * unit <= sum(minutes) < (group.units + 1) * unit
