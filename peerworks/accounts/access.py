"""What the signed-in member may do: on a page, and across agencies."""

from collections.abc import Iterator
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse

from peerworks.accounts.roles import Permission
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency


def has_permission(member, permission: Permission) -> bool:
    """Whether a member (or None, for nobody) holds a permission in any scope."""
    return member is not None and member.may(permission)


def require(*permissions: Permission):
    """A page for members who hold all these permissions, and with none named, for any member.

    Nobody signed in: the sign-in page, and 401 for a part of a page that htmx asks for, which then
    asks to sign in over it. A member without the permission: 403. The permissions stand on the view
    as `needs`, so that tests can walk all pages.
    """

    def wrap(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not may_open(request, permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs = permissions  # type: ignore[attr-defined]
        return guarded

    return wrap


def _to_sign_in(request):
    # A redirect would be followed by the script: the sign-in page inside the page.
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def may_open(request, permissions) -> bool:
    """Whether the request's member may open a page that needs these permissions."""
    member = request.member
    return member is not None and all(has_permission(member, each) for each in permissions)


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
