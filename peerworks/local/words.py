"""What the person at the terminal reads."""

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
