"""Writing a service note: whom, the one screen, its draft, the live verdict, signing, undoing."""

import datetime as dt
import re
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.forms.note_choices import choices_for, new_form
from billing.forms.notes import Choices, NoteForm, as_data, mistakes, service_value, values_of
from billing.gates import engine
from billing.models import NoteVersion, ServiceNote
from billing.operations import notes as operations
from billing.operations.notes import DraftConflict
from billing.policies import notes as policies
from billing.queries import note_pages
from billing.queries import notes as queries
from billing.queries.notes import Content
from billing.views.people import person_or_404, saw, today
from billing.views.verdicts import preview, shown, skipped
from peerworks.accounts import reach
from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.audit.trail import Seen
from peerworks.participants.models import Participant
from peerworks.web import reasons, words
from peerworks.web.forms import AGENCY_FIELD, KEY_FIELD
from peerworks.web.operations import Result, run_operation
from peerworks.web.pages import paginate
from providers.models import Provider
from supervision.queries import provider_of, supervisors_on

form_methods = require_http_methods(["GET", "HEAD", "POST"])
_NUMBER = re.compile(r"[0-9]{1,9}")
_CHIPS = 6
# Deadlock, a lock not given in time, a statement cancelled while it waited for one.
_CONTENTION = ("40P01", "55P03", "57014")
_TRY_AGAIN = gettext_lazy(
    "Another signature of yours was under way. Nothing was changed. Try again."
)


@require(Permission.WRITE_NOTE)
@form_methods
def note_choose(request) -> HttpResponse:
    """Whom the note is about: my people by last visit. POST finds by name and keeps nothing."""
    people = queries.my_people(request.member, today(request))
    wanted = request.POST.get("words", "").strip().casefold()
    found = [each for each in people if wanted in each.name.casefold()]
    if found:
        shown = tuple(each.id for each in found)
        request.seen.append(
            Seen("participant.listed", "participants.participant", participants=shown)
        )
    context = {
        "page_title": _("New note"),
        "people": found if wanted else found[:_CHIPS],
        "others": [] if wanted else found[_CHIPS:],
        "words": request.POST.get("words", ""),
        "drafts": _rows(request, list(queries.drafts_of(request.member)[:3])),
    }
    return render(request, "billing/note_choose.html", context)


@require(Permission.WRITE_NOTE)
@form_methods
def note_begin(request, person: UUID) -> HttpResponse:
    """A new note about one person; it is made with the first draft that is saved."""
    participant = person_or_404(request, person, Permission.WRITE_NOTE)
    form = _new_form(request, participant)
    if request.method == "POST":
        return _saved(request, form, participant, _made_of(request, form, participant))
    return _writing_page(request, form, participant)


@require(Permission.WRITE_NOTE)
@form_methods
def note_write(request, pk: UUID) -> HttpResponse:
    """Go on writing; what is asked to be checked is shown with all that is missing."""
    note = _own_or_404(request, pk)
    version = queries.open_version(note)
    if version is None or policies.refusal_to_write(note, request.member) is not None:
        return redirect("billing:note-detail", note.pk)
    if request.method == "POST":
        form = _form_of(request, note, version, request.POST)
        return _saved(request, form, note.participant, note)
    asked = "check" in request.GET
    form = _form_of(request, note, version, None, as_sent=asked)
    if asked:
        _tell_what_is_missing(form, note, version)
    return _writing_page(request, form, note.participant, note, version)


@require(Permission.WRITE_NOTE)
@require_POST
def note_draft_new(request, person: UUID) -> HttpResponse:
    """A pause in writing a note that may not be there yet: the form's key finds it again."""
    participant = person_or_404(request, person, Permission.WRITE_NOTE)
    form = _new_form(request, participant)
    return _draft_answer(request, form, _made_of(request, form, participant), participant)


@require(Permission.WRITE_NOTE)
@require_POST
def note_draft(request, pk: UUID) -> HttpResponse:
    """A pause in writing: the draft as it stands, without a check and without an event."""
    note = _own_or_404(request, pk)
    version = queries.open_version(note)
    if version is None:
        return JsonResponse({}, status=409)
    form = _form_of(request, note, version, request.POST)
    return _draft_answer(request, form, note, note.participant)


