"""Certifications: entered, renewed, corrected, verified, stopped."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.files.uploads import takes_files
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page
from providers import operations, policies
from providers.forms import (
    CertificateForm,
    NewCertificateForm,
    RenewalForm,
    StopForm,
    VerifyForm,
)
from providers.models import Stage
from providers.queries import (
    endorsement_choices,
    endorsements_of,
    histories,
    kind_label,
    kinds_of_agency,
)
from providers.views.rows import (
    credential_or_404,
    evidence_lines,
    is_within,
    provider_or_404,
    today,
)

_AT_FIELDS = {
    "CRED-NUMBER": "number",
    "providers_credential_one_at_a_time": "valid_from",
    "providers_credential_end_after_start": "expires_on",
}


@require(Permission.VIEW_CREDENTIAL)
@require_safe
def credential_detail(request, pk):
    """Where a certificate stands: on the page of its holder."""
    credential = credential_or_404(request, pk, Permission.VIEW_CREDENTIAL)
    page = reverse("providers:provider-detail", args=[credential.provider_id])
    return redirect(f"{page}#certification-{credential.pk}")


def _data(told):
    return operations.CertificateData(
        number=told["number"],
        stage=told["stage"],
        issued_on=told["issued_on"],
        valid_from=told["valid_from"],
        expires_on=told["expires_on"],
        endorsements=sorted(told.get("endorsements") or ()),
        states=sorted(told["states"]),
    )


def _choices(kinds, on):
    possible = endorsements_of(kinds, on).values()
    return endorsement_choices(code for codes in possible for code in codes)


def _to_holder(request, credential, said):
    messages.success(request, said)
    return redirect("providers:provider-detail", credential.provider_id)


@takes_files
@require(Permission.ADD_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def credential_add(request, pk):
    """Enter a certificate of a worker."""
    provider = provider_or_404(request, pk, Permission.ADD_CREDENTIAL)
    on, kinds = today(request), list(kinds_of_agency())
    told = (request.POST or None, request.FILES or None)
    form = NewCertificateForm(*told, today=on, endorsements=_choices(kinds, on))
    if form.is_bound and form.is_valid():
        result = run_operation(
            operations.add_credential,
            form=form,
            fields=_AT_FIELDS,
            provider=provider,
            kind=form.values["kind"],
            certificate=_data(form.values),
            evidence=form.values["evidence"],
            by=request.member,
            at=timezone.now(),
            on=on,
            form_key=form.cleaned_data["form_key"],
        )
        if result:
            return _to_holder(request, result.value, _("Saved. Another person verifies it now."))
    context = {
        "page_title": _("Add a certification"),
        "provider": provider,
        "kinds": kinds,
        "warns_enterer": request.member.may(Permission.VERIFY_CREDENTIAL),
        "keeps_kinds": request.member.may(Permission.MANAGE_AGENCY),
        "shown": None,
        "refusal": None,
    }
    return form_page(request, "providers/credential_form.html", form, context)


@takes_files
@require(Permission.ADD_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def credential_renew(request, pk):
    """Enter the renewal of a certificate: type, body and number are there, nothing else."""
    old = credential_or_404(request, pk, Permission.ADD_CREDENTIAL)
    on = today(request)
    initial = {"number": old.number}
    choices, told = _choices([old.kind], on), (request.POST or None, request.FILES or None)
    form = RenewalForm(*told, initial=initial, today=on, endorsements=choices)
    if form.is_bound and form.is_valid():
        result = run_operation(
            operations.renew_credential,
            form=form,
            fields=_AT_FIELDS,
            credential=old,
            certificate=_data(form.values),
            evidence=form.values["evidence"],
            by=request.member,
            at=timezone.now(),
            on=on,
            form_key=form.cleaned_data["form_key"],
        )
        if result:
            return _to_holder(request, result.value, _("Saved. Another person verifies it now."))
    context = _about(_("Renewal"), old, on) | {"refusal": policies.refusal_to_renew_credential(old)}
    return form_page(request, "providers/credential_form.html", form, context)


def _about(title, credential, on):
    (history,) = histories([credential], on)
    return {
        "page_title": title,
        "provider": credential.provider,
        "kind_label": kind_label(credential.kind),
        "body": credential.kind.body,
        "shown": history.certificates[0],
        "kinds": [credential.kind],
        "refusal": None,
    }


@require(Permission.ADD_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def credential_change(request, pk):
    """Correct a certificate before anybody has verified it."""
    held = credential_or_404(request, pk, Permission.ADD_CREDENTIAL)
    on, names = today(request), ("number", "stage", "issued_on", "valid_from", "expires_on")
    initial = {
        name: getattr(held, name) for name in (*names, "never_ends", "endorsements", "states")
    }
    choices = _choices([held.kind], on)
    form = CertificateForm(request.POST or None, initial=initial, today=on, endorsements=choices)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.change_credential,
            form=form,
            fields=_AT_FIELDS,
            credential=held,
            certificate=_data(form.values),
            by=request.member,
            at=timezone.now(),
            on=on,
        )
        if done:
            return _to_holder(request, held, _("The correction is saved."))
    refusal = policies.refusal_to_change_credential(held)
    context = _about(_("Correct a certification"), held, on) | {"refusal": refusal}
    return form_page(request, "providers/credential_form.html", form, context)


@require(Permission.VERIFY_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def credential_verify(request, pk):
    """Verify what somebody else holds and entered: what was entered beside the check."""
    held = credential_or_404(request, pk, Permission.VERIFY_CREDENTIAL)
    on = today(request)
    form = VerifyForm(request.POST or None, today=on)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.verify_credential,
            form=form,
            credential=held,
            check=operations.Check(**form.values),
            by=request.member,
            at=timezone.now(),
            form_key=form.cleaned_data["form_key"],
        )
        if done:
            return _to_holder(request, held, _("The certification is verified."))
    refusal = policies.refusal_to_verify_credential(held, by=request.member)
    may_open = is_within(request, held.provider, Permission.OPEN_EVIDENCE)
    context = _about(_("Verify a certification"), held, on) | {
        "refusal": refusal,
        "evidence": evidence_lines(request, held) if may_open else None,
    }
    return form_page(request, "providers/credential_verify.html", form, context)


@require(Permission.VERIFY_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def credential_stop(request, pk):
    """Note that a certificate was suspended, or give it up."""
    held = credential_or_404(request, pk, Permission.VERIFY_CREDENTIAL)
    form = StopForm(request.POST or None)
    if form.is_bound and form.is_valid():
        suspends = form.values["stage"] == Stage.SUSPENDED
        done = run_operation(
            operations.suspend_credential if suspends else operations.retire_credential,
            form=form,
            credential=held,
            since=form.values["since"],
            by=request.member,
            at=timezone.now(),
        )
        if done:
            return _to_holder(request, held, _("It is recorded."))
    context = _about(_("Suspend or retire"), held, today(request))
    context |= {"refusal": policies.refusal_to_retire_credential(held)}
    return form_page(request, "providers/credential_form.html", form, context)
