"""Evidence of certifications: added, opened, withdrawn."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.files.answers import download
from peerworks.files.uploads import takes_files
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page
from providers import operations, policies
from providers.forms import EvidenceForm, WithdrawForm
from providers.queries import kind_label
from providers.views.rows import credential_or_404, evidence_lines, evidence_or_404, is_within


@takes_files
@require(Permission.ADD_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request, pk):
    """Upload files for a certificate that is entered."""
    held = credential_or_404(request, pk, Permission.ADD_CREDENTIAL)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.add_evidence,
            form=form,
            credential=held,
            files=form.values["evidence"],
            by=request.member,
            at=timezone.now(),
        )
        if done:
            messages.success(request, _("The evidence is stored."))
            return redirect("providers:credential-detail", held.pk)
    may_open = is_within(request, held.provider, Permission.OPEN_EVIDENCE)
    context = {
        "page_title": _("Add evidence"),
        "provider": held.provider,
        "credential": held,
        "kind_label": kind_label(held.kind),
        "evidence": evidence_lines(request, held) if may_open else None,
        "refusal": policies.refusal_to_add_evidence(held),
    }
    return form_page(request, "providers/evidence_form.html", form, context)


@require(Permission.OPEN_EVIDENCE)
@require_safe
def evidence_open(request, pk):
    """The file itself, asked for each time and kept in the trail."""
    held = evidence_or_404(request, pk, Permission.OPEN_EVIDENCE)
    return download(request, held.file, action="evidence.opened")


@require(Permission.ADD_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_withdraw(request, pk):
    """Withdraw a file that was uploaded by mistake, with the reason."""
    held = evidence_or_404(request, pk, Permission.ADD_CREDENTIAL)
    form = WithdrawForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = run_operation(
            operations.withdraw_evidence,
            form=form,
            evidence=held,
            why=form.values["why"],
            by=request.member,
            at=timezone.now(),
        )
        if done:
            messages.success(request, _("The file is withdrawn. Nobody can open it any more."))
            return redirect("providers:credential-detail", held.credential_id)
    context = {
        "page_title": _("Withdraw a file"),
        "provider": held.credential.provider,
        "refusal": policies.refusal_to_withdraw_evidence(held, by=request.member),
        "name": held.file.name,
    }
    return form_page(request, "providers/evidence_withdraw.html", form, context)
