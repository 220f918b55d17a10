"""What workers are owed on a day: one row each, for pages and reminders alike."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from providers.models import Placement, Provider
from supervision.models import Assignment
from supervision.queries.facts import asks_for_service, duties_on, supervision_facts
from supervision.queries.people import primary_on, programs_on
from supervision.rules import Duty, Owed, State, overdue_steps, owed_on


@dataclass(frozen=True, slots=True)
class OwedRow:
    """How one worker stands as of a day.

    `standing` is what the strictest duty says that binds, of all programs that the worker is placed
    in; None where none binds (no supervisor, or in no stage that a pack speaks of). `supervisor`
    and `supervisor_id` are those of the primary one, "" and None without.
    """

    provider_id: UUID
    member_id: UUID | None
    name: str
    title: str
    is_peer: bool
    programs: tuple[str, ...]
    supervisor_id: UUID | None
    supervisor_member_id: UUID | None
    supervisor: str
    standing: Owed | None

    @property
    def state(self) -> State | None:
        """CURRENT, DUE or OVERDUE; None where no duty binds."""
        return None if self.standing is None else self.standing.state

    @property
    def percent(self) -> int:
        """How much of the interval, the month or the block of service has passed."""
        return 0 if self.standing is None else self.standing.percent

    @property
    def due_on(self) -> dt.date | None:
        """The last day on which nothing is overdue."""
        return None if self.standing is None else self.standing.due_on

    @property
    def is_overdue(self) -> bool:
        """Whether supervision that was owed did not take place in time."""
        return self.state is State.OVERDUE

    def steps(self, on: dt.date) -> tuple[str, ...]:
        """The reminder steps reached on the day that the row is of, the nearest first."""
        return () if self.standing is None else overdue_steps(self.standing, on)

    @property
    def cycle(self) -> str:
        """Which round of supervision this is: since the last session that counts, or the beginning."""
        if self.standing is None:
            return ""
        last = self.standing.last
        return (self.standing.counts_from if last is None else last.on).isoformat()


def owed_rows(on: dt.date, workers: "QuerySet[Provider] | None" = None) -> list[OwedRow]:
    """How workers stand as of a day, the most urgent first: seven queries, however many they are.

    Asked of `workers`, or of everyone who is employed and placed on that day. Overdue ones come
    first, then by share of the interval, then by name.
    """
    asked = Provider.objects.all() if workers is None else workers
    people = list(asked.employed_on(on).placed_on(on).by_name())  # type: ignore[attr-defined]
    ids = [each.pk for each in people]
    placed, primary = programs_on(ids, on), primary_on(ids, on)
    duties = duties_on({each.program.pack for held in placed.values() for each in held}, on)
    ratio = asks_for_service(duty for held in duties.values() for duty in held)
    known = supervision_facts(ids, with_served=ratio)
    rows = [
        _row(each, placed[each.pk], primary.get(each.pk), standing)
        for each in people
        for standing in [owed_on(_duties_of(placed[each.pk], duties), known[each.pk].facts, on)]
    ]
    return sorted(rows, key=lambda row: (not row.is_overdue, -row.percent))


def _duties_of(
    placements: Iterable[Placement], duties: Mapping[str, tuple[Duty, ...]]
) -> list[Duty]:
    names = dict.fromkeys(each.program.pack for each in placements)
    return [duty for name in names for duty in duties.get(name, ())]


def _row(
    provider: Provider,
    placements: Iterable[Placement],
    assignment: Assignment | None,
    standing: Owed | None,
) -> OwedRow:
    supervisor = None if assignment is None else assignment.supervisor
    return OwedRow(
        provider_id=provider.pk,
        member_id=provider.member_id,
        name=provider.name,
        title=provider.title,
        is_peer=provider.worker_class == Provider.WorkerClass.PEER,
        programs=tuple(each.program.name for each in placements),
        supervisor_id=None if supervisor is None else supervisor.pk,
        supervisor_member_id=None if supervisor is None else supervisor.member_id,
        supervisor="" if supervisor is None else supervisor.name,
        standing=standing,
    )
