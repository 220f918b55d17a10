"""Signs of life of the processes that work in the background: each says by itself that it is there.

`peerworks.jobs.tasks.worker_alive` says more, that a task went from beat through the broker to the
worker; these two say which of them is silent. They stand in the cache, which is a table.
"""

import logging
import time

from django.core.cache import cache
from django.db import DatabaseError, connections

WORKER, CLOCK = "worker", "clock"
EVERY_SECONDS = 10.0
SILENT_AFTER_SECONDS = 40.0
KEPT_SECONDS = 7 * 24 * 60 * 60

log = logging.getLogger(__name__)
_said: dict[str, float] = {}


def say_alive(who: str) -> None:
    """Say that a process lives, at most every ten seconds; a database that is away is no reason to die.

    The connection is given back each time: these processes need none of their own, and the worker
    makes children, which must not inherit one.
    """
    now = time.monotonic()
    if now - _said.get(who, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    _said[who] = now
    try:
        cache.set(_key(who), time.time(), timeout=KEPT_SECONDS)
    except DatabaseError:
        log.warning("The sign of life of the %s could not be written.", who)
    finally:
        connections["apart"].close()


def last_sign(who: str) -> float | None:
    """When a process said last that it lives, in seconds since 1970; None where it never did."""
    found: float | None = cache.get(_key(who))
    return found


def _key(who: str) -> str:
    return f"jobs.alive.{who}"