@require(Permission.WRITE_NOTE)
@require_POST
def note_verdict(request, person: UUID) -> HttpResponse:
    """The fragment beside the form: minutes, units, and whether the visit can be billed."""
    participant = person_or_404(request, person, Permission.WRITE_NOTE)
    form = _new_form(request, participant)
    form.is_valid()
    by, note = _provider(request), _note_asked(request)
    context = {
        "verdict": preview(form, participant, by, note, on=today(request), now=timezone.now()),
        "skipped": [reasons.sentence(each.because) for each in skipped(form)],
    }
    return render(request, "billing/_note_verdict.html", context)


@require(Permission.SIGN_NOTE)
@form_methods
def note_sign(request, pk: UUID) -> HttpResponse:
    """The note as it will read, what stands against it, and one press to sign."""
    note = _own_or_404(request, pk)
    version = queries.open_version(note)
    if request.method == "POST":
        return _signed(request, note)
    if version is None or policies.refusal_to_write(note, request.member) is not None:
        return redirect("billing:note-detail", note.pk)
    missing = _missing(note, version)
    if missing:
        return redirect(f"{reverse('billing:note-write', args=[note.pk])}?check=1")
    saw(request, "note.viewed", note.participant_id, note)
    return render(request, "billing/note_sign.html", _sign_context(request, note, version))


@require(Permission.WRITE_NOTE)
@require_POST
def note_discard(request, pk: UUID) -> HttpResponse:
    """Throw away a draft that was never signed."""
    note = _own_or_404(request, pk)
    given = {"note": note, "by": request.member, "at": timezone.now()}
    if run_operation(operations.discard_draft, request=request, **given):
        messages.success(request, _("The draft is discarded."))
    return redirect("billing:note-list")


@require(Permission.SIGN_NOTE)
@require_POST
def note_withdraw(request, pk: UUID) -> HttpResponse:
    """Undo a signature until a reviewer has opened the note."""
    note = _own_or_404(request, pk)
    given = {"note": note, "by": request.member, "at": timezone.now()}
    if not run_operation(operations.withdraw_note, request=request, **given):
        return redirect("billing:note-detail", note.pk)
    messages.success(request, _("The signature is taken back. The note is open again."))
    return redirect("billing:note-write", note.pk)


@require(Permission.WRITE_NOTE)
@require_safe
def note_list(request) -> HttpResponse:
    """My notes: what to finish first, then what I signed."""
    signed = queries.shown_notes().filter(
        provider__member=request.member, first_signed_at__isnull=False
    )
    done = signed.exclude(pk__in=queries.drafts_of(request.member).values("pk"))
    page = paginate(request, done.order_by("-service_day", "-first_signed_at", "pk"), 30)
    unfinished = list(queries.drafts_of(request.member))
    context = {
        "page_title": _("My notes"),
        "unfinished": _rows(request, unfinished),
        "rows": _rows(request, list(page.object_list)),
        "page": page,
    }
    return render(request, "billing/note_list.html", context)


def _rows(request, notes: list[ServiceNote]) -> list[note_pages.NoteRow]:
    people = tuple(dict.fromkeys(each.participant_id for each in notes))
    if people:
        request.seen.append(Seen("note.listed", "billing.servicenote", participants=people))
    runs = engine.latest_runs([each.pk for each in notes])
    language = request.LANGUAGE_CODE
    return note_pages.note_rows(
        notes, runs, by=request.member, on=today(request), language=language
    )


def _own_or_404(request, pk: UUID) -> ServiceNote:
    """My own note of that id, of a person for whom I may write."""
    mine = queries.shown_notes().filter(provider__member=request.member, discarded_at__isnull=True)
    reached = reach.narrow(mine, request.member, Permission.WRITE_NOTE, today(request))
    return get_object_or_404(reached, pk=pk)


def _provider(request) -> Provider:
    found = provider_of(request.member)
    if found is None:
        raise Http404
    return found


def _new_form(request, participant: Participant) -> NoteForm:
    note = _note_asked(request)
    choices = choices_for(participant, _provider(request), today(request), note)
    if request.method == "POST":
        return NoteForm(request.POST, choices=choices)
    return new_form(participant, request.member, choices, _day_there(request, choices))


