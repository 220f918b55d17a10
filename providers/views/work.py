"""One's own hours, as the ledger has them."""

import datetime as dt

from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.lib.periods import add_months
from peerworks.web.forms import FIRST_DAY
from providers.models import Provider
from providers.queries import month_of_work
from providers.views.rows import today


@require(Permission.VIEW_WORK)
@require_safe
def work_list(request):
    """The own hours of a month, day by day."""
    own = Provider.objects.filter(member=request.member).first()
    if own is None:
        return render(request, "providers/provider_none.html", {"page_title": _("My hours")})
    now = today(request).replace(day=1)
    month = _month(request, now)
    context = {
        "page_title": _("My hours"),
        "month": date_format(month, "YEAR_MONTH_FORMAT"),
        "work": month_of_work(own, month),
        "earlier": f"{add_months(month, -1):%Y-%m}",
        "later": f"{add_months(month, 1):%Y-%m}" if month < now else "",
    }
    return render(request, "providers/work_list.html", context)


def _month(request, now):
    """The month that the address asks for; this one where it names none that hours can be of."""
    try:
        asked = dt.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return now
    return asked if FIRST_DAY <= asked <= now else now
