"""Batches and claims: build, look, hand out, take back; and one claim with what it rests on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.forms.batches import BatchForm
from billing.gates.runs import explain
from billing.models import Batch, ClaimLineNote
from billing.operations import batches as operations
from billing.operations.batch_jobs import ask_for_batch, is_long
from billing.operations.batches import Plan
from billing.policies import batches as policies
from billing.queries import batches as queries
from billing.views.checks import Check, checks_of, not_checked
from billing.views.people import today
from peerworks.accounts.access import has_permission, require
from peerworks.accounts.requests import MemberRequest
from peerworks.accounts.roles import Permission
from peerworks.audit import trail
from peerworks.lib.findings import Outcome, Verdict
from peerworks.web import reasons
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page, paginate

MOST_SHOWN = 100
"""Claims that a preview lists; the figures above it are of all of them."""


@require(Permission.VIEW_CLAIM)
@require_safe
def batch_list(request: MemberRequest) -> HttpResponse:
    """The batches that were built, the latest first."""
    context = {
        "page_title": _("Batches"),
        "page": paginate(request, queries.whole_batches()),
        "may_build": has_permission(request.member, Permission.BUILD_BATCH),
    }
    return render(request, "billing/batch_list.html", context)


@require(Permission.BUILD_BATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_build(request: MemberRequest) -> HttpResponse:
    """Choose payer and day, see what would be billed, build."""
    form = BatchForm(request.POST or None, today=today(request))
    if request.method == "POST" and form.is_valid():
        answer = _build(request, form) if request.POST.get("do") == "build" else None
        answer = answer or _preview(request, form)
        if answer is not None:
            return answer
    context = {"page_title": _("Build a batch")}
    return form_page(request, "billing/batch_build.html", form, context)


def _given(request: MemberRequest, form: BatchForm) -> dict[str, Any]:
    moments = {"at": timezone.now(), "on": today(request)}
    return {"by": request.member, **moments, **form.values}


def _build(request: MemberRequest, form: BatchForm) -> HttpResponse | None:
    key = form.cleaned_data["form_key"]
    if is_long(**form.values):
        return _ask(request, form)
    result = run_operation(operations.build_batch, form=form, form_key=key, **_given(request, form))
    if result.value is None:
        return None
    messages.success(request, _("The batch is built."))
    return redirect("billing:batch-detail", result.value.pk)


def _ask(request: MemberRequest, form: BatchForm) -> HttpResponse | None:
    key = form.cleaned_data["form_key"]
    result = run_operation(ask_for_batch, form=form, form_key=key, **_given(request, form))
    return redirect("jobs:job-detail", result.value.pk) if result.value is not None else None


def _preview(request: MemberRequest, form: BatchForm) -> HttpResponse | None:
    if form.errors:
        return None
    plan = run_operation(operations.plan_batch, form=form, **_given(request, form)).value
    if plan is None:
        return None
    _saw(request, "batch.previewed", [each.claim.participant_id for each in plan.claims])
    return render(request, "billing/batch_preview.html", _preview_context(form, plan))


def _preview_context(form: BatchForm, plan: Plan) -> dict[str, Any]:
    return {
        "page_title": _("What would be billed"),
        "batch": plan.batch,
        "claims": plan.claims[:MOST_SHOWN],
        "further": max(len(plan.claims) - MOST_SHOWN, 0),
        "left_out": left_out_rows(plan.batch),
        "refusals": reasons.explain(plan.refusals),
        "payer": form.cleaned_data["payer"],
        "through": form.cleaned_data["through"],
        "form_key": form.cleaned_data["form_key"],
    }


def left_out_rows(batch: Batch) -> list[tuple[str, str, int]]:
    """What a batch leaves out: reason code, its short title, how many visits; the most first."""
    counts = sorted(batch.left_out.items(), key=lambda item: (-item[1], item[0]))
    return [(code, reasons.label(code), count) for code, count in counts]


def _saw(request: MemberRequest, action: str, people: list[UUID], about: Any = None) -> None:
    if people:
        kind, key = (about._meta.label_lower, str(about.pk)) if about is not None else ("", "")
        request.seen.append(trail.Seen(action, kind, key, tuple(dict.fromkeys(people))))


def _batch_or_404(pk: UUID) -> Batch:
    batch: Batch = get_object_or_404(queries.whole_batches(), pk=pk)
    return batch


@require(Permission.VIEW_CLAIM)
@require_safe
def batch_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One batch: its numbers and totals, its claims, and what can be done with it."""
    batch, member = _batch_or_404(pk), request.member
    page = paginate(request, queries.claims_of(batch, member, today(request)))
    rows = queries.claim_rows(list(page.object_list))
    _saw(request, "batch.viewed", [each.participant_id for each in rows], batch)
    context = {
        "page_title": _("Batch %(number)s") % {"number": batch.interchange},
        "batch": batch,
        "page": page,
        "rows": rows,
        "left_out": left_out_rows(batch),
        "may_send": has_permission(member, Permission.SEND_BATCH),
        "may_build": has_permission(member, Permission.BUILD_BATCH),
        "send_refusal": policies.refusal_to_send(batch, by=member),
        "discard_refusal": policies.refusal_to_discard(batch, by=member),
    }
    return render(request, "billing/batch_detail.html", context)


