"""Writing the trail: `record` inside an operation's transaction, views and denials beside it.

Raw SQL that names the granted columns, because the ORM lists defaulted columns too and is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from peerworks.agencies.context import acting
from peerworks.audit import events
from peerworks.audit.models import AuditEvent

SEEN_CAP = 100

_INSERT = """INSERT INTO audit_auditevent
  (agency_id, kind, action, actor_id, actor_name, object_type, object_id, is_about_people, fields,
   device, reference)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::varchar[], %s, %s)"""

# By the number that the event has just been given: RETURNING would ask to read an event that may be
# about somebody whom its writer does not see.
_PEOPLE = """INSERT INTO audit_eventperson (event_id, agency_id, participant_id)
  SELECT e.id, %s::uuid, who FROM unnest(%s::uuid[]) AS who,
    (SELECT currval(pg_get_serial_sequence('audit_auditevent', 'id')) AS id) AS e"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A record that a page shows: what it is, and the participants that it tells about."""

    action: str
    object_type: str = ""
    object_id: str = ""
    participants: tuple[UUID, ...] = ()


def record(
    action: str,
    *,
    by,
    about=None,
    participants: Iterable[UUID] = (),
    fields: Iterable[str] = (),
    kind: str = "",
) -> None:
    """One event of an operation, in the operation's own transaction: it commits or falls with it.

    `by` is a user (id and name are kept as they are now), `about` the record changed, `fields` the
    names of what changed and never values. The kind is the one registered with the action, unless
    another is given. Raises ValueError for an action without a sentence, and
    `TransactionManagementError` outside a transaction.
    """
    if not events.is_registered(action):
        raise ValueError(f"{action} has no sentence in peerworks.audit.events")
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is written inside its operation")
    kind_of, object_id = ("", "") if about is None else (about._meta.label_lower, str(about.pk))
    _insert(kind or events.kind_of(action), action, by, kind_of, object_id, participants, fields)


def _insert(kind, action, by, object_type, object_id, participants, fields):
    who = acting.get()
    people = list(dict.fromkeys(str(each) for each in participants))
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                who.agency_id,
                str(kind),
                action,
                str(getattr(by, "pk", "") or ""),
                str(getattr(by, "name", "") or "")[:120],
                object_type,
                object_id,
                bool(people),
                list(fields),
                who.device,
                who.request_id,
            ],
        )
        if people:
            cursor.execute(_PEOPLE, [who.agency_id, people])


def record_views(seen: Iterable[Seen], *, by) -> None:
    """What a page showed, in a short transaction of its own, before the answer leaves.

    At most 100 participants an event; more make further events. Raises whatever the database says:
    the caller then answers 503 and shows nothing.
    """
    with transaction.atomic():
        for each in seen:
            people = list(each.participants) or []
            for start in range(0, max(len(people), 1), SEEN_CAP):
                _insert(
                    AuditEvent.Kind.VIEW,
                    each.action,
                    by,
                    each.object_type,
                    each.object_id,
                    people[start : start + SEEN_CAP],
                    (),
                )


def record_denial(*, by, status: int, url_name: str) -> None:
    """A 403 or 404 of a page that exists, in a transaction of its own: it survives the rollback.

    The name of the page stands for the record: the address could hold an id of another agency.
    """
    action = "page.denied" if status == 403 else "page.missing"
    with transaction.atomic():
        _insert(AuditEvent.Kind.DENIAL, action, by, "page", url_name, (), ())
