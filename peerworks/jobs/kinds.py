"""Kinds of jobs: each app says of its own, when the program starts, what a page calls them.

A kind is a Celery task that does due work (`peerworks.jobs.tasks.DueTask`), by its name. Work of a kind
that nobody registered runs all the same and is shown by its name.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a page says about a kind of job, and how it is planned.

    `counts` are the words of the figures that a run answers with, the most telling first; a plural is
    not needed, since the figure stands behind ("Raised: 3"). `planned_by` is the entry of the beat
    schedule whose tick plans it once for each local day of the agency; empty where it is asked for.
    `by_hand`: an administrator may start it for today. `is_single`: an agency runs one at a time.
    `url_name` is the page of the record that a run makes, by its id. `is_private`: figures and record
    are shown to who asked alone, since they may count people whose record others do not see.
    """

    kind: str
    label: Text
    counts: Mapping[str, Text] = field(default_factory=dict)
    planned_by: str = ""
    by_hand: bool = False
    is_single: bool = False
    url_name: str = ""
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Worked:
    """What a run answers with: figures by name, and the record that it made, if it made one."""

    counts: Mapping[str, int] = field(default_factory=dict)
    record_id: UUID | None = None

    @classmethod
    def of(cls, result: Any, *names: str) -> "Worked":
        """The figures of these names from what an operation answered."""
        return cls({name: getattr(result, name) for name in names})


class KindTaken(ValueError):
    """Two apps register one kind of job: a mistake of the program, found at start."""


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Declare a kind; called from `AppConfig.ready()`."""
    if _kinds.setdefault(kind.kind, kind).label != kind.label:
        raise KindTaken(kind.kind)


def kinds() -> tuple[JobKind, ...]:
    """All declared kinds, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))


def is_registered(name: str) -> bool:
    """Whether an app has declared the kind."""
    return name in _kinds


def kind_of(name: str) -> JobKind:
    """The kind of that name; one that nobody declared is called by its name."""
    return _kinds.get(name) or JobKind(name, name)


_BETWEEN = " "


def slot_by_hand(on: dt.date, form_key: UUID) -> str:
    """The slot of a run that is asked for by hand: its day, and what makes it one of its own."""
    return f"{on.isoformat()}{_BETWEEN}{form_key.hex}"


def day_of(slot: str) -> dt.date:
    """The local day of a slot, planned by the clock or by hand. Raises `ValueError` for another slot."""
    return dt.date.fromisoformat(slot.partition(_BETWEEN)[0])
