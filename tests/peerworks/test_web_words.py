"""Values as words: US forms in both languages, long dates in the reader's own words."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from peerworks.web import words

DAY = dt.date(2026, 11, 3)
MOMENT = dt.datetime(2026, 11, 3, 16, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "November 3, 2026"), ("es", "3 de noviembre de 2026")]
)
def test_long_day_is_in_the_words_of_the_language(language, expected):
    with translation.override(language):
        assert words.long_day(DAY) == expected


@pytest.mark.parametrize("language", ["en", "es"])
def test_short_day_and_numbers_are_in_the_us_form_in_both_languages(language):
    with translation.override(language):
        assert words.short_day(DAY) == "11/03/2026"
        assert words.number(Decimal("3044.44")) == "3,044.44"
        assert words.money(Decimal("3044.4")) == "$3,044.40"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("3.50"), "3.5"),
        (Decimal("4.00"), "4"),
        (Decimal("1E+3"), "1,000"),
        (0, "0"),
        (1234567, "1,234,567"),
    ],
)
def test_number_has_no_idle_zeros(value, expected):
    assert words.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("0.005"), "$0.01"),
        (Decimal("-12.5"), "-$12.50"),
        (1204, "$1,204.00"),
        (Decimal("-0.001"), "$0.00"),
    ],
)
def test_money_is_rounded_half_up_to_cents(value, expected):
    assert words.money(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0 min"), (52, "52 min"), (60, "1 h"), (90, "1 h 30 min")]
)
def test_minutes_in_words(value, expected):
    assert words.minutes(value) == expected


def test_moment_is_shown_in_the_active_zone():
    with timezone.override(ZoneInfo("America/Chicago")):
        assert words.clock(MOMENT) == "10:04 AM"
        assert words.moment(MOMENT) == "November 3, 2026, 10:04 AM"


def test_naive_moment_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="naive"):
        words.moment(MOMENT.replace(tzinfo=None))


def test_time_of_day_needs_no_zone():
    assert words.clock(dt.time(14, 30)) == "2:30 PM"


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "Tuesday, November 3"), ("es", "martes, 3 de noviembre")]
)
def test_weekday_and_day(language, expected):
    with translation.override(language):
        assert words.weekday_and_day(DAY) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_any_of_joins_with_or(parts, expected):
    assert words.any_of(parts) == expected
