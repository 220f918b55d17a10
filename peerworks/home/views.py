"""The first page, signing in to the demonstration, and Today."""

import datetime as dt
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

from peerworks.accounts.access import before_factor, public, require
from peerworks.accounts.models import Theme
from peerworks.accounts.queries import members_with
from peerworks.accounts.roles import RoleName
from peerworks.home import helping
from peerworks.home.demo import gallery
from peerworks.home.operations import weigh_unbilled
from peerworks.home.queries import cards, today_of
from peerworks.home.shortcuts import shortcuts_for
from peerworks.notices.store import stored_mails
from peerworks.web.pages import paginate, safe_next

STATEMENT_REVIEWED_ON = dt.date(2026, 11, 27)
"""When the accessibility statement was last held against the product."""


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
        context = {
            "page_title": page.greeting,
            "on": on,
            "page": page,
            "help_cards": helping.cards_on_today(request.member),
        }
        return render(request, "home/today.html", context)


today.needs = ()  # type: ignore[attr-defined]


@require()
@require_safe
def help_page(request):
    """How to do what one's roles do, and the keys that lead somewhere."""
    context = {
        "page_title": _("Help"),
        "chapters": helping.chapters_for(request.member),
        "shortcuts": shortcuts_for(request),
        "is_on_today": request.user.shows_help,
    }
    return render(request, "home/help.html", context)


@before_factor
@public
@require_safe
def statement(request):
    """How accessible the product is, how that is tested, what is missing, and whom to ask."""
    context = {
        "page_title": _("Accessibility"),
        "reviewed_on": STATEMENT_REVIEWED_ON,
        "helpers": members_with(RoleName.ADMINISTRATOR) if _is_inside(request) else [],
    }
    return render(request, "home/statement.html", context)


def _is_inside(request):
    # Whom to ask is named to members, after their second factor.
    return request.member is not None and request.sign_in.is_past_factor


@public
@require_safe
def component_list(request):
    """For developers: every component in each of its states, light or dark."""
    if not settings.PEERWORKS_DEMO:
        raise Http404
    mode = request.GET.get("mode", "").upper()
    request.theme = mode if mode in Theme.values else ""
    context = {
        "page_title": _("Components"),
        "components": gallery.components(request),
        "example": gallery.example_form(),
        "modes": [(value.lower(), label) for value, label in Theme.choices],
    }
    return render(request, "home/component_list.html", context)
