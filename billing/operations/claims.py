"""From visits to claims: what can be billed now, and how its lines are put together.

A line is a unit group (participant, service day, code, modifiers, who is named on the claim); its
place is that of its first visit. A claim is a participant's lines with one coverage, place, set of
diagnoses and named worker, at most fifty: so no line differs from its claim in anything but day,
code and units, which every payer reads alike.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from billing.gates.engine import Judged, judge_runs
from billing.mapping import DIAGNOSES_A_CLAIM, LINES_A_CLAIM, ClaimToSend, LineToSend
from billing.models import (
    Claim,
    ClaimLine,
    ClaimLineNote,
    Coverage,
    Diagnosis,
    Payer,
    ServiceNote,
)
from billing.queries.worklist import (
    Visit,
    Weighed,
    payers_of,
    visits_of,
    whole_notes,
    workers_of,
)
from peerworks.accounts.models import Membership
from peerworks.lib.findings import Because, Finding, Moment, Outcome, Param, Stop, ref
from peerworks.lib.money import total
from peerworks.lib.periods import Days
from providers.models import Provider
from supervision.models import Assignment

T = TypeVar("T")
Diagnoses = Mapping[UUID, list[tuple[Days, str]]]

_ON_THEIR_WAY = frozenset({"NOTE-REVIEW", "NOTE-CORRECTING"})
_BILL = frozenset({Stop.BILL})
_PROVIDER, _PAYER = "providers.provider", "billing.payer"


@dataclass(frozen=True, slots=True)
class Named:
    """Who stands on the claim as the one who gave the service; nobody where the agency bills."""

    provider: Provider | None = None
    number: str = ""


def weigh(notes: Any, *, on: dt.date, by: Membership, store: bool = False) -> list[Weighed]:
    """What the gates, and the claim itself, say of unbilled notes (`worklist.unbilled`, narrowed).

    The verdict at BATCH is stored only with `store`. Beside the gates a visit is held where its
    payer has no rate (RATE-NONE), who must be named has no number (NPI-MISS), it is being corrected
    (NOTE-CORRECTING), or another visit of the same line is still in review or correction (UNITS-WAIT):
    a line is billed once, so what joins it later would need a replacement. A fixed number of queries.
    """
    asked = visits_of(notes)
    ids = [each.note_id for each in asked]
    judged = judge_runs(ids, on=on, moment=Moment.BATCH, by=by, store=store)
    visits = [each for each in asked if each.note_id in judged]
    payers = payers_of(visits)
    named = named_for(visits, payers)
    found = [_weighed(each, judged[each.note_id], payers, named) for each in visits]
    waiting = {_line_key(each, named) for each in found if _ON_THEIR_WAY.intersection(each.reasons)}
    return [_with_its_line(each, named, waiting) for each in found]


def _weighed(
    visit: Visit, judged: Judged, payers: Mapping[UUID, Payer], named: Mapping[UUID, Named]
) -> Weighed:
    payer = payers.get(visit.payer_id) if visit.payer_id else None
    held = [each for each in judged.verdict.findings if each.stops]
    if visit.state == ServiceNote.State.CORRECTING:
        held.append(_holds("NOTE-CORRECTING"))
    if payer is not None:
        held.extend(_held_by_claim(visit, judged, payer, named[visit.note_id]))
    return Weighed(visit, payer, judged.verdict, judged.run, tuple(held))


def _held_by_claim(visit: Visit, judged: Judged, payer: Payer, named: Named) -> Iterable[Finding]:
    if judged.verdict.charge is None:
        code = " ".join((judged.verdict.code, *judged.verdict.modifiers))
        yield _holds("RATE-NONE", payer=ref(_PAYER, payer.pk), code=code, date=visit.day)
    if payer.rendering != Payer.Rendering.AGENCY and not named.number:
        peer = ref(_PROVIDER, named.provider.pk if named.provider else visit.provider_id)
        yield _holds("NPI-MISS", peer=peer, payer=ref(_PAYER, payer.pk))


def _holds(reason: str, **params: Param) -> Finding:
    return Finding("", Outcome.BLOCK, Because(reason, params), _BILL)


def _with_its_line(
    weighed: Weighed, named: Mapping[UUID, Named], waiting: set[Hashable]
) -> Weighed:
    if weighed.held or _line_key(weighed, named) not in waiting:
        return weighed
    return replace(weighed, held=(_holds("UNITS-WAIT", date=weighed.visit.day),))


def named_for(visits: Iterable[Visit], payers: Mapping[UUID, Payer]) -> dict[UUID, Named]:
    """Who each visit's payer wants named (`Payer.Rendering`), by note id; at most two queries.

    The supervisor is the primary one of the service day. A worker's number with the state is that of
    the certification that the note was signed with.
    """
    rules = [
        (each, payers[each.payer_id].rendering) for each in visits if each.payer_id is not None
    ]
    supervised = [each for each, rule in rules if rule == Payer.Rendering.SUPERVISOR]
    supervisors = _supervisors(supervised) if supervised else {}
    workers = workers_of(each for each, _ in rules)
    return {
        each.note_id: _named(each, rule, workers[each.provider_id], supervisors)
        for each, rule in rules
    }


def _named(
    visit: Visit, rule: str, worker: Provider, supervisors: Mapping[UUID, Provider]
) -> Named:
    if rule == Payer.Rendering.AGENCY:
        return Named()
    if rule == Payer.Rendering.PROVIDER_NUMBER:
        return Named(worker, visit.signed_with)
    if rule == Payer.Rendering.SUPERVISOR:
        supervisor = supervisors.get(visit.note_id)
        return Named(supervisor, supervisor.npi if supervisor else "")
    return Named(worker, worker.npi)


def _supervisors(visits: Sequence[Visit]) -> dict[UUID, Provider]:
    days = [each.day for each in visits]
    assignments = (
        Assignment.objects.primary()
        .for_providers({each.provider_id for each in visits})
        .in_force_within(min(days), max(days))
        .select_related("supervisor")
    )
    held: dict[UUID, list[Assignment]] = {}
    for each in assignments:
        held.setdefault(each.provider_id, []).append(each)
    return {
        visit.note_id: each.supervisor
        for visit in visits
        for each in held.get(visit.provider_id, ())
        if each.days.contains(visit.day)
    }


# ------------------------------------------------------------------- lines and claims


def compose(ready: Sequence[Weighed], *, payer: Payer, by: Membership) -> list[ClaimToSend]:
    """Claims of these ready visits, not saved and without numbers, sorted by name of the person.

    All of one payer. A fixed number of queries.
    """
    if not ready:
        return []
    visits = [each.visit for each in ready]
    named, notes = named_for(visits, {payer.pk: payer}), whole_notes(visits)
    in_order = sorted(ready, key=lambda each: _order(notes[each.visit.note_id]))
    lines = [
        _line(group, notes, named[group[0].visit.note_id], by)
        for group in _groups(in_order, lambda each: _line_key(each, named))
    ]
    diagnoses = _diagnoses(ready)
    coverages = Coverage.objects.in_bulk([each.coverage_id for each in lines])
    return [
        _claim(part, diagnoses, coverages[part[0].coverage_id], payer, by)
        for group in _groups(lines, lambda each: _claim_key(each, diagnoses))
        for part in _parts(sorted(group, key=lambda each: _within_claim(each.to_send.line)))
    ]


def _groups(values: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    groups: dict[Hashable, list[T]] = {}
    for each in values:
        groups.setdefault(key(each), []).append(each)
    return list(groups.values())


def _parts(lines: list[T]) -> Iterable[list[T]]:
    return (lines[start : start + LINES_A_CLAIM] for start in range(0, len(lines), LINES_A_CLAIM))


def _order(note: Any) -> tuple[Any, ...]:
    person, version = note.participant, note.version_in_force
    return person.sort_key, person.pk, note.service_day, version.starts_at, note.pk


def _line_key(weighed: Weighed, named: Mapping[UUID, Named]) -> Hashable:
    visit, verdict = weighed.visit, weighed.verdict
    who = named.get(visit.note_id, Named())
    worker = who.provider.pk if who.provider else None
    return (
        *(visit.participant_id, visit.coverage_id, visit.day),
        *(verdict.code, verdict.modifiers, worker, who.number),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line on its way into a claim, with what the claim is told from."""

    to_send: LineToSend
    coverage_id: UUID | None
    named: Named
    is_part2: bool


