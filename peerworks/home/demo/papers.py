"""Made-up certificates as files, drawn here, so that whoever verifies has something to open.

They go the way of every upload: examined, then stored. Each says that it is made up.
"""

import datetime as dt
import hashlib
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from peerworks.files import storage
from peerworks.files.sniff import Examined, examine
from peerworks.home.demo.founding import House
from providers.models import Credential
from providers.operations import add_evidence

_GREEN, _INK, _PAPER, _PALE = "#0d5f57", "#1d2a2b", "#fffdf6", "#c9d8d3"
_DAY = dt.timedelta(days=1)
#: Whose certificate, by its number; the name of the file, how it is drawn, uploaded so many days ago.
_PAPERS: tuple[tuple[str, str, str, str, int], ...] = (
    ("unverified-peer", "DEMO-GA-3", "certificate-front.png", "PNG", 3),
    ("unverified-peer", "DEMO-GA-3", "letter-of-the-board.pdf", "PDF", 3),
    ("initial-peer", "DEMO-TX-7", "certificado.jpg", "JPEG", 1),
)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A file as if it had been received."""

    path: Path
    told_name: str
    size: int
    sha256: str
    is_cut: bool = False


def prove(house: House, now: dt.datetime) -> None:
    """Evidence for the certificates that wait to be verified, uploaded by their holders."""
    for who, number, name, kind, ago in _PAPERS:
        holder = house.providers[who]
        held = Credential.objects.select_related("kind").get(provider=holder, number=number)
        lines = _lines(held, holder.name)
        data = _DRAWN_AS[kind](lines)
        with tempfile.NamedTemporaryFile(dir=storage.incoming(), prefix="made-up-") as file:
            file.write(data)
            file.flush()
            add_evidence(
                credential=held,
                files=[_examined(Path(file.name), name, data)],
                by=house.members[who],
                at=now - ago * _DAY,
            )


def _examined(path: Path, name: str, data: bytes) -> Examined:
    return examine(_Drawn(path, name, len(data), hashlib.sha256(data).hexdigest()))


def _lines(held: Credential, name: str) -> list[str]:
    until = "no end" if held.expires_on is None else held.expires_on.isoformat()
    return [
        held.kind.label_en,
        name,
        f"Number {held.number}",
        f"Valid {held.valid_from.isoformat()} through {until}",
        "MADE UP FOR THE DEMONSTRATION",
    ]


def _picture(lines: list[str]) -> Image.Image:
    """A card with a frame, a seal and the lines."""
    drawn = Image.new("RGB", (900, 560), _PAPER)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((16, 16, 883, 543), outline=_GREEN, width=6)
    pen.rectangle((30, 30, 869, 529), outline=_PALE, width=2)
    pen.ellipse((720, 390, 830, 500), outline=_GREEN, width=5)
    pen.ellipse((738, 408, 812, 482), outline=_PALE, width=4)
    for row, (text, size) in enumerate(zip(lines, (36, 46, 28, 28, 22), strict=True)):
        ink = _GREEN if row in {0, 4} else _INK
        pen.text((70, 80 + row * 84), text, fill=ink, font=ImageFont.load_default(size))
    return drawn


def _png(lines: list[str]) -> bytes:
    out = io.BytesIO()
    _picture(lines).quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _jpeg(lines: list[str]) -> bytes:
    """As a telephone would take it: a little askew, on a table."""
    out = io.BytesIO()
    turned = _picture(lines).rotate(1.5, expand=True, fillcolor="#7d6a55")
    turned.save(out, "JPEG", quality=60)
    return out.getvalue()


def _pdf(lines: list[str]) -> bytes:
    """A letter with the lines as text."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(612, 792))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    rows = "".join(f"({_escaped(each)}) Tj 0 -34 Td " for each in lines)
    page.obj.Contents = made.make_stream(f"BT /F1 18 Tf 72 680 Td {rows} ET".encode("latin-1"))
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


_DRAWN_AS: dict[str, Callable[[list[str]], bytes]] = {"PNG": _png, "JPEG": _jpeg, "PDF": _pdf}