@require(Permission.SEND_BATCH)
@require_POST
def batch_download(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Hand out the 837P, to who sees every person in it."""
    batch = _batch_or_404(pk)
    result = run_operation(
        operations.send_batch, request=request, batch=batch, by=request.member, at=timezone.now()
    )
    if result.value is None:
        return redirect("billing:batch-detail", pk)
    sent: Batch = result.value
    answer = HttpResponse(sent.file, content_type="application/edi-x12")
    name = f"{sent.payer.code}-{sent.interchange}.837"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require(Permission.BUILD_BATCH)
@require_POST
def batch_discard(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take back a batch that has not left."""
    batch = _batch_or_404(pk)
    result = run_operation(
        operations.discard_batch, request=request, batch=batch, by=request.member
    )
    if result:
        messages.success(request, _("The batch is taken back. Its visits can be billed again."))
    return redirect("billing:batch-detail", pk)


# ------------------------------------------------------------------- one claim


@dataclass(frozen=True, slots=True)
class BilledNote:
    """A note as its line bills it, with the verdict that was frozen then."""

    line_note: ClaimLineNote
    checks: tuple[Check, ...]
    not_checked: str
    packs: str
    is_unverified: bool


@require(Permission.VIEW_CLAIM)
@require_safe
def claim_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A claim down to the signatures: lines, notes, and what the gates saw when it was built."""
    claim = get_object_or_404(queries.claims_for(request.member, today(request)), pk=pk)
    lines = _billed_lines(claim)
    _saw(request, "claim.viewed", [claim.participant_id], claim)
    context = {
        "page_title": _("Claim %(number)s") % {"number": claim.control_number},
        "claim": claim,
        "lines": lines,
        "is_unverified": any(each.is_unverified for _line, notes in lines for each in notes),
        "sees_batch": queries.whole_batches().filter(pk=claim.batch_id).exists(),
        "sees_diagnoses": has_permission(request.member, Permission.VIEW_DIAGNOSIS),
        "sees_notes": has_permission(request.member, Permission.VIEW_NOTE_FACTS),
    }
    return render(request, "billing/claim_detail.html", context)


def _billed_lines(claim):
    found = [
        (line, [(each, explain(each.gate_run)) for each in _in_order(line)])
        for line in claim.lines.all()
    ]
    names = reasons.names_of(verdict for _line, notes in found for _note, verdict in notes)
    return [
        (line, [_billed(each, verdict, names) for each, verdict in notes]) for line, notes in found
    ]


def _in_order(line):
    return sorted(line.line_notes.all(), key=lambda each: each.version.starts_at)


def _billed(line_note: ClaimLineNote, verdict: Verdict, names: reasons.Names) -> BilledNote:
    asked = [each for each in verdict.findings if each.outcome is not Outcome.NOT_APPLICABLE]
    return BilledNote(
        line_note=line_note,
        checks=checks_of(asked, names),
        not_checked=not_checked(verdict),
        packs=", ".join(f"{each.pack}@{each.version}" for each in verdict.packs),
        is_unverified=any(
            each.authority is not None and not each.authority.is_confirmed for each in asked
        ),
    )
