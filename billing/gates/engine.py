"""Judges visits: picks the packs, asks the gates of all of them, and keeps the runs.

`judge` answers for stored notes and keeps what it said; `preview` answers for forms and keeps
nothing; `services_for` says what may be given today, `standing` who can bill. `on` is always the day
of asking, facts are those of the service day. All of them ask the database a fixed number of
questions, whatever the number of visits, and as whom the context says: a job acts as the agency's
service member and so judges sealed people, too.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from billing.gates.facts import (
    UNSAVED,
    Gathered,
    Packs,
    Visit,
    VisitDraft,
    Workers,
    from_draft,
    gather,
    load_notes,
    load_places,
)
from billing.gates.rules import (
    Facts,
    OtherVisitFact,
    Terms,
    ask_about_worker,
    is_billable_alone,
    judge_one,
    judge_without_terms,
    modifiers_for,
    stand_one,
)
from billing.gates.runs import Answer, explain, latest_runs
from billing.gates.runs import store as store_runs
from billing.models import GateRun
from peerworks.accounts.models import Membership
from peerworks.lib.collecting import without_collecting
from peerworks.lib.findings import Finding, Moment, Standing, Verdict
from providers.models import Provider
from providers.queries import PlacementFact

__all__ = [
    "Judged",
    "ServiceChoice",
    "VisitDraft",
    "billing_on",
    "explain",
    "judge",
    "judge_runs",
    "latest_runs",
    "preview",
    "services_for",
    "standing",
]

_ABOUT_TIMES: Final = frozenset({"TIME-01", "UNIT-01", "UNIT-02"})
_GIVES_SERVICES: Final = (Provider.WorkerClass.PEER, Provider.WorkerClass.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and the run that holds it; None where nothing was stored."""

    verdict: Verdict
    run: GateRun | None


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A service that the payer's pack has, for one person in one program: may it be given, or why not.

    `labels` are its words by language, `findings` the answers of the gates that ask for no times.
    """

    program_id: UUID
    service: str
    labels: Mapping[str, str]
    setting: str
    findings: tuple[Finding, ...]
    can_bill: bool


def judge(
    note_ids: Collection[UUID],
    *,
    on: dt.date,
    moment: Moment,
    by: Membership,
    store: bool = True,
    only_changes: bool = False,
) -> dict[UUID, Verdict]:
    """What the gates say of stored notes, by id; a run of each is kept unless `store` is false.

    At BATCH the version in force is judged, before that the latest one. `only_changes` is for
    nightly runs: one whose hash equals the note's last is not kept again. Notes that the context may
    not see are left out of the answer.
    """
    judged = judge_runs(
        note_ids, on=on, moment=moment, by=by, store=store, only_changes=only_changes
    )
    return {note: each.verdict for note, each in judged.items()}


@without_collecting()
def judge_runs(
    note_ids: Collection[UUID],
    *,
    on: dt.date,
    moment: Moment,
    by: Membership,
    store: bool = True,
    only_changes: bool = False,
) -> dict[UUID, Judged]:
    """As `judge`, with the run of each note: a claim line points at its BATCH run."""
    places = load_places()
    asked = load_notes(note_ids, moment=moment, on=on, zones=places.zones)
    answers = _answers(gather(asked, places, on=on), on=on, moment=moment)
    runs = store_runs(answers, by=by, only_changes=only_changes) if store else {}
    return {
        each.visit.note_id: _judged(each, runs.get(each.visit.key))
        for each in answers
        if each.visit.note_id is not None
    }


def preview(
    visits: Sequence[VisitDraft], *, on: dt.date, moment: Moment = Moment.WRITING
) -> list[Verdict]:
    """What the gates would say of visits as they stand in forms, in their order; keeps nothing.

    Each is judged beside the signed notes of the person, and never beside another draft.
    """
    places = load_places()
    asked = [from_draft(each, on=on, zones=places.zones) for each in visits]
    answers = _answers(gather(asked, places, on=on), on=on, moment=moment)
    return [each.verdict for each in answers]


def services_for(
    *, provider_id: UUID, participant_id: UUID, program_ids: Iterable[UUID], on: dt.date
) -> list[ServiceChoice]:
    """Which services a worker may give a person on a day, and why not the others.

    The services of the pack that judges the person in each program, in the order of the pack; those
    that may be given stand first. Nothing is asked about times.
    """
    places = load_places()
    probes = [
        _probe(provider_id, participant_id, program, places.programs[program].site_id, on)
        for program in program_ids
    ]
    gathered = gather(probes, places, on=on)
    choices = [choice for visit in gathered.asked for choice in _choices(visit, gathered, on)]
    return sorted(choices, key=lambda each: not each.can_bill)


def standing(
    provider_ids: Collection[UUID] | None, *, on: dt.date
) -> dict[UUID, tuple[Standing, ...]]:
    """Whether workers can bill each service of their programs on a day, by the gates of workers.

    Asked of these workers, or of all peers and supervisors where none are named. Programs are those
    that the worker is placed in that day, and judged by the programs' own packs; a worker without a
    placement has no services. Registered with `providers.standing`.
    """
    wanted = list(
        Provider.objects.filter(worker_class__in=_GIVES_SERVICES).values_list("pk", flat=True)
        if provider_ids is None
        else provider_ids
    )
    names = {each.pack for each in load_places().programs.values()}
    packs = Packs(names, [on])
    workers = Workers(wanted, with_served=packs.count_service)
    return {each: _standings(each, workers, packs, on) for each in wanted}


def billing_on(provider_ids: Collection[UUID], on: dt.date) -> dict[UUID, tuple[Standing, ...]]:
    """`standing` as `providers.standing` asks it."""
    return standing(provider_ids, on=on)


def _judged(answer: Answer, run: GateRun | None) -> Judged:
    if run is None:
        return Judged(answer.verdict, None)
    return Judged(replace(answer.verdict, facts_sha256=answer.held.sha256), run)


def _answers(gathered: Gathered, *, on: dt.date, moment: Moment) -> list[Answer]:
    counting = _Counting(gathered, moment)
    return [_answer(each, gathered, counting, on, moment) for each in gathered.asked]


def _answer(
    visit: Visit, gathered: Gathered, counting: "_Counting", on: dt.date, moment: Moment
) -> Answer:
    payer = gathered.payer(visit)
    terms = gathered.terms(visit, payer)
    if terms is None:
        held = gathered.facts(visit)
        pack = gathered.pack_name(visit, payer)
        return Answer(
            visit, held, None, judge_without_terms(held.facts, pack, on=on, moment=moment)
        )
    held = gathered.facts(visit, counting.beside(visit, terms))
    codes = modifiers_for(terms, mode=visit.mode, place=visit.place)
    rate = gathered.rates.on(payer, terms.code.value, codes, visit.day)
    verdict = judge_one(
        held.facts,
        terms,
        on=on,
        moment=moment,
        rate=rate,
        of_worker=counting.of_worker(held.facts, terms),
    )
    return Answer(visit, held, terms, verdict)


class _Counting:
    """Which visits count beside others: in a unit group, against a cap.

    A visit counts that stands on a live claim line, or that may be billed as far as the gates go
    that look at no other visit. For a claim it has to be co-signed; before that, a signed note that
    waits for review counts as it will.
    """

    def __init__(self, gathered: Gathered, moment: Moment) -> None:
        self._gathered = gathered
        self._moment = Moment.BATCH if moment is Moment.BATCH else Moment.SIGNING
        self._known: dict[str, OtherVisitFact | None] = {}
        self._of_workers: dict[tuple[int, int, dt.date, bool], tuple[Finding, ...]] = {}

    def of_worker(self, facts: Facts, terms: Terms) -> tuple[Finding, ...]:
        """What the gates of workers say, once for all visits of a worker's day and service.

        A draft without its start is answered apart: its reasons speak of no visit's day.
        """
        # By identity: facts and terms live as long as this object does.
        key = id(facts.worker), id(terms), facts.service_day, facts.is_about_a_visit
        if key not in self._of_workers:
            self._of_workers[key] = ask_about_worker(facts, terms, self._moment)
        return self._of_workers[key]

    def beside(self, visit: Visit, terms: Terms) -> tuple[OtherVisitFact, ...]:
        """The person's other visits that count, in order of start."""
        near = self._gathered.beside(visit, terms.scope.value)
        counted = (fact for each in near if (fact := self._fact(each)) is not None)
        return tuple(sorted(counted, key=lambda each: (each.start, each.id)))

    def _fact(self, visit: Visit) -> OtherVisitFact | None:
        if visit.key not in self._known:
            self._known[visit.key] = self._judged(visit)
        return self._known[visit.key]

    def _judged(self, visit: Visit) -> OtherVisitFact | None:
        terms = self._gathered.terms(visit, self._gathered.payer(visit))
        if terms is None or visit.start is None or visit.minutes is None:
            return None
        facts = self._gathered.facts(visit).facts
        known = self.of_worker(facts, terms)
        if not self._gathered.is_billed(visit) and not is_billable_alone(
            facts, terms, self._moment, known
        ):
            return None
        return OtherVisitFact(
            id=visit.key,
            provider=str(visit.provider_id),
            service=visit.service,
            day=visit.day,
            start=visit.start,
            minutes=visit.minutes,
            code=terms.code.value,
            modifiers=modifiers_for(terms, mode=visit.mode, place=visit.place),
        )


