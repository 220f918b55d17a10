"""Visits as gates are asked about them: as a form gives them, and as the loader holds them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from billing.gates.rules import DeductionFact, billable_minutes
from billing.states import NOTE_IN_FORCE
from peerworks.lib.findings import RecordRef

UNSAVED = "new"
"""Stands for the id of a visit that no note holds yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDraft:
    """A visit that may not be stored yet, with what is known of it so far.

    `note_id` is None for a note that was never saved. `start` and `end` are aware moments, or None
    while they are missing; without a start the visit is judged as of the day of asking.
    `deductions` are minutes by activity (or BREAK), `goal_ids` the goals that it cites (None: not
    asked yet), `group_session` the id of the group session that it belongs to.
    """

    participant_id: UUID
    provider_id: UUID
    program_id: UUID
    site_id: UUID
    service: str
    note_id: UUID | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    deductions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    mode: str = ""
    place: str = ""
    goal_ids: frozenset[UUID] | None = None
    group_session: UUID | None = None


@dataclass(slots=True, kw_only=True)
class Visit:
    """One visit on its way to the gates: who, where, when, and the version that is judged.

    `key` is the id by which unit groups and claim lines know it. `note_id` is None for a note that was
    never saved, `version_id` for a draft out of a form; `version` tells versions apart (the hash, once
    it is signed). Goals and deductions of a stored version are filled in by `fill_parts`.
    """

    key: str
    note_id: UUID | None
    version_id: UUID | None
    version: str
    participant_id: UUID
    provider_id: UUID
    program_id: UUID
    site_id: UUID
    service: str
    day: dt.date
    start: dt.datetime | None
    end: dt.datetime | None
    mode: str
    place: str
    group_session: str
    state: str
    signed_on: dt.date | None
    deductions: tuple[DeductionFact, ...] = ()
    goals: frozenset[str] | None = None

    @property
    def record(self) -> RecordRef:
        """The note with its version, as evidence names it."""
        return RecordRef("billing.servicenote", self.key, self.version)

    @property
    def is_in_force(self) -> bool:
        """Whether a signed version is judged that holds its time and may be billed."""
        return self.state in NOTE_IN_FORCE and self.signed_on is not None

    @property
    def minutes(self) -> int | None:
        """Its billable minutes; None while a time is missing."""
        if self.start is None or self.end is None:
            return None
        return billable_minutes(self.start, self.end, self.deductions)
