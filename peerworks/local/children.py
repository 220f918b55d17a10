"""Starting one child process so that nothing of it can be left behind, and ending it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from peerworks.local.paths import CHECKOUT
from peerworks.local.rooting import Identity
from peerworks.local.words import Problem

PR_SET_PDEATHSIG = 1
#: A log that is larger than this at a start is put aside; the one before it is dropped.
LARGEST_LOG = 5_000_000
LAST_LINES = 15


@dataclass(frozen=True)
class Child:
    """What to start: a command, its environment, and how it wants to be stopped."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    stop: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    identity: Identity | None = None
    descriptors: tuple[int, ...] = ()
    folder: Path = CHECKOUT


class Running:
    """A started child and its log."""

    def __init__(self, child: Child, logs: Path) -> None:
        self.child = child
        self.log = logs / f"{child.name}.log"
        self.started = time.monotonic()
        with _opened_log(self.log) as log:
            self._process = _start(child, log)

    @property
    def name(self) -> str:
        return self.child.name

    @property
    def pid(self) -> int:
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether it ended by now. It is not reaped yet, so that its pid stays its own."""
        if self._process.returncode is not None:
            return True
        flags = os.WEXITED | os.WNOWAIT | os.WNOHANG
        return os.waitid(os.P_PID, self.pid, flags) is not None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child alone, not to its own children."""
        if not self.has_ended():
            os.kill(self.pid, number)

    def end_group(self) -> int:
        """Kill what is left of the child's group, reap the child, and answer its exit status."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        return self._process.wait()

    def stop(self) -> int:
        """Ask it to end, wait as long as it may take, then end the whole group."""
        self.signal(self.child.stop)
        end = time.monotonic() + self.child.patience
        while not self.has_ended() and time.monotonic() < end:
            time.sleep(0.01)
        return self.end_group()

    def last_lines(self) -> str:
        """The end of its log, indented."""
        with self.log.open(errors="replace") as lines:
            return "".join(f"    {line.rstrip()}\n" for line in deque(lines, LAST_LINES)).rstrip()


def _opened_log(file: Path) -> BinaryIO:
    if file.exists() and file.stat().st_size > LARGEST_LOG:
        file.replace(file.with_suffix(".log.1"))
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb")


def _start(child: Child, log: BinaryIO) -> subprocess.Popen[bytes]:
    identity = child.identity or Identity(os.geteuid(), "this user")
    try:
        return subprocess.Popen(  # noqa: S603
            list(child.command),
            env=dict(child.env),
            cwd=child.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # the terminal's Ctrl-C reaches only the supervisor
            pass_fds=child.descriptors,
            preexec_fn=before_exec(child.stop, identity.before_exec),  # noqa: PLW1509
            **identity.popen,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Problem(
            f"{child.name} cannot be started as {identity.words}: {error}. Run PeerWorks as the "
            "user whom its folder belongs to, and see that every folder above lets that user pass."
        ) from error


def before_exec(
    stop: signal.Signals, change_identity: Callable[[], None] | None = None
) -> Callable[[], None]:
    """What a child does between fork and exec.

    It asks the kernel, where there is such a call, to send `stop` when its parent dies: so a
    killed supervisor leaves nothing behind. That comes last, since a change of credentials
    clears it.
    """
    parent = os.getpid()

    def prepare() -> None:
        if change_identity is not None:
            change_identity()
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(stop))
            if os.getppid() != parent:  # it died in between
                os._exit(1)

    return prepare
