"""Today: the sections of all roles of a reader together, what waits for others first."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from billing.queries.worklist import Weighed
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import RoleName
from peerworks.audit.trail import Seen
from peerworks.home.queries.money import money_today
from peerworks.home.queries.office import office_today
from peerworks.home.queries.peer import peer_today
from peerworks.home.queries.records import audit_today, privacy_today, training_today
from peerworks.home.queries.team import team_today

NOON, EVENING = 12, 18


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: the template that shows it, and what it shows."""

    template: str
    of: Any


@dataclass(frozen=True, slots=True)
class Today:
    """The page: its greeting, its sections, and about whom it tells, for the audit trail."""

    greeting: str
    sections: tuple[Section, ...]
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks on which day, and the weighed visits, which two roles share: weighed when asked first."""

    member: Membership
    on: dt.date
    now: dt.datetime
    weigh: Callable[[], Sequence[Weighed]]
    _weighed: list[Sequence[Weighed]] = field(default_factory=list)

    @property
    def weighed(self) -> Sequence[Weighed]:
        """What is not billed yet, with what holds it."""
        if not self._weighed:
            self._weighed.append(self.weigh())
        return self._weighed[0]


_SECTIONS: dict[RoleName, tuple[str, Callable[[Asking], Any]]] = {
    RoleName.SUPERVISOR: (
        "home/_today_team.html",
        lambda asked: team_today(asked.member, asked.on, asked.now),
    ),
    RoleName.ADMINISTRATOR: (
        "home/_today_office.html",
        lambda asked: office_today(asked.member, asked.on, asked.weighed),
    ),
    RoleName.BILLER: ("home/_today_money.html", lambda asked: money_today(asked.weighed)),
    RoleName.TRAINER: (
        "home/_today_training.html",
        lambda asked: training_today(asked.member, asked.on),
    ),
    RoleName.PRIVACY_OFFICER: (
        "home/_today_privacy.html",
        lambda asked: privacy_today(asked.on, asked.now),
    ),
    RoleName.AUDITOR: ("home/_today_audit.html", lambda asked: audit_today(asked.member, asked.on)),
    RoleName.PEER: (
        "home/_today_peer.html",
        lambda asked: peer_today(asked.member, asked.on, asked.now),
    ),
}


def today_of(
    member: Membership,
    *,
    on: dt.date,
    now: dt.datetime,
    weigh: Callable[[], Sequence[Weighed]],
) -> Today:
    """What is due today for a member. `now` is in the agency's time zone and `on` its local day."""
    asked = Asking(member, on, now, weigh)
    sections = tuple(
        Section(template, load(asked))
        for role, (template, load) in _SECTIONS.items()
        if role in member.roles
    )
    return Today(_greeting(member, now), sections, _seen(sections))


def _greeting(member: Membership, now: dt.datetime) -> str:
    told = {"name": member.user.name.split(" ")[0]}
    if now.hour < NOON:
        return gettext("Good morning, %(name)s") % told
    if now.hour < EVENING:
        return gettext("Good afternoon, %(name)s") % told
    return gettext("Good evening, %(name)s") % told


def _seen(sections: Sequence[Section]) -> tuple[Seen, ...]:
    people: dict[UUID, None] = {}
    for each in sections:
        people |= dict.fromkeys(getattr(each.of, "participants", ()))
    return (Seen("participant.listed", participants=tuple(people)),) if people else ()
