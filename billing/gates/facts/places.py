"""What an agency's visits hang on and seldom changes: sites, programs, payers, and their packs."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from billing.gates.rules import Terms, terms_of
from billing.models import Payer
from peerworks.agencies.models import Program, Site
from peerworks.agencies.postgres.questions import Question
from peerworks.lib.rulepack import Pack
from peerworks.lib.units import Scope
from peerworks.rulepacks.queries import packs_on
from supervision.rules import Mode, duties_of


@dataclass(frozen=True, slots=True)
class ProgramFact:
    """A program as gates see it."""

    pack: str
    is_part2: bool
    site_id: UUID


@dataclass(frozen=True, slots=True)
class Places:
    """The sites' time zones, the programs and the payers of the agency: three queries.

    `payer_packs` are by the text of the payer's id, as facts name it.
    """

    zones: dict[UUID, str]
    programs: dict[UUID, ProgramFact]
    payer_packs: dict[str, str]
    payers_by_code: dict[str, UUID]

    @property
    def packs(self) -> set[str]:
        """The names of all packs that can be asked."""
        return {*self.payer_packs.values(), *(each.pack for each in self.programs.values())}


_PAYERS = Question(lambda: Payer.objects.values_list("pk", "code", "pack"))
_SITES = Question(lambda: Site.objects.values_list("pk", "time_zone"))
_PROGRAMS = Question(lambda: Program.objects.values_list("pk", "pack", "is_part2", "site_id"))


def load_places() -> Places:
    """Everything at once, for the agency that is acted for."""
    payers = _PAYERS()
    return Places(
        zones=dict(_SITES()),
        programs={
            pk: ProgramFact(pack, is_part2, site) for pk, pack, is_part2, site in _PROGRAMS()
        },
        payer_packs={str(pk): pack for pk, _, pack in payers},
        payers_by_code={code: pk for pk, code, _ in payers},
    )


# By content hash and service: a pack of one hash never changes, and there are few.
_terms: dict[tuple[str, str], Terms | None] = {}


class Packs:
    """The packs in force on certain days, and the terms of their services: one query."""

    def __init__(self, names: Iterable[str], days: Iterable[dt.date]) -> None:
        every = set(days)
        self._packs = packs_on((name, day) for name in names for day in every)

    def pack(self, name: str, day: dt.date) -> Pack | None:
        """The pack in force on a day; None where no version answers for it."""
        return self._packs.get((name, day))

    def terms(self, name: str, service: str, day: dt.date) -> Terms | None:
        """What a service asks on a day; None without a pack, or without the service in it."""
        pack = self.pack(name, day)
        if pack is None:
            return None
        key = pack.sha256, service
        if key not in _terms:
            known = any(each.key == service for each in pack.services)
            _terms[key] = terms_of(pack, service) if known else None
        return _terms[key]

    @property
    def count_by_month(self) -> bool:
        """Whether any service rounds its minutes over a month."""
        services = (service for pack in self._versions() for service in pack.services)
        return any(service.unit.scope.value == Scope.MONTH for service in services)

    @property
    def count_service(self) -> bool:
        """Whether any duty of supervision is counted by minutes of service."""
        duties = (duty for pack in self._versions() for duty, _ in duties_of(pack))
        return any(duty.mode is Mode.RATIO for duty in duties)

    def _versions(self) -> list[Pack]:
        return list({pack.sha256: pack for pack in self._packs.values()}.values())
