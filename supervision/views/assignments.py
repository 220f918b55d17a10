"""Who supervises whom, and what makes somebody a supervisor."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page
from supervision import operations, queries
from supervision.forms import AssignmentForm, DelegateForm, LastDayForm, QualificationForm
from supervision.views.scope import (
    assignments_seen,
    colleagues,
    proofs_seen,
    today,
    workers_seen,
)


@require(Permission.ASSIGN_SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_add(request, provider_id=None):
    """Say who supervises a worker from a day on."""
    if provider_id is not None:
        get_object_or_404(workers_seen(request), pk=provider_id)
    form = AssignmentForm(
        request.POST or None,
        workers=colleagues(request),
        initial={"provider": provider_id, "starts_on": today(request)},
    )
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.assign_supervisor,
            form=form,
            fields={
                "SUPS-ONESELF": "supervisor",
                "SUPS-NOT-HERE": "supervisor",
                "SUPS-THIRD": "delegate",
                "supervision_assignment_one_primary": "replaces",
                "supervision_assignment_once": "supervisor",
            },
            by=request.member,
            form_key=form.cleaned_data["form_key"],
            **form.values,
        )
        if done.value is not None:
            messages.success(request, _("The supervisor is assigned."))
            return redirect("supervision:person-detail", done.value.provider_id)
    title = {"page_title": _("Assign a supervisor"), "back_to": provider_id}
    return form_page(request, "supervision/assignment_form.html", form, title)


@require(Permission.ASSIGN_SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_end(request, assignment_id):
    """End an assignment on a day."""
    assignment = get_object_or_404(assignments_seen(request), pk=assignment_id)
    form = LastDayForm(request.POST or None, initial={"last_day": today(request)})
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.end_assignment,
            form=form,
            fields={"PERIOD-ENDS-BEFORE": "last_day"},
            assignment=assignment,
            last_day=form.cleaned_data["last_day"],
            by=request.member,
        )
        if done:
            messages.success(request, _("The assignment is ended."))
            return redirect("supervision:person-detail", assignment.provider_id)
    title = {"page_title": _("End the assignment"), "back_to": assignment.provider_id}
    return form_page(request, "supervision/assignment_form.html", form, title)


@require(Permission.ASSIGN_SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_delegate(request, assignment_id):
    """Name who stands in for the supervisor."""
    assignment = get_object_or_404(assignments_seen(request), pk=assignment_id)
    form = DelegateForm(
        request.POST or None,
        workers=colleagues(request),
        initial={"delegate": assignment.delegate_id},
    )
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.name_delegate,
            form=form,
            fields={"SUPS-THIRD": "delegate"},
            assignment=assignment,
            delegate=form.cleaned_data["delegate"],
            by=request.member,
        )
        if done:
            messages.success(request, _("The delegate is changed."))
            return redirect("supervision:person-detail", assignment.provider_id)
    title = {"page_title": _("Name a delegate"), "back_to": assignment.provider_id}
    return form_page(request, "supervision/assignment_form.html", form, title)


@require(Permission.ADD_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def qualification_add(request, provider_id):
    """Record what makes somebody a supervisor."""
    supervisor = get_object_or_404(workers_seen(request, Permission.ADD_CREDENTIAL), pk=provider_id)
    asked = queries.asked_proofs(today(request))
    form = QualificationForm(
        request.POST or None, asked=asked, initial={"starts_on": today(request)}
    )
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.record_qualification,
            form=form,
            fields={"PERIOD-ENDS-BEFORE": "last_day"},
            supervisor=supervisor,
            by=request.member,
            at=timezone.now(),
            form_key=form.cleaned_data["form_key"],
            **form.values,
        )
        if done:
            messages.success(request, _("The proof is recorded. Another person has to verify it."))
            return redirect("supervision:supervisor-detail", supervisor.pk)
    title = {
        "page_title": _("Add proof of a supervisor"),
        "provider": supervisor,
        "asks_nothing": not asked,
    }
    return form_page(request, "supervision/qualification_form.html", form, title)


@require(Permission.VERIFY_CREDENTIAL)
@require_POST
def qualification_verify(request, qualification_id):
    """Record that a proof was checked."""
    proof = get_object_or_404(proofs_seen(request), pk=qualification_id)
    done = run_operation(
        operations.verify_qualification,
        request=request,
        qualification=proof,
        by=request.member,
        at=timezone.now(),
    )
    if done:
        messages.success(request, _("The proof is verified and counts."))
    return redirect("supervision:supervisor-detail", proof.supervisor_id)


@require(Permission.ADD_CREDENTIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def qualification_end(request, qualification_id):
    """End a proof on a day."""
    proof = get_object_or_404(
        proofs_seen(request).select_related("supervisor"), pk=qualification_id
    )
    form = LastDayForm(request.POST or None, initial={"last_day": today(request)})
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.end_qualification,
            form=form,
            fields={"PERIOD-ENDS-BEFORE": "last_day"},
            qualification=proof,
            last_day=form.cleaned_data["last_day"],
            by=request.member,
        )
        if done:
            messages.success(request, _("The proof is ended."))
            return redirect("supervision:supervisor-detail", proof.supervisor_id)
    title = {"page_title": _("End the proof"), "provider": proof.supervisor}
    return form_page(request, "supervision/qualification_form.html", form, title)
