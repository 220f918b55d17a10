"""What payers pay for a unit."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from billing.models import Rate
from peerworks.agencies.postgres.questions import GivenIds, Question
from peerworks.lib.periods import Days

_RATES = Question(lambda: Rate.objects.filter(payer__among=GivenIds("payers")))


class Rates:
    """The rates of some payers, by the text of their ids, on all days: one query."""

    def __init__(self, payers: Collection[str]) -> None:
        self._held: dict[tuple[str, str, tuple[str, ...]], list[tuple[Days, Decimal]]]
        self._held = defaultdict(list)
        for each in _RATES(payers=payers):
            key = str(each.payer_id), each.code, tuple(each.modifiers)
            self._held[key].append((each.days, each.amount))

    def on(
        self, payer: str | None, code: str, modifiers: tuple[str, ...], day: dt.date
    ) -> Decimal | None:
        """Dollars a unit for a code with exactly these modifiers, in this order; None without one."""
        if payer is None:
            return None
        held = self._held.get((payer, code, modifiers), ())
        return next((amount for days, amount in held if days.contains(day)), None)
