"""Today for a biller: what is held and why, what is ready, which files have not left."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.models import Batch
from billing.queries.batches import whole_batches
from billing.queries.worklist import Tile, Weighed, ready_tile, tiles
from peerworks.lib.money import total
from peerworks.web import reasons

SHOWN = 6


@dataclass(frozen=True, slots=True)
class HeldBy:
    """One reason in words, with how many visits and how much money it holds."""

    code: str
    words: str
    count: int
    charge: Decimal


@dataclass(frozen=True, slots=True)
class MoneyToday:
    """What a biller's section shows; `charge` is what all held visits come to, each counted once."""

    held: tuple[HeldBy, ...]
    others: int
    visits: int
    charge: Decimal
    ready: Tile
    payers: tuple[str, ...]
    built: int
    sent: int


def money_today(weighed: Sequence[Weighed]) -> MoneyToday:
    """The section of a biller, of visits weighed before: one query more."""
    found = tiles(weighed)
    held = [each for each in weighed if not each.is_ready]
    ready = [each for each in weighed if each.is_ready]
    states = list(whole_batches().filter(live__gt=0).values_list("state", flat=True))
    return MoneyToday(
        held=tuple(
            HeldBy(each.code, _words(each.code), each.count, each.charge) for each in found[:SHOWN]
        ),
        others=len(found[SHOWN:]),
        visits=len(held),
        charge=total(each.charge for each in held),
        ready=ready_tile(weighed),
        payers=tuple(sorted({each.payer.name for each in ready if each.payer is not None})),
        built=states.count(Batch.State.CREATED),
        sent=states.count(Batch.State.SENT),
    )


def _words(code: str) -> str:
    return reasons.label(code)
