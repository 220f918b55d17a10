"""A member's notices."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.notices.kinds import because_of, kind_of
from peerworks.notices.models import Notice
from peerworks.web import reasons

WEEK = dt.timedelta(days=7)


def open_notices(member: Membership) -> "QuerySet[Notice]":
    """What waits for this member, the nearest deadline first."""
    return Notice.objects.open().filter(recipient=member).order_by("due_on", "raised_on", "pk")


def count_open(member: Membership) -> int:
    """How many notices wait for this member."""
    return open_notices(member).count()


def past_notices(member: Membership) -> "QuerySet[Notice]":
    """What this member was told and is done with, or whose cause has ended; the newest first."""
    told = Notice.objects.filter(recipient=member).exclude(state=Notice.State.SUPERSEDED)
    return told.exclude(pk__in=open_notices(member).values("pk")).order_by("-raised_on", "pk")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A notice as its recipient reads it; `url` is the page that mends it, "" without one."""

    id: UUID
    label: str
    words: str
    due_on: dt.date | None
    url: str
    participant_id: UUID | None


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
    rows = _inbox_rows(list(open_notices(member)))
    parts = {
        "late": [each for each in rows if each.due_on is not None and each.due_on < on],
        "today": [each for each in rows if each.due_on == on],
        "week": [each for each in rows if each.due_on and on < each.due_on <= on + WEEK],
        "later": [each for each in rows if each.due_on is None or each.due_on > on + WEEK],
    }
    groups = [
        InboxGroup(_("Overdue"), "late", tuple(parts["late"])),
        InboxGroup(_("Today"), "soon", tuple(parts["today"])),
        InboxGroup(_("This week"), "soon", tuple(parts["week"])),
        InboxGroup(_("Later"), "info", tuple(parts["later"])),
    ]
    return [each for each in groups if each.rows]


def _inbox_rows(notices: Sequence[Notice]) -> list[InboxRow]:
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
        )
        for notice, because in zip(notices, told, strict=True)
    ]


def _page_of(notice: Notice) -> str:
    """The page of the subject; none where nobody declares the kind any more, or it has no page."""
    try:
        name = kind_of(notice.kind).url_name
        return reverse(name, args=[notice.subject_id]) if name else ""
    except (KeyError, NoReverseMatch):
        return ""
