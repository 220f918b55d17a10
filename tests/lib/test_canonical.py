"""The canonical form: one value, one sequence of bytes; what is not exact is refused."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.canonical import canonical_bytes, plain, sha256_of
from peerworks.lib.findings import Because, Finding, Outcome, RecordRef, Stop

CHICAGO = ZoneInfo("America/Chicago")

atoms = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8"))
    | st.dates()
    | st.datetimes(timezones=st.just(dt.UTC))
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.uuids()
)
some_moments = st.datetimes(
    dt.datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis wants its limits without a zone
    dt.datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)
keys = st.text(st.characters(codec="utf-8"), max_size=5)
values = st.recursive(
    atoms,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


class Colour(Enum):
    RED = dt.date(2026, 1, 1)


class Word(StrEnum):
    ONE = "one"


class MixedIn(str, Enum):  # noqa: UP042 - such enumerations exist, and print otherwise
    TWO = "two"


class Level(IntEnum):
    HIGH = 3


@dataclass(frozen=True)
class Point:
    y: int
    x: int | None = None
    seen: tuple[Any, ...] = field(default=(), repr=False)


class TestForm:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (None, "null"),
            (True, "true"),
            (0, "0"),
            (10**30, "1" + "0" * 30),
            ("Peña\n\u2028😀", '"Peña\\n\u2028😀"'),
            (dt.date(2026, 3, 4), '"2026-03-04"'),
            (dt.date(1, 1, 1), '"0001-01-01"'),
            (dt.datetime(2026, 3, 4, 5, 6, tzinfo=dt.UTC), '"2026-03-04T05:06:00.000000Z"'),
            (
                dt.datetime(2026, 11, 1, 1, 30, 0, 7, tzinfo=CHICAGO, fold=1),
                '"2026-11-01T07:30:00.000007Z"',
            ),
            (dt.datetime(3, 1, 1, tzinfo=dt.UTC), '"0003-01-01T00:00:00.000000Z"'),
            (Decimal("1.50"), '"1.50"'),
            (Decimal("1E+3"), '"1000"'),
            (Decimal("-0.00"), '"0.00"'),
            (Decimal("0.0000001"), '"0.0000001"'),
            (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
            (Colour.RED, '"2026-01-01"'),
            (Word.ONE, '"one"'),
            (MixedIn.TWO, '"two"'),
            (Level.HIGH, "3"),
            ([1, None, (2, 3)], "[1,null,[2,3]]"),
            ({3, 1, 2}, "[1,2,3]"),
            (frozenset({"b", "a"}), '["a","b"]'),
            ({"b": 1, "a": {"d": None, "c": []}}, '{"a":{"c":[]},"b":1}'),
            (MappingProxyType({"b": 1}), '{"b":1}'),
            ({Word.ONE: 1, MixedIn.TWO: 2}, '{"one":1,"two":2}'),
            (Point(1), '{"seen":[],"y":1}'),
            (Point(1, 2, (Point(3),)), '{"seen":[{"seen":[],"y":3}],"x":2,"y":1}'),
        ],
    )
    def test_is_compact_sorted_json_in_utf_8(self, value: object, text: str) -> None:
        assert canonical_bytes(value) == text.encode()

    def test_of_a_finding(self) -> None:
        finding = Finding(
            rule="PROV-02",
            outcome=Outcome.BLOCK,
            because=Because("CERT-EXP", {"date": dt.date(2026, 3, 14)}),
            stops=frozenset({Stop.SIGN, Stop.BILL}),
        )
        assert canonical_bytes(finding) == (
            b'{"because":{"params":{"date":"2026-03-14"},"reason":"CERT-EXP"},"evidence":[],'
            b'"outcome":"BLOCK","rule":"PROV-02","stops":["BILL","SIGN"]}'
        )

    def test_plain_is_made_of_plain_types(self) -> None:
        made = plain({Word.ONE: Word.ONE, MixedIn.TWO: MixedIn.TWO, "n": Level.HIGH})
        assert isinstance(made, dict)
        assert {type(each) for each in (*made.keys(), *made.values())} == {str, int}

    def test_plain_of_a_reference(self) -> None:
        assert plain(RecordRef("providers.credential", "1")) == {
            "kind": "providers.credential",
            "id": "1",
            "version": "",
        }

    def test_sets_of_many_types_have_one_order(self) -> None:
        assert plain({"a", 1, dt.date(2026, 1, 1)}) == ["2026-01-01", "a", 1]

    def test_hash_is_that_of_the_bytes(self) -> None:
        assert sha256_of({}) == hashlib.sha256(b"{}").hexdigest()
        assert sha256_of({}).startswith("44136fa3")


class TestSameness:
    @pytest.mark.slow
    @given(st.dictionaries(keys, values, max_size=6), st.randoms(use_true_random=False))
    def test_the_order_of_keys_does_not_count(self, value: dict[str, Any], random: Any) -> None:
        items = list(value.items())
        random.shuffle(items)
        assert canonical_bytes(dict(items)) == canonical_bytes(value)

    @pytest.mark.slow
    @given(st.lists(st.integers() | st.text("abc") | st.dates(), max_size=6, unique=True))
    def test_the_order_of_a_set_does_not_count(self, members: list[Any]) -> None:
        backwards = list(reversed(members))
        assert plain(set(members)) == plain(set(backwards))
        assert canonical_bytes(set(members)) == canonical_bytes(frozenset(members))

    @pytest.mark.slow
    @given(values)
    def test_a_plain_value_is_its_own_form(self, value: Any) -> None:
        assert plain(plain(value)) == plain(value)
        assert canonical_bytes(plain(value)) == canonical_bytes(value)

    @pytest.mark.slow
    @given(st.dictionaries(keys, values, max_size=6), keys)
    def test_an_absent_value_is_left_out(self, value: dict[str, Any], key: str) -> None:
        without = {name: each for name, each in value.items() if name != key}
        assert sha256_of(without | {key: None}) == sha256_of(without)

    @pytest.mark.slow
    @given(some_moments, st.timezones())
    def test_one_moment_has_one_form_in_every_zone(self, moment: dt.datetime, zone: Any) -> None:
        assert canonical_bytes(moment.astimezone(zone)) == canonical_bytes(moment)


class TestRefusals:
    @pytest.mark.parametrize(
        "value",
        [1.5, b"bytes", object(), Point, dt.timedelta(1), dt.time(1), (n for n in (1, 2)), 1j],
    )
    def test_refuses_what_has_no_exact_form(self, value: object) -> None:
        with pytest.raises(TypeError, match="has no canonical form"):
            plain(value)

    @pytest.mark.parametrize("key", [1, None, b"a", UUID(int=1), dt.date(2026, 1, 1)])
    def test_refuses_a_key_that_is_no_text(self, key: object) -> None:
        with pytest.raises(TypeError, match="is text, not"):
            plain({key: 1})

    @pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
    def test_refuses_a_decimal_that_is_no_number(self, text: str) -> None:
        with pytest.raises(ValueError, match="no number"):
            plain(Decimal(text))

    def test_refuses_a_naive_moment(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            plain(dt.datetime(2026, 1, 1))  # noqa: DTZ001 - it is refused

    @pytest.mark.parametrize("form", [canonical_bytes, sha256_of])
    def test_refuses_broken_unicode(self, form: Callable[[object], object]) -> None:
        with pytest.raises(ValueError, match="surrogates not allowed"):
            form("\ud800")

    def test_says_where_and_never_what(self) -> None:
        with pytest.raises(TypeError) as caught:
            plain({"facts": {"visits": [Point(1, seen=(98.76,))]}})
        assert "98.76" not in str(caught.value)
        assert caught.value.__notes__ == [
            "under the key 'seen'",
            "under the key 'visits'",
            "under the key 'facts'",
        ]
