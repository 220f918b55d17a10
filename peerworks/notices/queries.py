"""A member's notices."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peerworks.accounts.models import Membership
from peerworks.notices.kinds import because_of, kind_of
from peerworks.notices.models import Notice
from peerworks.web import reasons
from peerworks.web.words import short_day

WEEK = dt.timedelta(days=7)


def open_notices(member: Membership, on: dt.date) -> "QuerySet[Notice]":
    """What waits for this member on a day, the nearest deadline first; without what is put off."""
    waiting = Notice.objects.open().filter(recipient=member)
    now = waiting.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=on))
    return now.order_by("due_on", "raised_on", "pk")


def put_off_notices(member: Membership, on: dt.date) -> "QuerySet[Notice]":
    """What this member has put off beyond a day, the next to come back first."""
    waiting = Notice.objects.open().filter(recipient=member, snoozed_until__gt=on)
    return waiting.order_by("snoozed_until", "pk")


def past_notices(member: Membership) -> "QuerySet[Notice]":
    """What this member was told and is done with, or whose cause has ended; the newest first."""
    told = Notice.objects.filter(recipient=member).exclude(state=Notice.State.SUPERSEDED)
    ended = told.exclude(pk__in=Notice.objects.open().filter(recipient=member).values("pk"))
    return ended.order_by("-raised_on", "pk")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A notice as its recipient reads it; `url` is the page that mends it, "" without one.

    `answer` is what the recipient did with it, in words, "" while it waits; `is_open` says that it can
    be put back into the inbox.
    """

    id: UUID
    label: str
    words: str
    due_on: dt.date | None
    url: str
    participant_id: UUID | None
    answer: str = ""
    remark: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class InboxGroup:
    """Notices of one urgency, with the kind of status that goes with it."""

    title: str | Promise
    tone: str
    rows: tuple[InboxRow, ...]


def inbox(member: Membership, on: dt.date) -> list[InboxGroup]:
    """What waits for this member, by urgency on a day; empty groups are left out.

    Two queries and one for each kind of record named, however many notices. What has no day is done
    at some time: it stands under Later.
    """
    rows = inbox_rows(list(open_notices(member, on)))
    parts = {
        "late": [each for each in rows if each.due_on is not None and each.due_on < on],
        "today": [each for each in rows if each.due_on == on],
        "week": [each for each in rows if each.due_on and on < each.due_on <= on + WEEK],
        "later": [each for each in rows if each.due_on is None or each.due_on > on + WEEK],
    }
    groups = [
        InboxGroup(gettext_lazy("Overdue"), "late", tuple(parts["late"])),
        InboxGroup(gettext_lazy("Today"), "soon", tuple(parts["today"])),
        InboxGroup(gettext_lazy("This week"), "soon", tuple(parts["week"])),
        InboxGroup(gettext_lazy("Later"), "info", tuple(parts["later"])),
    ]
    return [each for each in groups if each.rows]


def inbox_rows(notices: Sequence[Notice]) -> list[InboxRow]:
    """Notices in words: one query for each kind of record named, however many notices."""
    told = [because_of(each) for each in notices]
    names = reasons.names_of(told)
    return [
        InboxRow(
            id=notice.pk,
            label=reasons.label(because.reason),
            words=reasons.sentence(because, names=names),
            due_on=notice.due_on,
            url=_page_of(notice),
            participant_id=notice.participant_id,
            answer=_answer(notice),
            remark=notice.words,
            is_open=notice.state == Notice.State.RAISED,
        )
        for notice, because in zip(notices, told, strict=True)
    ]


def _answer(notice: Notice) -> str:
    if notice.state == Notice.State.CLOSED:
        return _("Mended")
    if notice.not_needed:
        return notice.get_not_needed_display()
    if notice.done_at is not None:
        return _("Done")
    if notice.snoozed_until is not None:
        return _("Put off until {day}").format(day=short_day(notice.snoozed_until))
    return _("A nearer reminder came")


def _page_of(notice: Notice) -> str:
    """The page of the subject; none where nobody declares the kind any more, or it has no page."""
    try:
        name = kind_of(notice.kind).url_name
        return reverse(name, args=[notice.subject_id]) if name else ""
    except (KeyError, NoReverseMatch):
        return ""
