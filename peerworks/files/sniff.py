"""What an uploaded file really is, whatever its name and the browser say: PDF, PNG, JPEG or refused.

First the bytes at its beginning and end, here; then the whole of it, by a parser in a process of its
own (`peerworks.files.parsing`). A refusal is `Refused` with a reason whose sentence says what is wrong
and what to do.
"""

import html
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from peerworks.files.limits import (
    MOST_BYTES,
    MOST_MEGABYTES,
    MOST_NAME,
    SHOWN_NAME,
)
from peerworks.files.models import StoredFile
from peerworks.lib.findings import Refused, refuse

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = 9
Kind = StoredFile.Kind

_BEGINNINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
)
_ENDINGS: Mapping[str, tuple[str, ...]] = {
    Kind.PDF: (".pdf",),
    Kind.PNG: (".png",),
    Kind.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
}
#: What people choose by mistake, so that the sentence can name it; the code has words in `reasons`.
_STRANGERS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("PROGRAM", re.compile(rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe")),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("TIFF", re.compile(rb"II[*+]\x00|MM\x00[*+]")),
    ("WEBP", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("HEIC", re.compile(rb"....ftyp(hei|hev|mif|msf|avi)", re.DOTALL)),
    (
        "ZIP",
        re.compile(rb"PK(\x03\x04|\x05\x06|\x07\x08)|Rar!|7z\xbc\xaf|\x1f\x8b|\xd0\xcf\x11\xe0"),
    ),
    (
        "SVG",
        re.compile(
            rb"\s*(<\?xml.{0,400}?)?(<!--.{0,400}?-->\s*)?(<!doctype svg|<svg)", re.I | re.S
        ),
    ),
    (
        "HTML",
        re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|script|!--|\?xml)", re.I),
    ),
)
#: Never read as a certificate, and run by a double click or by a web server.
_RUN = re.compile(
    r"\.(exe|bat|cmd|scr|pif|msi|dll|js|jse|vbs|wsf|hta|ps1|jar|lnk|sh|php\d?|aspx?)\.", re.I
)
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKUP = re.compile(rb"<\s*(script|html|!doctype html|svg|iframe)\b", re.IGNORECASE)
_SCAN_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


class Upload(Protocol):
    """A file as it was received: `told_name` is its name as it was sent, `is_cut` that it went on."""

    @property
    def path(self) -> Path: ...
    @property
    def told_name(self) -> str: ...
    @property
    def size(self) -> int | None: ...
    @property
    def sha256(self) -> str: ...
    @property
    def is_cut(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept. `examine` makes it, nobody else."""

    path: Path
    name: str
    kind: Kind
    size: int
    sha256: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None


def examine(upload: Upload) -> Examined:
    """What the file is. Raises `Refused` with the reason why it is not kept."""
    name = clean_name(upload.told_name)
    size = upload.size or 0
    if upload.is_cut or size > MOST_BYTES:
        raise Refused(refuse("UPLOAD-BIG", most=MOST_MEGABYTES))
    if not size:
        raise Refused(refuse("UPLOAD-EMPTY"))
    data = upload.path.read_bytes()
    kind = _kind_of(data)
    name = _with_its_ending(name, kind)
    _refuse_a_second_file(data, kind)
    measured = _parsed(upload.path, kind)
    return Examined(upload.path, name, kind, size, upload.sha256, **measured)


# The name.


def clean_name(told: str) -> str:
    """A name as it is shown: composed, on one line, at most 120 letters. Raises `Refused`.

    No browser sends a path, a control character or a change of the writing direction in a name: who
    does wants something else than to keep a certificate.
    """
    name = html.unescape(told)
    if len(name) > MOST_NAME:
        raise Refused(refuse("UPLOAD-NAME-LONG", most=MOST_NAME))
    if "/" in name or "\\" in name or name.strip() in {"", ".", ".."}:
        raise Refused(refuse("UPLOAD-NAME-PATH"))
    if _BIDIRECTIONAL.search(name) or any(unicodedata.category(each) == "Cc" for each in name):
        raise Refused(refuse("UPLOAD-NAME-SIGNS"))
    if _RUN.search(name):
        raise Refused(refuse("UPLOAD-NAME-TWO"))
    return _shortened(seen(name))


def seen(name: str) -> str:
    """What can be seen of a name, composed and on one line."""
    composed = unicodedata.normalize("NFC", html.unescape(name))
    return " ".join("".join(each for each in composed if each.isprintable()).split())


def _shortened(name: str) -> str:
    if len(name) <= SHOWN_NAME:
        return name
    path = PurePosixPath(name)
    ending = path.suffix[:10]
    return f"{path.stem[: SHOWN_NAME - len(ending) - 1]}…{ending}"


def _with_its_ending(name: str, kind: Kind) -> str:
    """The name with an ending that fits; one of another kind is refused, none is added."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in _ENDINGS[kind]:
        return name
    if not re.fullmatch(r"\.[a-z0-9]{1,5}", ending):
        return _shortened(f"{name.rstrip('.')}{_ENDINGS[kind][0]}")
    raise Refused(refuse("UPLOAD-ENDING", ending=ending, content=kind.value))


# The bytes.


def _kind_of(data: bytes) -> Kind:
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    head = data[:1024]
    found = next((code for code, begins in _STRANGERS if begins.match(head)), "OTHER")
    raise Refused(refuse("UPLOAD-KIND", found=found))


def _refuse_a_second_file(data: bytes, kind: Kind) -> None:
    """One file is one thing: nothing before it, behind it or hidden in its remarks.

    What is behind the end of a picture or holds a second beginning is another file for another
    program: an archive, a page, a script. Phones put a second picture or a short film behind a
    photo; that stays allowed. Raises `Refused`.
    """
    if kind != Kind.PDF and b"%PDF-" in data[:1024]:
        raise Refused(refuse("UPLOAD-MIXED"))
    if _is_archive(data) or not _ENDS[kind](data):
        raise Refused(refuse("UPLOAD-MIXED"))


def _is_archive(data: bytes) -> bool:
    """Whether a reader of ZIP would find a directory at the end; its remark fills the rest."""
    place = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if place < 0 or len(data) < place + 22:
        return False
    return place + 22 + int.from_bytes(data[place + 20 : place + 22], "little") == len(data)


def _pdf_ends(data: bytes) -> bool:
    if _MARKUP.search(data[:1024]):
        return False
    place = data.rfind(b"%%EOF")
    if place < 0:
        raise Refused(refuse("UPLOAD-BROKEN"))
    return not data[place + 5 :].strip(b"\0 \t\r\n\f\x1a")


def _png_ends(data: bytes) -> bool:
    place = 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if kind in {b"tEXt", b"zTXt", b"iTXt"} and _MARKUP.search(body):
            return False
        place += 12 + length
        if kind == b"IEND":
            return place == len(data)
    raise Refused(refuse("UPLOAD-BROKEN"))


def _jpeg_ends(data: bytes) -> bool:
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xD9:
            return _may_follow_a_photo(data[place + 2 :])
        if marker == 0xFF:
            place += 1
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if (marker == 0xFE or marker >= 0xE0) and _MARKUP.search(data, place, place + length):
            return False
        place += 2 + length
        if marker == 0xDA:
            found = _SCAN_MARKER.search(data, place)
            place = len(data) if found is None else found.end() - 2
    if data[place : place + 2] == b"\xff\xd9":
        return True
    raise Refused(refuse("UPLOAD-BROKEN"))


def _may_follow_a_photo(rest: bytes) -> bool:
    """Padding, a second picture, a film, or what a maker of telephones signs with its mark."""
    return (
        not rest.strip(b"\0\r\n ")
        or rest.lstrip(b"\0").startswith(b"\xff\xd8\xff")
        or rest[4:8] == b"ftyp"
        or rest.endswith(b"SEFT")
    ) and not _MARKUP.search(rest)


_ENDS: Mapping[str, Callable[[bytes], bool]] = {
    Kind.PDF: _pdf_ends,
    Kind.PNG: _png_ends,
    Kind.JPEG: _jpeg_ends,
}


# The whole, by a parser.


def _parsed(path: Path, kind: Kind) -> dict[str, int]:
    """What the parser's own process measured. Raises `Refused`, also where it gave no answer."""
    told = _ask_parser(path, kind)
    if "code" not in told:
        return told
    raise Refused(refuse(told["code"], **told["values"]))


def _ask_parser(path: Path, kind: Kind) -> dict[str, Any]:
    command = [sys.executable, "-s", "-B", "-m", "peerworks.files.parsing", kind.value]
    try:
        with path.open("rb") as file:
            done = subprocess.run(  # noqa: S603 - our own module, a fixed word
                command,
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=CHECKOUT,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                timeout=SECONDS,
                check=True,
            )
        told: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"code": "UPLOAD-BROKEN", "values": {}}
    return told
