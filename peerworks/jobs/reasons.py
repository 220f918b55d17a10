"""Why a job failed or is not started: codes, their words, and how they stand on a job."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from peerworks.lib.findings import Because, Param, RecordRef, Refused
from peerworks.web import reasons

FAULT = "JOB-FAULT"
TIME = "JOB-TIME"
DATABASE = "JOB-DATABASE"
OUTSIDE = "JOB-OUTSIDE"
LOST = "JOB-LOST"
UNKNOWN = "JOB-UNKNOWN"
_CANCELED = "QueryCanceled"
_CODE = re.compile(r"[A-Z0-9_.-]{1,40}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RECORD = re.compile(r"([a-z_]{1,40}\.[a-z]{1,40}):([0-9a-f-]{36})")


class UnknownKind(Exception):
    """Work is due of a kind that this version has no task for."""


def register() -> None:
    """Give each code its words; called once, when the program starts."""
    for code, words in {
        FAULT: _("A fault of the program stopped it. Name the reference when you ask for help."),
        TIME: _("It took longer than it may, and was stopped."),
        DATABASE: _("The database did not answer, or did not take a row."),
        OUTSIDE: _("Something it needs did not answer: mail, the network or the disk."),
        LOST: _("The background process ended in the middle of it, five times."),
        UNKNOWN: _("This version of PeerWorks does not know this job."),
        "JOB-MEMBER": _("Who asked for it is no member any more, or not of this role."),
        "JOB-ROLE": _("Only an administrator starts a job by hand."),
        "JOB-KIND": _("This job is not started by hand."),
        "JOB-RUNNING": _("It is running already."),
    }.items():
        reasons.register(code, words)


def reason_of(error: BaseException) -> Because:
    """The reason of a failed try: a refusal's own, else the kind of fault. Never the error's text."""
    if isinstance(error, Refused):
        return error.refusal.because
    if isinstance(error, UnknownKind):
        return Because(UNKNOWN)
    if isinstance(error, SoftTimeLimitExceeded):
        return Because(TIME)
    if isinstance(error, OperationalError) and type(error.__cause__).__name__ == _CANCELED:
        return Because(TIME)
    if isinstance(error, OperationalError | InterfaceError | DatabaseError):
        return Because(DATABASE)
    return Because(OUTSIDE if isinstance(error, OSError) or _is_the_brokers(error) else FAULT)


def _is_the_brokers(error: BaseException) -> bool:
    import redis  # a sixth of the time that any process takes to start, and few jobs fail

    return isinstance(error, redis.RedisError)


def stored(because: Because) -> dict[str, int | str]:
    """The values of a reason as a job keeps them; a value that is words is left out."""
    found = {name: _kept(value) for name, value in because.params.items()}
    return {name: value for name, value in found.items() if value is not None}


def _kept(value: Param) -> int | str | None:
    if isinstance(value, RecordRef):
        return f"{value.kind}:{UUID(value.id)}"
    if isinstance(value, dt.datetime):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return value
    text = str(value)
    return text if isinstance(value, Decimal) or _CODE.fullmatch(text) else None


def read(reason: str, values: Mapping[str, int | str]) -> Because:
    """The reason that a job keeps."""
    found = {name: _read(value) for name, value in values.items()}
    return Because(reason, MappingProxyType(found))


def _read(value: int | str) -> Param:
    if isinstance(value, int):
        return value
    if record := _RECORD.fullmatch(value):
        return RecordRef(record[1], record[2])
    return dt.date.fromisoformat(value) if _DAY.fullmatch(value) else value
