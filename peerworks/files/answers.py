"""The answer that gives a stored file: always a download, checked bytes, nothing a browser would run."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from peerworks.audit.trail import Seen
from peerworks.files import storage
from peerworks.files.models import StoredFile
from peerworks.web import errors

log = logging.getLogger(__name__)

_TYPES = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg"}
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


def download(request: HttpRequest, stored: StoredFile, *, action: str) -> HttpResponse:
    """The file, to be saved under its name. That it was opened is in the trail before it leaves.

    The caller has asked who may open it. Bytes that are gone or changed are never served: the answer
    is our fault, and the log names the file.
    """
    try:
        data = storage.content(stored)
    except storage.Unreadable as error:
        log.error("File %s cannot be read: %s", stored.pk, error)
        return errors.server_error(request)
    request.seen.append(Seen(action, stored._meta.label_lower, str(stored.pk)))  # type: ignore[attr-defined]
    name = content_disposition_header(as_attachment=True, filename=stored.name) or "attachment"
    response = HttpResponse(data, content_type=_TYPES[stored.kind], headers=_HEADERS)
    response["Content-Disposition"] = name
    return response
