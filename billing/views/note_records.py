"""A signed note as a record: the page of it, what is added, corrected or voided, and lists of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms.notes import AddendumForm, WordsForm
from billing.gates import engine
from billing.models import ServiceNote
from billing.operations import notes as operations
from billing.operations import review
from billing.policies import notes as policies
from billing.queries import note_pages
from billing.queries import notes as queries
from billing.views.people import page, person_or_404, run, saw, today
from billing.views.verdicts import Shown, shown
from peerworks.accounts import reach
from peerworks.accounts.access import has_permission, require, stepped_up
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import STEP_UP, Permission, RoleName, Scope, asks_step_up
from peerworks.audit.trail import Seen
from peerworks.web.operations import run_operation
from peerworks.web.pages import by_script, with_next

form_methods = require_http_methods(["GET", "HEAD", "POST"])
_SHOWN_OF_A_PERSON = 20


def note_or_404(request, pk: UUID, permission: Permission) -> ServiceNote:
    """The note of that id within the member's reach; a draft is there for its author only."""
    rows = queries.shown_notes().filter(discarded_at__isnull=True)
    reached = reach.narrow(rows, request.member, permission, today(request))
    note = get_object_or_404(reached.exclude(participant__staff_membership=request.member), pk=pk)
    is_author = note.provider.member_id == request.member.pk
    if note.first_signed_at is None and not is_author:
        raise Http404
    return note


def may_read_story(request, note: ServiceNote) -> bool:
    """Whether the member reads what happened, beyond the facts that a claim needs.

    A role whose permission asks for a fresh second factor (the privacy officer's) counts while there
    is one.
    """
    member = request.member
    if not stepped_up(request):
        member = _without_step_up(member, Permission.VIEW_NARRATIVE)
    rows = ServiceNote.objects.filter(pk=note.pk)
    return reach.narrow(rows, member, Permission.VIEW_NARRATIVE, today(request)).exists()


def _way_to_story(request) -> str:
    """Where somebody gives the factor that the story asks for; "" for whom it is closed in any case."""
    asks = asks_step_up(request.member.roles, Permission.VIEW_NARRATIVE)
    return with_next(reverse("accounts:step-up"), request.path) if asks else ""


def _without_step_up(member: Membership, permission: Permission) -> Membership:
    kept = [each for each in member.roles if (RoleName(each), permission) not in STEP_UP]
    return Membership(pk=member.pk, agency_id=member.agency_id, user_id=member.user_id, roles=kept)


def verdict_of(note: ServiceNote) -> Shown | None:
    """What was said of the version in force when it was last judged; None before it was signed."""
    stored = engine.latest_runs([note.pk]).get(note.pk)
    if stored is None or note.version_in_force_id != stored.version_id:
        return None
    return shown(engine.explain(stored), queries.zone_of(note))


@require(Permission.VIEW_NOTE_FACTS)
@require_safe
def note_detail(request, pk: UUID) -> HttpResponse:
    """One note: facts, story, versions, signatures, addenda and the verdict; prints as a record."""
    note = note_or_404(request, pk, Permission.VIEW_NOTE_FACTS)
    saw(request, "note.viewed", note.participant_id, note)
    keep_opening(request, note)
    return render(request, "billing/note_detail.html", detail_context(request, note))


def detail_context(request, note: ServiceNote) -> dict[str, Any]:
    """What the page of a note shows to this member."""
    with_story, member = may_read_story(request, note), request.member
    shown_page = note_pages.note_page(
        note,
        with_story=with_story,
        by=member,
        on=today(request),
        language=request.LANGUAGE_CODE,
    )
    is_author = note.provider.member_id == member.pk
    return {
        "page_title": _("Service note"),
        "shown": shown_page,
        "note": note,
        "with_story": with_story,
        "story_url": "" if with_story else _way_to_story(request),
        "verdict": verdict_of(note),
        "is_author": is_author,
        "may_write": is_author and policies.refusal_to_write(note, member) is None,
        "withdraw": policies.refusal_to_withdraw(note, member) if is_author else None,
        "is_signed": note.state == ServiceNote.State.SIGNED,
        "may_review": policies.refusal_to_return(note, member) is None,
        "may_add": policies.refusal_to_add(note, member) is None,
        "may_correct": _may_correct(request, note),
        "may_void": policies.refusal_to_void(note, member) is None,
        "may_see_person": has_permission(member, Permission.VIEW_PARTICIPANT),
    }


