"""Raising, closing and answering notices."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from peerworks.accounts.models import Membership
from peerworks.accounts.queries import service_member
from peerworks.audit import trail
from peerworks.lib.findings import enforce
from peerworks.notices import policies
from peerworks.notices.kinds import DueReminder, kind_of
from peerworks.notices.models import Notice
from peerworks.notices.operations.mails import plan_mails

# What is due, as rows. A row about a person is left out where that person's record cannot be seen,
# or is sealed and the recipient is not on its list.
_DUE = """
  SELECT d.* FROM unnest(
      %(subject_types)s::varchar[], %(subject_ids)s::uuid[], %(participant_ids)s::uuid[],
      %(cycles)s::varchar[], %(steps)s::varchar[], %(recipient_ids)s::uuid[],
      %(states)s::varchar[], %(due_ons)s::date[])
    AS d (subject_type, subject_id, participant_id, cycle, step, recipient_id, state, due_on)
  JOIN accounts_membership m ON m.id = d.recipient_id AND m.is_active
  WHERE d.participant_id IS NULL OR EXISTS (
    SELECT 1 FROM participants_participant p
    WHERE p.id = d.participant_id AND (NOT p.is_sealed OR EXISTS (
      SELECT 1 FROM participants_sealedaccess s
      WHERE s.participant_id = p.id AND s.user_id = m.user_id AND now() < s.expires_at)))"""

_RAISE = f"""WITH due AS ({_DUE}), new AS (
  INSERT INTO notices_notice (id, agency_id, kind, subject_type, subject_id, participant_id, cycle,
                              step, recipient_id, state, due_on, raised_on, not_needed, words, mail)
  SELECT gen_random_uuid(), %(agency_id)s, %(kind)s, subject_type, subject_id, participant_id, cycle,
         step, recipient_id, state, due_on, %(on)s, '', '', ''
  FROM due
  ON CONFLICT (agency_id, kind, subject_id, cycle, step, recipient_id) DO NOTHING
  RETURNING id, state, step)
