"""One session as its page shows it: who took part, what was agreed, who has signed when."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from peerworks.accounts.models import Membership
from peerworks.web import words
from supervision.models import Action, Session, SessionAttendance
from supervision.queries.pages import SessionRow, session_row


@dataclass(frozen=True, slots=True)
class PartRow:
    """A supervisee's part; `signed_at` is "" until they have signed."""

    id: UUID
    provider_id: UUID
    name: str
    minutes: int
    own_words: str
    signed_at: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ActionRow:
    """Something agreed, with who does it by when and whether it is done."""

    id: UUID
    session_id: UUID
    text: str
    owner: str
    due_on: dt.date | None
    is_done: bool
    is_late: bool
    may_finish: bool


@dataclass(frozen=True, slots=True)
class SessionPage:
    """All that the page of a session shows."""

    row: SessionRow
    program: str
    site: str
    supervisor_id: UUID
    shared_notes: str
    signed_at: str
    sha256: str
    is_given_by_me: bool
    parts: tuple[PartRow, ...]
    actions: tuple[ActionRow, ...]

    @property
    def is_signed(self) -> bool:
        """Whether the supervisor has signed, so that it never changes."""
        return bool(self.signed_at)


def session_page(session_id: UUID, member: Membership, on: dt.date) -> SessionPage:
    """The page of one session, told to `member` on a day: three queries.

    Raises `Session.DoesNotExist`. Whether the member may see it is asked before.
    """
    parts = SessionAttendance.objects.select_related("provider")
    actions = Action.objects.select_related("owner").order_by("due_on", "pk")
    session = (
        Session.objects.select_related("supervisor", "site", "program")
        .prefetch_related(
            Prefetch("attendance", parts.order_by("provider__sort_key", "pk")),
            Prefetch("actions", actions),
        )
        .get(pk=session_id)
    )
    zone = ZoneInfo(session.site.time_zone)
    return SessionPage(
        row=session_row(session, member),
        program=session.program.name,
        site=session.site.name,
        supervisor_id=session.supervisor_id,
        shared_notes=session.shared_notes,
        signed_at=_moment(session.supervisor_signed_at, zone),
        sha256=session.sha256,
        is_given_by_me=session.supervisor.member_id == member.pk,
        parts=tuple(_part(each, member, zone) for each in session.attendance.all()),
        actions=tuple(action_row(each, session, member, on) for each in session.actions.all()),
    )


def open_actions(
    seen: "QuerySet[Action]", member: Membership, on: dt.date
) -> tuple[ActionRow, ...]:
    """What was agreed and is not done yet, the soonest first: one query."""
    told = seen.open().select_related("owner", "session__supervisor")  # type: ignore[attr-defined]
    rows = told.order_by("due_on", "pk")
    return tuple(action_row(each, each.session, member, on) for each in rows)


def _moment(at: dt.datetime | None, zone: dt.tzinfo) -> str:
    if at is None:
        return ""
    with timezone.override(zone):
        return words.moment(at)


def _part(part: SessionAttendance, member: Membership, zone: dt.tzinfo) -> PartRow:
    return PartRow(
        id=part.pk,
        provider_id=part.provider_id,
        name=part.provider.name,
        minutes=part.minutes,
        own_words=part.own_words,
        signed_at=_moment(part.signed_at, zone),
        is_mine=part.provider.member_id == member.pk,
    )


def action_row(action: Action, session: Session, member: Membership, on: dt.date) -> ActionRow:
    """One agreed action. Its owner and the session's supervisor must be loaded."""
    is_done = action.done_at is not None
    return ActionRow(
        id=action.pk,
        session_id=session.pk,
        text=action.text,
        owner=action.owner.name,
        due_on=action.due_on,
        is_done=is_done,
        is_late=not is_done and action.due_on is not None and action.due_on < on,
        may_finish=not is_done
        and member.pk in (action.owner.member_id, session.supervisor.member_id),
    )
