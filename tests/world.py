"""The tests' world: the demonstration's agencies and nine people, on a clean day.

Everything a note needs is there and in force, so that a clean visit passes all gates and a test
breaks the one thing that it is about.
"""

import base64
import datetime as dt
import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client

from peerworks.accounts import ciphers, factors
from peerworks.accounts.arrival import SESSION_VALUE
from peerworks.accounts.models import Membership, SignIn, User
from peerworks.agencies.context import acting_for
from peerworks.home.demo.cast import AGENCIES, JUNIPER, LANTERN
from peerworks.home.demo.founding import House, found_all
from peerworks.home.demo.standing import Served, add_person, staff_can_bill, supervise
from providers.models import Provider

PLAYS_AT = {"peer": "mesa", "lapsed-peer": "dogwood", "supervisor": "mesa"}


@dataclass
class Player:
    """One of the nine as a test uses them."""

    who: str
    user: User
    member: Membership
    provider: Provider

    def client(self) -> Client:
        """A client that is signed in as this person, in their agency, with a fresh second factor.

        In the demonstration the sign-in counts as one; outside of it an app is set up first.
        """
        client = Client()
        client.force_login(self.user)
        if not settings.PEERWORKS_DEMO:
            self.enrol()
            with acting_for(None, self.user.pk), transaction.atomic():
                SignIn.objects.filter(pk=client.session[SESSION_VALUE]).update(factor_at=Now())
        return client

    def enrol(self) -> str:
        """The seed of this person's app, which is set up where it was not.

        Always the same: of a random one, once in some hundred thousand runs, a code for later is one for now, too.
        """
        app = factors.app_of(self.user)
        if app is None:
            seed = base64.b32encode(hashlib.sha256(self.who.encode()).digest()[:20]).decode()
            data = {"secret": ciphers.encrypt(seed)}
            app = Authenticator.objects.create(user=self.user, type="totp", data=data)
        return ciphers.decrypt(app.data["secret"])


@dataclass
class World:
    """Both houses, the nine people by `who`, and the made-up people they serve.

    `today` is the real day, `now` the real moment; `people` are by house key ("mesa", "dogwood",
    "peachtree"), each with a plan, coverage and a goal.
    """

    today: dt.date
    now: dt.datetime
    juniper: House
    lantern: House
    people: dict[str, Served] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Player:
        house = self.juniper if who in self.juniper.members else self.lantern
        member = house.members[who]
        return Player(who, member.user, member, house.providers[who])

    def house_of(self, who: str) -> House:
        """The agency of one of the nine."""
        return self.juniper if who in self.juniper.members else self.lantern

    def person(self, who: str) -> Served:
        """The person that one of the nine serves."""
        return self.people[PLAYS_AT[who]]

    @contextmanager
    def acting(self, who: str):
        """Inside the agency as one of the nine, in a transaction: what a request would be."""
        player = self[who]
        with acting_for(player.member.agency_id, player.user.pk), transaction.atomic():
            yield player


def build_world() -> World:
    """Found both agencies and make everything ready for a clean visit of yesterday or today."""
    now = dt.datetime.now(dt.UTC)
    # The agency's own day: in the evening it is a day behind that of the server.
    today = now.astimezone(ZoneInfo(AGENCIES[0].time_zone)).date()
    houses = found_all(today)
    world = World(today, now, houses[JUNIPER], houses[LANTERN])
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        staff_can_bill(house, today, now)
        andre = house.providers["supervisor"]
        for days_ago, (who, site) in enumerate((("peer", "mesa"), ("lapsed-peer", "dogwood")), 2):
            day = today - dt.timedelta(days=days_ago)
            supervise(house, house.providers[who], andre, site, day)
        _people(world)
    return world


def _people(world: World) -> None:
    house = world.juniper
    luz, andre = house.members["peer"], house.members["supervisor"]
    sam = house.members["lapsed-peer"]
    for number, (site, given, family, team) in enumerate(
        (
            ("mesa", "Wren", "Alder", (luz, andre)),
            ("dogwood", "Robin", "Birch", (sam,)),
            ("peachtree", "Jay", "Cedar", (luz, andre)),
        ),
        start=1,
    ):
        world.people[site] = add_person(
            house,
            site,
            given=given,
            family=family,
            number=number,
            team=team,
            today=world.today,
            now=world.now,
        )
