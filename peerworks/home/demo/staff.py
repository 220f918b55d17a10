"""The made-up colleagues of the nine: who else works here, how certified, and how supervised.

Together with the nine they make what waits on the first page true: three people cannot bill today
(Sam's certification ended, Devon's supervision is overdue, nobody has verified Jo's certificate), two
certificates wait to be verified (Jo's and Nia's next one), and of Andre's team one is overdue for
supervision and one has used 80 percent of the week.
"""

import datetime as dt
from dataclasses import dataclass

from peerworks.accounts.models import Membership, User
from peerworks.accounts.roles import RoleName
from peerworks.home.demo.cast import JUNIPER, LANTERN, Person
from peerworks.home.demo.founding import House, add_file, add_member, certify, train
from peerworks.home.demo.standing import (
    YEAR,
    assign,
    end_of_georgias_term,
    qualify,
    supervise,
)
from providers.models import Employment
from supervision.models import Qualification

DAY = dt.timedelta(days=1)
HISTORY_DAYS = 425
"""How far back the records of the demonstration go: 14 months."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody beside the nine: since and until how many days ago, and in which kind of employment."""

    who: str
    given: str
    family: str
    title: str
    worker_class: str
    sites: tuple[str, ...]
    roles: tuple[str, ...] = (RoleName.PEER,)
    agency: str = JUNIPER
    kind: str = Employment.Kind.EMPLOYEE
    since: int = 4 * 365
    until: int | None = None
    language: str = "en"

    @property
    def person(self) -> Person:
        """As founding takes people."""
        return Person(
            self.who,
            self.given,
            self.family,
            self.language,
            self.agency,
            self.roles,
            self.title,
            self.worker_class,
            self.sites,
            "",
            (),
        )


COLLEAGUES = (
    Colleague("initial-peer", "Nia", "Castell", "Peer specialist", "PEER", ("mesa",), since=155),
    Colleague("overdue-peer", "Devon", "Marsh", "Peer specialist", "PEER", ("dogwood",), since=800),
    Colleague(
        "unverified-peer", "Jo", "Feld", "Peer specialist", "PEER", ("peachtree",), since=100
    ),
    Colleague(
        "volunteer",
        "Kai",
        "Lund",
        "Volunteer peer",
        "PEER",
        (),
        kind=Employment.Kind.VOLUNTEER,
        since=300,
    ),
    Colleague(
        "partner",
        "Ruth",
        "Abara",
        "Outside supervisor",
        "SUPERVISOR",
        (),
        roles=(RoleName.SUPERVISOR,),
        kind=Employment.Kind.PARTNER,
    ),
    Colleague(
        "former-peer", "Noor", "Haddad", "Peer specialist", "PEER", ("mesa",), since=900, until=90
    ),
    Colleague(
        "harbor-peer", "Ada", "Quill", "Peer specialist", "PEER", ("harbor",), agency=LANTERN
    ),
    Colleague(
        "harbor-second", "Milo", "Reyes", "Peer specialist", "PEER", ("harbor",), agency=LANTERN
    ),
    Colleague(
        "harbor-third",
        "Iris",
        "Novak",
        "Peer specialist",
        "PEER",
        ("harbor",),
        agency=LANTERN,
        language="es",
    ),
    Colleague(
        "harbor-supervisor",
        "Owen",
        "Tate",
        "Peer supervisor",
        "SUPERVISOR",
        ("harbor",),
        roles=(RoleName.SUPERVISOR,),
        agency=LANTERN,
    ),
)
FIRST_NUMBER = 20


def hire(house: House, today: dt.date) -> None:
    """The colleagues of one agency: members with a personnel file; who left has no sign-in any more."""
    for number, each in enumerate(COLLEAGUES, start=FIRST_NUMBER):
        if each.agency != house.agency.slug:
            continue
        member = add_member(house, each.person)
        until = None if each.until is None else today - each.until * DAY
        add_file(
            house,
            each.person,
            number,
            today,
            kind=each.kind,
            since=today - each.since * DAY,
            until=until,
        )
        if until is not None:
            _leave(member)


