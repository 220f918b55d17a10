"""A member's inbox: what is overdue, due and coming; done, put off, not needed, and back again."""

import functools
import zoneinfo

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerworks.accounts.access import require
from peerworks.audit import trail
from peerworks.notices import operations, queries
from peerworks.notices.forms import NotNeededForm, PutOffForm
from peerworks.notices.models import Notice
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page, paginate


def _today(request):
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(request.agency.time_zone))


def _own(request, pk):
    return get_object_or_404(Notice, pk=pk, recipient=request.member)


def _saw(request, rows):
    people = tuple({row.participant_id for row in rows if row.participant_id})
    if people:
        request.seen.append(trail.Seen("notice.listed", participants=people))


@require()
@require_safe
def notice_list(request):
    """What waits for the member who asks; seen by them as soon as the answer leaves."""
    on = _today(request)
    groups = queries.inbox(request.member, on)
    rows = [row for group in groups for row in group.rows]
    later = queries.inbox_rows(list(queries.put_off_notices(request.member, on)))
    _saw(request, [*rows, *later])
    if rows:
        request.after_view.append(
            functools.partial(
                operations.mark_seen,
                notice_ids=[row.id for row in rows],
                by=request.member,
                at=timezone.now(),
            )
        )
    context = {"page_title": _("Due"), "groups": groups, "count": len(rows), "put_off": later}
    return render(request, "notices/notice_list.html", context)


@require()
@require_safe
def notice_past(request):
    """What is out of the list: done, not needed, mended; the newest first."""
    page = paginate(request, queries.past_notices(request.member))
    rows = queries.inbox_rows(list(page.object_list))
    _saw(request, rows)
    context = {"page_title": _("Out of my list"), "rows": rows, "page": page}
    return render(request, "notices/notice_past.html", context)


@require()
@require_POST
def notice_done(request, pk):
    """Take a notice of one's own out of the inbox; twice is as once."""
    notice = _own(request, pk)
    result = run_operation(
        operations.mark_done,
        request=request,
        notice=notice,
        by=request.member,
        at=timezone.now(),
    )
    if result:
        messages.success(request, _("Done. What is due stays due until it is mended."))
    return redirect("notices:notice-list")


@require()
@require_http_methods(["GET", "HEAD", "POST"])
def notice_put_off(request, pk):
    """Hide a notice of one's own until a day."""
    notice = _own(request, pk)
    form = PutOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.put_off,
            form=form,
            fields={"NOTICE-UNTIL": "until", "notices_notice_snoozed_later": "until"},
            notice=notice,
            by=request.member,
            on=_today(request),
            **form.values,
        )
        if done:
            messages.success(request, _("Put off. It comes back on that day."))
            return redirect("notices:notice-list")
    return _form(request, notice, form, _("Put off a reminder"))


@require()
@require_http_methods(["GET", "HEAD", "POST"])
def notice_not_needed(request, pk):
    """Take a notice of one's own out of the inbox and say why it asks for nothing."""
    notice = _own(request, pk)
    form = NotNeededForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = run_operation(
            operations.mark_done,
            form=form,
            notice=notice,
            by=request.member,
            at=timezone.now(),
            **form.values,
        )
        if done:
            messages.success(request, _("It is out of your list, with your reason."))
            return redirect("notices:notice-list")
    return _form(request, notice, form, _("A reminder is not needed"))


def _form(request, notice, form, title):
    row = queries.inbox_rows([notice])[0]
    _saw(request, [row])
    context = {"page_title": title, "row": row}
    return form_page(request, "notices/notice_form.html", form, context)


@require()
@require_POST
def notice_take_back(request, pk):
    """Put a notice of one's own back into the inbox."""
    notice = _own(request, pk)
    result = run_operation(operations.take_back, request=request, notice=notice, by=request.member)
    if result.value:
        messages.success(request, _("It is in your list again."))
    return redirect("notices:notice-list")
