"""A member's inbox: what is overdue, due and coming, and taking it out."""

import functools
import zoneinfo

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from peerworks.accounts.access import require
from peerworks.audit import trail
from peerworks.notices import operations, queries
from peerworks.notices.models import Notice
from peerworks.web.operations import run_operation


@require()
@require_safe
def notice_list(request):
    """What waits for the member who asks; seen by them as soon as the answer leaves."""
    on = timezone.localdate(timezone=zoneinfo.ZoneInfo(request.agency.time_zone))
    groups = queries.inbox(request.member, on)
    rows = [row for group in groups for row in group.rows]
    people = tuple({row.participant_id for row in rows if row.participant_id})
    if people:
        request.seen.append(trail.Seen("notice.listed", participants=people))
    if rows:
        request.after_view.append(
            functools.partial(
                operations.mark_seen,
                notice_ids=[row.id for row in rows],
                by=request.member,
                at=timezone.now(),
            )
        )
    context = {"page_title": _("Due"), "groups": groups, "count": len(rows)}
    return render(request, "notices/notice_list.html", context)


@require()
@require_POST
def notice_done(request, pk):
    """Take a notice of one's own out of the inbox; twice is as once."""
    notice = get_object_or_404(Notice, pk=pk, recipient=request.member)
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
