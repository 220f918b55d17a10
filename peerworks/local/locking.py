"""One set of services per checkout: a lock that the kernel frees when its holder dies."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path


class Held(Exception):
    """Somebody else holds the lock; `note` is what they wrote into it."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class Lock:
    """An advisory lock on a file. Children do not inherit it, so it ends with this process."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def take(self, *, shared: bool = False) -> None:
        """Take the lock at once; raises Held where another process stands in the way."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            note = os.read(descriptor, 1000).decode().strip()
            os.close(descriptor)
            raise Held(note) from None
        self.release()
        self._descriptor = descriptor

    def write(self, note: str) -> None:
        """Leave a note for whoever finds the lock held. Only the holder may call this."""
        if self._descriptor is None:
            raise RuntimeError("the lock is not held")
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, note.encode(), 0)

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
