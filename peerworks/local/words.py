"""What the person at the terminal reads."""

import errno
import sys


class Problem(Exception):
    """A condition that a person can mend: one sentence with the fix, shown without a traceback."""


def say(text: str = "") -> None:
    """Write one line to standard output at once, so that a log file shows it in order."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def in_words(error: OSError) -> str | None:
    """The sentence for a disk that takes no more, or a file that may not be written; else None."""
    where = error.filename or "the state folder"
    if error.errno in _FULL:
        return (
            f"The disk is full, or a limit is reached: {where} could not be written. Free 1 GB and "
            "start again; nothing is lost."
        )
    if error.errno in _CLOSED:
        return (
            f"{where} may not be read or written ({error.strerror}). Run as the user whom it "
            "belongs to, or set PEERWORKS_STATE_DIR to a folder of yours."
        )
    return None
