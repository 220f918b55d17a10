"""What the signed-in member may do: on a page, and across agencies."""

from collections.abc import Iterator
from functools import cache, wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import get_resolver, get_urlconf, reverse

from peerworks.accounts.roles import Permission, asks_step_up
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.web.errors import wants_json
from peerworks.web.pages import page_before, with_next

STEP_UP_HEADER = "X-Step-Up"
"""On a 401: somebody is signed in, and the script of the page asks for the second factor."""


def has_permission(member, permission: Permission) -> bool:
    """Whether a member (or None, for nobody) holds a permission in any scope."""
    return member is not None and member.may(permission)


def require(*permissions: Permission):
    """A page for members who hold all these permissions, and with none named, for any member.

    Nobody signed in: the sign-in page, and 401 for a part of a page that a script asks for, which then
    asks to sign in over it. A member without the permission: 403. A member who holds one of them
    through starred roles only, without a second factor in the last ten minutes: the page that asks for
    it, before the view has done anything. The permissions stand on the view as `needs`, so that tests
    can walk all pages.
    """

    def wrap(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if not may_open(request, permissions):
                raise PermissionDenied
            if any(asks_step_up(request.member.roles, each) for each in permissions):
                if not stepped_up(request):
                    return to_step_up(request)
                request.asks_factor = True
            return view(request, *args, **kwargs)

        guarded.needs = permissions  # type: ignore[attr-defined]
        return guarded

    return wrap


def stepped_up(request) -> bool:
    """Whether the second factor was given in the last ten minutes; a sign-in with it counts."""
    return bool(getattr(request, "stepped_up", False))


def fresh_factor(view):
    """A page behind the second factor whatever the role: one's own factor and recovery codes."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not stepped_up(request):
            return to_step_up(request)
        return view(request, *args, **kwargs)

    return guarded


def signed_in(view):
    """A page for whoever is signed in, before an agency is chosen and without a membership."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.needs = None  # type: ignore[attr-defined]
    return guarded


def before_factor(view):
    """Mark a page that is there before a second factor is set up or given: what leads to it, and out."""
    view.before_factor = True
    return view


def to_sign_in(request):
    """To the sign-in page and back; 401 for a script, which would follow a redirect into the page."""
    if is_script(request):
        return HttpResponse(status=401)
    return redirect_to_login(_back(request) or request.get_full_path())


def to_step_up(request):
    """To the page that asks for the second factor, and back to the page that one was on."""
    url = reverse("accounts:step-up")
    if is_script(request):
        return HttpResponse(status=401, headers={STEP_UP_HEADER: url})
    return HttpResponseRedirect(with_next(url, _back(request)), status=303)


def _back(request) -> str:
    # What was sent is not sent again: one comes back to the page with the form.
    return request.get_full_path() if request.method in {"GET", "HEAD"} else page_before(request)


def is_script(request) -> bool:
    """Whether the answer goes to a script of the page: it gets a status, never a page or a redirect."""
    return request.headers.get("HX-Request") == "true" or wants_json(request)


def may_open(request, permissions) -> bool:
    """Whether the request's member may open a page that needs these permissions."""
    return _holds_all(request.member, permissions)


def may_visit(member, url_name: str) -> bool:
    """Whether a member (or None) may open the page of a name, by what stands on its view.

    So that a link that would be refused is never offered. Whose records the page then shows is
    another question: it may be an empty list.
    """
    needs = _needs_of(get_resolver(get_urlconf()), url_name)
    return needs is None or _holds_all(member, needs)


def _holds_all(member, permissions) -> bool:
    return member is not None and all(has_permission(member, each) for each in permissions)


@cache
def _needs_of(resolver, url_name):
    return getattr(resolver.resolve(reverse(url_name)).func, "needs", None)


def public(view):
    """Mark a page that asks for no member: health, sign-in, the demonstration's first page."""
    view.needs = None
    return view


def across_agencies(*, by, reason: str) -> Iterator[Agency]:
    """Each agency in turn, with its context set and a transaction open: for commands and ticks.

    Nothing bypasses the wall: one agency is set after the other. `reason` says in the code why it
    is asked; what is done inside writes its own events.
    """
    for agency in Agency.objects.order_by("slug"):
        with acting_for(agency.pk, getattr(by, "pk", None)), transaction.atomic():
            yield agency
