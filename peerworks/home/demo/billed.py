"""The claims of the past: batches built, sent and paid by Priya, through the operations of billing."""

import datetime as dt

from django.db.models import F, Value
from django.db.models.functions import Concat

from billing.models import Batch, Claim, Payer
from billing.operations.batches import build_batch, send_batch
from billing.states import BATCH, CLAIM
from peerworks.home.demo.founding import House
from peerworks.home.demo.staff import DAY

THROUGH = (345, 270, 195, 120, 60, 16)
"""Up to which day each file bills, in days ago; a file is built a week later."""
LAST_IN_TEXAS = 16
LAST_ELSEWHERE = 3
"""Texas has two weeks of visits that wait for a batch; the others are billed as far as they can be."""
PAID_FROM = 60


def bill(house: House, today: dt.date, now: dt.datetime) -> None:
    """Every batch of 14 months. Asked as the biller, who does not see the sealed person."""
    for code, payer in house.payers.items():
        last = LAST_IN_TEXAS if code == "TXMCD" else LAST_ELSEWHERE
        for ago in dict.fromkeys((*THROUGH, last)):
            _bill(payer, house, today, now, ago)


def _bill(payer: Payer, house: House, today: dt.date, now: dt.datetime, ago: int) -> None:
    priya = house.members["biller"]
    built = max(ago - 7, 0)
    at = min(now, now - built * DAY)
    batch = build_batch(
        payer=payer, through=today - ago * DAY, by=priya, at=at, on=today - built * DAY
    )
    send_batch(batch=batch, by=priya, at=at)
    if ago >= PAID_FROM:
        _pay(batch)


def _pay(batch: Batch) -> None:
    """What the payer answered: taken in, then paid. Written directly until answers are read."""
    BATCH.enforce(Batch.State.SENT, Batch.State.ACCEPTED)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.ACCEPTED)
    CLAIM.enforce(Claim.State.SENT, Claim.State.PAID)
    number = Concat(Value("DEMO"), F("control_number"))
    claims = Claim.objects.filter(batch=batch)
    claims.update(state=Claim.State.PAID, payer_number=number)
