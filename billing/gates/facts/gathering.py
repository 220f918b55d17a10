"""Brings the facts of any number of visits together, in a fixed number of queries."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from billing.gates.facts.drafts import Visit
from billing.gates.facts.notes import fill_parts, load_companions, window
from billing.gates.facts.parts import Part, joined
from billing.gates.facts.people import People
from billing.gates.facts.places import Packs, Places
from billing.gates.facts.rates import Rates
from billing.gates.facts.times import Times
from billing.gates.facts.workers import Workers
from billing.gates.rules import (
    CosignatureFact,
    Facts,
    LiveLineFact,
    OtherVisitFact,
    PersonFacts,
    Terms,
    VisitFacts,
    WorkerFacts,
    coverage_judged,
)
from billing.models import ClaimLineNote, CoSignature
from peerworks.agencies.postgres.questions import GivenIds, Question
from peerworks.lib.canonical import Plain, canonical_bytes, plain
from peerworks.lib.findings import ref
from peerworks.lib.periods import service_day
from peerworks.lib.rulepack import Pack
from peerworks.lib.units import Scope

_Cosigned = tuple[UUID, UUID, dt.date]
_COSIGNATURES = Question(
    lambda: (
        CoSignature.objects.filter(version__among=GivenIds("versions"))
        .order_by("at", "pk")
        .values_list("version_id", "pk", "provider_id", "at")
    )
)
_LIVE_LINES = Question(
    lambda: ClaimLineNote.objects.filter(is_live=True, note__among=GivenIds("notes")).values_list(
        "line_id", "line__claim_id", "note_id"
    )
)


class VisitPart(Part[VisitFacts]):
    """The facts of a visit; what speaks for a co-signer is the same for many, and made plain once."""

    def __init__(self, value: VisitFacts, supports: dict[int, Plain]) -> None:
        super().__init__(value)
        self._supports = supports

    @cached_property
    def plain(self) -> Plain:
        """As a JSON column holds it."""
        signed = self.value.cosignatures or ()
        bare = plain(replace(self.value, cosignatures=()))
        if isinstance(bare, dict):
            bare["cosignatures"] = [self._cosignature(each) for each in signed]
        return bare

    def _cosignature(self, signed: CosignatureFact) -> Plain:
        bare = plain(replace(signed, supports=None))
        key = id(signed.supports)
        if key not in self._supports:
            self._supports[key] = plain(signed.supports)
        if isinstance(bare, dict):
            bare["supports"] = self._supports[key]
        return bare


class Held:
    """The facts of one visit, with their hash, and plain for a JSON column."""

    def __init__(
        self,
        visit: VisitPart,
        worker: Part[WorkerFacts],
        person: Part[PersonFacts],
        *,
        service: str,
        day: dt.date,
    ) -> None:
        self._visit, self._worker, self._person = visit, worker, person
        self.facts = Facts(
            service=service,
            service_day=day,
            worker=worker.value,
            person=person.value,
            visit=visit.value,
        )

    def _each(self, form: str) -> dict[str, Any]:
        parts = {"person": self._person, "visit": self._visit, "worker": self._worker}
        return {key: getattr(part, form) for key, part in parts.items()}

    @cached_property
    def text(self) -> bytes:
        """The canonical bytes of the facts: what their hash is taken of."""
        head = {"service": self.facts.service, "service_day": self.facts.service_day}
        return joined(
            {**self._each("text"), **{key: canonical_bytes(value) for key, value in head.items()}}
        )

    @cached_property
    def sha256(self) -> str:
        """The hash of the facts."""
        return hashlib.sha256(self.text).hexdigest()

    @property
    def plain(self) -> dict[str, Plain]:
        """The facts as a JSON column holds them."""
        day = self.facts.service_day.isoformat()
        return {**self._each("plain"), "service": self.facts.service, "service_day": day}


class Gathered:
    """All that the gates may look at, for the visits asked about and those that share their days.

    Made by `gather`; from then on nothing here asks the database. `asked` are the visits asked about,
    with goals and deductions.
    """

    def __init__(
        self, asked: Sequence[Visit], companions: Sequence[Visit], places: Places, packs: Packs
    ) -> None:
        self.asked, self.places, self._packs = asked, places, packs
        visits = [*asked, *companions]
        fill_parts(visits)
        people = {each.participant_id for each in visits}
        self._people = People(people, places)
        self._cosigned = _cosignatures(visits, places)
        self._workers = Workers(
            {each.provider_id for each in visits},
            cosigners=(by for held in self._cosigned.values() for _, by, _ in held),
            with_served=packs.count_service,
        )
        self._times = Times(visits)
        self._lines = _live_lines(visits)
        self._by_month = packs.count_by_month
        self._beside = _in_force(visits, self._by_month)
        self._supports: dict[int, Plain] = {}
        self.rates = Rates(places.payer_packs)

    def payer(self, visit: Visit) -> str | None:
        """The id of who covers the visit, by the coverage judged; None without one in force."""
        judged = coverage_judged(self._person(visit).value, visit.day)
        return None if judged is None else judged.payer.id

    def pack_name(self, visit: Visit, payer: str | None) -> str:
        """The rule pack that judges: the payer's, and the program's without coverage."""
        if payer is None:
            return self.places.programs[visit.program_id].pack
        return self.places.payer_packs[payer]

    def pack(self, visit: Visit) -> Pack | None:
        """That pack as it was in force on the service day; None without a version of it."""
        return self._packs.pack(self.pack_name(visit, self.payer(visit)), visit.day)

    def terms(self, visit: Visit, payer: str | None) -> Terms | None:
        """What it asks of the visit's service; None where it has no such service."""
        return self._packs.terms(self.pack_name(visit, payer), visit.service, visit.day)

    def beside(self, visit: Visit, scope: Scope) -> list[Visit]:
        """The person's other visits in force on that day; under MONTH those of the month."""
        held = self._beside.get((visit.participant_id, window(visit.day, self._by_month)), ())
        return [
            each
            for each in held
            if each.key != visit.key and (scope is Scope.MONTH or each.day == visit.day)
        ]

    def is_billed(self, visit: Visit) -> bool:
        """Whether the visit stands on a claim line that lives."""
        return visit.key in self._lines

    def facts(self, visit: Visit, others: tuple[OtherVisitFact, ...] = ()) -> Held:
        """The facts of a visit, given those that count beside it."""
        return Held(
            VisitPart(self._visit(visit, others), self._supports),
            self._workers.at(visit.provider_id, visit.day),
            self._person(visit),
            service=visit.service,
            day=visit.day,
        )

    def _person(self, visit: Visit) -> Part[PersonFacts]:
        return self._people.at(visit.participant_id, visit.program_id, visit.day)

    def _visit(self, visit: Visit, others: tuple[OtherVisitFact, ...]) -> VisitFacts:
        lines = {self._lines.get(key) for key in (visit.key, *(each.id for each in others))}
        return VisitFacts(
            record=visit.record,
            start=visit.start,
            end=visit.end,
            deductions=visit.deductions,
            mode=visit.mode,
            place=visit.place,
            group_session=visit.group_session,
            goals=visit.goals,
            state=visit.state,
            signed_on=visit.signed_on,
            cosignatures=tuple(
                self._cosignature(visit, *each) for each in self._cosigned.get(visit.key, ())
            ),
            spans=self._times.around(visit),
            other_visits=others,
            live_lines=tuple(sorted((e for e in lines if e is not None), key=_place_of)),
        )

    def _cosignature(self, visit: Visit, signature: UUID, by: UUID, on: dt.date) -> CosignatureFact:
        return CosignatureFact(
            record=ref("billing.cosignature", signature),
            by=ref("providers.provider", by),
            on=on,
            was_assigned=self._workers.may_cosign(visit.provider_id, by, visit.day),
            supports=self._workers.supports(by, on),
        )


