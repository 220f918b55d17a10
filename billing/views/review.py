"""The review queue: a list at the left, a note at the right; approve, or return with words."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.forms.notes import WordsForm
from billing.gates import engine
from billing.models import ServiceNote
from billing.operations import review as operations
from billing.policies import notes as policies
from billing.queries import note_pages
from billing.queries import notes as queries
from billing.views.note_records import detail_context, keep_opening, note_or_404
from billing.views.people import saw, today
from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.audit.trail import Seen
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page

_UNREAD = "-"
"""Stands for the hash of a text that nobody says to have read: no version has it."""


@require(Permission.REVIEW_NOTE)
@require_safe
def review_list(request) -> HttpResponse:
    """The notes that wait for me, the oldest first."""
    context = {**_queue(request), "open": None}
    return render(request, "billing/review_list.html", context)


@require(Permission.REVIEW_NOTE)
@require_safe
def review_note(request, pk: UUID) -> HttpResponse:
    """One note of the queue, beside the queue where there is room. From here on it counts as opened."""
    note = note_or_404(request, pk, Permission.REVIEW_NOTE)
    saw(request, "note.viewed", note.participant_id, note)
    keep_opening(request, note)
    detail = detail_context(request, note)
    rule = queries.rule_of(note, note.service_day or today(request))
    cosign = policies.refusal_to_cosign(note, rule, by=request.member, on=today(request))
    context = {**detail, **_queue(request), "open": note, "cosign_refusal": cosign}
    return render(request, "billing/review_list.html", context)


@require(Permission.REVIEW_NOTE)
@require_POST
def note_cosign(request, pk: UUID) -> HttpResponse:
    """Approve, and on to the next of the queue."""
    note = note_or_404(request, pk, Permission.REVIEW_NOTE)
    following = _next_of(request, note)
    given = {"note": note, "by": request.member, "at": timezone.now(), "on": today(request)}
    read = request.POST.get("sha256") or _UNREAD
    if not run_operation(operations.cosign_note, request=request, sha256=read, **given):
        return redirect("billing:review-note", note.pk)
    messages.success(request, _("Co-signed."))
    return following


@require(Permission.REVIEW_NOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def note_return(request, pk: UUID) -> HttpResponse:
    """Return a note with words that help; the words are kept when something is wrong."""
    note = note_or_404(request, pk, Permission.REVIEW_NOTE)
    form = WordsForm(
        request.POST or None,
        hint=_("What is good, and what to change. The author reads this first."),
        submit=_("Return the note"),
    )
    if request.method == "POST" and form.is_valid():
        following = _next_of(request, note)
        given = {"note": note, "by": request.member, "at": timezone.now()}
        wanted = form.cleaned_data["words"]
        if run_operation(operations.return_note, form=form, words=wanted, **given):
            messages.success(request, _("Returned with your words."))
            return following
    saw(request, "note.viewed", note.participant_id, note)
    keep_opening(request, note)
    return form_page(request, "billing/review_return.html", form, _returning(request, note))


def _returning(request, note: ServiceNote) -> dict[str, Any]:
    detail = detail_context(request, note)
    back = reverse("billing:review-note", args=[note.pk])
    return {**detail, "page_title": _("Return the note"), "back_url": back}


def _queue(request) -> dict[str, Any]:
    notes = list(note_pages.queue_of(request.member))
    runs = engine.latest_runs([each.pk for each in notes])
    people = tuple(dict.fromkeys(each.participant_id for each in notes))
    if people:
        request.seen.append(Seen("note.listed", "billing.servicenote", participants=people))
    on, language = today(request), request.LANGUAGE_CODE
    rows = note_pages.note_rows(notes, runs, by=request.member, on=on, language=language)
    return {
        "page_title": _("Notes to review"),
        "rows": rows,
        "oldest": max((each.waiting_days for each in rows), default=0),
    }


def _next_of(request, note: ServiceNote) -> HttpResponse:
    """The note after this one in the queue, else the one before it, else the empty queue."""
    ids = list(note_pages.queue_of(request.member).values_list("pk", flat=True))
    after = ids[ids.index(note.pk) + 1 :] if note.pk in ids else ids
    before = [each for each in ids if each != note.pk]
    chosen = next(iter([*after, *before]), None)
    if chosen is None:
        return redirect("billing:review-list")
    return redirect("billing:review-note", chosen)
