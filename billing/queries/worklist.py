"""The visits that are not on a claim yet, and what holds each: facts of the note, never its text."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from billing.models import ClaimLineNote, Coverage, GateRun, Payer, ServiceNote
from peerworks.lib.findings import Finding, Verdict
from peerworks.lib.money import total
from providers.models import Provider

NARRATIVE = tuple(
    f"version_in_force__{name}"
    for name in ("purpose", "what_we_did", "response", "next_step", "own_words", "reason")
)
"""What claims and lists never read: the words of a note."""


def unbilled(*, payer: Payer | None = None, through: dt.date | None = None) -> Any:
    """The signed notes in force that stand on no live line, oldest first.

    `first_coverage` is the id of the coverage in force on the service day that pays first,
    `first_payer` that of its payer; both are None where there is no coverage. With a payer only its
    own, with `through` only service days up to that one.
    """
    live = ClaimLineNote.objects.filter(note=OuterRef("pk"), is_live=True)
    covers = Coverage.objects.filter(
        participant=OuterRef("participant"), period__contains=OuterRef("service_day")
    ).order_by("order")
    notes = (
        ServiceNote.objects.in_force()  # type: ignore[no-untyped-call]
        .filter(~Exists(live))
        .annotate(
            first_coverage=Subquery(covers.values("pk")[:1]),
            first_payer=Subquery(covers.values("payer")[:1]),
        )
        .order_by("service_day", "in_force_period", "pk")
    )
    if payer is not None:
        notes = notes.filter(first_payer=payer.pk)
    return notes if through is None else notes.filter(service_day__lte=through)


def count_unbilled(*, payer: Payer, through: dt.date | None) -> int:
    """How many visits a batch would have to weigh: one query, cheap beside the weighing."""
    count: int = unbilled(payer=payer, through=through).order_by().count()
    return count


@dataclass(frozen=True, slots=True)
class Visit:
    """An unbilled note as far as it takes to say what holds it: whose, when, who pays first.

    `signed_with` is the number of the certification that the version in force was signed with.
    """

    note_id: UUID
    state: str
    day: dt.date
    participant_id: UUID
    provider_id: UUID
    signed_with: str
    coverage_id: UUID | None
    payer_id: UUID | None


_COLUMNS = (
    *("pk", "state", "service_day", "participant_id", "provider_id"),
    *("version_in_force__signer_credential", "first_coverage", "first_payer"),
)


def visits_of(notes: Any) -> list[Visit]:
    """Rows of `unbilled` as visits, in their order: one query, that makes no models."""
    return [Visit(*row) for row in notes.values_list(*_COLUMNS)]


def whole_notes(visits: Iterable[Visit]) -> dict[UUID, Any]:
    """The notes of visits by id, with all that a row of a page or a claim says of them: one query.

    The words of the notes are not read.
    """
    notes = ServiceNote.objects.filter(pk__among={each.note_id for each in visits})
    shown = ("participant", "provider", "program", "version_in_force")
    return {each.pk: each for each in notes.select_related(*shown).defer(*NARRATIVE)}


def workers_of(visits: Iterable[Visit]) -> dict[UUID, Provider]:
    """The authors of visits, by id: one query."""
    return Provider.objects.in_bulk({each.provider_id for each in visits})


def payers_of(visits: Iterable[Visit]) -> dict[UUID, Payer]:
    """The payers of these visits, by id: one query."""
    return Payer.objects.in_bulk({each.payer_id for each in visits if each.payer_id})


@dataclass(frozen=True, slots=True)
class Weighed:
    """An unbilled visit with its verdict for a claim. `held` is what stops it; empty when ready.

    `run` is the stored run, None where the verdict was only looked at. `payer` is None where no
    coverage was in force.
    """

    visit: Visit
    payer: Payer | None
    verdict: Verdict
    run: GateRun | None
    held: tuple[Finding, ...]

    @property
    def is_ready(self) -> bool:
        """Whether it can go on a claim now."""
        return not self.held

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of what holds it, each once, in the order of the gates."""
        said = (each.because.reason for each in self.held if each.because is not None)
        return tuple(dict.fromkeys(said))

    @property
    def charge(self) -> Decimal:
        """Dollars at the rate in force; nothing where there is no rate."""
        return self.verdict.charge or Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Tile:
    """The visits that one reason holds: how many, how much, and how many it holds alone.

    `code` is "" for those that are ready.
    """

    code: str
    count: int
    alone: int
    charge: Decimal


def tiles(weighed: Sequence[Weighed]) -> list[Tile]:
    """One tile a reason, the most money first; a visit with several reasons counts under each."""
    held: dict[str, list[Weighed]] = {}
    for each in weighed:
        for code in each.reasons:
            held.setdefault(code, []).append(each)
    found = [_tile(code, those) for code, those in held.items()]
    return sorted(found, key=lambda tile: (-tile.charge, -tile.count, tile.code))


def _tile(code: str, held: Sequence[Weighed]) -> Tile:
    alone = sum(len(each.reasons) == 1 for each in held)
    return Tile(code, len(held), alone, total(each.charge for each in held))


def ready_tile(weighed: Sequence[Weighed]) -> Tile:
    """What can be billed now."""
    ready = [each for each in weighed if each.is_ready]
    return Tile("", len(ready), len(ready), total(each.charge for each in ready))


def left_out(weighed: Iterable[Weighed]) -> dict[str, int]:
    """How many visits each reason leaves out, by code; one with several reasons counts under each."""
    counts: dict[str, int] = {}
    for each in weighed:
        for code in each.reasons:
            counts[code] = counts.get(code, 0) + 1
    return dict(sorted(counts.items()))


def payers_to_bill() -> "QuerySet[Payer]":
    """The agency's payers, by name."""
    return Payer.objects.order_by("name", "pk")
