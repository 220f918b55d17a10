"""The directory of the staff."""

import uuid

from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.agencies.models import Program
from peerworks.web.pages import form_page, paginate
from providers.forms import SearchForm
from providers.queries import directory
from providers.views.rows import today


@require(Permission.VIEW_DIRECTORY)
@require_http_methods(["GET", "HEAD", "POST"])
def provider_list(request):
    """The staff: filtered by ids in the address, searched for by name with a POST that writes nothing."""
    form = SearchForm(request.POST or None, auto_id="id_search_%s")
    text = form.values["text"] if form.is_bound and form.is_valid() else ""
    program = _program(request)
    chosen = request.GET.get("show", "")
    rows = directory(
        by=request.member,
        on=today(request),
        program=program,
        text=text,
        former=chosen == "former",
    )
    if chosen == "cannot-bill":
        rows = [each for each in rows if each.can_bill is False]
    page = paginate(request, rows, per_page=max(len(rows), 1) if text else 50)
    is_narrowed = bool(text or program or chosen)
    context = _context(request, program, chosen) | {
        "page": page,
        "text": text,
        "is_narrowed": is_narrowed,
    }
    return form_page(request, "providers/provider_list.html", form, context)


def _program(request):
    try:
        return uuid.UUID(request.GET.get("program", ""))
    except ValueError:
        return None


def _context(request, program, chosen):
    return {
        "page_title": _("Staff"),
        "programs": Program.objects.order_by("name", "pk"),
        "program": program,
        "show": chosen,
        "knows_certificates": request.member.may(Permission.VIEW_CREDENTIAL),
        "knows_standing": request.member.may(Permission.VIEW_STANDING),
        "may_add": request.member.may(Permission.MANAGE_EMPLOYMENT),
        "keeps_kinds": request.member.may(Permission.MANAGE_AGENCY),
    }
