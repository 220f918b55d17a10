"""What upper apps know about workers and pages of this app must say: registries for them to fill.

`billing` knows who can bill today, and `supervision` who supervises whom. Both lie above, so each
gives a function in its `AppConfig.ready()`; it is asked for many workers at once, so that a list of
any length costs a constant number of queries. Where nobody has given one, nothing is known, and
pages say so.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from uuid import UUID

from peerworks.lib.findings import Because, Finding, Outcome, Standing

BillingSource = Callable[[Collection[UUID], dt.date], Mapping[UUID, Sequence[Standing]]]
SupervisorSource = Callable[[Collection[UUID], dt.date], Mapping[UUID, Collection[UUID]]]

_STOPPING = (Outcome.BLOCK, Outcome.UNKNOWN)
_billing: list[BillingSource] = []
_supervisors: list[SupervisorSource] = []


class SourceTaken(ValueError):
    """Two apps answer one question: a mistake of the program, found at start."""


def register(source: BillingSource) -> None:
    """Say who answers "can bill today?": for workers' ids and a day, a `Standing` for each service.

    The services are those of the programs in which the worker is placed on that day; a worker
    without any may be left out of the answer.
    """
    _refuse_a_second(_billing, source)
    _billing[:] = [source]


def register_supervisors(source: SupervisorSource) -> None:
    """Say who knows the supervisors: for workers' ids and a day, the ids of their memberships.

    They hear of reminders about the worker. Supervisors who do not sign in are left out.
    """
    _refuse_a_second(_supervisors, source)
    _supervisors[:] = [source]


def _refuse_a_second(held: Sequence[object], source: object) -> None:
    if held and held[0] is not source:
        raise SourceTaken(getattr(source, "__qualname__", repr(source)))


def billing_on(providers: Collection[UUID], on: dt.date) -> dict[UUID, tuple[Standing, ...]]:
    """Whether these workers can bill on a day, service by service; empty where nothing is known."""
    found = _billing[0](providers, on) if _billing and providers else {}
    return {each: tuple(found.get(each, ())) for each in providers}


def supervisors_on(providers: Collection[UUID], on: dt.date) -> dict[UUID, frozenset[UUID]]:
    """The memberships of those who supervise each of these workers on a day."""
    found = _supervisors[0](providers, on) if _supervisors and providers else {}
    return {each: frozenset(found.get(each, ())) for each in providers}


def can_bill(standings: Sequence[Standing]) -> bool | None:
    """Whether any service can be billed; None where no service was asked about."""
    return any(each.can_bill for each in standings) if standings else None


def stopping(standings: Iterable[Standing]) -> list[Finding]:
    """What stops the services that cannot be billed: each reason once, in the order of gates."""
    told: dict[tuple[str, str], Finding] = {}
    for standing in standings:
        for each in () if standing.can_bill else standing.findings:
            if each.because is not None and each.outcome in _STOPPING:
                told.setdefault(_same(each.because), each)
    return list(told.values())


def _same(because: Because) -> tuple[str, str]:
    # Parameters are a mapping, which has no hash: their sorted text tells two reasons apart.
    return because.reason, str(sorted((key, str(value)) for key, value in because.params.items()))