def _note_asked(request) -> ServiceNote | None:
    """The note that the verdict is asked about, where it is stored already."""
    wanted = request.GET.get("note", "")
    try:
        return _own_or_404(request, UUID(wanted)) if wanted else None
    except ValueError:
        raise Http404 from None


def _day_there(request, choices: Choices) -> dt.date:
    """Today at the site of the first program: the day that a new note begins with."""
    program = next(iter(choices.programs), None)
    zone = program.site.time_zone if program is not None else request.agency.time_zone
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(zone))


def _form_of(
    request,
    note: ServiceNote,
    version: NoteVersion,
    data: Any,
    *,
    as_sent: bool = False,
) -> NoteForm:
    choices = choices_for(note.participant, note.provider, today(request), note)
    if data is not None:
        return NoteForm(data, choices=choices)
    values = values_of(queries.content_of(version), note.site.time_zone)
    values["service"] = service_value(note.program_id, note.service_key) if note.service_key else ""
    values["version"] = version.draft_number
    values.setdefault("day", note.service_day or today(request))
    if not as_sent:
        return NoteForm(choices=choices, initial=values)
    return NoteForm(as_data(values | _carried(request)), choices=choices)


def _carried(request) -> dict[str, str]:
    """What every form carries, for a form that is made of a stored draft."""
    return {AGENCY_FIELD: str(request.agency.pk), KEY_FIELD: str(uuid.uuid4())}


def _made_of(request, form: NoteForm, participant: Participant) -> ServiceNote | None:
    """The note about this person that this form has made before, if any."""
    form.is_valid()
    key = form.cleaned_data.get("form_key")
    made = ServiceNote.objects.filter(
        created_by=request.member, form_key=key, participant=participant
    )
    found = None if key is None else made.first()
    return None if found is None else _own_or_404(request, found.pk)


def _keep(
    request, form: NoteForm, participant: Participant, note: ServiceNote | None
) -> Result[NoteVersion]:
    """Keep the draft as far as it can be read. Raises `DraftConflict`."""
    form.is_valid()
    program, service = form.program_and_service()
    return run_operation(
        operations.keep_draft,
        request=request,
        note=note,
        participant=participant,
        provider=_provider(request),
        program=program,
        service_key=service,
        content=form.content(),
        day=form.cleaned_data.get("day"),
        draft_number=form.cleaned_data.get("version") or 0,
        form_key=form.cleaned_data.get("form_key"),
        by=request.member,
        at=timezone.now(),
    )


def _saved(
    request, form: NoteForm, participant: Participant, note: ServiceNote | None
) -> HttpResponse:
    """After "Later" or "Review, sign": the draft is kept whatever is missing, then the way on."""
    try:
        result = _keep(request, form, participant, note)
    except DraftConflict as conflict:
        return _conflict_page(request, form, participant, note, conflict)
    if result.value is None:
        return _writing_page(request, form, participant, note)
    if request.POST.get("do") == "later":
        messages.success(request, _("The draft is saved."))
        return redirect("billing:note-list")
    return redirect("billing:note-sign", result.value.note_id)


def _conflict_page(
    request,
    form: NoteForm,
    participant: Participant,
    note: ServiceNote | None,
    conflict: DraftConflict,
) -> HttpResponse:
    """Both texts: mine in the form, the other window's beside it; sending again keeps mine."""
    data = request.POST.copy()
    data["version"] = str(conflict.number)
    again = NoteForm(data, choices=form.choices)
    response = _writing_page(request, again, participant, note, kept=conflict.kept)
    response.status_code = 409
    return response


def _draft_answer(
    request, form: NoteForm, note: ServiceNote | None, participant: Participant
) -> JsonResponse:
    try:
        result = _keep(request, form, participant, note)
    except DraftConflict as conflict:
        kept = {part: getattr(conflict.kept, part) for part, _label in note_pages.STORY}
        return JsonResponse({"version": conflict.number, "kept": kept}, status=409)
    version = result.value
    if version is None:
        return JsonResponse({"error": result.message}, status=409)
    saved = version.saved_at or timezone.now()
    clock = words.clock(saved.astimezone(queries.zone_of(version.note)).time())
    return JsonResponse(
        {
            "version": version.draft_number,
            "saved_at": clock,
            "write_url": reverse("billing:note-write", args=[version.note_id]),
            "draft_url": reverse("billing:note-draft", args=[version.note_id]),
            "verdict_url": _verdict_url(participant, version.note),
        }
    )


