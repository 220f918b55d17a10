"""One spelling for each address: what looks alike becomes one, or is none (AU-1)."""

import pytest

from peerworks.lib.addresses import NoAddress, plain_address


@pytest.mark.parametrize(
    "typed",
    [
        "luz@juniper.example",
        "Luz@Juniper.Example",
        " LUZ@JUNIPER.EXAMPLE\t",
        "ｌｕｚ@juniper.example",
        "luz@juniper．example",
        "luz＠juniper.example",
        "𝐥𝐮𝐳@juniper.example",
        "ⓛⓤⓩ@juniper.example",
        "luz@ｊｕｎｉｐｅｒ.example",
    ],
)
def test_au1_spellings_of_one_address_are_one(typed):
    assert plain_address(typed) == "luz@juniper.example"


@pytest.mark.parametrize(
    "typed",
    ["", "luz", "@juniper.example", "luz@", "luz@a..example", "l\u0443z@juniper.example",
     "lúz@juniper.example", "luz\u200b@juniper.example", "luz\x00@juniper.example",
     "luz@" + "x" * 70 + ".example",
     "x" * 250 + "@a.example",
     "a" + "\u0315" * 400_000 + "\u0300" * 400_000 + "@a.example"],
)  # fmt: skip
def test_au1_what_only_looks_like_an_address_is_none(typed):
    with pytest.raises(NoAddress):
        plain_address(typed)


def test_a_domain_with_marks_takes_its_ascii_form():
    assert plain_address("luz@MÜLLER.example") == "luz@xn--mller-kva.example"


def test_an_address_of_the_same_spelling_stays_as_it_is():
    again = plain_address(plain_address("Luz.Ortega+x@Juniper.example"))
    assert again == "luz.ortega+x@juniper.example"
