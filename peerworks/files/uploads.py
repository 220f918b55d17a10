"""Receiving files: streamed to the folder of files, each cut off where it is too long.

A view says `@takes_files`; `peerworks.files.middleware` then reads its form before the transaction
opens, with the handler and the parser of this module. Memory stays flat, whatever is sent.
"""

import hashlib
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import ImmutableList, MultiValueDict

from peerworks.files import storage
from peerworks.files.limits import MOST_BYTES, MOST_NAME

log = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Mark a view whose form holds files: longer requests are read for it, from who is signed in."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class Received(UploadedFile):
    """A file as it came: its bytes are at `path` until the end of the request.

    `told_name` is its name as it was sent, `is_cut` that more came than was kept, `is_lost` that it
    could not be written.
    """

    def __init__(self, told_name: str, file: Any, size: int, sha256: str, *, is_lost: bool) -> None:
        super().__init__(file, "upload", "", size)
        self.path = Path(file.name)
        self.told_name, self.sha256 = told_name, sha256
        self.is_cut, self.is_lost = size > MOST_BYTES, is_lost


class Handler(FileUploadHandler):
    """Writes each file to the folder of files; what comes after ten megabytes is thrown away."""

    told_name = ""
    file: Any = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file of its own, readable by nobody else."""
        super().new_file(*args, **kwargs)
        self._size, self._is_lost, self._digest = 0, False, hashlib.sha256()
        # Closed, and so removed, with the request.
        self.file = tempfile.NamedTemporaryFile(dir=storage.incoming(), prefix="upload-")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what belongs to a file of the allowed size, count the rest."""
        fits = max(0, MOST_BYTES - self._size)
        self._size += len(raw_data)
        self._digest.update(raw_data[:fits])
        if fits and not self._is_lost:
            self._write(raw_data[:fits])

    def _write(self, data: bytes) -> None:
        try:
            self.file.write(data)
        except OSError as error:
            log.error("An upload could not be written: %s", type(error).__name__)
            self._is_lost = True

    def file_complete(self, file_size: int) -> Received:
        """The file as forms get it."""
        try:
            self.file.flush()
        except OSError:
            self._is_lost = True
        told, digest = self.told_name, self._digest.hexdigest()
        return Received(told, self.file, self._size, digest, is_lost=self._is_lost)

    def upload_interrupted(self) -> None:
        """The sender broke off in the middle of a file, or the form is not read to its end."""
        if self.file is not None:
            self.file.close()


class Parser(MultiPartParser):
    """Django's own, which remembers each name as it was sent: it cleans what we want to refuse."""

    def __init__(self, meta: Any, data: Any, handler: Handler, encoding: str | None) -> None:
        handlers: ImmutableList[Any] = ImmutableList([handler])
        super().__init__(meta, data, handlers, encoding)  # type: ignore[arg-type]
        self._handler = handler

    def sanitize_file_name(self, file_name: str) -> str | None:
        """A name for Django; ours is on the handler, long ones cut after what is too long."""
        self._handler.told_name = file_name[: MOST_NAME + 1]
        return super().sanitize_file_name(file_name) or "unnamed"


def read_form(request: HttpRequest) -> None:
    """Read the whole form now, so that `request.POST` and `request.FILES` are there.

    Raises what Django raises for a form that cannot be read.
    """
    handler = Handler(request)
    request.upload_handlers = [handler]

    def parse(meta: Any, data: Any) -> "tuple[QueryDict, MultiValueDict[str, UploadedFile]]":
        return Parser(meta, data, handler, request.encoding).parse()

    request.parse_file_upload = parse  # type: ignore[assignment,method-assign]
    try:
        request.POST  # noqa: B018 - reads and keeps it
    except BaseException:
        handler.upload_interrupted()
        raise
