"""Batches, claims and people with visits to bill. Call them inside `world.acting(…)` or `as_service`."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction

from billing import models
from billing.operations.batches import build_batch, plan_batch
from peerworks.agencies.context import acting_for
from peerworks.home.demo.standing import add_person
from tests.factories.billing_notes import make_note

MAKES = (models.ControlNumber, models.Batch, models.Claim, models.ClaimLine, models.ClaimLineNote)

RATE = Decimal("21.50")
"""The world's invented rate of H0038 in Texas; an hour is four units."""


@contextmanager
def as_service(world):
    """Inside the first agency as its service member: what commands and jobs are."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        yield house.service


def texas(world):
    """The payer of Mesa House."""
    return world.juniper.payers["TXMCD"]


def served(world, number, *, family="Elm", key="mesa"):
    """One more made-up person of a house, ready to be served."""
    return add_person(
        world.juniper,
        key,
        given=f"Ash{number}",
        family=family,
        number=100 + number,
        team=(world["peer"].member,),
        today=world.today,
        now=world.now,
    )


def build(world, *, by, payer=None, through=None, **options):
    """A batch of what is ready for Texas, or for another payer."""
    return build_batch(
        payer=payer or texas(world),
        through=through,
        by=by,
        at=world.now,
        on=local_day(world),
        **options,
    )


def local_day(world) -> dt.date:
    """The agency's today: midnight comes later there than in UTC."""
    return world.now.astimezone(ZoneInfo(world.juniper.agency.time_zone)).date()


def days_ago(world, days) -> dt.date:
    """A service day: so many days before the agency's today; `make_note` takes 1."""
    return local_day(world) - dt.timedelta(days=days)


def plan(world, *, by, payer=None, through=None):
    """What a batch would hold now."""
    return plan_batch(
        payer=payer or texas(world), through=through, by=by, at=world.now, on=local_day(world)
    )


def one_claim(world, *, by, **options):
    """A batch of one co-signed hour with the person of Mesa House, and its only claim."""
    note = make_note(world, **options)
    batch = build(world, by=by)
    return note, batch, batch.claims.get()
