"""The kinds of certification that the agency keeps track of."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page
from providers import operations, queries
from providers.forms import KindForm
from providers.views.rows import today


@require(Permission.MANAGE_AGENCY)
@require_http_methods(["GET", "HEAD", "POST"])
def kind_list(request):
    """The kinds that are kept; below them those that the programs' rule packs name besides."""
    offered = queries.offered_kinds(today(request))
    form = KindForm(request.POST or None, offered=offered)
    if form.is_bound and form.is_valid():
        named = next(each for each in offered if each.code == form.values["kind"])
        result = run_operation(operations.keep_kind, form=form, named=named, by=request.member)
        if result:
            messages.success(request, _("The certification can be entered from now on."))
            return redirect("providers:kind-list")
    context = {
        "page_title": _("Kinds of certification"),
        "kinds": [(queries.kind_label(each), each) for each in queries.kinds_of_agency()],
        "offered": offered,
    }
    return form_page(request, "providers/kind_list.html", form, context)
