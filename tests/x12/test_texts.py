"""Characters: what is folded, what is refused, and that nothing slips from one element to the next."""

from dataclasses import dataclass

import pytest

from billing.x12.errors import Code, X12Error
from billing.x12.texts import Form, code, fold, identifier, name, unsendable


@dataclass(frozen=True)
class Card:
    first: str
    second: str = "AB"
    kind: str = "X1"
    marks: tuple[str, ...] = ()


CARD = Form[Card](
    name("first", "NM103", 10, 1),
    identifier("second", "NM109", 5, 2),
    code("kind", "REF01", "(?:[A-Z][0-9])?"),
    many=code("marks", "SV101", "[A-Z]{2}"),
    most=2,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Muñoz", "MUNOZ"),
        ("Łukasz Ødegård", "LUKASZ ODEGARD"),
        ("Straße", "STRASSE"),
        ("Æsop Œuvre", "AESOP OEUVRE"),
        ("D’Angelo", "D'ANGELO"),
        ("O`Neil", "O'NEIL"),
        ("Ana\r\n  María\t", "ANA MARIA"),
        ("Ana\x1dMaría", "ANA MARIA"),
        ("Apt #4", "APT 4"),
        ("Ann\u200b\u00ada", "ANNA"),
        ("ﬁn", "FIN"),
        ("Ｍａｒｉａ", "MARIA"),
        ("Güngör—Şahin", "GUNGOR-SAHIN"),
        ("1º", "1O"),
    ],
)
def test_fold_gives_the_basic_letters(text, folded):
    assert fold(text) == folded
    assert unsendable(folded) == ()


@pytest.mark.parametrize("character", "*~:^|><@[]{}\\_%$😀李ж\x00")
def test_what_has_no_letter_is_refused(character):
    with pytest.raises(X12Error) as refused:
        CARD.texts(Card(f"A{character}B"))
    assert refused.value.code == Code.CHARACTER


def test_unsendable_names_each_character_once():
    assert unsendable("A**:") == ("ASTERISK", "COLON")
    assert unsendable("\x01") == ("U+0001",)


def test_texts_are_folded_trimmed_and_in_capitals():
    assert CARD.texts(Card(" Zoë ", " ab1 ", "x1", ("he",))) == ["ZOE", "AB1", "X1", "HE"]


def test_capitals_are_all_that_most_texts_need():
    assert CARD.texts(Card("Zoe  Ann")) == ["ZOE ANN", "AB", "X1"]


@pytest.mark.parametrize("text", ["Ñ12", "ß12", "ı12", "A*1", "A\n1"])
def test_identifier_is_never_folded(text):
    with pytest.raises(X12Error) as refused:
        CARD.texts(Card("Zoe", text))
    assert refused.value.code == Code.CHARACTER


@pytest.mark.parametrize(
    ("card", "element", "code"),
    [
        (Card("A" * 11), "NM103", Code.LENGTH),
        (Card(""), "NM103", Code.LENGTH),
        (Card("  "), "NM103", Code.LENGTH),
        (Card("ß" * 6), "NM103", Code.LENGTH),
        (Card("A", "123456"), "NM109", Code.LENGTH),
        (Card("A", "1"), "NM109", Code.FORM),
        (Card("A", "AB", "11"), "REF01", Code.FORM),
        (Card("A", marks=("H",)), "SV101", Code.FORM),
        (Card("A", marks=("HE", "HF", "HQ")), "SV101", Code.LENGTH),
    ],
)
def test_nothing_is_cut_to_fit(card, element, code):
    (defect,) = CARD.defects(card, "PW1")
    assert (f"{defect.segment}{defect.element:02}", defect.code) == (element, code)
    assert defect.where == "PW1"


def test_separator_in_a_text_does_not_shift_the_next():
    """`X*A1` as one text and one mark less must not pass for two texts."""
    with pytest.raises(X12Error):
        CARD.texts(Card("A", "AB*X1", "HE", ("HF",)))


def test_all_defects_are_named_at_once():
    with pytest.raises(X12Error) as refused:
        CARD.texts(Card("", "*", "11"))
    assert len(refused.value.defects) == 3