def _may_correct(request, note: ServiceNote) -> bool:
    rule = queries.rule_of(note, note.service_day or today(request))
    return policies.refusal_to_correct(note, rule, by=request.member) is None


def keep_opening(request, note: ServiceNote) -> None:
    """That a reviewer opened the note is kept beside the view event, once the answer is built."""
    if policies.refusal_to_review(note, request.member) is not None:
        return
    at = timezone.now()
    request.after_view.append(lambda: review.record_opening(note=note, by=request.member, at=at))


@require(Permission.VIEW_NOTE_FACTS)
@form_methods
def note_addend(request, pk: UUID) -> HttpResponse:
    """Add text to a signed note; its times and units stay."""
    note = note_or_404(request, pk, Permission.VIEW_NOTE_FACTS)
    form = AddendumForm(request.POST or None)
    given = {"note": note, "at": timezone.now()}
    if form.is_bound and form.is_valid():
        given["form_key"] = form.cleaned_data["form_key"]
    if run(request, form, operations.add_addendum, _("The addendum is signed."), **given):
        return redirect("billing:note-detail", note.pk)
    lede = _("What was signed stays as it is. An addendum has its own author and time.")
    return _words_page(request, note, form, _("Add to the note"), lede)


@require(Permission.VIEW_NOTE_FACTS)
@form_methods
def note_correct(request, pk: UUID) -> HttpResponse:
    """Open a correction, with its reason; the signed version stays in force until the new one is signed."""
    note = note_or_404(request, pk, Permission.VIEW_NOTE_FACTS)
    form = WordsForm(
        request.POST or None, label=_("Why it is corrected"), submit=_("Open a correction")
    )
    if _run_with_words(request, form, operations.correct_note, "reason", note, on=today(request)):
        messages.success(request, _("A new version is open as a copy."))
        is_author = note.provider.member_id == request.member.pk
        return redirect("billing:note-write" if is_author else "billing:note-detail", note.pk)
    lede = _("The signed version stays as it is and counts until the new one is signed.")
    return _words_page(request, note, form, _("Correct the note"), lede)


@require(Permission.VOID_NOTE)
@form_methods
def note_void(request, pk: UUID) -> HttpResponse:
    """Void a note that was entered in error, with its reason."""
    note = note_or_404(request, pk, Permission.VOID_NOTE)
    form = WordsForm(
        request.POST or None, label=_("Why it is void"), submit=_("Void this note for ever")
    )
    if _run_with_words(request, form, review.void_note, "reason", note, at=timezone.now()):
        messages.success(request, _("The note is void. Its text is kept and it is never billed."))
        return redirect("billing:note-detail", note.pk)
    lede = _("For what was entered in error. Nothing of it is deleted, and this is not undone.")
    return _words_page(request, note, form, _("Void the note"), lede)


def _run_with_words(
    request,
    form: WordsForm,
    operation: Any,
    name: str,
    note: ServiceNote,
    **given: Any,
) -> bool:
    """Run an operation that takes the form's words under another name."""
    if request.method != "POST" or not form.is_valid():
        return False
    values = {name: form.cleaned_data["words"], "note": note, "by": request.member, **given}
    return bool(run_operation(operation, form=form, **values))


def _words_page(request, note: ServiceNote, form: Any, title: Any, lede: Any) -> HttpResponse:
    saw(request, "note.viewed", note.participant_id, note)
    keep_opening(request, note)
    back_url = reverse("billing:note-detail", args=[note.pk])
    template = "billing/note_words.html"
    return page(
        request,
        form,
        title,
        back_url=back_url,
        back=_("Service note"),
        lede=lede,
        template=template,
    )


@by_script
@require(Permission.VIEW_NOTE_FACTS)
@require_safe
def participant_notes(request, pk: UUID) -> HttpResponse:
    """The fragment of a person's page: their latest notes, as far as the member may see them."""
    person = person_or_404(request, pk, Permission.VIEW_NOTE_FACTS)
    notes = list(
        note_pages.notes_about(person.pk, request.member, today(request))[:_SHOWN_OF_A_PERSON]
    )
    runs = engine.latest_runs([each.pk for each in notes])
    request.seen.append(Seen("note.listed", "billing.servicenote", participants=(person.pk,)))
    on, language = today(request), request.LANGUAGE_CODE
    context = {
        "person": person,
        "rows": note_pages.note_rows(notes, runs, by=request.member, on=on, language=language),
        "may_write": Scope.CARE_TEAM in request.member.scopes(Permission.WRITE_NOTE),
    }
    return render(request, "billing/participant_notes.html", context)
