"""Finding a person, a person's page, and their own data."""

from typing import Any

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from peerworks.accounts.access import has_permission, require
from peerworks.accounts.roles import Permission, Scope
from peerworks.participants import operations, queries
from peerworks.participants.forms import FindForm, NewPersonForm, PersonForm, SealForm
from peerworks.participants.views.pages import (
    person_or_404,
    record_page,
    saw,
    to_person,
    today,
    write,
)
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page, paginate


@require(Permission.VIEW_PARTICIPANT)
@require_http_methods(["GET", "HEAD", "POST"])
def participant_list(request):
    """My people, or for those who see the agency all of them; POST finds by name and keeps nothing."""
    on = today(request)
    people = queries.people_for(request.member, Permission.VIEW_PARTICIPANT, on)
    people = people.order_by("sort_key", "pk")
    form = FindForm(request.POST or None)
    is_found = form.is_valid()
    if is_found:
        people = queries.called(people, form.cleaned_data["words"])
    page = paginate(request, people, 1000 if is_found else 50)
    rows = queries.person_rows(list(page.object_list), on)
    if rows:
        saw(request, "participant.listed", *(row.id for row in rows))
    sees_all = Scope.AGENCY in request.member.scopes(Permission.VIEW_PARTICIPANT)
    context = {
        "page_title": _("People") if sees_all else _("My people"),
        "page": page,
        "rows": rows,
        "is_found": is_found,
        "may_add": has_permission(request.member, Permission.ADD_PARTICIPANT),
    }
    return form_page(request, "participants/participant_list.html", form, context)


@require(Permission.VIEW_PARTICIPANT)
@require_safe
def participant_detail(request, pk):
    """All about one person, as far as the member's roles go."""
    person = person_or_404(request, pk, Permission.VIEW_PARTICIPANT)
    saw(request, "participant.viewed", person.pk)
    context = {
        "page_title": _("Participant"),
        "shown": queries.person_page(person, today(request)),
        "is_whole": queries.sees_whole_record(request.member),
        "may": _what_they_may(request, person),
    }
    return render(request, "participants/participant_detail.html", context)


def _what_they_may(request, person):
    """Which actions the page offers: the permission, and this person within its reach."""
    asked = {
        "edit": Permission.EDIT_PARTICIPANT,
        "team": Permission.MANAGE_CARE_TEAM,
        "consent": Permission.MANAGE_CONSENT,
        "status": Permission.MANAGE_STATUS,
        "plan": Permission.WRITE_PLAN,
        "coverage": Permission.MANAGE_COVERAGE,
        "see_diagnosis": Permission.VIEW_DIAGNOSIS,
        "diagnosis": Permission.EDIT_DIAGNOSIS,
        "note": Permission.WRITE_NOTE,
        "see_notes": Permission.VIEW_NOTE_FACTS,
        "seal": Permission.MANAGE_SEALS,
        "trace": Permission.VIEW_AUDIT,
    }
    on = today(request)
    return {
        name: has_permission(request.member, each)
        and queries.people_for(request.member, each, on).filter(pk=person.pk).exists()
        for name, each in asked.items()
    }


@require(Permission.ADD_PARTICIPANT)
@require_http_methods(["GET", "HEAD", "POST"])
def participant_add(request):
    """Begin a person's record."""
    form = NewPersonForm(request.POST or None, today=today(request))
    if request.method == "POST" and form.is_valid():
        result: Any = run_operation(
            operations.add_participant,
            form=form,
            fields={"participants_participant_record_number": "record_number"},
            by=request.member,
            on=today(request),
            form_key=form.cleaned_data["form_key"],
            **form.values,
        )
        if result:
            messages.success(request, _("The record is there."))
            return to_person(request, result.value.pk)
    context = {"page_title": _("Add a person"), "person": None, "lede": ""}
    return form_page(request, "participants/record_form.html", form, context)


@require(Permission.EDIT_PARTICIPANT)
@require_http_methods(["GET", "HEAD", "POST"])
def participant_edit(request, pk):
    """Correct a person's data."""
    person = person_or_404(request, pk, Permission.EDIT_PARTICIPANT)
    now = {name: getattr(person, name) for name in PersonForm.base_fields if hasattr(person, name)}
    now.pop("form_key", None)
    form = PersonForm(request.POST or None, initial=now, today=today(request))
    changed = _("The data are changed.")
    return write(
        request, person, form, operations.change_participant, changed, participant=person
    ) or record_page(request, person, form, _("Change a person's data"))


@require(Permission.MANAGE_SEALS)
@require_http_methods(["GET", "HEAD", "POST"])
def participant_seal(request, pk):
    """Close a record to all but named people, for the privacy officer."""
    person = person_or_404(request, pk, Permission.MANAGE_SEALS)
    form = SealForm(request.POST or None)
    given = {"participant": person, "at": timezone.now()}
    lede = _("From now on, only the people you name can know that this record exists.")
    return write(
        request, person, form, operations.seal_participant, _("The record is sealed."), **given
    ) or record_page(request, person, form, _("Seal a record"), lede)
