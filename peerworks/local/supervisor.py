"""One process in the foreground that starts children in order and stops them in reverse.

Signals only set a mark: every wait in here looks at it, so that a stop cannot come between
starting a child and writing down that it was started.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Self

from peerworks.local.children import Child, Running, before_exec
from peerworks.local.paths import CHECKOUT
from peerworks.local.words import Problem

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """A signal asked the supervisor to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_status = 128 + number


class Supervisor:
    """Use it as a context: leaving it, in whatever way, stops every child.

    A second signal, also while it is stopping, kills all children at once.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[Running] = []
        self._asked_to_stop: int | None = None
        self._handlers: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in STOPPING:
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # nohup: it is meant to outlive its terminal
            self._handlers[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *exception: object) -> None:
        while self._running:
            self._running[-1].stop()
            self._running.pop()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def log_of(self, name: str) -> Path:
        """The log file of a child by that name."""
        return self._logs / f"{name}.log"

    def start(self, child: Child) -> Running:
        """Start a child that is meant to stay."""
        self._look()
        running = Running(child, self._logs)
        self._running.append(running)
        return running

    def until_ready(
        self, what: str, ready: Callable[[], bool], seconds: float, every: float = 0.02
    ) -> None:
        """Ask `ready()` every so many seconds until it is true.

        Raises Problem after `seconds`, or when a child ends before.
        """
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise Problem(f"{what} is not ready after {seconds:.0f} seconds.{self._endings()}")
            self.pause(every)

    def run_to_the_end(self, child: Child) -> None:
        """Run a step that ends by itself; Problem with its last lines when it fails."""
        running, status = self.finish(child)
        if status:
            raise Problem(_ended(running, status))

    def finish(self, child: Child) -> tuple[Running, int]:
        """Run a child that ends by itself; answers it with its exit status."""
        (done,) = self.finish_all([child], at_once=1)
        return done

    def finish_all(
        self, children: Iterable[Child], *, at_once: int
    ) -> Iterator[tuple[Running, int]]:
        """Run children that end by themselves, so many at once; each with its exit status, as it ends."""
        waiting, mine = list(children), list[Running]()
        while waiting or mine:
            while waiting and len(mine) < at_once:
                mine.append(self.start(waiting.pop(0)))
            for running in [each for each in mine if each.has_ended()]:
                mine.remove(running)
                self._running.remove(running)
                yield running, running.end_group()
            if mine:
                self.pause(0.02, expected_to_end=mine)

    def run_in_front(self, command: Sequence[str], env: Mapping[str, str]) -> int:
        """Run a command that talks to the terminal; its exit status is the answer.

        At a terminal it stays in the terminal's session, so that Ctrl-C reaches it: what that
        means is for the command to say (a shell clears its line, pytest shows its summary).
        """
        interactive = sys.stdin.isatty()
        handler = signal.getsignal(signal.SIGINT)
        if interactive:
            signal.signal(signal.SIGINT, _leave_it_to_the_command)
        process = subprocess.Popen(  # noqa: S603
            list(command),
            env=dict(env),
            cwd=CHECKOUT,
            start_new_session=not interactive,
            preexec_fn=before_exec(signal.SIGTERM),  # noqa: PLW1509
        )
        try:
            while process.poll() is None:
                self.pause(0.02)
        except BaseException:
            _end_in_front(process, own_group=not interactive)
            raise
        finally:
            signal.signal(signal.SIGINT, handler)
        return process.returncode

    def stay(self) -> None:
        """Watch the children until a signal comes (Stopped) or one of them ends (Problem)."""
        while True:
            self.pause(0.2)

    def pause(self, seconds: float, expected_to_end: Collection[Running] = ()) -> None:
        """Sleep; before that, raise Stopped after a signal and Problem when a child ended."""
        self._look()
        for running in self._running:
            if running not in expected_to_end and running.has_ended():
                self._running.remove(running)
                raise Problem(_ended(running, running.end_group()))
        time.sleep(seconds)

    def _look(self) -> None:
        if self._asked_to_stop is not None:
            raise Stopped(self._asked_to_stop)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._asked_to_stop is None:
            self._asked_to_stop = number
            return
        for running in reversed(self._running):
            running.end_group()
        os._exit(128 + number)

    def _endings(self) -> str:
        return "".join(
            f"\n  {running.name}, last lines of {running.log}:\n{running.last_lines()}"
            for running in self._running[-1:]
        )


#: What PostgreSQL, Valkey and Python say of a disk that takes no more.
FULL_DISK = ("No space left on device", "File too large", "Disk quota exceeded")


def _ended(running: Running, status: int) -> str:
    how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
    lines = running.last_lines() or "    (nothing)"
    full = "The disk is full: free 1 GB and start again; nothing is lost.\n"
    is_full = status == -signal.SIGXFSZ or any(each in lines for each in FULL_DISK)
    why = full if is_full else ""
    return f"{why}{running.name} ended {how}. Last lines of {running.log}:\n{lines}"


def _leave_it_to_the_command(number: int, frame: FrameType | None) -> None:
    """A handler and not SIG_IGN, which the command would inherit."""


def _end_in_front(process: subprocess.Popen[bytes], *, own_group: bool) -> None:
    """Give the command 10 seconds to end as it likes, then kill it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
    if own_group:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
    process.wait()
