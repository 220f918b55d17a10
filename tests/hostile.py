"""Files that somebody could send instead of a certificate, each made here, and good ones beside them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, PngImagePlugin

from peerworks.files.limits import MOST_BYTES, MOST_PAGES

PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
SCRIPT = b"<html><script>alert(1)</script></html>"


# Good ones.


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **options) -> bytes:
    """A small picture with something to see."""
    drawn = Image.new("RGB", size, "white")
    ImageDraw.Draw(drawn).rectangle((8, 8, size[0] // 2, size[1] // 2), outline="green")
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **saving) -> bytes:
    """A PDF of empty pages, changed before it is written."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    if change is not None:
        change(made)
    out = io.BytesIO()
    made.save(out, deterministic_id="encryption" not in saving, **saving)
    return out.getvalue()


def archive(name: str = "inside.txt") -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, "made up")
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A part of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, data: bytes = b"", *parts: bytes) -> bytes:
    """A PNG of grey dots, one bit each, as its parts say; `data` are the lines."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(data, 9))
    return PNG_BEGINS + chunk(b"IHDR", head) + b"".join(parts) + body + chunk(b"IEND", b"")


def with_comment(jpeg: bytes, text: bytes) -> bytes:
    """A JPEG with a remark at its beginning."""
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + jpeg[2:]


# PDFs that do something.


def acting(action: Dictionary) -> bytes:
    """Does something when it is opened."""

    def change(made):
        made.Root.OpenAction = action

    return pdf(change=change)


def annotated(**entries) -> bytes:
    """Has a place on its page that one can press."""

    def change(made):
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        made.pages[0].Annots = Array([made.make_indirect(note)])

    return pdf(change=change)


def _named_script(made):
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


def _page_action(made):
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.Print))


def _attachment(made):
    made.attachments["made-up.txt"] = b"made up"


def _form_of_xml(made):
    made.Root.AcroForm = Dictionary(Fields=Array(), XFA=String("<xdp/>"))


def _hidden_deep(made):
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    made.Root.Outlines = Dictionary(
        First=Dictionary(A=Dictionary(S=Name.URI, Next=Array([script])))
    )


def _big_picture(made):
    stream = pikepdf.Stream(
        made, b"", Type=Name.XObject, Subtype=Name.Image, Width=90_000, Height=90_000
    )
    made.pages[0].Resources = Dictionary(XObject=Dictionary(P=stream))


def _page_that_holds_itself(made):
    made.Root.Pages.Kids.append(made.Root.Pages)


def xref_loop() -> bytes:
    """Its table of places says that the one before is itself."""
    made = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    place = int(made.rsplit(b"startxref", 1)[1].split()[0])
    return made.replace(b"trailer <<", b"trailer << /Prev %d" % place, 1)


def swelling_objects(megabytes: int = 600) -> bytes:
    """Objects stand in a stream that swells a thousandfold when it is read."""
    squeezer = zlib.compressobj(9)
    first = b"2 0 << /Type /Pages /Count 1 /Kids [3 0 R] >> "
    squeezed = squeezer.compress(b"2 0 " + first[4:])
    for _ in range(megabytes):
        squeezed += squeezer.compress(b" " * 1024 * 1024)
    squeezed += squeezer.flush()
    parts, places = [b"%PDF-1.5\n"], {}

    def add(number: int, text: bytes) -> None:
        places[number] = sum(map(len, parts))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, text))

    add(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    add(3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")
    add(4, b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(squeezed), squeezed))  # fmt: skip
    places[5] = sum(map(len, parts))
    rows = [
        (0, 0, 0),
        (1, places[1], 0),
        (2, 4, 0),
        (1, places[3], 0),
        (1, places[4], 0),
        (1, places[5], 0),
    ]
    table = b"".join(struct.pack(">BIB", *each) for each in rows)
    add(5, b"<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream"
        % (len(table), table))  # fmt: skip
    return b"".join(parts) + b"startxref\n%d\n%%%%EOF\n" % places[5]


def nested(depth: int = 200_000) -> bytes:
    """A list in a list in a list."""
    made = pdf(
        change=lambda each: each.Root.__setitem__("/Deep", Array([])), compress_streams=False
    )
    return made.replace(b"/Deep [ ]", b"/Deep " + b"[" * depth + b"]" * depth)


LOCKED = pikepdf.Encryption(owner="made-up", user="made-up")
HALF_LOCKED = pikepdf.Encryption(owner="made-up", user="")
JPEG = picture("JPEG", (600, 400))


@dataclass(frozen=True)
class Hostile:
    """One file: what it is, the name that it comes with, how it is made, and what is said of it."""

    what: str
    name: str
    make: Callable[[], bytes]
    said: str


DAMAGED = "is damaged and cannot be read"
MIXED = "Something else is hidden in this file"
SCRIPTED, ACTS, STARTS = (
    "contains a script",
    "contains an action that runs",
    "opens another program or file",
)
MEDIA = "contains sound, film or a model"

HOSTILE = (
    Hostile("nothing", "card.pdf", lambda: b"", "The file is empty"),
    Hostile("too big", "card.pdf", lambda: b"%PDF-" + bytes(MOST_BYTES), "larger than 10 MB"),
    # Other kinds, whatever their name says.
    Hostile("renamed executable", "card.pdf", lambda: b"MZ\x90\0" + bytes(400), "This is a program"),
    Hostile("renamed ELF", "card.png", lambda: b"\x7fELF" + bytes(400), "This is a program"),
    Hostile("shell script", "card.jpg", lambda: b"#!/bin/sh\nrm -rf x\n", "This is a program"),
    Hostile("GIF", "card.gif", lambda: picture("GIF"), "This is a GIF picture"),
    Hostile("GIF as PNG", "card.png", lambda: picture("GIF"), "This is a GIF picture"),
    Hostile("TIFF", "card.tiff", lambda: picture("TIFF"), "This is a TIFF picture"),
    Hostile("WebP", "card.webp", lambda: picture("WEBP"), "This is a WebP picture"),
    Hostile("HEIC", "card.heic", lambda: b"\0\0\0\x18ftypheic" + bytes(90), "This is a HEIC picture"),
    Hostile("BMP", "card.jpg", lambda: picture("BMP"), "This is a file of another kind"),
    Hostile("SVG", "card.svg", lambda: b'<svg onload="alert(1)"/>', "This is an SVG drawing"),
    Hostile("SVG with a head", "card.png", lambda: b'<?xml version="1.0"?>\n<svg/>', "an SVG drawing"),
    Hostile("HTML as PDF", "card.pdf", lambda: SCRIPT, "This is a web page"),
    Hostile("ZIP", "card.zip", archive, "This is an archive or an office document"),
    Hostile("office document", "card.pdf", lambda: archive("word/a.xml"), "an office document"),
    Hostile("words", "card.pdf", lambda: b"I am certified.\n", "This is a file of another kind"),
    Hostile("PNG called PDF", "card.pdf", picture, "ends in .pdf, but the content is PNG"),
    Hostile("PDF called JPEG", "card.jpeg", pdf, "ends in .jpeg, but the content is PDF"),
    # Names.
    Hostile("double extension", "card.pdf.exe", pdf, "ends in .exe, but the content is PDF"),
    Hostile("a program inside", "card.exe.pdf", pdf, "contains the ending of a program"),
    Hostile("path", "../../../etc/cron.d/card.pdf", pdf, "The file name contains a path"),
    Hostile("path of Windows", "C:\\Users\\me\\card.pdf", pdf, "The file name contains a path"),
    Hostile("only a path", "..", pdf, "The file name contains a path"),
    Hostile("long name", f"{'n' * 400}.pdf", pdf, "more than 200 characters"),
    Hostile("NUL in the name", "card.pdf\0.exe", pdf, "The file name contains hidden characters"),
    Hostile("line in the name", "card\n.pdf", pdf, "The file name contains"),
    Hostile("name from right to left", "card\u202efdp.exe", pdf, "The file name contains hidden characters"),
    # PDFs.
    Hostile("script", "a.pdf", lambda: acting(Dictionary(S=Name.JavaScript, JS=String("x"))), SCRIPTED),
    Hostile("named script", "a.pdf", lambda: pdf(change=_named_script), SCRIPTED),
    Hostile("script deep inside", "a.pdf", lambda: pdf(change=_hidden_deep), SCRIPTED),
    Hostile("opening action", "a.pdf", lambda: acting(Dictionary(S=Name.Named, N=Name.Print)), ACTS),
    Hostile("page action", "a.pdf", lambda: pdf(change=_page_action), ACTS),
    Hostile("launch", "a.pdf", lambda: annotated(A=Dictionary(S=Name.Launch, F=String("a"))), STARTS),
    Hostile("other file", "a.pdf", lambda: annotated(A=Dictionary(S=Name.GoToR, F=String("a"))), STARTS),
    Hostile("script as link", "a.pdf",
            lambda: annotated(A=Dictionary(S=Name.URI, URI=String("javascript:x"))), STARTS),
    Hostile("sends a form", "a.pdf", lambda: annotated(A=Dictionary(S=Name.SubmitForm)), ACTS),
    Hostile("embedded file", "a.pdf", lambda: pdf(change=_attachment), "contains other files inside"),
    Hostile("XFA", "a.pdf", lambda: pdf(change=_form_of_xml), "contains a form that is a program"),
    Hostile("rich media", "a.pdf", lambda: annotated(Subtype=Name.RichMedia), MEDIA),
    Hostile("film", "a.pdf", lambda: annotated(Subtype=Name.Movie), MEDIA),
    Hostile("encrypted", "a.pdf", lambda: pdf(encryption=LOCKED), "The PDF is locked with"),
    Hostile("half encrypted", "a.pdf", lambda: pdf(encryption=HALF_LOCKED), "The PDF is locked with"),
    Hostile("51 pages", "a.pdf", lambda: pdf(MOST_PAGES + 1), "The PDF has 51 pages"),
    Hostile("no page", "a.pdf", lambda: pdf(0), "The PDF has 0 pages"),
    Hostile("truncated PDF", "a.pdf", lambda: pdf(9)[:-700], DAMAGED),
    Hostile("end without a middle", "a.pdf", lambda: pdf(9)[:500] + b"\n%%EOF\n", DAMAGED),
    Hostile("head alone", "a.pdf", lambda: b"%PDF-1.7\n%%EOF", DAMAGED),
    Hostile("xref loop", "a.pdf", xref_loop, DAMAGED),
    Hostile("page loop", "a.pdf", lambda: pdf(change=_page_that_holds_itself), DAMAGED),
    Hostile("swelling objects", "a.pdf", swelling_objects, DAMAGED),
    Hostile("nested lists", "a.pdf", nested, DAMAGED),
    Hostile("big picture inside", "a.pdf", lambda: pdf(change=_big_picture), "more than 160 megapixels"),
    Hostile("HTML with a head of PDF", "a.pdf", lambda: b"%PDF-1.4\n" + SCRIPT + b"%%EOF", MIXED),
    Hostile("PDF and HTML", "a.pdf", lambda: pdf() + SCRIPT, MIXED),
    Hostile("PDF and archive", "a.pdf", lambda: pdf() + archive(), MIXED),
    Hostile("PDF and program", "a.pdf", lambda: pdf() + b"MZ" + bytes(500) + b"x", MIXED),
    # Pictures.
    Hostile("image bomb", "b.png", lambda: png(60_000, 60_000), "more than 40 megapixels"),
    Hostile("41 megapixels", "b.png", lambda: png(6_400, 6_410, bytes(801 * 6_410)), "40 megapixels"),
    Hostile("41 megapixels of JPEG", "b.jpg", lambda: picture("JPEG", (6_400, 6_410)), "40 megapixels"),
    Hostile("swelling remark", "b.png",
            lambda: png(8, 8, bytes(16), chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(90_000_000)))),
            DAMAGED),
    Hostile("truncated PNG", "b.png", lambda: picture()[:-30], DAMAGED),
    Hostile("truncated JPEG", "b.jpg", lambda: JPEG[: len(JPEG) // 2], DAMAGED),
    Hostile("wrong sum", "b.png", lambda: picture().replace(b"IDAT", b"IDAT\x01", 1), DAMAGED),
    Hostile("no lines", "b.png", lambda: png(64, 64), DAMAGED),
    Hostile("moving picture", "b.png",
            lambda: picture(save_all=True, append_images=[Image.new("RGB", (64, 48))]), "moving picture"),
    Hostile("PNG and archive", "b.png", lambda: picture() + archive(), MIXED),
    Hostile("JPEG and archive", "b.jpg", lambda: picture("JPEG") + archive(), MIXED),
    Hostile("JPEG and HTML", "b.jpg", lambda: picture("JPEG") + SCRIPT, MIXED),
    Hostile("HTML in a JPEG", "b.jpg", lambda: with_comment(picture("JPEG"), SCRIPT), MIXED),
    Hostile("PDF in a JPEG", "b.jpg", lambda: with_comment(picture("JPEG"), b"%PDF-1.4"), MIXED),
    Hostile("HTML in a PNG", "b.png",
            lambda: png(8, 8, bytes(16), chunk(b"tEXt", b"a\0" + SCRIPT)), MIXED),
)  # fmt: skip


def _shows_a_page(made):
    made.Root.OpenAction = Array([made.pages[0].obj, Name.FitH, 0])


def _linked(made):
    link = Dictionary(S=Name.URI, URI=String("https://board.example/check"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=link)
    made.pages[0].Annots = Array([made.make_indirect(note)])


def _with_words() -> PngImagePlugin.PngInfo:
    words = PngImagePlugin.PngInfo()
    words.add_text("Title", "A certificate")
    return words


#: What comes through, and the name that it is kept under.
GOOD = (
    ("card.pdf", lambda: pdf(3), "card.pdf"),
    (
        "objects in streams.pdf",
        lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        None,
    ),
    ("fifty.pdf", lambda: pdf(MOST_PAGES), None),
    ("opens at a page.pdf", lambda: pdf(change=_shows_a_page), None),
    ("has a link.pdf", lambda: pdf(change=_linked), None),
    ("padded.pdf", lambda: pdf() + b"\r\n\0\0\0", None),
    ("card.png", picture, None),
    ("with words.png", lambda: picture(pnginfo=_with_words()), None),
    ("forty million.png", lambda: png(6_400, 6_250, bytes(800 * 6_250 + 6_250)), None),
    ("card.jpg", lambda: JPEG, None),
    ("CARD.JPEG", lambda: picture("JPEG", progressive=True, comment=b"made up"), None),
    ("two pictures.jpg", lambda: JPEG + JPEG, None),
    ("photo with film.jpg", lambda: JPEG + b"\0\0\0\x18ftypmp42" + bytes(90), None),
    ("padded.jpg", lambda: JPEG + bytes(40), None),
    ("photo", lambda: JPEG, "photo.jpg"),
    ("Certificación de Núñez (2026), 1 & 2.pdf", pdf, None),
    ("Certificacio\u0301n.pdf", pdf, "Certificación.pdf"),
    ("證書.pdf", pdf, None),
    ('the "real" one;x=1.pdf', pdf, None),
    (f"{'n' * 150}.pdf", pdf, f"{'n' * 115}….pdf"),
)


def form(
    boundary: str,
    fields: dict[str, str],
    files: list[tuple[str, bytes]],
    after: bytes = b"",
) -> bytes:
    """A form as a browser sends it, with names exactly as they are given, and a text after the files."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, data in files:
        told = name.replace("\\", "\\\\").replace('"', '\\"')
        head = f'Content-Disposition: form-data; name="evidence"; filename="{told}"'
        parts.append(f"--{boundary}\r\n{head}\r\nContent-Type: application/pdf\r\n\r\n".encode())
        parts += [data, b"\r\n"]
    if after:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\n'
        parts += [head.encode(), after, b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
