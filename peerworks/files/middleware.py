"""Looks at the length of a form before anything is read, and reads forms with files before the database.

Stands outside of the request's transaction: a slow telephone may send for minutes, and no transaction
waits for it. Afterwards, when that transaction has ended in whatever way, bytes without a row are
removed.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import Resolver404, resolve

from peerworks.files import storage, uploads
from peerworks.files.limits import MEGABYTE, MOST_REQUEST
from peerworks.web import errors

_LONG_NAME = "header size"
"""What Django says of a file whose name alone has more than a kilobyte."""
_BODIES = {"POST", "PUT", "PATCH", "DELETE"}
READ_ON_BYTES, READ_ON_SECONDS, _BLOCK = 256 * MEGABYTE, 20, 64 * 1024


class UploadMiddleware:
    """413 in our words for what is too long; a form with files is read here, in flat memory."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or read and go on."""
        if request.method not in _BODIES:
            return self.get_response(request)
        with_files = _takes_files(request)
        if _length(request) > (
            MOST_REQUEST if with_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        ):
            return _too_long(request)
        return self._with_files(request) if with_files else self.get_response(request)

    def _with_files(self, request: HttpRequest) -> HttpResponse:
        try:
            uploads.read_form(request)
        except RequestDataTooBig:
            return errors.too_long(request)
        except MultiPartParserError as error:
            if _LONG_NAME in str(error):
                return errors.too_long(request)
            raise
        except UnreadablePostError:
            return errors.bad_request(request)  # nobody reads it: the sender broke off
        with storage.tidied():
            return self.get_response(request)


def _takes_files(request: HttpRequest) -> bool:
    """Whether the page takes files, and from this person."""
    if request.method != "POST" or request.content_type != "multipart/form-data":
        return False
    try:
        view: Any = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "takes_files", False) and request.user.is_authenticated


def _length(request: HttpRequest) -> int:
    # Without a length nothing is read: Django takes the body for empty.
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _too_long(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        _read_on(request)
    return errors.too_long(request)


def _read_on(request: HttpRequest) -> None:
    """Throw away what still comes, within limits: a browser reads an answer when it has sent all."""
    left, until = min(_length(request), READ_ON_BYTES), time.monotonic() + READ_ON_SECONDS
    try:
        while left > 0 and time.monotonic() < until:
            block = request.read(min(left, _BLOCK))
            if not block:
                return
            left -= len(block)
    except UnreadablePostError:
        return
