"""Money: two places, half up, exact sums, and no float anywhere."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.money import cents, charge_for, from_cents, money, total

whole_cents = st.integers(-(10**12), 10**12)


class TestMoney:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("2.345", "2.35"),
            ("2.344", "2.34"),
            ("2.335", "2.34"),
            ("-2.345", "-2.35"),
            (Decimal("16.915"), "16.92"),
            (7, "7.00"),
            ("1E+2", "100.00"),
            ("-0.004", "0.00"),
        ],
    )
    def test_has_two_places_rounded_half_up(self, value: Decimal | int | str, text: str) -> None:
        assert str(money(value)) == text

    @pytest.mark.parametrize("value", [1.5, True, None, b"1"])
    def test_refuses_other_types(self, value: object) -> None:
        with pytest.raises(TypeError, match="money is made from"):
            money(value)  # type: ignore[arg-type]

    @pytest.mark.parametrize("value", ["", "12,50", "NaN", "sNaN", "Infinity", "1E+40"])
    def test_refuses_what_is_no_amount(self, value: str) -> None:
        with pytest.raises(ValueError, match="not an amount of money"):
            money(value)


class TestCharge:
    @pytest.mark.parametrize(
        ("units", "rate", "charge"),
        [
            (180, "16.91", "3043.80"),
            (3, "16.915", "50.75"),  # 50.745, rounded once; each unit alone would make 50.76
            (0, "16.91", "0.00"),
            (1, "0", "0.00"),
        ],
    )
    def test_is_units_times_rate_rounded_once(self, units: int, rate: str, charge: str) -> None:
        assert str(charge_for(units, Decimal(rate))) == charge

    @pytest.mark.parametrize(
        ("units", "rate"),
        [(1, 16.91), (1.0, Decimal(1)), (True, Decimal(1)), (1, "16.91"), (Decimal(1), Decimal(1))],
    )
    def test_refuses_other_types(self, units: object, rate: object) -> None:
        with pytest.raises(TypeError, match="whole units and a Decimal rate"):
            charge_for(units, rate)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("units", "rate"), [(-1, "1"), (1, "-0.01"), (1, "NaN"), (1, "-Inf")])
    def test_refuses_what_no_charge_can_have(self, units: int, rate: str) -> None:
        with pytest.raises(ValueError, match="never negative"):
            charge_for(units, Decimal(rate))


class TestCents:
    def test_of_an_amount(self) -> None:
        assert cents(Decimal("3044.44")) == 304444
        assert cents(Decimal("3044.4")) == 304440

    def test_into_an_amount(self) -> None:
        assert str(from_cents(304444)) == "3044.44"
        assert str(from_cents(-5)) == "-0.05"

    def test_refuses_a_fraction_of_a_cent(self) -> None:
        with pytest.raises(ValueError, match="fraction of a cent"):
            cents(Decimal("0.005"))

    @pytest.mark.parametrize("value", [1.5, 1, "1.00"])
    def test_of_nothing_but_a_decimal(self, value: object) -> None:
        with pytest.raises(TypeError, match="an amount is a Decimal"):
            cents(value)  # type: ignore[arg-type]

    @pytest.mark.parametrize("value", [1.0, True, Decimal(1)])
    def test_are_counted_in_an_int(self, value: object) -> None:
        with pytest.raises(TypeError, match="counted in an int"):
            from_cents(value)  # type: ignore[arg-type]

    @given(whole_cents)
    def test_there_and_back(self, count: int) -> None:
        assert cents(from_cents(count)) == count


class TestTotal:
    def test_of_nothing_is_zero(self) -> None:
        assert str(total([])) == "0.00"

    def test_refuses_a_float_among_amounts(self) -> None:
        with pytest.raises(TypeError, match="an amount is a Decimal"):
            total([Decimal("1.00"), 1.0])  # type: ignore[list-item]

    @given(st.lists(whole_cents, max_size=20))
    def test_is_exact(self, counts: list[int]) -> None:
        assert total(from_cents(each) for each in counts) == from_cents(sum(counts))
