"""The first page, signing in to the demonstration, and Today."""

import zoneinfo
from functools import partial

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from peerworks.accounts.access import public, require
from peerworks.home.operations import weigh_unbilled
from peerworks.home.queries import cards, today_of
from peerworks.notices.store import stored_mails
from peerworks.web.pages import paginate, safe_next


@public
@never_cache
@require_safe
def start(request):
    """`/` without the demonstration: Today for who is signed in, else the sign-in page."""
    return redirect("home:today" if request.user.is_authenticated else "account_login")


@public
@never_cache
@require_safe
def person_list(request):
    """`/` in the demonstration: the nine people, one of whom the visitor may be."""
    if not settings.PEERWORKS_DEMO:
        return start(request)
    context = {
        "page_title": _("Who do you want to be?"),
        "people": cards.person_cards(),
        "next": request.GET.get("next", ""),
    }
    return render(request, "home/person_list.html", context)


@public
@never_cache
@require_POST
def sign_in(request, who):
    """Sign in as one of the nine, without a password.

    404 outside the demonstration, for an unknown name, and where the person's agency is not marked
    as made up: nobody real is ever entered this way.
    """
    member = cards.made_up_member(who) if settings.PEERWORKS_DEMO else None
    if member is None:
        raise Http404
    login(request, member.user)
    request.session["agency_id"] = str(member.agency_id)
    return redirect(safe_next(request, "home:today"))


@require()
@require_safe
def mail_list(request):
    """What the demonstration would have mailed for this agency: nothing of it left the machine."""
    if not settings.PEERWORKS_DEMO:
        raise Http404
    page = paginate(request, stored_mails(request.agency.pk), 20)
    return render(request, "home/mail_list.html", {"page_title": _("Sent mail"), "page": page})


# The form belongs to no agency: it may be sent while another person of another agency is signed in.
sign_in.any_agency = True


@never_cache
@require_safe
def today(request):
    """What is due today, for all roles of the reader together; members of several agencies choose first."""
    if request.user.is_authenticated and request.member is None:
        return redirect("accounts:agency-list")
    return _today(request)


@require()
def _today(request):
    zone = zoneinfo.ZoneInfo(request.agency.time_zone)
    with timezone.override(zone):
        now = timezone.localtime()
        on = now.date()
        weigh = partial(weigh_unbilled, by=request.member, on=on)
        page = today_of(request.member, on=on, now=now, weigh=weigh)
        request.seen.extend(page.seen)
        context = {"page_title": page.greeting, "on": on, "page": page}
        return render(request, "home/today.html", context)


today.needs = ()  # type: ignore[attr-defined]
