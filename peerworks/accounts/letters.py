"""What accounts must send: an app above registers how it is planned and by which way it leaves.

`accounts` lies below the work queue and the mail, so its operations only say that a letter is due, by
ids; `peerworks.notices` plans it as due work and asks `operations.write_letter` for its words at the
moment of sending. A token is made then and stands in no row, log or queue.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.urls import reverse


class Kind(StrEnum):
    """What sort of letter."""

    INVITATION = "invitation"
    RESET = "reset"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a kind of letter


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter in words, for the moment of its sending. It names nobody and nothing of anybody."""

    to: str
    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Which letter: its kind, the record it is about, and a number that tells a later one apart."""

    kind: Kind
    about: UUID
    number: int

    def __str__(self) -> str:
        return f"{self.kind}/{self.about}/{self.number}"

    @classmethod
    def read(cls, text: str) -> "Slot":
        """From its text, as it stands on due work. Raises ValueError for anything else."""
        kind, about, number = text.split("/")
        return cls(Kind(kind), UUID(about), int(number))


Plan = Callable[[UUID, str, dt.datetime], None]
_sender: dict[str, Callable[..., object]] = {}


class NobodySends(RuntimeError):
    """No app has registered a sender: a mistake of the program."""


def register_sender(plan: Plan, *, leaves: Callable[[], bool]) -> None:
    """Say how a letter is planned, (agency id, slot, moment), and whether mail leaves this machine."""
    _sender.update(plan=plan, leaves=leaves)


def send(kind: Kind, *, agency_id: UUID, about: UUID, number: int, at: dt.datetime) -> None:
    """Plan a letter inside the transaction of what makes it due. The same slot is planned once."""
    _asked("plan")(agency_id, str(Slot(kind, about, number)), at)


def leaves_this_machine() -> bool:
    """Whether mail reaches people. If not, an administrator hands the link over in person."""
    return bool(_asked("leaves")())


def _asked(what: str) -> Callable[..., object]:
    if what not in _sender:
        raise NobodySends(what)
    return _sender[what]


def link_to(url_name: str, *args: str) -> str:
    """A whole address of a page of ours. Never made from what a request says about its host."""
    return settings.PEERWORKS_ADDRESS.rstrip("/") + reverse(url_name, args=args)