SELECT state, step, count(*), array_agg(id) FROM new GROUP BY state, step
UNION ALL SELECT 'DUE', '', count(*), '{{}}' FROM due WHERE state = 'RAISED'"""  # noqa: S608

_CLOSE = """UPDATE notices_notice n SET state = 'CLOSED', closed_at = now()
WHERE n.kind = %(kind)s AND n.state = 'RAISED' AND n.raised_on <= %(on)s
  AND NOT EXISTS (
    SELECT 1 FROM unnest(%(subject_ids)s::uuid[], %(cycles)s::varchar[], %(recipient_ids)s::uuid[])
      AS d (subject_id, cycle, recipient_id)
    WHERE d.subject_id = n.subject_id AND d.cycle = n.cycle AND d.recipient_id = n.recipient_id)"""


@dataclass(frozen=True, slots=True)
class Raised:
    """What came of raising one kind in one agency.

    `already` counts the due steps that stood before; `by_step` the new ones that a recipient sees.
    """

    kind: str
    raised: int = 0
    superseded: int = 0
    already: int = 0
    closed: int = 0
    by_step: dict[str, int] = field(default_factory=dict)


def raise_due(*, kind: str, agency_id: UUID | str, on: dt.date) -> Raised:
    """Raise what is due of one kind on a day, and close what is due no longer.

    Called inside the agency, as its service member, which sees sealed people: a notice about one of
    them goes only to who is listed. One statement raises everything: the nearest step reached is
    RAISED, earlier ones that never were are SUPERSEDED for those they were meant for. Calling it
    again changes nothing, since each step has one row a recipient. Each row raised is due one mail. `on` is the agency's local date;
    what was raised later than `on` is left alone. KeyError for a kind that nobody declared.
    """
    due = list(kind_of(kind).due(on))
    rows: dict[str, Any] = _columns(due) | {"kind": kind, "agency_id": str(agency_id), "on": on}
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, rows)
        told = cursor.fetchall()
        cursor.execute(_CLOSE, rows)
        closed = cursor.rowcount
    counts = {(state, step): count for state, step, count, _ids in told}
    plan_mails(agency_id, [each for state, _, _, ids in told if state == "RAISED" for each in ids])
    trail.record("reminders.raised", by=service_member(agency_id).user)
    return _answer(kind, counts, closed)


def _columns(due: Iterable[DueReminder]) -> dict[str, Any]:
    rows = [row for each in due for row in _rows(each)]
    names = (
        *("subject_types", "subject_ids", "participant_ids", "cycles"),
        *("steps", "recipient_ids", "states", "due_ons"),
    )
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _rows(due: DueReminder) -> Iterator[tuple[object, ...]]:
    steps = [(step, Notice.State.SUPERSEDED) for step in due.earlier_steps]
    for step, state in [*steps, (due.step, Notice.State.RAISED)]:
        yield (
            *(due.subject_type, due.subject_id, due.participant_id, due.cycle),
            *(step, due.recipient_id, str(state), due.due_on),
        )


def _answer(kind: str, counts: dict[tuple[str, str], int], closed: int) -> Raised:
    by_step = {step: count for (state, step), count in counts.items() if state == "RAISED"}
    raised = sum(by_step.values())
    superseded = sum(count for (state, _), count in counts.items() if state == "SUPERSEDED")
    already = counts["DUE", ""] - raised
    return Raised(kind, raised, superseded, already, closed, dict(sorted(by_step.items())))


def close_notices(*, kind: str, subject_ids: Iterable[UUID], at: dt.datetime) -> int:
    """Close what is open about these subjects, since the cause has ended; answers how many.

    Called by the operation that ends the cause (a renewal, a session), inside its transaction; that
    operation writes the audit event.
    """
    still = Notice.objects.filter(kind=kind, subject_id__in=list(subject_ids))
    return still.filter(state=Notice.State.RAISED).update(state=Notice.State.CLOSED, closed_at=at)


def mark_seen(*, notice_ids: Iterable[UUID], by: Membership, at: dt.datetime) -> int:
    """Note when a recipient first saw notices of their own; no audit event, it is their inbox."""
    own = Notice.objects.filter(pk__in=list(notice_ids), recipient=by)
    return own.filter(state=Notice.State.RAISED, seen_at__isnull=True).update(seen_at=at)


def mark_done(
    *, notice: Notice, by: Membership, at: dt.datetime, not_needed: str = "", words: str = ""
) -> bool:
    """Take a notice of one's own out of one's inbox; False where it was out of it already.

    With `not_needed` (a `Notice.NotNeeded`) it is out because it asks for nothing; OTHER needs words.
    The cause stays: the next step is raised all the same.
    """
    changed = _own(notice, by).filter(done_at__isnull=True)
    done = changed.update(done_at=at, not_needed=not_needed, words=words)
    if done:
        _record("notice.not_needed" if not_needed else "notice.done", notice, by)
    return bool(done)


def put_off(*, notice: Notice, by: Membership, until: dt.date, on: dt.date) -> bool:
    """Hide a notice of one's own until a day; False where it is out of the inbox already.

    A nearer step is raised and shown all the same. Raises `Refused` (NOTICE-UNTIL).
    """
    enforce(policies.refusal_to_put_off(notice, until, on))
    done = _own(notice, by).filter(done_at__isnull=True).update(snoozed_until=until)
    if done:
        _record("notice.put_off", notice, by)
    return bool(done)


def take_back(*, notice: Notice, by: Membership) -> bool:
    """Put a notice of one's own back into one's inbox, however it left; False where it is in it."""
    left = _own(notice, by).exclude(done_at__isnull=True, snoozed_until__isnull=True)
    back = left.update(done_at=None, not_needed="", words="", snoozed_until=None)
    if back:
        _record("notice.taken_back", notice, by)
    return bool(back)


def _own(notice: Notice, by: Membership) -> "QuerySet[Notice]":
    return Notice.objects.filter(pk=notice.pk, recipient=by, state=Notice.State.RAISED)


def _record(action: str, notice: Notice, by: Membership) -> None:
    people = [] if notice.participant_id is None else [notice.participant_id]
    trail.record(action, by=by.user, about=notice, participants=people)
