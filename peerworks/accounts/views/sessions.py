"""Sessions: one's own, those of a member, how long they last, and what the page's script asks."""

import zoneinfo

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from peerworks.accounts import factors, operations, policies, queries
from peerworks.accounts.access import before_factor, public, require, signed_in
from peerworks.accounts.models import SignIn
from peerworks.accounts.roles import Permission
from peerworks.accounts.views.entering import any_agency
from peerworks.web.operations import run_operation
from peerworks.web.pages import by_script, paginate


def _local_page(request, template, context):
    """A page whose times are those of the agency."""
    with timezone.override(zoneinfo.ZoneInfo(request.agency.time_zone)):
        return render(request, template, context)


@require()
@require_safe
def session_list(request):
    """Where one is signed in: on which devices, since when, and when something was last done."""
    rows = queries.sessions_of(
        request.user,
        this_one=request.sign_in.id,
        at=timezone.now(),
        idle_minutes=request.agency.idle_minutes,
    )
    context = {"page_title": _("My sessions"), "rows": rows, "idle": request.agency.idle_minutes}
    return _local_page(request, "accounts/session_list.html", context)


@require()
@require_POST
def session_end(request, sign_in):
    """Sign out another device of one's own."""
    others = SignIn.objects.filter(user=request.user).exclude(pk=request.sign_in.id)
    found = get_object_or_404(others, pk=sign_in)
    run_operation(operations.end_own_sign_in, request=request, sign_in=found, by=request.user)
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:session-list")


@require()
@require_POST
def session_end_others(request):
    """Sign out all other devices of one's own."""
    result = run_operation(
        operations.end_other_sign_ins, request=request, by=request.user, but=request.sign_in.id
    )
    count = result.value or 0
    words = ngettext(
        "%(count)s other device is signed out.", "%(count)s other devices are signed out.", count
    )
    messages.success(request, words % {"count": count})
    return redirect("accounts:session-list")


# For administrators.


@require(Permission.MANAGE_MEMBERS)
@require_safe
def member_sessions_list(request):
    """The members, where they are signed in to this agency, and who has a second factor."""
    page = paginate(request, queries.members_by_name())
    context = {
        "page_title": _("Who is signed in"),
        "page": page,
        "rows": _rows(request, page.object_list),
    }
    return _local_page(request, "accounts/member_sessions_list.html", context)


@require(Permission.MANAGE_MEMBERS)
@require_safe
def member_sessions(request, pk):
    """One member's sessions and second factor, and what an administrator may do about them."""
    member = _member_or_404(pk)
    (row,) = _rows(request, [member])
    context = {
        "page_title": _("Sessions of a member"),
        "row": row,
        "reset_refusal": policies.refusal_to_reset_factor(
            member, request.member, has_factor=factors.app_of(member.user) is not None
        ),
    }
    return _local_page(request, "accounts/member_sessions.html", context)


def _rows(request, members):
    return queries.sessions_by_member(
        members,
        agency_id=request.agency.pk,
        at=timezone.now(),
        idle_minutes=request.agency.idle_minutes,
    )


def _member_or_404(pk):
    return get_object_or_404(queries.members_by_name(), pk=pk)


@require(Permission.MANAGE_MEMBERS)
@require_POST
def member_factor_reset(request, pk):
    """Take away the second factor of a member who lost it; they set up a new one at the next sign-in."""
    member = _member_or_404(pk)
    if run_operation(operations.reset_factor, request=request, member=member, by=request.member):
        messages.success(request, _("The second factor is reset. They are signed out everywhere."))
    return redirect("accounts:member-sessions", pk)


# For the page's script, and after it.


@by_script
@before_factor
@never_cache
@public
@require_safe
def session_left(request):
    """How long the session lasts from now, without making it longer; 401 where there is none."""
    found = request.sign_in
    if found is None:
        return JsonResponse({}, status=401)
    return JsonResponse(
        {"seconds": found.seconds, "is_last": found.is_last, "user": str(request.user.pk)}
    )


@before_factor
@any_agency
@never_cache
@public
@require_POST
def session_extend(request):
    """Somebody pressed a key or clicked: the session goes on. The request itself is what extends it."""
    found = request.sign_in
    if found is None:
        return JsonResponse({}, status=401)
    return JsonResponse({"seconds": found.seconds, "is_last": found.is_last})


@never_cache
@signed_in
@require_safe
def signed_in_again(request) -> HttpResponse:
    """Where a second tab ends after a sign-in over a page that was kept: go back to that page."""
    return render(request, "accounts/signed_in_again.html", {"page_title": _("You are signed in")})
