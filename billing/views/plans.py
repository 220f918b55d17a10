"""Plans of care: a person's plans, one plan, and writing, putting into force and signing it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.forms.plans import (
    ActivateForm,
    PlanForm,
    RenewForm,
    SignForm,
    first_day,
    roles_to_offer,
)
from billing.models import PlanOfCare, PlanVersion
from billing.operations import plans as operations
from billing.queries import plans as queries
from billing.views.people import key_of, page, person_or_404, run, saw, today
from peerworks.accounts.access import has_permission, require
from peerworks.accounts.roles import Permission
from peerworks.agencies.models import Program
from peerworks.participants.models import Enrolment
from peerworks.participants.queries import about_people, sees_whole_record
from peerworks.web.pages import by_script

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _plan_or_404(request, pk, permission):
    """The plan of that id, or of the version of that id, within the member's reach."""
    rows = PlanOfCare.objects.select_related("participant", "program")
    reached = about_people(rows, request.member, permission, today(request))
    found = reached.filter(pk=pk).first()
    if found is not None:
        return found
    version = PlanVersion.objects.filter(pk=pk).values("plan")
    return get_object_or_404(reached, pk__in=version)


def _back_to(plan):
    return {
        "back_url": reverse("billing:plan-detail", args=[plan.pk]),
        "back": _("Plan of care"),
    }


@by_script
@require(Permission.VIEW_PARTICIPANT)
@require_safe
def participant_plans(request, pk):
    """The fragment of a person's page: their current plans with the goals."""
    person = person_or_404(request, pk, Permission.VIEW_PARTICIPANT)
    if not sees_whole_record(request.member):
        raise PermissionDenied
    saw(request, "plan.viewed", person.pk)
    context = {
        "person": person,
        "plans": queries.plan_rows(person, today(request)),
        "may_write": has_permission(request.member, Permission.WRITE_PLAN),
    }
    return render(request, "billing/plan_rows.html", context)


@require(Permission.VIEW_PARTICIPANT)
@require_safe
def plan_detail(request, pk):
    """A plan: goals, checklist, versions and signatures."""
    plan = _plan_or_404(request, pk, Permission.VIEW_PARTICIPANT)
    if not sees_whole_record(request.member):
        raise PermissionDenied
    saw(request, "plan.viewed", plan.participant_id, plan)
    rows = PlanOfCare.objects.filter(pk=plan.pk)
    writes, signs = (
        has_permission(request.member, each)
        and about_people(rows, request.member, each, today(request)).exists()
        for each in (Permission.WRITE_PLAN, Permission.SIGN_PLAN)
    )
    context = {
        "page_title": _("Plan of care"),
        "plan": queries.plan_page(plan, today(request)),
        "may_write": writes,
        "may_sign": signs,
    }
    return render(request, "billing/plan_detail.html", context)


@require(Permission.WRITE_PLAN)
@form_methods
def plan_write(request, pk):
    """Begin a person's plan, in one of the programs that they are in."""
    person = person_or_404(request, pk, Permission.WRITE_PLAN)
    on = today(request)
    enrolled = Enrolment.objects.for_participants([person.pk]).in_force_on(on).values("program")
    programs = Program.objects.filter(pk__in=enrolled).order_by("name", "pk")
    choices = queries.services_for(person, list(programs), on)
    only = programs[0].pk if len(programs) == 1 else None
    form = PlanForm(
        request.POST or None, services=choices, programs=programs, initial={"program": only}
    )
    given = {"participant": person, "on": on, **key_of(form)}
    result = run(request, form, operations.write_plan, _("The draft is saved."), **given)
    if result:
        return redirect("billing:plan-detail", result.value.pk)
    saw(request, "participant.viewed", person.pk)
    back = reverse("participants:participant-detail", args=[person.pk])
    lede = _("Write it together: the goals are the person's own.")
    return page(
        request, form, _("Write a plan of care"), back_url=back, back=person.shown_name, lede=lede
    )


@require(Permission.WRITE_PLAN)
@form_methods
def plan_change(request, pk):
    """Go on writing the draft of a plan."""
    plan = _plan_or_404(request, pk, Permission.WRITE_PLAN)
    draft = queries.draft_of(plan)
    if draft is None:
        return redirect("billing:plan-detail", plan.pk)
    on = today(request)
    form = PlanForm(
        request.POST or None,
        services=queries.services_for(plan.participant, [plan.program], on),
        goals=_goals_of(draft),
        initial={"summary": draft.summary, "services": draft.services},
    )
    given = {"version": draft, "on": on}
    if run(request, form, operations.change_plan, _("The draft is saved."), **given):
        return redirect("billing:plan-detail", plan.pk)
    saw(request, "plan.viewed", plan.participant_id, plan)
    return page(request, form, _("Change the draft"), **_back_to(plan))


def _goals_of(version):
    return [
        operations.GivenGoal(each.text, each.measure, each.starts_on, each.target_on)
        for each in version.goals.order_by("number")
    ]


@require(Permission.WRITE_PLAN)
@form_methods
def plan_renew(request, pk):
    """Open the next version of a plan as a copy."""
    plan = _plan_or_404(request, pk, Permission.WRITE_PLAN)
    form = RenewForm(request.POST or None)
    done = _("A new version is open. The one in force stays until you put this into force.")
    if run(request, form, operations.open_version, done, plan=plan):
        return redirect("billing:plan-change", plan.pk)
    saw(request, "plan.viewed", plan.participant_id, plan)
    return page(request, form, _("Open a new version"), **_back_to(plan))


@require(Permission.WRITE_PLAN)
@form_methods
def plan_activate(request, pk):
    """Put the draft of a plan into force."""
    plan = _plan_or_404(request, pk, Permission.WRITE_PLAN)
    draft = queries.draft_of(plan)
    if draft is None:
        return redirect("billing:plan-detail", plan.pk)
    form = ActivateForm(request.POST or None, initial=first_day(today(request)))
    done = _("The plan is in force. Now gather the signatures.")
    given = {"version": draft, "at": timezone.now()}
    if run(request, form, operations.activate_plan, done, **given):
        return redirect("billing:plan-detail", plan.pk)
    saw(request, "plan.viewed", plan.participant_id, plan)
    lede = _("Its words are final from now on. Everyone signs the same words after that.")
    return page(request, form, _("Put the plan into force"), lede=lede, **_back_to(plan))


@require(Permission.SIGN_PLAN)
@form_methods
def plan_sign(request, pk):
    """Record a signature of the version in force, or that the participant chose not to sign."""
    plan = _plan_or_404(request, pk, Permission.SIGN_PLAN)
    version = queries.version_to_sign(plan)
    if version is None:
        return redirect("billing:plan-detail", plan.pk)
    on = today(request)
    missing = queries.roles_missing(version, queries.pack_for(plan.participant, plan.program, on))
    form = SignForm(
        request.POST or None,
        roles=roles_to_offer(missing),
        participant_name=plan.participant.name,
        initial=first_day(on),
    )
    given = {"version": version, "on": on, "at": timezone.now(), **key_of(form)}
    done = _("The signature is recorded.")
    if run(request, form, operations.sign_plan, done, **given):
        return redirect("billing:plan-detail", plan.pk)
    saw(request, "plan.viewed", plan.participant_id, plan)
    return page(request, form, _("Sign the plan"), **_back_to(plan))