def _line(
    group: Sequence[Weighed], notes: Mapping[UUID, Any], named: Named, by: Membership
) -> _Line:
    first, those = group[0], [notes[each.visit.note_id] for each in group]
    line = ClaimLine(
        agency_id=by.agency_id,
        participant=those[0].participant,
        service_day=first.visit.day,
        code=first.verdict.code,
        modifiers=list(first.verdict.modifiers),
        place=those[0].version_in_force.place,
        units=sum(each.verdict.units for each in group),
        charge=total(each.charge for each in group),
        rendering_provider=named.provider,
        gate_run=first.run,
    )
    sent = tuple(_line_note(line, each, note) for each, note in zip(group, those, strict=True))
    is_part2 = any(each.program.is_part2 for each in those)
    return _Line(LineToSend(line, sent), first.visit.coverage_id, named, is_part2)


def _line_note(line: ClaimLine, weighed: Weighed, note: ServiceNote) -> ClaimLineNote:
    return ClaimLineNote(
        agency_id=line.agency_id,
        line=line,
        note=note,
        version=note.version_in_force,
        gate_run=weighed.run,
        participant=line.participant,
        minutes=weighed.verdict.minutes,
        units=weighed.verdict.units,
    )


def _claim_key(line: _Line, diagnoses: Diagnoses) -> Hashable:
    sent, worker = line.to_send.line, line.named.provider
    return (
        *(sent.participant_id, line.coverage_id, sent.place, worker.pk if worker else None),
        *(line.named.number, _diagnoses_on(diagnoses, sent)),
    )


