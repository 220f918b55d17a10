"""What stands beside every test: no word of a person leaves by a side door, and nothing leaves the machine.

A log line, a letter or a message to the broker that holds a word of somebody served fails the test that
caused it (PR-1); so does a connection to another machine (CF-5). `tests/house/test_watch.py` shows that both bite.
"""

import ipaddress
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from celery.signals import before_task_publish, task_postrun
from django.core import mail

from peerworks.web.logs import WithoutTokens

#: Words of the people served: of the world, of the ground (but its agencies and members), of the factories.
PEOPLE = re.compile(
    r"[MLSF]qvarn (?!House|Person)"
    r"|\b(?:Wren|Alder|Robin|Birch|Cedar|Kit Rowan|Juniper-Elm|Linden)\b"
    r"|\bDEMO-?[0-9a-f]{4,8}\b|\bMade Up Lane\b|\b(?:1985-04-12|04/12/1985)\b"
)


class WayOut(BaseException):
    """Something asked another machine. No `Exception`, so that nobody catches it by the way."""


@dataclass
class Watch:
    """What was found since the last test, each with its place."""

    found: list[str] = field(default_factory=list)

    def look(self, place: str, text: str) -> None:
        """Note a text that holds a word of somebody."""
        if told := PEOPLE.search(text):
            self.found.append(f"{place} says {told[0]!r}: {text[:400]}")

    def taken(self) -> list[str]:
        """What was found, the letters of the test included; begins anew."""
        for letter in getattr(mail, "outbox", []):
            parts = [letter.subject, letter.body, *letter.extra_headers.values()]
            parts += [
                str(each) for each in (*getattr(letter, "alternatives", ()), *letter.attachments)
            ]
            self.look("a letter", "\n".join(map(str, parts)))
        found, self.found = self.found, []
        return found

    def published(self, body: Any = None, headers: Any = None, **_: Any) -> None:
        """What goes to the broker: arguments and headers."""
        self.look("a message to the broker", f"{body!r} {headers!r}")

    def answered(self, retval: Any = None, **_: Any) -> None:
        """What a task answers with."""
        self.look("the answer of a task", repr(retval))

    def listen(self) -> None:
        """Stand on the root again: `django.setup()`, which Celery calls, puts other handlers there."""
        root = logging.getLogger()
        if not any(isinstance(each, Lines) for each in root.handlers):
            root.addHandler(Lines(self))


class Lines(logging.Handler):
    """Looks at every line as the product's own handler would write it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.INFO)
        self.watch, product = watch, product_handler()
        self.setFormatter(product.formatter)
        self.filters = list(product.filters)

    def emit(self, record: logging.LogRecord) -> None:
        """Look at the line."""
        self.watch.look(f"the log of {record.name}", self.format(record))


def product_handler() -> logging.Handler:
    """The handler that the settings put on the root."""
    return next(
        handler
        for handler in logging.getLogger().handlers
        if any(isinstance(each, WithoutTokens) for each in handler.filters)
    )


def is_here(address: Any) -> bool:
    """Whether an address is of this machine: a file, or the loop."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0]).partition("%")[0]
    if host in {"", "localhost"}:
        return True
    try:
        given = ipaddress.ip_address(host)
    except ValueError:
        return False
    return given.is_loopback or given.is_unspecified


def guard(patch: pytest.MonkeyPatch, watch: Watch) -> None:
    """Let sockets reach this machine alone, and names of others be asked of nobody."""

    def stop(address: Any) -> None:
        if not is_here(address):
            watch.found.append(f"another machine was asked: {address}")
            raise WayOut(str(address))

    def connect(self: socket.socket, address: Any) -> Any:
        stop(address)
        return was["connect"](self, address)

    def connect_ex(self: socket.socket, address: Any) -> Any:
        stop(address)
        return was["connect_ex"](self, address)

    def sendto(self: socket.socket, data: Any, *told: Any) -> Any:
        stop(told[-1])
        return was["sendto"](self, data, *told)

    def getaddrinfo(host: Any, *told: Any, **named: Any) -> Any:
        stop((host.decode() if isinstance(host, bytes) else host or "",))
        return resolve(host, *told, **named)

    resolve = socket.getaddrinfo
    guards = {"connect": connect, "connect_ex": connect_ex, "sendto": sendto}
    was = {name: getattr(socket.socket, name) for name in guards}
    for name, each in guards.items():
        patch.setattr(socket.socket, name, each)
    patch.setattr(socket, "getaddrinfo", getaddrinfo)


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch from here on, for a whole test process."""
    watch, patch = Watch(), pytest.MonkeyPatch()
    watch.listen()
    before_task_publish.connect(watch.published, weak=False)
    task_postrun.connect(watch.answered, weak=False)
    guard(patch, watch)
    yield watch
    patch.undo()
    task_postrun.disconnect(watch.answered)
    before_task_publish.disconnect(watch.published)
    for each in [each for each in logging.getLogger().handlers if isinstance(each, Lines)]:
        logging.getLogger().removeHandler(each)
