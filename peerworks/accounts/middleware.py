"""One transaction round a request, inside the member's agency; what was seen and denied is kept."""

import logging
import uuid

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from peerworks.accounts.access import is_script
from peerworks.accounts.arrival import arrive
from peerworks.accounts.queries import DEVICE_DAYS
from peerworks.accounts.requests import device_of
from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.web import errors
from peerworks.web.pages import with_next

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
DENIED = {403, 404}
logger = logging.getLogger(__name__)


class LanguageMiddleware(MiddlewareMixin):
    """The signed-in user's own language over the browser's; what a visitor chose is in a cookie."""

    def process_request(self, request):
        """Activate the user's language for this request."""
        user = request.user
        if user.is_authenticated and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()


class FactorMiddleware(MiddlewareMixin):
    """Outside the demonstration nobody gets further than to their second factor without it.

    Where none is set up: the page that does. Where one is, and this session was begun before it: the
    page that asks for it. Views on the way there and out are marked `before_factor`.
    """

    def process_view(self, request, view, args, kwargs):
        """Lead there, before the view has done anything."""
        found = getattr(request, "sign_in", None)
        if found is None or found.is_past_factor or getattr(view, "before_factor", False):
            return None
        url = reverse("accounts:step-up" if found.has_factor else "accounts:factor-add")
        if is_script(request):
            return HttpResponse(status=401, headers={"HX-Redirect": url})
        back = request.get_full_path() if request.method == "GET" else ""
        return HttpResponseRedirect(with_next(url, back))


class AgencyMiddleware:
    """Sets session, agency and member (see `arrival`), opens the transaction, and writes views and denials.

    The innermost middleware. A GET's transaction is READ ONLY: the database refuses a write that a
    view forgot. An answer of 400 and above, or an exception, rolls back; what stands in `afterwards`
    is done all the same (a failed sign-in is kept). Views are recorded before the answer leaves; if
    that fails, 503 and nothing of the record.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.reference = str(uuid.uuid4())
        request.seen, request.after_view, request.afterwards = [], [], []
        request.broke = False
        arrive(request)
        user_id = request.user.pk if request.user.is_authenticated else None
        agency_id, device = getattr(request.agency, "pk", None), device_of(request)
        with acting_for(agency_id, user_id, request.reference, device):
            response = self._answer(request)
            for each in request.afterwards:
                each()
            response = self._keep(request, response)
        _mark_device(request, response)
        return response

    def _answer(self, request):
        with transaction.atomic():
            if request.method in SAFE:
                connection.cursor().execute("SET TRANSACTION READ ONLY")
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response = response.render()
            if request.broke or response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def _keep(self, request, response):
        if request.agency is None or request.resolver_match is None:
            return response
        if response.status_code in DENIED:
            trail.record_denial(
                by=request.user,
                status=response.status_code,
                url_name=request.resolver_match.view_name[:64],
            )
        elif response.status_code < 400 and (request.seen or request.after_view):
            return self._record_views(request, response)
        return response

    def _record_views(self, request, response):
        try:
            with transaction.atomic():
                trail.record_views(request.seen, by=request.user)
                for each in request.after_view:
                    each()
        except DatabaseError:
            logger.exception("a view could not be recorded, request %s", request.reference)
            return errors.unavailable(request)
        return response

    def process_view(self, request, view, args, kwargs):
        """A form made for another agency answers 409, and nothing is written."""
        if request.method in SAFE or request.agency is None or getattr(view, "any_agency", False):
            return None
        told = request.POST.get("form_agency") or request.headers.get("X-Agency", "")
        if told != str(request.agency.pk):
            return errors.conflict(request)
        return None

    def process_exception(self, request, exception):
        """Remember, so that the transaction is rolled back."""
        request.broke = True


def _mark_device(request, response):
    token = getattr(request, "new_device_token", "")
    if token:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            token,
            max_age=DEVICE_DAYS * 24 * 60 * 60,
            httponly=True,
            secure=not settings.PEERWORKS_DEMO,
            samesite="Lax",
        )