def _leave(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(is_active=False)
    User.objects.filter(pk=member.user_id).update(is_active=False)


def certify_colleagues(house: House, today: dt.date, now: dt.datetime) -> None:
    """The certificates of Juniper's colleagues, Sam's one before the last, and Nia's next one."""
    sam_until = today - 19 * DAY - YEAR
    rows = (
        ("lapsed-peer", "va-prs", sam_until - YEAR + DAY, sam_until, "DEMO-VA-0"),
        ("overdue-peer", "va-prs", today - 560 * DAY, today - 195 * DAY, "DEMO-VA-2"),
        ("overdue-peer", "va-prs", today - 194 * DAY, today + 170 * DAY, "DEMO-VA-3"),
        ("volunteer", "tx-peer-specialist", today - 320 * DAY, today + 410 * DAY, "DEMO-TX-4"),
        ("former-peer", "tx-peer-specialist", today - 700 * DAY, today + 30 * DAY, "DEMO-TX-5"),
    )
    for who, kind, since, until, number in rows:
        _certify(house, who, kind, since, until, now, number)
    _certify(
        house,
        "initial-peer",
        "tx-peer-specialist",
        today - 150 * DAY,
        today + 33 * DAY,
        now,
        "DEMO-TX-6",
        stage="INITIAL",
    )
    _certify(
        house,
        "initial-peer",
        "tx-peer-specialist",
        today + 34 * DAY,
        today + 34 * DAY + 2 * YEAR,
        now,
        "DEMO-TX-7",
        is_verified=False,
    )
    _certify(
        house,
        "unverified-peer",
        "ga-cps-mh",
        today - 100 * DAY,
        end_of_georgias_term(today),
        now,
        "DEMO-GA-3",
        is_verified=False,
    )
    train(house, house.providers["unverified-peer"], "wham", today - 60 * DAY, "DEMO-WHAM-2")
    train(house, house.providers["former-peer"], "wrap-seminar-1", today - 380 * DAY, "DEMO-WRAP-2")


def _certify(house, who, kind, since, until, now, number, **options):
    endorsements = ("MENTAL_HEALTH",) if kind.startswith("tx") else ()
    certify(
        house,
        house.providers[who],
        kind,
        since=since,
        until=until,
        now=now,
        number=number,
        endorsements=endorsements,
        **options,
    )


RUTHS_PROOFS = (
    (Qualification.Atom.CREDENTIAL, "tx-peer-supervisor"),
    (Qualification.Atom.LICENCE, "LPHA"),
)


def supervise_all(house: House, today: dt.date, now: dt.datetime) -> None:
    """Who supervised whom in 14 months, and each session of it.

    Devon changed supervisors: three days without one, and five with Ruth, who does not meet the rule
    of Virginia; so there are notes to show both reasons.
    """
    people = house.providers
    andre, ruth = people["supervisor"], people["partner"]
    qualify(house, ruth, today, now, RUTHS_PROOFS)
    assign(house, andre, ruth, today - 2 * YEAR)
    assign(house, people["initial-peer"], andre, today - 155 * DAY)
    assign(house, people["unverified-peer"], andre, today - 100 * DAY)
    assign(house, people["former-peer"], andre, today - 2 * YEAR, today - 90 * DAY)
    assign(house, people["volunteer"], andre, today - 300 * DAY, today - 60 * DAY)
    devon = people["overdue-peer"]
    assign(house, devon, andre, today - 700 * DAY, today - 203 * DAY)
    assign(house, devon, ruth, today - 200 * DAY, today - 195 * DAY)
    assign(house, devon, andre, today - 195 * DAY)
    _sessions(house, today)


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """Sessions of one worker: the last so many days ago, then every so many days, down to the first."""

    who: str
    supervisor: str
    site: str
    last: int
    every: int
    first: int = HISTORY_DAYS + 25

    @property
    def days_ago(self) -> range:
        return range(self.last, self.first, self.every)


_RHYTHMS = (
    _Rhythm("initial-peer", "supervisor", "mesa", 6, 6, 150),
    _Rhythm("overdue-peer", "supervisor", "dogwood", 35, 24),
    _Rhythm("peer", "supervisor", "mesa", 4, 24),
    _Rhythm("lapsed-peer", "supervisor", "dogwood", 9, 24),
    _Rhythm("unverified-peer", "supervisor", "peachtree", 13, 24, 99),
    _Rhythm("former-peer", "supervisor", "mesa", 101, 24),
    _Rhythm("supervisor", "partner", "mesa", 10, 24),
)


def _sessions(house: House, today: dt.date) -> None:
    # One a day for a supervisor: all begin at nine at their site, and time zones differ.
    taken: set[tuple[str, int]] = set()
    for rhythm in _RHYTHMS:
        for ago in rhythm.days_ago:
            while (rhythm.supervisor, ago) in taken:
                ago += 1
            taken.add((rhythm.supervisor, ago))
            worker, supervisor = house.providers[rhythm.who], house.providers[rhythm.supervisor]
            supervise(house, worker, supervisor, rhythm.site, today - ago * DAY)


def team_of(house: House, *who: str) -> tuple[Membership, ...]:
    """The memberships of these people, the primary one first."""
    return tuple(house.members[each] for each in who)
