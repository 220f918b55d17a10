"""Fourteen months of visits: an ordinary working life, and one visit for every reason of a gate."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.queries.notes import Content
from peerworks.home.demo.founding import House
from peerworks.home.demo.people import Served60
from peerworks.home.demo.phrases import words
from peerworks.home.demo.staff import DAY, HISTORY_DAYS
from peerworks.home.demo.visits import Visit, goals_of

SEED = 20261121
WEEKEND = 5
ALONE = ((2, 24), (31, 60))
"""Person and days ago of odd visits that must be the only one of their day: their units are the point."""
LAST_DAY = 3
"""Ordinary visits end three days ago: the newest notes are written through the operations."""
STARTS = (dt.time(10, 30), dt.time(12), dt.time(13, 30), dt.time(15), dt.time(16, 30))
LENGTHS = (30, 38, 45, 45, 47, 52, 60, 60, 68, 75)
EVENING = dt.time(19)
"""Of odd visits: later than the last ordinary one ends in either time zone, since some work in both."""
NOT_SEEN_LATELY = (6, 45, 46)
"""Luz's people without a visit for a week: three to see."""


@dataclass(frozen=True, slots=True)
class Working:
    """An ordinary stretch of somebody's work: whom they see in turn, and how often a day."""

    who: str
    cosigner: str
    site: str
    people: tuple[int, ...]
    a_day: float
    since: int = HISTORY_DAYS - 5
    until: int = LAST_DAY


IN_TWO_HOUSES = ("peer", "supervisor")
"""Those who are in Texas on odd days and in Georgia on even ones; the others stay where they are."""
ORDINARY = (
    Working("peer", "supervisor", "mesa", tuple(range(1, 9)), 2.4),
    Working("peer", "supervisor", "peachtree", tuple(range(41, 47)), 2.2),
    Working("lapsed-peer", "supervisor", "dogwood", tuple(range(21, 31)), 1.9),
    Working("overdue-peer", "supervisor", "dogwood", tuple(range(31, 39)), 1.5),
    Working("former-peer", "supervisor", "mesa", tuple(range(9, 14)), 1.3, until=92),
    Working("supervisor", "partner", "mesa", (15, 16), 0.5),
    Working("supervisor", "partner", "peachtree", tuple(range(53, 61)), 1.0),
    Working("initial-peer", "supervisor", "mesa", tuple(range(9, 14)), 1.4, since=149),
    Working("unverified-peer", "supervisor", "peachtree", tuple(range(47, 53)), 0.7, since=99),
)
SERVICE = {"mesa": "mh-individual", "dogwood": "sud-individual", "peachtree": "individual"}


