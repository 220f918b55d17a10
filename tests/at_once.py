"""Work in real threads, as several people do it at the same moment."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections


def all_at_once(work: Callable[[Any], Any], given: Iterable[Any], threads: int) -> list[Any]:
    """Run `work` for each of `given`, `threads` at a time, and answer with what came of it.

    A thread keeps its connections, as one of a server does, and gives them back when all is done.
    """
    last = threading.Barrier(threads)

    def leave(_: int) -> None:
        last.wait()
        connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        try:
            return list(pool.map(work, given))
        finally:
            list(pool.map(leave, range(threads)))
