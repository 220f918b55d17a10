"""Lists as files: FI-2, nothing that a spreadsheet would run."""

import csv
import io
from decimal import Decimal

import pytest

from peerworks.web.exports import csv_text, safe_cell

LEADS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"]
PAYLOADS = [
    f"{lead}{rest}"
    for lead in LEADS
    for rest in (
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("http://x.example","y")',
        "SUM(A1:A9)",
        "IMPORTXML(A1)",
        "",
        "=",
        "'",
        '"',
        " Elm",
        "@",
        "-2+3",
        "DDE",
        "\t=1",
        "<b>",
        "A1;B2",
        ",,",
        "\r\n=1",
        "ñ",
        "1",
        "0",
        "%0A",
        "$A$1",
        "{1}",
        "ROW()",
    )
]


def read(text):
    """A file as a program reads it."""
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_there_are_three_hundred_payloads():
    assert len(PAYLOADS) >= 300


def test_no_cell_of_a_file_is_live():
    """FI-2: the file read again has no live lead."""
    cells = [cell for row in read(csv_text(PAYLOADS, [PAYLOADS])) for cell in row]
    assert len(cells) == 2 * len(PAYLOADS)
    assert not [cell for cell in cells if cell.startswith(tuple(LEADS))]


@pytest.mark.parametrize("payload", PAYLOADS[::25])
def test_what_is_live_is_marked_as_text(payload):
    assert safe_cell(payload) == f"'{payload}".replace("\0", "")


@pytest.mark.parametrize("plain", ["Luz Ortega", "", "'", "3 = 3", "a@b.example", "Ñandú", " =1"])
def test_what_is_not_stays_as_it_is(plain):
    assert safe_cell(plain) == plain


def test_numbers_stay_numbers():
    assert [safe_cell(-3), safe_cell(Decimal("-2.50"))] == [-3, Decimal("-2.50")]
    assert read(csv_text(["n"], [[-3]]))[1] == ["-3"]


def test_a_file_is_marked_as_utf_8_and_has_its_head():
    text = csv_text(["Quién"], [["Ñandú"]])
    assert text.encode().startswith(b"\xef\xbb\xbf")
    assert read(text) == [["Quién"], ["Ñandú"]]
