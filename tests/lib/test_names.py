"""The key that lists of people are sorted by."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.names import sort_key


@pytest.mark.parametrize(
    ("family", "first", "expected"),
    [
        ("Núñez", "Zoë", "nunez\tzoe"),
        ("  O'Neil  ", "mary   ann", "o'neil\tmary ann"),
        ("Weiß", "İpek", "weiss\tipek"),
        ("Łuk", "Ana", "łuk\tana"),
        ("Aspen", "", "aspen"),
        ("", "Ana", "\tana"),
        ("", "", ""),
    ],
)
def test_key_has_no_marks_case_or_extra_spaces(family, first, expected):
    assert sort_key(family, first) == expected


def test_order_is_by_family_name_then_given_name():
    people = [
        ("Vance Ortiz", "Ana"),
        ("vance", "Zoë"),
        ("Vánce", "Bo"),
        ("Ávila", "Cy"),
        ("Zelkova", "Al"),
    ]
    assert sorted(people, key=lambda each: sort_key(*each)) == [
        ("Ávila", "Cy"),
        ("Vánce", "Bo"),
        ("vance", "Zoë"),
        ("Vance Ortiz", "Ana"),
        ("Zelkova", "Al"),
    ]


@given(st.text(), st.text())
def test_key_does_not_depend_on_how_the_text_was_composed(family, first):
    composed = [unicodedata.normalize(form, family) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    assert len({sort_key(each, first) for each in composed}) == 1


@given(st.text(), st.text())
def test_key_made_again_of_itself_is_the_same(family, first):
    key = sort_key(family, first)
    family_again, _, first_again = key.partition("\t")
    assert sort_key(family_again, first_again) == key
