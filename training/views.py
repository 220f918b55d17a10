"""Pages of courses and of who has completed them."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerworks.accounts import reach
from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission, Scope
from peerworks.web.operations import run_operation
from peerworks.web.pages import by_script, form_page, paginate
from providers.models import Provider
from training import operations, queries
from training.forms import CompletionForm, CourseForm
from training.models import Completion, Course
from training.policies import refusal_to_revoke_completion


def today(request) -> dt.date:
    """The agency's local day."""
    return timezone.localdate(timezone=ZoneInfo(request.agency.time_zone))


def seen_completions(request, day):
    """The completions that this member may see."""
    return reach.narrow(Completion.objects.all(), request.member, Permission.VIEW_TRAINING, day)


@require(Permission.VIEW_TRAINING)
@require_safe
def course_list(request):
    """The agency's courses; who may not manage them sees beside it what they have completed."""
    day, language = today(request), get_language()
    seen = seen_completions(request, day)
    manages = request.member.may(Permission.MANAGE_COURSES)
    own = seen.filter(provider__member=request.member)
    context = {
        "page_title": _("Training"),
        "courses": queries.course_rows(seen, day, language),
        "completions": queries.completion_rows(own, day, language),
        "manages": manages,
        "counts": request.member.scopes(Permission.VIEW_TRAINING) != {Scope.OWN},
    }
    return render(request, "training/course_list.html", context)


@require(Permission.MANAGE_COURSES)
@require_http_methods(["GET", "HEAD", "POST"])
def course_add(request):
    """Add a course."""
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.add_course,
            form=form,
            fields={"training_course_key": "key", "training_course_minimum": "minimum_meetings"},
            by=request.member,
            form_key=form.cleaned_data["form_key"],
            **form.values,
        )
        if done.value is not None:
            messages.success(request, _("The course is added."))
            return redirect("training:completion-list", done.value.pk)
    return form_page(request, "training/course_form.html", form, {"page_title": _("Add a course")})


@require(Permission.VIEW_TRAINING)
@require_safe
def completion_list(request, course_id):
    """Who has completed one course, as far as this member may see."""
    day, language = today(request), get_language()
    course = get_object_or_404(Course, pk=course_id)
    rows = queries.completion_rows(
        seen_completions(request, day).filter(course=course), day, language
    )
    context = {
        "page_title": course.title(language),
        "course": course,
        "page": paginate(request, rows),
        "manages": request.member.may(Permission.MANAGE_COURSES),
    }
    return render(request, "training/completion_list.html", context)


@require(Permission.MANAGE_COURSES)
@require_http_methods(["GET", "HEAD", "POST"])
def completion_add(request, course_id):
    """Record that somebody has completed a course."""
    day = today(request)
    course = get_object_or_404(Course, pk=course_id)
    form = CompletionForm(
        request.POST or None,
        workers=queries.workers_to_train(day),
        initial={"hours": course.hours, "completed_on": day},
    )
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.record_completion,
            form=form,
            fields={
                "TRNG-FUTURE": "completed_on",
                "training_completion_valid_through": "valid_through",
                "training_completion_certificate_number": "certificate_number",
            },
            course=course,
            by=request.member,
            on=day,
            form_key=form.cleaned_data["form_key"],
            **form.values,
        )
        if done:
            messages.success(request, _("The completion is recorded."))
            return redirect("training:completion-list", course.pk)
    title = {"page_title": _("Record a completed course"), "course": course}
    return form_page(request, "training/completion_form.html", form, title)


@require(Permission.VIEW_TRAINING)
@require_safe
def completion_detail(request, completion_id):
    """One completed course, as a certificate to print, with what may be done about it."""
    day = today(request)
    seen = seen_completions(request, day).select_related("provider", "course", "recorded_by__user")
    completion = get_object_or_404(seen, pk=completion_id)
    context = {
        "page_title": completion.course.title(get_language()),
        "row": queries.completion_row(completion, day, get_language()),
        "recorded_by": completion.recorded_by.user.name,
        "manages": request.member.may(Permission.MANAGE_COURSES),
        "refusal": refusal_to_revoke_completion(completion=completion, by=request.member),
    }
    return render(request, "training/completion_detail.html", context)


@require(Permission.MANAGE_COURSES)
@require_POST
def completion_revoke(request, completion_id):
    """Revoke one that was recorded by mistake."""
    seen = seen_completions(request, today(request))
    completion = get_object_or_404(seen, pk=completion_id)
    done = run_operation(
        operations.revoke_completion,
        request=request,
        completion=completion,
        by=request.member,
        at=timezone.now(),
    )
    if done:
        messages.success(request, _("The completion is revoked. It no longer counts."))
    return redirect(reverse("training:completion-detail", args=[completion.pk]))


@by_script
@require(Permission.VIEW_TRAINING)
@require_safe
def provider_section(request, provider_id):
    """A worker's completed courses: a part of the worker's page."""
    day = today(request)
    workers = reach.narrow(Provider.objects.all(), request.member, Permission.VIEW_TRAINING, day)
    provider = get_object_or_404(workers, pk=provider_id)
    rows = queries.completion_rows(
        seen_completions(request, day).filter(provider=provider), day, get_language()
    )
    return render(request, "training/_provider_section.html", {"completions": rows})