@dataclass
class Maker:
    """Makes visits of a house: the same ones for the same day and seed."""

    house: House
    people: Served60
    today: dt.date
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - made-up visits
    goals: dict[UUID, list[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.goals = goals_of(each.participant for each in self.people.by_number.values())

    def moment(self, site: str, ago: int, at: dt.time) -> dt.datetime:
        """A time of day at a house so many days ago."""
        zone = ZoneInfo(self.house.sites[site].time_zone)
        return dt.datetime.combine(self.today - ago * DAY, at, zone).astimezone(dt.UTC)

    def content(
        self, number: int, start: dt.datetime, minutes: int, *, place: str = "11", **more: Any
    ) -> Content:
        """What such a visit's note says."""
        given: dict[str, Any] = {
            "starts_at": start,
            "ends_at": start + dt.timedelta(minutes=minutes),
            "mode": "IN_PERSON",
            "place": place,
            "place_text": "Made-up place" if place in ("12", "27", "99") else "",
            "goals": frozenset(self.goals[self.people[number].participant.pk][:1]),
            **words(self.chance),
        }
        return Content(**{**given, **more})

    def visit(
        self,
        who: str,
        number: int,
        site: str,
        content: Content,
        *,
        cosigner: str | None = "supervisor",
        service: str = "",
        **more: Any,
    ) -> Visit:
        """A visit of one of the staff with one of the sixty."""
        return Visit(
            provider=self.house.providers[who],
            participant=self.people[number].participant,
            program=self.house.programs[site],
            service=service or SERVICE[site],
            content=content,
            cosigner=None if cosigner is None else self.house.providers[cosigner],
            **more,
        )

    def odd(self, who: str, number: int, site: str, ago: int, **more: Any) -> Visit:
        """A visit in the evening, when nobody has another one."""
        own = {"cosigner", "service", "signed_after", "reviewed_after"}
        of_visit = {key: more.pop(key) for key in own & more.keys()}
        minutes = more.pop("minutes", 45)
        content = self.content(number, self.moment(site, ago, EVENING), minutes, **more)
        return self.visit(who, number, site, content, **of_visit)


def ordinary_visits(maker: Maker) -> Iterator[Visit]:
    """The ordinary visits of each stretch of work, day by day."""
    for work in ORDINARY:
        turn = 0
        for ago in range(work.since, work.until - 1, -1):
            if not _is_there(maker, work, ago):
                continue
            for start in _starts(maker, work, ago):
                turn += 1
                number = _next(work, turn, ago)
                if (number, ago) not in ALONE:
                    yield _ordinary(maker, work, number, ago, start)


def _is_there(maker: Maker, work: Working, ago: int) -> bool:
    day = maker.today - ago * DAY
    if work.who in IN_TWO_HOUSES and (day.toordinal() % 2 == 1) != (work.site == "mesa"):
        return False
    # In the last week every day is a working day, so that lists are never empty.
    return ago <= 7 or day.weekday() < WEEKEND


def _starts(maker: Maker, work: Working, ago: int) -> list[dt.time]:
    often = max(work.a_day, 4.0) if work.who == "peer" and ago <= 7 else work.a_day
    whole = int(often)
    count = whole + (maker.chance.random() < often - whole)
    return sorted(maker.chance.sample(STARTS, count))


def _next(work: Working, turn: int, ago: int) -> int:
    people = work.people
    if work.who == "peer" and ago <= 7:
        people = tuple(each for each in people if each not in NOT_SEEN_LATELY)
    return people[turn % len(people)]


def _ordinary(maker: Maker, work: Working, number: int, ago: int, start: dt.time) -> Visit:
    chance = maker.chance
    minutes = chance.choice(LENGTHS)
    place = chance.choice(("11", "11", "11", "12", "99"))
    deductions = {"BREAK": 5} if chance.random() < 0.04 else {}
    content = maker.content(
        number, maker.moment(work.site, ago, start), minutes, place=place, deductions=deductions
    )
    return maker.visit(
        work.who,
        number,
        work.site,
        content,
        cosigner=work.cosigner,
        service=_service(maker, work, ago),
        signed_after=dt.timedelta(minutes=chance.randrange(10, 300)),
    )


def _service(maker: Maker, work: Working, ago: int) -> str:
    # Luz has WHAM since 400 days ago, so whole health is hers to give; a third of her Georgia visits.
    is_whole = work.who == "peer" and work.site == "peachtree" and ago < 395
    return "whole-health" if is_whole and maker.chance.random() < 0.33 else SERVICE[work.site]


def odd_visits(maker: Maker) -> dict[str, Visit]:
    """One visit for each reason of a gate, by its code; and some for what else happens to notes.

    Those are: one across a clock change, one signed late, one to be voided, one to be corrected after
    it was billed, and one with the person whose record is sealed.

    The ordinary visits are their clean twins. Not here: what the operations write (drafts, notes in
    review, a visit that is billed already), and SUP-SHORT, which no pack of these three states asks.
    """
    odd = maker.odd
    return {
        "STAFF-OFF": odd("former-peer", 10, "mesa", 88),
        "STAFF-VOL": odd("volunteer", 11, "mesa", 100),
        "CERT-NONE": odd("initial-peer", 9, "mesa", 152),
        "CERT-EXP": odd("lapsed-peer", 22, "dogwood", 12),
        "CERT-STATE": odd("overdue-peer", 4, "mesa", 61),
        "CERT-ENDORSE": odd("peer", 3, "mesa", 22, service="sud-individual"),
        "CERT-UNVER": odd("unverified-peer", 47, "peachtree", 19),
        "SUP-NONE": odd("overdue-peer", 32, "dogwood", 202),
        "SUP-UNQUAL": odd("overdue-peer", 33, "dogwood", 197, cosigner="partner"),
        "SUP-LATE": odd("overdue-peer", 34, "dogwood", LAST_DAY),
        "TRAIN-MISS": odd(
            "supervisor", 53, "peachtree", 23, service="whole-health", cosigner="partner"
        ),
        "ENROL-NONE": odd("peer", 17, "mesa", 35),
        "DX": odd("overdue-peer", 40, "dogwood", 29),
        "CONSENT-NONE": odd("overdue-peer", 39, "dogwood", 27),
        "ELIG": odd("peer", 18, "mesa", 33),
        "PLAN-NONE": odd("peer", 19, "mesa", 30),
        "PLAN-UNSIGNED": odd("peer", 20, "mesa", 28),
        "GOAL-NONE": odd("peer", 1, "mesa", 26, goals=frozenset()),
        "TIME-SHORT": odd("peer", 2, "mesa", 24, minutes=9),
        "UNITS-DAY": odd("overdue-peer", 31, "dogwood", 60, minutes=270),
        "COSIGN-WHO": odd("peer", 5, "mesa", 21, cosigner="partner"),
        "void": odd("peer", 8, "mesa", 11),
        "corrected": odd("peer", 41, "peachtree", 70, minutes=60),
        "late": odd("peer", 8, "mesa", 16, signed_after=dt.timedelta(days=5)),
        "clock": _across_the_change(maker),
        "sealed": odd("supervisor", 14, "mesa", 18, cosigner="partner"),
    }


def _across_the_change(maker: Maker) -> Visit:
    """A night visit at Mesa House during which the clocks changed: an hour by the sun, not by the wall."""
    zone = ZoneInfo(maker.house.sites["mesa"].time_zone)
    day = dt.datetime.combine(maker.today - 25 * DAY, dt.time(12), dt.UTC)
    while day.astimezone(zone).utcoffset() == (day - DAY).astimezone(zone).utcoffset():
        day -= DAY
    # Both changes come at two o'clock of the old time, that is within the two hours after one o'clock.
    start = dt.datetime.combine(day.astimezone(zone).date(), dt.time(1, 30), zone)
    content = maker.content(6, start.astimezone(dt.UTC), 60, place="12")
    return maker.visit("peer", 6, "mesa", content)
