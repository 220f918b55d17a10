"""Identifiers: the published NPI example, shapes at their edges, and masks that hide enough."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.identifiers import (
    is_ein,
    is_icd10_shape,
    is_member_id,
    is_npi,
    is_place_of_service,
    is_taxonomy,
    is_telephone,
    is_zip_plus_4,
    made_up_npi,
    masked,
    names_a_box,
    npi_check_digit,
)

seeds = st.integers(0, 10**8 - 1)
SHAPES: list[Callable[[str], bool]] = [
    is_npi,
    is_taxonomy,
    is_ein,
    is_icd10_shape,
    is_place_of_service,
    is_member_id,
    is_telephone,
    is_zip_plus_4,
]


class TestNpi:
    def test_the_example_that_cms_publishes(self) -> None:
        assert npi_check_digit("123456789") == 3
        assert is_npi("1234567893")

    def test_any_other_last_digit_is_wrong(self) -> None:
        assert [n for n in range(10) if is_npi(f"123456789{n}")] == [3]

    @pytest.mark.parametrize("stem", ["12345678", "1234567890", "12345678A", ""])
    def test_a_stem_has_nine_digits(self, stem: str) -> None:
        with pytest.raises(ValueError, match="nine digits"):
            npi_check_digit(stem)

    @pytest.mark.parametrize("text", ["123456789", "12345678933", "123456789X", "1234 67893"])
    def test_an_npi_has_ten_digits(self, text: str) -> None:
        assert not is_npi(text)

    @pytest.mark.parametrize("first", "03456789")
    def test_begins_with_1_or_2_even_with_a_right_check_digit(self, first: str) -> None:
        stem = f"{first}23456789"
        assert not is_npi(f"{stem}{npi_check_digit(stem)}")

    @given(seeds)
    def test_made_up_ones_are_valid_and_begin_with_2(self, seed: int) -> None:
        npi = made_up_npi(seed)
        assert is_npi(npi)
        assert npi[0] == "2"

    @given(seeds, seeds)
    def test_made_up_ones_differ_with_their_seed(self, one: int, other: int) -> None:
        assert (made_up_npi(one) == made_up_npi(other)) is (one == other)

    @pytest.mark.parametrize("seed", [-1, 10**8])
    def test_made_up_ones_come_from_eight_digits(self, seed: int) -> None:
        with pytest.raises(ValueError, match="eight digits"):
            made_up_npi(seed)

    @given(seeds, st.integers(0, 9), st.integers(1, 9))
    def test_one_wrong_digit_is_found(self, seed: int, place: int, by: int) -> None:
        npi = made_up_npi(seed)
        wrong = f"{npi[:place]}{(int(npi[place]) + by) % 10}{npi[place + 1 :]}"
        assert not is_npi(wrong)


class TestShapes:
    @pytest.mark.parametrize(
        ("is_shape", "text"),
        [
            (is_taxonomy, "175T00000X"),
            (is_taxonomy, "172V00000X"),
            (is_taxonomy, "2084P0800X"),
            (is_ein, "12-3456789"),
            (is_ein, "123456789"),
            (is_icd10_shape, "F11.20"),
            (is_icd10_shape, "F1120"),
            (is_icd10_shape, "F32"),
            (is_icd10_shape, "C7A.00"),
            (is_icd10_shape, "T40.2X5A"),
            (is_icd10_shape, "S72.001A"),
            (is_place_of_service, "02"),
            (is_place_of_service, "99"),
            (is_telephone, "5125550100"),
            (is_zip_plus_4, "787010001"),
            (is_member_id, "DEMO000123"),
            (is_member_id, "A1"),
            (is_member_id, "ABC-123"),
            (is_member_id, "9" * 80),
        ],
    )
    def test_what_fits(self, is_shape: Callable[[str], bool], text: str) -> None:
        assert is_shape(text)

    @pytest.mark.parametrize(
        ("is_shape", "text"),
        [
            (is_taxonomy, "175T00000"),
            (is_taxonomy, "175T00000Y"),
            (is_taxonomy, "175t00000X"),
            (is_taxonomy, "X75T00000X"),
            (is_ein, "123"),
            (is_ein, "123-456789"),
            (is_ein, "12-34567890"),
            (is_icd10_shape, "11.20"),
            (is_icd10_shape, "F11."),
            (is_icd10_shape, "F11.20000"),
            (is_icd10_shape, "f11.20"),
            (is_icd10_shape, "F1C.2"),
            (is_place_of_service, "2"),
            (is_place_of_service, "00"),
            (is_place_of_service, "100"),
            (is_place_of_service, "1A"),
            (is_telephone, "5120550100"),
            (is_telephone, "512555010"),
            (is_telephone, "15125550100"),
            (is_zip_plus_4, "78701"),
            (is_zip_plus_4, "78701-0001"),
            (is_member_id, "A"),
            (is_member_id, "demo0001"),
            (is_member_id, "-A1"),
            (is_member_id, "A1-"),
            (is_member_id, "A 1"),
            (is_member_id, "A*1"),
            (is_member_id, "9" * 81),
        ],
    )
    def test_what_does_not(self, is_shape: Callable[[str], bool], text: str) -> None:
        assert not is_shape(text)

    @pytest.mark.parametrize("is_shape", SHAPES)
    def test_digits_of_other_scripts_and_line_ends_do_not_fit(
        self, is_shape: Callable[[str], bool]
    ) -> None:
        arabic = "\N{ARABIC-INDIC DIGIT ONE}"
        for text in (arabic * 2, arabic * 9, arabic * 10, "11\n", "", "123456789\n", "F11.20\n"):
            assert not is_shape(text)

    @pytest.mark.parametrize(
        "street", ["PO Box 12", "P.O. Box 12", "c/o Elm, p. o. box 3", "Post Office Box 9"]
    )
    def test_a_box_is_no_street(self, street: str) -> None:
        assert names_a_box(street)

    @pytest.mark.parametrize("street", ["12 Boxwood Road", "Po Boxer Lane 3", "100 Made Up Way"])
    def test_a_street_is_no_box(self, street: str) -> None:
        assert not names_a_box(street)


class TestMasked:
    @pytest.mark.parametrize(
        ("value", "keep", "shown"),
        [
            ("123456789", 4, "•••••6789"),
            ("12345678", 4, "••••5678"),
            ("12345", 4, "•••45"),
            ("1", 4, "•"),
            ("", 4, ""),
            ("123456789", 0, "•••••••••"),
            ("123456789", 2, "•••••••89"),
        ],
    )
    def test_shows_only_the_end(self, value: str, keep: int, shown: str) -> None:
        assert masked(value, keep) == shown

    def test_keeps_four_unless_told(self) -> None:
        assert masked("DEMO000123") == "••••••0123"

    def test_refuses_a_negative_number(self) -> None:
        with pytest.raises(ValueError, match="not negative"):
            masked("123456789", -1)

    @given(st.text(st.characters(codec="ascii"), max_size=40), st.integers(0, 40))
    def test_hides_at_least_half(self, value: str, keep: int) -> None:
        shown = masked(value, keep)
        assert len(shown) == len(value)
        assert 2 * shown.count("•") >= len(value)
        assert value.endswith(shown.lstrip("•"))
