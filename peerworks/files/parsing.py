"""Reads one hostile file, in a process of its own: `python -m peerworks.files.parsing KIND < file`.

The process may use little memory and little time, writes no file and knows no database; if a parser
hangs, swells or dies here, nothing else does. It answers with one line of JSON: what it measured, or
why the file is not kept. No answer means that the file could not be read. Knows nothing of Django.
"""

import json
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from peerworks.files.limits import MOST_MEGAPIXELS, MOST_PAGES, MOST_PIXELS, MOST_PIXELS_ON_A_PAGE

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 6
_LIMITS = (
    (resource.RLIMIT_CPU, CPU_SECONDS),
    (resource.RLIMIT_AS, MEMORY),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
)

#: Keys of a dictionary, and values of its /S or /Subtype, that do something or carry something.
_ACTIVE_KEYS = {
    "/JS": "JAVASCRIPT",
    "/JavaScript": "JAVASCRIPT",
    "/AA": "ACTION",
    "/EF": "ATTACHMENT",
    "/EmbeddedFiles": "ATTACHMENT",
    "/Collection": "ATTACHMENT",
    "/XFA": "XFA",
    "/RichMedia": "MEDIA",
    "/RichMediaContent": "MEDIA",
}
_ACTIVE_NAMES = {
    "/JavaScript": "JAVASCRIPT",
    "/Launch": "LAUNCH",
    "/GoToR": "LAUNCH",
    "/GoToE": "LAUNCH",
    "/SubmitForm": "ACTION",
    "/ImportData": "ACTION",
    "/Rendition": "MEDIA",
    "/RichMedia": "MEDIA",
    "/RichMediaExecute": "MEDIA",
    "/Movie": "MEDIA",
    "/Sound": "MEDIA",
    "/3D": "MEDIA",
    "/FileAttachment": "ATTACHMENT",
}
_ADDRESSES = ("http:", "https:", "mailto:", "tel:")
_DEEPEST = 60


class Unfit(Exception):
    """Why the file is not kept: a reason code, and the values that its sentence needs."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def pdf(file: BinaryIO) -> dict[str, int]:
    """Pages of a PDF that shows pages and does nothing else. Raises Unfit."""
    import pikepdf

    try:
        document = pikepdf.open(file, attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Unfit("UPLOAD-LOCKED") from error
    with document:
        if document.is_encrypted:
            raise Unfit("UPLOAD-LOCKED")
        _refuse_what_acts(document)
        pages = len(document.pages)
    if not 1 <= pages <= MOST_PAGES:
        raise Unfit("UPLOAD-PAGES", pages=pages, most=MOST_PAGES)
    return {"pages": pages}


def _refuse_what_acts(document: Any) -> None:
    for each in [document.trailer, *document.objects]:
        for found in _dictionaries(each, 0):
            _look_at(found)
    root = document.Root
    if "/OpenAction" in root and not _only_shows_a_page(root["/OpenAction"]):
        raise Unfit("UPLOAD-ACTIVE", what="ACTION")


def _only_shows_a_page(action: Any) -> bool:
    """Whether it only says which page is shown first, as common makers of certificates write it."""
    import pikepdf

    if isinstance(action, pikepdf.Dictionary):
        return action.get("/S") == "/GoTo" and "/Next" not in action
    return isinstance(action, pikepdf.Array | pikepdf.Name | pikepdf.String)


def _dictionaries(value: Any, depth: int) -> Iterator[Any]:
    """Each dictionary in a value; what is an object of its own is found by the list of objects."""
    import pikepdf

    if depth > _DEEPEST:
        raise Unfit("UPLOAD-BROKEN")
    if isinstance(value, pikepdf.Stream):
        value = value.stream_dict
    if isinstance(value, pikepdf.Dictionary):
        yield value
        inner: Any = (each for _key, each in value.items())
    elif isinstance(value, pikepdf.Array):
        inner = value
    else:
        return
    for each in inner:
        if isinstance(each, pikepdf.Object) and not each.is_indirect:
            yield from _dictionaries(each, depth + 1)


def _look_at(dictionary: Any) -> None:
    keys = set(dictionary.keys())
    for key in keys & _ACTIVE_KEYS.keys():
        raise Unfit("UPLOAD-ACTIVE", what=_ACTIVE_KEYS[key])
    for key in keys & {"/S", "/Subtype"}:
        what = _ACTIVE_NAMES.get(str(dictionary[key]))
        if what:
            raise Unfit("UPLOAD-ACTIVE", what=what)
    if "/URI" in keys and "/S" in keys:
        _look_at_address(str(dictionary["/URI"]))
    if {"/Width", "/Height"} <= keys:
        if int(dictionary["/Width"]) * int(dictionary["/Height"]) > MOST_PIXELS_ON_A_PAGE:
            raise Unfit("UPLOAD-PIXELS", most=MOST_PIXELS_ON_A_PAGE // 1_000_000)


def _look_at_address(address: str) -> None:
    if ":" in address and not address.strip().lower().startswith(_ADDRESSES):
        raise Unfit("UPLOAD-ACTIVE", what="LAUNCH")


def picture(file: BinaryIO, kind: str) -> dict[str, int]:
    """Width and height of one still picture that can be decoded to its end. Raises Unfit."""
    from PIL import Image

    # Pillow looks at the size before it decodes, and only warns up to twice as many dots.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(file, formats=(kind,)) as found:
            width, height = found.size
            found.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("UPLOAD-PIXELS", most=MOST_MEGAPIXELS) from error
    file.seek(0)
    with Image.open(file, formats=(kind,)) as found:
        if kind == "PNG" and getattr(found, "is_animated", False):
            raise Unfit("UPLOAD-KIND", found="MOVING")
        found.draft("L", (width // 8, height // 8))  # a JPEG is read to its end, into less memory
        found.load()
    return {"width": width, "height": height}


def read(file: BinaryIO, kind: str) -> dict[str, Any]:
    """What was measured, or `code` and `values` of why not."""
    try:
        return pdf(file) if kind == "PDF" else picture(file, kind)
    except Unfit as unfit:
        return {"code": unfit.code, "values": unfit.values}
    except Exception:  # whatever a parser stumbles over: the file is no such file
        return {"code": "UPLOAD-BROKEN", "values": {}}


def hold_back(limits: tuple[tuple[int, int], ...] = _LIMITS) -> None:
    """Give this process little of everything; what a system does not know is left."""
    for which, most in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


def main(kind: str, *, limit: Callable[[], None] = hold_back) -> None:
    """Read standard input as a file of a kind and say what it is."""
    limit()
    sys.stdout.write(json.dumps(read(sys.stdin.buffer, kind)))


if __name__ == "__main__":
    main(sys.argv[1])
