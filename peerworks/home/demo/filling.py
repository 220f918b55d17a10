"""Filling an empty database with the demonstration: who, with whom, since when, and what waits.

Everything hangs on one day and one seed, so that the same day gives the same records. Runs as the
application's role, in each agency as its service member; the seal is written as the privacy officer.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from billing.models import ServiceNote
from peerworks.accounts.models import User
from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.audit import trail
from peerworks.files import storage
from peerworks.home.demo import billed, current, history, papers, people, staff, visits
from peerworks.home.demo.cast import JUNIPER, LANTERN
from peerworks.home.demo.founding import House, found_all
from peerworks.home.demo.history import Maker
from peerworks.home.demo.standing import staff_can_bill, supervise
from peerworks.participants.models import Participant
from providers.models import Provider


class NotEmpty(Exception):
    """The database holds rows that are not of the demonstration; nothing was written."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the database now; `is_new` is false where it was filled before."""

    is_new: bool
    counts: dict[str, dict[str, int]]


def fill(today: dt.date, now: dt.datetime) -> Filled:
    """Fill an empty database, in one transaction; one that is filled is left as it is.

    Raises `NotEmpty` where an agency or a user is there that is not made up.
    """
    if Agency.objects.filter(is_demo=False).exists():
        raise NotEmpty("an agency is there that is not marked as made up")
    if Agency.objects.exists():
        return Filled(is_new=False, counts=_counts())
    if User.objects.exists():
        raise NotEmpty("users are there, and no made-up agency")
    with storage.tidied(), transaction.atomic():
        houses = found_all(today)
        _fill_juniper(houses[JUNIPER], today, now)
        _fill_lantern(houses[LANTERN], today)
    return Filled(is_new=True, counts=_counts())


def _fill_juniper(house: House, today: dt.date, now: dt.datetime) -> None:
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        staff.hire(house, today)
        staff_can_bill(house, today, now)
        staff.certify_colleagues(house, today, now)
        papers.prove(house, now)
        staff.supervise_all(house, today, now)
        served = people.serve(house, today, now)
        maker = Maker(house, served, today)
        odd = history.odd_visits(maker)
        past = [*history.ordinary_visits(maker), *odd.values()]
        verdicts = visits.write(house, past, now=now)
    with acting_for(house.agency.pk, house.members["privacy-officer"].user_id):
        people.seal(house, served, now)
    with acting_for(house.agency.pk, house.members["biller"].user_id):
        billed.bill(house, today, now)
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        visits.record_time(house, past, verdicts)
        current.write_newest(maker, now)
        current.amend(maker, {key: each.id for key, each in odd.items()}, now)
    _be_denied(house, "lapsed-peer", (403, "billing:worklist"), (403, "billing:batch-list"))
    _be_denied(house, "trainer", (404, "participants:participant-detail"))


def _be_denied(house: House, who: str, *denials: tuple[int, str]) -> None:
    """What the privacy officer sees first: pages that somebody asked for and was not shown."""
    user = house.members[who].user
    with acting_for(house.agency.pk, user.pk):
        for status, page in denials:
            trail.record_denial(by=user, status=status, url_name=page)


def _fill_lantern(house: House, today: dt.date) -> None:
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        staff.hire(house, today)
        people.serve_lantern(house, today)
        supervisor = house.providers["harbor-supervisor"]
        for ago, who in enumerate(("harbor-peer", "harbor-second", "harbor-third"), start=5):
            worker = house.providers[who]
            staff.assign(house, worker, supervisor, today - 2 * staff.YEAR)
            supervise(house, worker, supervisor, "harbor", today - ago * staff.DAY)


_COUNTED: dict[str, Any] = {
    "providers": Provider,
    "participants": Participant,
    "notes": ServiceNote,
}


def _counts() -> dict[str, dict[str, int]]:
    counts = {}
    for agency in Agency.objects.order_by("slug"):
        with acting_for(agency.pk), transaction.atomic():
            service = service_member(agency.pk).user_id
        with acting_for(agency.pk, service), transaction.atomic():
            counts[agency.slug] = {name: model.objects.count() for name, model in _COUNTED.items()}
    return counts
