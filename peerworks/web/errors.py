"""Answers to what cannot be answered: generic, in the reader's language, with a number to name.

The pages hold no version, no path and no sentence of an exception. The body of a 404 has not even a
number: it is the same bytes for an unknown address, an unknown id and another agency's record. The
number is in the header `X-Reference` of every error, in the log, and, with the whole request id, in
the audit trail.
"""

import logging
import secrets

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation

from peerworks.agencies.context import acting

log = logging.getLogger(__name__)

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U: read out on the telephone
_LENGTH = 8


def reference_of(request: HttpRequest) -> str:
    """The number of this request: eight characters made from its id, so that both lead to each other.

    A request that failed before it got an id has a number of its own.
    """
    known = getattr(request, "error_reference", "")
    if not known:
        known = short_reference(_request_id(request)) or _code(secrets.randbits(40))
        request.error_reference = known  # type: ignore[attr-defined]
    return known


def _request_id(request: HttpRequest) -> str:
    return getattr(request, "reference", "") or acting.get().request_id


def short_reference(request_id: str) -> str:
    """The short number for a request id (a UUID); "" for anything else."""
    digits = request_id.replace("-", "")[-10:]
    try:
        return _code(int(digits, 16)) if len(digits) == 10 else ""
    except ValueError:
        return ""


def _code(bits: int) -> str:
    letters = [_LETTERS[(bits >> (5 * place)) & 31] for place in range(_LENGTH)]
    text = "".join(reversed(letters))
    return f"{text[:4]}-{text[4:]}"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: signed in, but the role does not include the page."""
    return _answer(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a page that was open while somebody signed in anew."""
    return _answer(request, 403, template="403_csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: the same bytes whatever was asked for."""
    return _answer(request, 404)


def conflict(request: HttpRequest) -> HttpResponse:
    """The answer to a form that was made for another agency or an older version."""
    return _answer(request, 409)


def too_long(request: HttpRequest) -> HttpResponse:
    """The answer to a form that is longer than any page takes; most of it was never read."""
    return _answer(request, 413)


def too_many(request: HttpRequest) -> HttpResponse:
    """handler429: tried too often. A form that counts its tries says so itself, with its own words."""
    response = _answer(request, 429)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500. Uses no database and no context processor, and cannot fail itself."""
    return _answer(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer when, for instance, the trail of who viewed a record cannot be written."""
    response = _answer(request, 503)
    response["Retry-After"] = "60"
    return response


def _answer(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    reference = reference_of(request)
    log.info("Answered %s, reference %s", status, reference)
    response = _body(request, status, template or f"{status}.html", reference)
    response["X-Reference"] = reference
    response["Cache-Control"] = "no-store"
    return response


def _body(request: HttpRequest, status: int, template: str, reference: str) -> HttpResponse:
    shown = "" if status == 404 else reference
    if wants_json(request):
        return JsonResponse({"error": status, "reference": shown}, status=status)
    try:
        with translation.override(_language(request)):
            return HttpResponse(render_to_string(template, {"reference": shown}), status=status)
    except Exception:
        log.exception("The page for %s failed itself, reference %s", status, reference)
        return HttpResponse(f"Error {status}", status=status, content_type="text/plain")


def _language(request: HttpRequest) -> str:
    # What fails before the middleware has read it would else answer in that of the request before.
    return getattr(request, "LANGUAGE_CODE", "") or translation.get_language_from_request(request)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of ours asks and takes data only."""
    return request.headers.get("Accept", "") == "application/json"
