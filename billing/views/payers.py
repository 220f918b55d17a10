"""Payers with their rates; a person's coverage and diagnoses."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms.payers import (
    CoverageForm,
    DiagnosisForm,
    EndCoverageForm,
    PayerForm,
    RateForm,
    RatesForm,
)
from billing.models import Coverage, Payer
from billing.operations import payers as operations
from billing.queries import payers as queries
from billing.views.people import key_of, page, person_or_404, run, saw, today
from peerworks.accounts.access import has_permission, require
from peerworks.accounts.roles import Permission
from peerworks.participants.queries import about_people, people_for
from peerworks.web.pages import by_script

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@require(Permission.MANAGE_PAYERS)
@require_safe
def payer_list(request):
    """The agency's payers, their rule packs and their rates."""
    context = {
        "page_title": _("Payers and rates"),
        "payers": queries.payers_with_rates(today(request)),
    }
    return render(request, "billing/payer_list.html", context)


@require(Permission.MANAGE_PAYERS)
@form_methods
def payer_add(request):
    """Add a payer."""
    form = PayerForm(request.POST or None, on=today(request))
    done = _("The payer is added. Now its rates.")
    if added := run(request, form, operations.add_payer, done, **key_of(form)):
        return redirect("billing:rates-set", added.value.pk)
    return page(request, form, _("Add a payer"), **_to_payers())


def _to_payers():
    return {"back_url": reverse("billing:payer-list"), "back": _("Payers and rates")}


@require(Permission.MANAGE_PAYERS)
@form_methods
def rate_set(request, pk):
    """Set what a payer pays for one unit, from a day on."""
    payer = get_object_or_404(Payer, pk=pk)
    form = RateForm(request.POST or None, initial=_of_the_line(request))
    done = _("The rate is set.")
    if run(request, form, operations.set_rate, done, payer=payer, **key_of(form)):
        return redirect("billing:payer-list")
    return page(request, form, _("Set a rate"), lede=payer.name, **_to_payers())


@require(Permission.MANAGE_PAYERS)
@form_methods
def rates_set(request, pk):
    """Set the rates of all lines that wait for one, together."""
    payer = get_object_or_404(Payer, pk=pk)
    lines, priced, services = _lines_of(request, payer)
    if not (lines or priced):
        return redirect("billing:rate-set", payer.pk)
    begun = {"starts_on": today(request)}
    of = {"lines": lines, "priced": priced, "services": services}
    form = RatesForm(request.POST or None, initial=begun, **of)
    done = _("The rates are set.")
    if run(request, form, operations.set_rates, done, payer=payer, **key_of(form)):
        return redirect("billing:payer-list")
    return page(
        request,
        form,
        _("Set the rates"),
        template="billing/rates_form.html",
        lede=payer.name,
        **_to_payers(),
    )


def _lines_of(request, payer):
    """The lines that have no rate today; what was typed for one that got its rate meanwhile; the services of each."""
    waiting, priced, services = queries.lines_to_price(payer, today(request))
    sent = request.POST if request.method == "POST" else {}
    return waiting, [line for line in priced if sent.get(RatesForm.field_of(line))], services


def _of_the_line(request):
    """What the form begins with: today, and the code and modifiers of the line that was pressed."""
    line = {name: request.GET.get(name, "")[:20] for name in ("code", "modifiers")}
    return {"starts_on": today(request), **line}


@by_script
@require(Permission.VIEW_PARTICIPANT)
@require_safe
def participant_coverage(request, pk):
    """The fragment of a person's page: who pays today."""
    person = person_or_404(request, pk, Permission.VIEW_PARTICIPANT)
    saw(request, "coverage.viewed", person.pk)
    held = [each for each in queries.coverages_of(person, today(request)) if each.is_now]
    return render(request, "billing/coverage_today.html", {"coverages": held})


@require(Permission.VIEW_PARTICIPANT)
@require_safe
def coverage_list(request, pk):
    """A person's coverage, and the diagnoses for those who may know them."""
    person = person_or_404(request, pk, Permission.VIEW_PARTICIPANT)
    on = today(request)
    saw(request, "coverage.viewed", person.pk)
    sees = _may(request, Permission.VIEW_DIAGNOSIS, person)
    if sees:
        saw(request, "diagnosis.viewed", person.pk)
    context = {
        "page_title": _("Coverage and diagnoses") if sees else _("Coverage"),
        "person": person,
        "coverages": queries.coverages_of(person, on),
        "diagnoses": queries.diagnoses_of(person, on) if sees else [],
        "sees_diagnoses": sees,
        "may_cover": _may(request, Permission.MANAGE_COVERAGE, person),
        "may_diagnose": _may(request, Permission.EDIT_DIAGNOSIS, person),
    }
    return render(request, "billing/coverage_list.html", context)


def _may(request, permission, person):
    people = people_for(request.member, permission, today(request))
    return has_permission(request.member, permission) and people.filter(pk=person.pk).exists()


@require(Permission.MANAGE_COVERAGE)
@form_methods
def coverage_add(request, pk):
    """Record that a payer covers a person."""
    person = person_or_404(request, pk, Permission.MANAGE_COVERAGE)
    form = CoverageForm(request.POST or None)
    given = {"participant": person, **key_of(form)}
    if run(request, form, operations.add_coverage, _("The coverage is recorded."), **given):
        return redirect("billing:coverage-list", person.pk)
    saw(request, "participant.viewed", person.pk)
    return page(request, form, _("Record a coverage"), **_to_coverage(person))


def _to_coverage(person):
    back = reverse("billing:coverage-list", args=[person.pk])
    return {"back_url": back, "back": person.shown_name}


@require(Permission.MANAGE_COVERAGE)
@form_methods
def coverage_end(request, pk):
    """End a coverage."""
    rows = Coverage.objects.select_related("participant")
    seen = about_people(rows, request.member, Permission.MANAGE_COVERAGE, today(request))
    coverage = get_object_or_404(seen, pk=pk)
    form = EndCoverageForm(request.POST or None, initial={"last_day": today(request)})
    done = _("The last day is recorded.")
    if run(request, form, operations.end_coverage, done, coverage=coverage):
        return redirect("billing:coverage-list", coverage.participant_id)
    saw(request, "coverage.viewed", coverage.participant_id)
    return page(request, form, _("End a coverage"), **_to_coverage(coverage.participant))


@require(Permission.EDIT_DIAGNOSIS)
@form_methods
def diagnosis_add(request, pk):
    """Record a diagnosis."""
    person = person_or_404(request, pk, Permission.EDIT_DIAGNOSIS)
    form = DiagnosisForm(request.POST or None, initial={"starts_on": today(request)})
    given = {"participant": person, **key_of(form)}
    if run(request, form, operations.add_diagnosis, _("The diagnosis is recorded."), **given):
        return redirect("billing:coverage-list", person.pk)
    saw(request, "participant.viewed", person.pk)
    return page(request, form, _("Record a diagnosis"), **_to_coverage(person))
