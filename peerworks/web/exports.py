"""Lists as files. A spreadsheet runs what looks like a formula, so no text of ours may look like one."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_MARK = "\ufeff"
"""Says that the file is UTF-8: spreadsheets read it as something else without."""


def safe_cell(value: object) -> object:
    """A cell as it may stand in a file: text that a spreadsheet would run begins with an apostrophe.

    Numbers are numbers and stay so. (OWASP ASVS 5.0, 1.2.10.)
    """
    if isinstance(value, int | Decimal):
        return value
    text = str(value)
    return f"'{text}".replace("\0", "") if text.startswith(_LIVE) else text.replace("\0", "")


def csv_text(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A file of comma-separated values, as spreadsheets open it: head, rows, CRLF, marked as UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    for row in (head, *rows):
        writer.writerow([safe_cell(each) for each in row])
    return _MARK + file.getvalue()
