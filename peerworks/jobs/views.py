"""Work in the background: what ran and what failed, started by hand, and how far one run is."""

import uuid
import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from peerworks.accounts.access import has_permission, require
from peerworks.accounts.requests import MemberRequest
from peerworks.accounts.roles import Permission
from peerworks.jobs import operations, pages, policies, queries
from peerworks.jobs.forms import StartForm
from peerworks.jobs.kinds import is_registered, kind_of
from peerworks.jobs.models import Job
from peerworks.web.operations import run_operation
from peerworks.web.pages import by_script, paginate


def _zone(request: MemberRequest) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(request.agency.time_zone)


@require(Permission.VIEW_JOBS)
@require_safe
def job_list(request: MemberRequest) -> HttpResponse:
    """Every kind of job: how it ran last, when it comes next, and whether the machine works."""
    with timezone.override(_zone(request)):
        context = {
            "page_title": _("Jobs"),
            "rows": pages.kind_rows(request.member, timezone.now()),
            "machine": pages.machine(),
            "form_key": uuid.uuid4(),
        }
        return render(request, "jobs/job_list.html", context)


@require(Permission.VIEW_JOBS)
@require_safe
def kind_detail(request: MemberRequest, kind: str) -> HttpResponse:
    """One kind of job and its runs, the latest first; 404 for one that is unknown and never ran."""
    found = queries.runs_of(kind)
    if not is_registered(kind) and not found.exists():
        raise Http404
    page = paginate(request, found)
    with timezone.override(_zone(request)):
        context = {
            "page_title": kind_of(kind).label,
            "kind": kind_of(kind),
            "page": page,
            "runs": pages.runs(page.object_list, request.member),
            "refusal": policies.refusal_to_start(kind),
            "form_key": uuid.uuid4(),
        }
        return render(request, "jobs/kind_detail.html", context)


@require(Permission.VIEW_JOBS)
@require_POST
def job_start(request: MemberRequest) -> HttpResponse:
    """Start a kind of job by hand, and go to its run; while one runs, say so and go there."""
    form = StartForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This form is incomplete. Reload the page and try again."))
        return redirect("jobs:job-list")
    now = timezone.now()
    on = timezone.localdate(now, timezone=_zone(request))
    result = run_operation(
        operations.start_now,
        request=request,
        by=request.member,
        form_key=form.cleaned_data["form_key"],
        on=on,
        at=now,
        kind=form.cleaned_data["kind"],
    )
    job = result.value or queries.live_run(form.cleaned_data["kind"])
    return redirect("jobs:job-detail", job.pk) if job else redirect("jobs:job-list")


def _job_or_404(request: MemberRequest, pk: uuid.UUID) -> Job:
    job: Job = get_object_or_404(queries.jobs_for(request.member), pk=pk)
    return job


def _of_one(request: MemberRequest, job: Job) -> dict[str, Any]:
    (run,) = pages.runs([job], request.member)
    done, total = pages.far(job, request.member)
    return {
        "job": job,
        "run": run,
        "done": done,
        "total": total,
        "far": pages.far_in_words(job, done, total) if run.is_live else "",
        "is_polled": request.htmx,
    }


@require()
@require_safe
def job_detail(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """One run: for administrators, and for who asked for it."""
    job = _job_or_404(request, pk)
    with timezone.override(_zone(request)):
        context = _of_one(request, job) | {
            "page_title": kind_of(job.kind).label,
            "sees_all": has_permission(request.member, Permission.VIEW_JOBS),
        }
        return render(request, "jobs/job_detail.html", context)


@by_script
@require()
@never_cache
@require_safe
def job_progress(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a run is: a fragment that asks for itself until the run is over."""
    job = _job_or_404(request, pk)
    with timezone.override(_zone(request)):
        return render(request, "jobs/_job_progress.html", _of_one(request, job))
