"""The tests that meet a clock, at other moments than now: `make test-clock`, or AT="2027-03-14 07:40" for one of them.

A test that means "yesterday" or "two hours ago" can be true at ten in the morning and false in an hour after midnight, on
a Monday, at the end of a month or where clocks change; nobody sees it until a run falls into that hour. Debian's libfaketime
moves the clock of Python and of PostgreSQL alike, so that all of them agree. Moments are in UTC; the agency of the tests
is six hours behind it (five in summer), its eastern site one hour less. A moment takes about five minutes.
"""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

MOMENTS = {
    "2026-11-30 05:50": "the agency comes to midnight between Sunday and Monday; the eastern site is past it",
    "2026-12-01 07:20": "the second hour of a month",
    "2026-12-20 23:50": "the day changes in UTC and nowhere else",
    "2027-01-01 05:20": "another year in the east",
    "2027-03-14 07:40": "twenty minutes before an hour is left out",
    "2028-02-29 18:00": "a day that most years lack",
}
TESTS = (
    *("tests/billing", "tests/providers", "tests/supervision", "tests/training"),
    *("tests/journeys", "tests/peerworks", "tests/house/test_pages.py"),
    *("tests/house/test_events.py", "tests/house/test_all_or_nothing.py"),
    "tests/house/test_side_channels.py",
)
#: Processes and servers of their own, which say nothing about a day.
PROCESSES = ("test_local_*", "test_starting*", "test_jobs.py", "test_files_server*")
#: What compares our clock with one that stays: time stamps of files, and PostgreSQL's timer of statements.
OTHER_CLOCKS = (
    "the_sweep_removes_what_a_killed_process_left",
    "a_statement_that_took_too_long_is_told",
)
MISSING = "The clock cannot be set here. As root:  apt-get install --yes libfaketime"


def library() -> Path | None:
    """Where Debian's libfaketime stands, or None."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def command() -> list[str]:
    """What runs the tests of this file."""
    left_out = [f"--ignore-glob=tests/peerworks/{each}" for each in PROCESSES]
    others = " and ".join(f"not {each}" for each in OTHER_CLOCKS)
    local = [sys.executable, "-m", "peerworks.local", "test", *TESTS, *left_out]
    return [*local, "-n", "2", "--dist", "worksteal", "-m", "not long", "-k", others, "-q"]


def environment(at: str, faketime: Path) -> dict[str, str]:
    """Variables that move the clock of a process and its children to a moment, from which it goes on.

    Raises ValueError for what is no moment.
    """
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    seconds = round((moment - dt.datetime.now(dt.UTC)).total_seconds())
    return {**os.environ, "LD_PRELOAD": str(faketime), "FAKETIME": f"{seconds:+d}"}


def main(given: Sequence[str]) -> int:
    """Run them at each moment, or at one; the answer is how many moments failed."""
    faketime = library()
    if faketime is None:
        sys.exit(MISSING)
    failed = []
    for at in given or MOMENTS:
        if not _is_moment(at):
            sys.exit(f'{at} is no moment. Write it like AT="2027-03-14 07:40", in UTC.')
        _say(f"{at} UTC: {MOMENTS.get(at, 'as asked')}")
        ended = subprocess.run(command(), env=environment(at, faketime), check=False)  # noqa: S603 - our own
        if ended.returncode:
            failed.append(at)
    _say(f"Failed at: {', '.join(failed) or 'no moment'}")
    return len(failed)


def _is_moment(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _say(line: str) -> None:
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main([each for each in sys.argv[1:] if each]))
