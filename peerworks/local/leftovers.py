"""Ends what a killed start left behind."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from peerworks.local.words import Problem

#: Signals in turn, each with the seconds that a process has to follow it.
TURNS = ((signal.SIGINT, 5.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 5.0))


def end_processes_in(folder: Path, program: str) -> None:
    """End every process of `program` whose working folder is `folder`.

    Call it only under the lock of the place. A pid written in a file is never believed: it may
    belong to a stranger by now, and a zombie still "lives". Raises Problem when one stays.
    """
    for turn, patience in TURNS:
        found = list(_processes_in(folder, program))
        if not found:
            return
        for process in found:
            _send(process, turn)
        _wait_until_gone(folder, program, patience)
    if left := [process.pid for process in _processes_in(folder, program)]:
        raise Problem(f"An old {program} of this checkout does not end: process {left[0]}.")


def _processes_in(folder: Path, program: str) -> Iterator[psutil.Process]:
    wanted = str(folder.resolve())
    for process in psutil.process_iter():
        try:
            if process.name().startswith(program) and process.cwd() == wanted:
                yield process
        except psutil.Error:
            continue


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        return


def _wait_until_gone(folder: Path, program: str, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end and any(_processes_in(folder, program)):
        time.sleep(0.02)