def _within_claim(line: ClaimLine) -> tuple[Any, ...]:
    return line.service_day, line.code, line.modifiers


def _claim(
    lines: Sequence[_Line], diagnoses: Diagnoses, coverage: Coverage, payer: Payer, by: Membership
) -> ClaimToSend:
    first = lines[0].to_send.line
    claim = Claim(
        agency_id=by.agency_id,
        participant=first.participant,
        coverage=coverage,
        payer=payer,
        diagnoses=list(_diagnoses_on(diagnoses, first)),
        place=first.place,
        total=total(each.to_send.line.charge for each in lines),
    )
    for number, each in enumerate(lines, start=1):
        each.to_send.line.claim = claim
        each.to_send.line.number = number
    is_part2 = any(each.is_part2 for each in lines)
    return ClaimToSend(claim, tuple(each.to_send for each in lines), is_part2)


def _diagnoses(ready: Sequence[Weighed]) -> Diagnoses:
    days = [each.visit.day for each in ready]
    rows = (
        Diagnosis.objects.for_participants({each.visit.participant_id for each in ready})
        .in_force_within(min(days), max(days))
        .order_by("rank", "code", "pk")
    )
    found: dict[UUID, list[tuple[Days, str]]] = {}
    for each in rows:
        found.setdefault(each.participant_id, []).append((each.days, each.code))
    return found


def _diagnoses_on(diagnoses: Diagnoses, line: ClaimLine) -> tuple[str, ...]:
    held = diagnoses.get(line.participant_id, [])
    codes = [code for days, code in held if days.contains(line.service_day)]
    return tuple(codes[:DIAGNOSES_A_CLAIM])
