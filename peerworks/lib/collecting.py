"""Python's search for dead cycles, put off while many values are made that have none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Make many small values without the collector walking through all of them, time and again.

    Counting references frees what has no cycles, and facts, findings and rows of a query have none;
    the collector looks for others whenever objects have grown by a quarter, which took two seconds
    of six over ten thousand notes. Also right where several threads are inside: the first one out lets
    it run again, and nobody leaves it off.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
