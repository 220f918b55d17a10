"""Enrollments, care team, consents and statuses of a person."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.participants import operations, queries
from peerworks.participants.forms import (
    CareTeamForm,
    ConsentForm,
    EnrolmentForm,
    LastDayForm,
    StatusForm,
)
from peerworks.participants.models import CareTeamMember, Consent, Enrolment, StatusPeriod
from peerworks.participants.views.pages import (
    person_or_404,
    record_page,
    saw,
    to_person,
    today,
    write,
)
from peerworks.web.operations import run_operation

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _add(request, pk, permission, form_class, operation, title, done, **given):
    """A page that adds one record to a person, from today on unless said otherwise."""
    person = person_or_404(request, pk, permission)
    form = form_class(request.POST or None, initial={"starts_on": today(request)})
    if form.is_bound and form.is_valid():
        given["form_key"] = form.cleaned_data["form_key"]
    return write(
        request, person, form, operation, done, participant=person, **given
    ) or record_page(request, person, form, title)


def _end(request, rows, pk, permission, operation, name, title):
    """A page that ends one record of a person, today unless said otherwise."""
    seen = queries.about_people(rows, request.member, permission, today(request))
    record = get_object_or_404(seen.select_related("participant"), pk=pk)
    form = LastDayForm(request.POST or None, initial={"last_day": today(request)})
    done = _("The last day is recorded.")
    return write(
        request, record.participant, form, operation, done, **{name: record}
    ) or record_page(request, record.participant, form, title)


@require(Permission.EDIT_PARTICIPANT)
@form_methods
def enrolment_add(request, pk):
    """Enroll a person in a program."""
    return _add(
        request,
        pk,
        Permission.EDIT_PARTICIPANT,
        EnrolmentForm,
        operations.enrol,
        _("Enroll in a program"),
        _("The enrollment is recorded."),
    )


@require(Permission.EDIT_PARTICIPANT)
@form_methods
def enrolment_end(request, pk):
    """End an enrollment."""
    return _end(
        request,
        Enrolment.objects.all(),
        pk,
        Permission.EDIT_PARTICIPANT,
        operations.end_enrolment,
        "enrolment",
        _("End an enrollment"),
    )


@require(Permission.MANAGE_CARE_TEAM)
@form_methods
def care_team_edit(request, pk):
    """Who works with a person: the team as it is, and one more."""
    person = person_or_404(request, pk, Permission.MANAGE_CARE_TEAM)
    form = CareTeamForm(request.POST or None, initial={"starts_on": today(request)})
    given = {"participant": person}
    if form.is_bound and form.is_valid():
        given["form_key"] = form.cleaned_data["form_key"]
    done = _("The care team is changed.")
    answer = write(request, person, form, operations.add_care_team_member, done, **given)
    if answer:
        return answer
    saw(request, "participant.viewed", person.pk)
    context = {
        "page_title": _("Care team"),
        "form": form,
        "shown": queries.person_page(person, today(request)),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "participants/care_team_edit.html", context, status=status)


@require(Permission.MANAGE_CARE_TEAM)
@form_methods
def care_team_end(request, pk):
    """End a worker's time on a care team."""
    return _end(
        request,
        CareTeamMember.objects.all(),
        pk,
        Permission.MANAGE_CARE_TEAM,
        operations.end_care_team_member,
        "entry",
        _("End a worker's time on the care team"),
    )


@require(Permission.MANAGE_CONSENT)
@form_methods
def consent_add(request, pk):
    """Record a signed consent."""
    return _add(
        request,
        pk,
        Permission.MANAGE_CONSENT,
        ConsentForm,
        operations.record_consent,
        _("Record a consent"),
        _("The consent is recorded."),
        on=today(request),
    )


@require(Permission.MANAGE_CONSENT)
@require_POST
def consent_revoke(request, pk):
    """Record that a consent is revoked from today on."""
    on = today(request)
    seen = queries.about_people(
        Consent.objects.all(), request.member, Permission.MANAGE_CONSENT, on
    )
    consent = get_object_or_404(seen, pk=pk)
    run_operation(
        operations.revoke_consent,
        request=request,
        consent=consent,
        on=on,
        by=request.member,
        at=timezone.now(),
    )
    return to_person(request, consent.participant_id)


@require(Permission.MANAGE_STATUS)
@form_methods
def status_add(request, pk):
    """Record that a person is in hospital, in jail, or has died."""
    return _add(
        request,
        pk,
        Permission.MANAGE_STATUS,
        StatusForm,
        operations.record_status,
        _("Record a status"),
        _("The status is recorded."),
    )


@require(Permission.MANAGE_STATUS)
@form_methods
def status_end(request, pk):
    """End a status."""
    return _end(
        request,
        StatusPeriod.objects.all(),
        pk,
        Permission.MANAGE_STATUS,
        operations.end_status,
        "status",
        _("End a status"),
    )