def _probe(provider: UUID, participant: UUID, program: UUID, site: UUID, on: dt.date) -> Visit:
    return Visit(
        key=UNSAVED,
        note_id=None,
        version_id=None,
        version="",
        participant_id=participant,
        provider_id=provider,
        program_id=program,
        site_id=site,
        service="",
        day=on,
        start=None,
        end=None,
        mode="",
        place="",
        group_session="",
        state="DRAFT",
        signed_on=None,
    )


def _choices(visit: Visit, gathered: Gathered, on: dt.date) -> list[ServiceChoice]:
    pack = gathered.pack(visit)
    services = () if pack is None else pack.services
    return [
        _choice(replace(visit, service=each.key), each.label, gathered, on) for each in services
    ]


def _choice(
    visit: Visit, labels: Mapping[str, str], gathered: Gathered, on: dt.date
) -> ServiceChoice:
    terms = gathered.terms(visit, gathered.payer(visit))
    if terms is None:  # cannot be: the service was read from this very pack
        raise LookupError(visit.service)
    facts = gathered.facts(visit).facts
    verdict = judge_one(facts, terms, on=on, moment=Moment.WRITING)
    findings = tuple(each for each in verdict.findings if each.rule not in _ABOUT_TIMES)
    return ServiceChoice(
        program_id=visit.program_id,
        service=visit.service,
        labels=labels,
        setting=terms.setting,
        findings=findings,
        can_bill=not any(each.stops for each in findings),
    )


def _standings(provider: UUID, workers: Workers, packs: Packs, on: dt.date) -> tuple[Standing, ...]:
    placed = [each for each in workers.record(provider).placements if each.days.contains(on)]
    worker = workers.at(provider, on).value
    return tuple(
        stand_one(Facts(service=terms.service, service_day=on, worker=worker), terms, on=on)
        for terms in _terms_of(placed, packs, on)
    )


def _terms_of(placed: Iterable[PlacementFact], packs: Packs, on: dt.date) -> list[Terms]:
    names = dict.fromkeys(each.pack for each in placed)
    held = ((name, packs.pack(name, on)) for name in names)
    found = (
        packs.terms(name, service.key, on)
        for name, pack in held
        if pack is not None
        for service in pack.services
    )
    return [each for each in found if each is not None]
