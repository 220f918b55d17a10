"""Whom the trail may be asked about: filled by `participants`, which lies above.

The audit page stands below the people whom it tells about, so it asks through this registry, and
gets answers as the asking member may have them.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from peerworks.accounts.models import Membership

Found = Sequence[tuple[UUID, str]]
KIND = "participants.participant"


@dataclass(frozen=True, slots=True)
class Finder:
    """How people are found: `by_words` by name or record number, in order and at most so many; `name` by id."""

    by_words: Callable[[Membership, dt.date, str, int], Found]
    name: Callable[[Membership, dt.date, UUID], str | None]


_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Say how people are found; the same again replaces what was said, so that `ready()` may run twice."""
    _finders[:] = [finder]


def find(member: Membership, on: dt.date, words: str, most: int) -> Found:
    """At most so many people of this name or record number whose trail the member may see."""
    return [found for each in _finders for found in each.by_words(member, on, words, most)]


def name_of(member: Membership, on: dt.date, pk: UUID) -> str | None:
    """What the person is called, or None where the member may not know of them."""
    return next((name for each in _finders if (name := each.name(member, on, pk))), None)