def gather(asked: Collection[Visit], places: Places, *, on: dt.date) -> Gathered:
    """The facts of these visits and of those that share their days, whatever the number.

    `on` is the day of asking, as of which a visit without times is judged.
    """
    packs = Packs(places.packs, {each.day for each in asked})
    by_month = packs.count_by_month
    companions = load_companions(asked, by_month=by_month, on=on, zones=places.zones)
    if by_month:
        packs = Packs(places.packs, {each.day for each in (*asked, *companions)})
    return Gathered(list(asked), companions, places, packs)


def _cosignatures(visits: Collection[Visit], places: Places) -> dict[str, list[_Cosigned]]:
    by_version = {each.version_id: each for each in visits if each.version_id is not None}
    found: dict[str, list[_Cosigned]] = defaultdict(list)
    for version, pk, by, at in _COSIGNATURES(versions=by_version):
        visit = by_version[version]
        on = service_day(at, places.zones[visit.site_id])
        found[visit.key].append((pk, by, on))
    return found


def _live_lines(visits: Collection[Visit]) -> Mapping[str, LiveLineFact]:
    notes = {each.note_id for each in visits if each.version_id is not None}
    carried: dict[UUID, set[str]] = defaultdict(set)
    claims: dict[UUID, UUID] = {}
    for line, claim, note in _LIVE_LINES(notes=notes):
        carried[line].add(str(note))
        claims[line] = claim
    return {
        note: LiveLineFact(ref("billing.claim", claims[line]), frozenset(notes_of))
        for line, notes_of in carried.items()
        for note in notes_of
    }


def _place_of(line: LiveLineFact) -> tuple[str, list[str]]:
    # Lines of one claim too have an order of their own, or the same facts had several hashes.
    return line.claim.id, sorted(line.visits)


def _in_force(visits: Collection[Visit], by_month: bool) -> dict[tuple[UUID, dt.date], list[Visit]]:
    found: dict[tuple[UUID, dt.date], list[Visit]] = defaultdict(list)
    for each in visits:
        if each.is_in_force:
            found[each.participant_id, window(each.day, by_month)].append(each)
    return found
