"""On whose behalf the database is asked: agency, user and request, told to every transaction.

The context lives in a `ContextVar`; the database backend tells PostgreSQL at the start of each
transaction, always with settings that are local to it, so that a pooled connection can never carry
one agency's context into another's request. Without a context, the policies show no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import TransactionStatus


@dataclass(frozen=True, slots=True)
class Acting:
    """Who asks. Empty text means "none": PostgreSQL's settings know no NULL.

    `device` says from what kind of one (`audit.models.AuditEvent.Device`); the database is not told.
    """

    agency_id: str = ""
    user_id: str = ""
    request_id: str = ""
    device: str = ""


NOBODY = Acting()
acting: ContextVar[Acting] = ContextVar("acting", default=NOBODY)

_TELL = """SELECT set_config('peerworks.agency_id', %s, true),
                  set_config('peerworks.user_id', %s, true),
                  set_config('peerworks.request_id', %s, true)"""


def tell(connection: psycopg.Connection, who: Acting) -> None:
    """Set the context of the transaction that is open on this raw connection.

    The raw connection is used on purpose: the statement is part of the transaction's start, not of
    the page, so no query count sees it.
    """
    connection.execute(_TELL, (who.agency_id, who.user_id, who.request_id))


@contextmanager
def acting_for(
    agency: UUID | str | None,
    user: UUID | str | None = None,
    request_id: str | None = None,
    device: str | None = None,
) -> Iterator[Acting]:
    """Ask the database for this agency and user, and restore the outer context afterwards.

    Opens no transaction: one that is open is told at once, later ones at their start. Ids only, so
    that this module needs no model. `request_id` and `device` are inherited when they are not given.
    """
    outer = acting.get()
    kept = outer.request_id if request_id is None else request_id
    from_where = outer.device if device is None else device
    who = Acting(str(agency or ""), str(user or ""), kept, from_where)
    token = acting.set(who)
    _tell_open_transaction(who)
    try:
        yield who
    finally:
        acting.reset(token)
        _tell_open_transaction(outer)


def _tell_open_transaction(who: Acting) -> None:
    # In a failed transaction nothing can be said, and the rollback restores the outer values. One that
    # is open without a statement yet counts as open: nobody would tell it later.
    wrapper = connections[DEFAULT_DB_ALIAS]
    raw = wrapper.connection
    if (
        raw is not None
        and not raw.closed
        and not raw.autocommit
        and raw.info.transaction_status in (TransactionStatus.IDLE, TransactionStatus.INTRANS)
    ):
        with wrapper.wrap_database_errors:
            tell(raw, who)
