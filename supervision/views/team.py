"""Who is owed what: the team, one worker, and the part of a worker's page."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.web.pages import by_script, paginate
from providers.models import Provider
from supervision import queries
from supervision.policies import (
    refusal_to_record_qualification,
    refusal_to_verify_qualification,
)
from supervision.queries import SOON_AT_PERCENT
from supervision.views.scope import (
    actions_seen,
    assignments_seen,
    sessions_seen,
    today,
    workers_seen,
)

LATEST = 3


@require(Permission.VIEW_SUPERVISION)
@require_safe
def person_list(request):
    """My team (a peer: myself), the most urgent first, and what waits for my signature."""
    return _list(request, _("Supervision"), only_due=False)


@require(Permission.VIEW_SUPERVISION)
@require_safe
def owed_list(request):
    """The same, only who is due or overdue, or has no supervisor."""
    return _list(request, _("Supervision due"), only_due=True)


def _list(request, title, *, only_due):
    day = today(request)
    rows = queries.team_rows(day, workers_seen(request))
    waiting = queries.waiting_for(request.member)
    context = {
        "page_title": title,
        "only_due": only_due,
        "overdue": sum(row.of.is_overdue for row in rows),
        "soon": sum(_is_soon(row) for row in rows),
        "page": paginate(request, [row for row in rows if not only_due or row.tone != "ok"]),
        "waiting": queries.session_rows(waiting, request.member),
        "led": set(queries.led_by(request.member, day).values_list("provider", flat=True)),
        "may_log": request.member.may(Permission.LOG_SUPERVISION),
        "may_assign": request.member.may(Permission.ASSIGN_SUPERVISOR),
        "own_file": _own_file_of_a_supervisor(request.member),
    }
    return render(request, "supervision/person_list.html", context)


def _own_file_of_a_supervisor(member):
    """Where whoever logs sessions shows what makes them a supervisor; None for all others."""
    may_log = member.may(Permission.LOG_SUPERVISION)
    return queries.provider_of(member) if may_log else None


def _is_soon(row):
    return not row.of.is_overdue and row.of.percent >= SOON_AT_PERCENT


@require(Permission.VIEW_SUPERVISION)
@require_safe
def person_detail(request, provider_id):
    """One worker: how they stand, their sessions, what was agreed, who supervises them."""
    day = today(request)
    provider = get_object_or_404(workers_seen(request), pk=provider_id)
    attended = sessions_seen(request).filter(attendance__provider=provider)
    context = {
        "page_title": provider.name,
        "provider": provider,
        "row": _row(provider, day),
        "page": paginate(request, queries.session_rows(attended, request.member)),
        "actions": queries.open_actions(
            actions_seen(request).filter(session__in=attended), request.member, day
        ),
        "assignments": queries.assignment_rows(assignments_seen(request), provider),
        "may_log": queries.led_by(request.member, day).filter(provider=provider).exists(),
        "may_assign": request.member.may(Permission.ASSIGN_SUPERVISOR),
    }
    return render(request, "supervision/person_detail.html", context)


def _row(provider, day):
    rows = queries.team_rows(day, Provider.objects.filter(pk=provider.pk))
    return rows[0] if rows else None


@require(Permission.VIEW_SUPERVISION)
@require_safe
def supervisor_detail(request, provider_id):
    """One supervisor: what qualifies them by the rules of each program, and their proofs."""
    day = today(request)
    provider = get_object_or_404(workers_seen(request), pk=provider_id)
    context = {
        "page_title": provider.name,
        "provider": provider,
        "answers": queries.supervisor_answers(provider, day),
        "caseload": queries.caseload(provider, day),
        "proofs": [
            (
                queries.proof_row(each, day),
                refusal_to_verify_qualification(qualification=each, by=request.member),
            )
            for each in queries.qualifications_of(provider)
        ],
        "may_add": refusal_to_record_qualification(supervisor=provider, by=request.member) is None,
        "may_verify": request.member.may(Permission.VERIFY_CREDENTIAL),
    }
    return render(request, "supervision/supervisor_detail.html", context)


@by_script
@require(Permission.VIEW_SUPERVISION)
@require_safe
def provider_section(request, provider_id):
    """A worker's supervision: a part of the worker's page."""
    day = today(request)
    provider = get_object_or_404(workers_seen(request), pk=provider_id)
    attended = sessions_seen(request).filter(attendance__provider=provider)
    latest = attended.order_by("-starts_at", "pk")[:LATEST].values_list("pk", flat=True)
    context = {
        "provider": provider,
        "row": _row(provider, day),
        "sessions": queries.session_rows(attended.filter(pk__in=list(latest)), request.member),
        "leads": queries.caseload(provider, day),
    }
    return render(request, "supervision/_provider_section.html", context)
