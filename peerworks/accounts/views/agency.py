"""What holds for the whole agency: what its claims say about it, and how long a session lasts."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peerworks.accounts import operations
from peerworks.accounts.access import require
from peerworks.accounts.forms import IdleForm, OnClaimsForm
from peerworks.accounts.operations.agency import ON_CLAIMS
from peerworks.accounts.roles import Permission
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page


@require(Permission.MANAGE_AGENCY)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_claims(request):
    """The name, numbers, address and contact that stand on every claim."""
    as_kept = {name: getattr(request.agency, name) for name in ON_CLAIMS}
    form = OnClaimsForm(request.POST or None, initial=as_kept)
    if form.is_bound and form.is_valid():
        if run_operation(
            operations.change_what_claims_say,
            form=form,
            agency=request.agency,
            told=form.values,
            by=request.member,
        ):
            messages.success(request, _("Claims built from now on say this."))
            return redirect("accounts:agency-claims")
    is_whole = all(as_kept[name] for name in ON_CLAIMS if form.fields[name].required)
    context = {"page_title": _("The agency on claims"), "is_whole": is_whole}
    return form_page(request, "accounts/agency_claims.html", form, context)


@require(Permission.MANAGE_AGENCY)
@require_http_methods(["GET", "HEAD", "POST"])
def agency_idle(request):
    """After how many minutes without an action members are signed out."""
    form = IdleForm(request.POST or None, initial={"minutes": request.agency.idle_minutes})
    if form.is_bound and form.is_valid():
        if run_operation(
            operations.change_idle_minutes,
            form=form,
            fields={"agencies_agency_idle_minutes": "minutes"},
            agency=request.agency,
            minutes=form.cleaned_data["minutes"],
            by=request.member,
        ):
            messages.success(request, _("The time is changed."))
            return redirect("accounts:agency-idle")
    context = {"page_title": _("Automatic sign-out")}
    return form_page(request, "accounts/agency_idle.html", form, context)
