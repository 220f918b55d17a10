"""How far the job is that this process does now.

The work's own transaction is not seen by anybody before it ends, so the figures go to the cache, which
is written at once and apart from it. An operation calls `tell` whether it runs in a job or in a
request; outside of a job it does nothing.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.db import DatabaseError

SECONDS_BETWEEN = 0.3
"""Often enough for a bar that moves, seldom enough to cost nothing."""
KEPT_SECONDS = 15 * 60

log = logging.getLogger(__name__)


@dataclass
class Current:
    """The job that runs here, whom it acts for, and what it told last."""

    job_id: UUID
    user_id: UUID | None = None
    done: int = 0
    total: int | None = None
    told_at: float = 0.0


_current: ContextVar[Current | None] = ContextVar("job", default=None)


@contextmanager
def running(current: Current) -> Iterator[Current]:
    """Until the block ends, `tell` speaks for this job."""
    token = _current.set(current)
    try:
        yield current
    finally:
        _current.reset(token)


def current() -> Current | None:
    """The job that runs here, if one does."""
    return _current.get()


def tell(done: int, total: int) -> None:
    """Say that `done` of `total` is done; between two that come soon after another, the later is left."""
    here = _current.get()
    if here is None:
        return
    here.done, here.total = min(done, total), total
    now = time.monotonic()
    if now - here.told_at >= SECONDS_BETWEEN or done >= total:
        here.told_at = now
        _keep(here)


def _keep(here: Current) -> None:
    try:
        cache.set(_key(here.job_id), (here.done, here.total), timeout=KEPT_SECONDS)
    except DatabaseError:
        log.warning("The progress of a job could not be written.")


def told(job_id: UUID) -> tuple[int, int | None]:
    """What a job that runs told last, as (done, total); (0, None) where nothing is known."""
    found: tuple[int, int | None] = cache.get(_key(job_id), (0, None))
    return found


def _key(job_id: UUID) -> str:
    return f"jobs.progress.{job_id}"
