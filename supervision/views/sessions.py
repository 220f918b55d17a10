"""A session: logging it, correcting it, and the two signatures."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerworks.accounts.access import require
from peerworks.accounts.roles import Permission
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page, safe_next
from supervision import operations, policies, queries
from supervision.forms import ChangeSessionForm, SessionForm, SignForm
from supervision.operations import AgreedAction
from supervision.views.scope import actions_seen, sessions_seen, today

TIMES = {"SUPS-FUTURE": "day", "SUPS-NOT-YOURS": "day", "SUPS-NOT-PLACED": "program"}


@require(Permission.LOG_SUPERVISION)
@require_http_methods(["GET", "HEAD", "POST"])
def session_log(request, provider_id=None):
    """Log a session with one of those whom this member supervises."""
    day = today(request)
    workers = queries.supervisees_of(request.member, day)
    form = SessionForm(
        request.POST or None,
        workers=workers,
        programs=queries.programs_of_team(request.member, day),
        initial={"day": day, **_chosen(workers, provider_id, day)},
    )
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.log_session,
            form=form,
            fields=TIMES,
            supervisee=form.cleaned_data["supervisee"],
            actions=[AgreedAction(*each) for each in form.cleaned_data["agreed"]],
            by=request.member,
            at=timezone.now(),
            form_key=form.cleaned_data["form_key"],
            **form.told,
        )
        if done.value is not None:
            return redirect("supervision:session-detail", done.value.pk)
    title = {"page_title": _("Log a supervision session")}
    return form_page(request, "supervision/session_form.html", form, title)


def _chosen(workers, provider_id, day):
    """The worker that the page was opened for, with the program where there is one only."""
    if provider_id is None:
        return {}
    get_object_or_404(workers, pk=provider_id)
    placed = queries.programs_on([provider_id], day)[provider_id]
    one = {"program": placed[0].program_id} if len(placed) == 1 else {}
    return {"supervisee": provider_id, **one}


@require(Permission.LOG_SUPERVISION)
@require_http_methods(["GET", "HEAD", "POST"])
def session_change(request, session_id):
    """Correct a session that is not signed yet."""
    mine = sessions_seen(request).filter(supervisor__member=request.member)
    session = get_object_or_404(mine.select_related("site", "supervisor"), pk=session_id)
    form = ChangeSessionForm(
        request.POST or None,
        programs=queries.programs_of_team(request.member, today(request)),
        initial=_as_logged(session),
    )
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.change_session,
            form=form,
            fields=TIMES,
            session=session,
            by=request.member,
            at=timezone.now(),
            **form.told,
        )
        if done:
            messages.success(request, _("The correction is saved."))
            return redirect("supervision:session-detail", session.pk)
    title = {"page_title": _("Correct the session"), "session": session}
    return form_page(request, "supervision/session_form.html", form, title)


def _as_logged(session):
    zone = ZoneInfo(session.site.time_zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return {
        "program": session.program_id,
        "day": start.date(),
        "start": start.time(),
        "end": end.time(),
        "mode": session.mode,
        "format": session.format,
        "topics": session.topics,
        "shared_notes": session.shared_notes,
    }


@require(Permission.VIEW_SUPERVISION)
@require_safe
def session_detail(request, session_id):
    """What took place, what was agreed, and both signatures."""
    return _detail(request, get_object_or_404(sessions_seen(request), pk=session_id))


def _detail(request, session, form=None):
    page = queries.session_page(session.pk, request.member, today(request))
    mine = next((each for each in page.parts if each.is_mine and not each.signed_at), None)
    if form is None and mine is not None and page.is_signed:
        form = SignForm(initial={"own_words": mine.own_words})
    if form is not None:
        form.helper.form_action = reverse("supervision:session-sign", args=[session.pk])
    context = {
        "page_title": _("Supervision session"),
        "session": page,
        "refusal": policies.refusal_to_sign_session(session=session, by=request.member),
        "waits_for_supervisor": mine is not None and not page.is_signed,
        "form": form,
    }
    # Of what is signed, and only there, the supervisee has a form.
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "supervision/session_detail.html", context, status=status)


@require(Permission.SIGN_SUPERVISION)
@require_POST
def session_sign(request, session_id):
    """Sign with one press: the supervisor the session, the supervisee that it took place."""
    session = get_object_or_404(sessions_seen(request), pk=session_id)
    if session.supervisor.member_id == request.member.pk:
        return _sign_as_supervisor(request, session)
    part = session.attendance.filter(provider__member=request.member).first()
    if part is None:
        raise Http404
    return _sign_as_supervisee(request, session, part)


def _sign_as_supervisor(request, session):
    done = run_operation(
        operations.sign_session,
        request=request,
        session=session,
        by=request.member,
        at=timezone.now(),
    )
    if done:
        messages.success(request, _("Signed. It counts once the person supervised has signed too."))
    return redirect("supervision:session-detail", session.pk)


def _sign_as_supervisee(request, session, part):
    form = SignForm(request.POST)
    if not form.is_valid():
        return _detail(request, session, form)
    given = {"attendance": part, "own_words": form.cleaned_data["own_words"], "by": request.member}
    if "later" in request.POST:
        done = run_operation(operations.add_own_words, form=form, **given)
        said = _("Your words are saved. The session waits for your signature.")
    else:
        done = run_operation(operations.sign_attendance, form=form, at=timezone.now(), **given)
        said = _("Signed. The session counts.")
    if not done:
        return _detail(request, session, form)
    messages.success(request, said)
    return redirect("supervision:session-detail", session.pk)


@require(Permission.VIEW_SUPERVISION)
@require_POST
def action_finish(request, action_id):
    """Record that something agreed is done."""
    action = get_object_or_404(actions_seen(request), pk=action_id)
    done = run_operation(
        operations.finish_action,
        request=request,
        action=action,
        by=request.member,
        at=timezone.now(),
    )
    if done:
        messages.success(request, _("Recorded as done."))
    return redirect(safe_next(request, "supervision:session-detail", action.session_id))
