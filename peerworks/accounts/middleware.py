"""One transaction round a request, inside the member's agency; what was seen and denied is kept."""

import logging
import uuid

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from peerworks.accounts.queries import memberships_of
from peerworks.accounts.requests import device_of
from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.web import errors

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


class AgencyMiddleware:
    """Sets the active agency, opens the transaction, and writes views and denials.

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
        request.memberships = memberships_in_force(request)
        request.member = choose_member(request)
        request.agency = request.member.agency if request.member else None
        user_id = request.user.pk if request.user.is_authenticated else None
        agency_id, device = getattr(request.agency, "pk", None), device_of(request)
        with acting_for(agency_id, user_id, request.reference, device):
            response = self._answer(request)
            for each in request.afterwards:
                each()
            return self._keep(request, response)

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


def memberships_in_force(request):
    """The memberships of who is signed in, with their agencies: the one question a request asks.

    The menu of the shell knows from them whether there is another agency to change to.
    """
    if not request.user.is_authenticated:
        return []
    with acting_for(None, request.user.pk), transaction.atomic():
        return list(memberships_of(request.user))


def choose_member(request):
    """The membership that this request acts as: the session's agency, checked each time, or the only one.

    None for visitors, for users without a membership in force, and while several are there and none
    is chosen.
    """
    found = request.memberships
    chosen = request.session.get("agency_id") if found else None
    for each in found:
        if str(each.agency_id) == chosen:
            return each
    return found[0] if len(found) == 1 else None