def _verdict_url(participant: Participant, note: ServiceNote | None) -> str:
    url = reverse("billing:note-verdict", args=[participant.pk])
    return url if note is None else f"{url}?note={note.pk}"


def _writing_page(
    request,
    form: NoteForm,
    participant: Participant,
    note: ServiceNote | None = None,
    version: NoteVersion | None = None,
    kept: Content | None = None,
) -> HttpResponse:
    """The one screen; the draft is kept at the note's own address as soon as there is one."""
    name, target = ("note-draft-new", participant.pk) if note is None else ("note-draft", note.pk)
    number = form["version"].value() or 0
    form.autosave(reverse(f"billing:{name}", args=[target]), number)
    saw(request, "participant.viewed", participant.pk)
    people = queries.my_people(request.member, today(request))
    context = {
        "page_title": _("New note") if note is None else _("Write the note"),
        "form": form,
        "person": participant,
        "note": note,
        "version": version,
        "returned": version is not None and version.opened_kind == NoteVersion.Opened.RETURNED,
        "kept": [(label, getattr(kept, part)) for part, label in note_pages.STORY] if kept else [],
        "others": [each for each in people if each.id != participant.pk][: _CHIPS - 1],
        "verdict_url": _verdict_url(participant, note),
        "may_discard": note is not None
        and policies.refusal_to_discard(note, request.member) is None,
    }
    return render(request, "billing/note_write.html", context)


def _missing(note: ServiceNote, version: NoteVersion) -> list[tuple[str, str]]:
    """What stands against signing, as (code, sentence)."""
    content = queries.content_of(version)
    day = queries.day_of(note, content.starts_at) if content.starts_at else None
    rule = queries.rule_of(note, day or timezone.localdate())
    found = policies.missing_to_sign(
        content, rule, service=note.service_key, zone=note.site.time_zone, at=timezone.now()
    )
    return [(each.code, reasons.sentence(each.because)) for each in found]


def _tell_what_is_missing(form: NoteForm, note: ServiceNote, version: NoteVersion) -> None:
    form.is_valid()
    mistakes(form, _missing(note, version))


def _sign_context(request, note: ServiceNote, version: NoteVersion) -> dict[str, Any]:
    on, content = today(request), queries.content_of(version)
    verdict = operations.verdict_before_signing(note, content, on)
    services = note_pages.Services([note], on)
    language = request.LANGUAGE_CODE
    return {
        "page_title": _("Review and sign"),
        "note": note,
        "version": version,
        "shown": note_pages.version_shown(note, version, services, language, with_story=True),
        "verdict": shown(verdict, queries.zone_of(note)),
        "refusal": operations.refusal_by_gates(verdict),
        "reviewers": _reviewers(note, queries.day_of(note, queries.stretch_of(version).start)),
    }


def _reviewers(note: ServiceNote, day: dt.date) -> str:
    """Who reviews this note, by name: the supervisors of the service day."""
    members = supervisors_on([note.provider_id], day)[note.provider_id]
    return words.any_of(queries.names_of_members(members))


def _signed(request, note: ServiceNote) -> HttpResponse:
    given = request.POST.get("draft_number", "")
    result = _once_more(
        request,
        operations.sign_note,
        note=note,
        by=request.member,
        at=timezone.now(),
        on=today(request),
        # Without the number of the text that was read, it is another text: nothing is signed.
        draft_number=int(given) if _NUMBER.fullmatch(given) else -1,
    )
    if result.value is None:
        return redirect("billing:note-sign", note.pk)
    name = _reviewers(note, result.value.service_day or today(request))
    sent = _("Signed. Sent to %(name)s for review.") % {"name": name} if name else _("Signed.")
    messages.success(request, sent)
    return redirect("billing:note-detail", note.pk)


def _once_more(request, operation: Callable[..., ServiceNote], **given: Any) -> Result[ServiceNote]:
    """Run a signing, and once more where two waited for each other; then a plain sentence."""
    for _try in range(2):
        try:
            return run_operation(operation, request=request, **given)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in _CONTENTION:
                raise
    messages.error(request, _TRY_AGAIN)
    return Result(message=str(_TRY_AGAIN))
