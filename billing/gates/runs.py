"""Gate runs: a verdict with everything it looked at, stored, and read back as the verdict it was."""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from billing.gates.facts import Held, Visit
from billing.gates.facts.parts import Part, joined
from billing.gates.rules import Terms
from billing.models import GateRun
from peerworks.accounts.models import Membership
from peerworks.lib.findings import (
    Authority,
    Because,
    Evidence,
    Finding,
    Moment,
    Outcome,
    PackUsed,
    Param,
    RecordRef,
    Remedy,
    Status,
    Stop,
    UnitGroup,
    Verdict,
)
from peerworks.lib.periods import month_of
from peerworks.lib.units import Engine, Scope, share_units
from peerworks.lib.units import Visit as Counted

_BATCH_OF_ROWS: Final = 500
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")
_DECIMAL: Final = re.compile(r"-?[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one visit, with all that it was said on."""

    visit: Visit
    held: Held
    terms: Terms | None
    verdict: Verdict


def store(
    answers: Sequence[Answer], *, by: Membership, only_changes: bool = False
) -> dict[str, GateRun]:
    """Keep a run of each answer, by the key of its visit; the rows are written in bulk.

    With `only_changes` (a nightly run) one whose hash is that of the note's last run of the same
    moment is not written again, and the last run is returned.
    """
    # The same terms judge many visits: their form is made once.
    terms: dict[tuple[str, str], Part[Any]] = {
        _terms_key(each.terms): Part(each.terms or {}) for each in answers
    }
    made = [_run(each, terms[_terms_key(each.terms)], by) for each in answers]
    last = _last_runs(answers) if only_changes else {}
    runs = {str(each.note_id): each for each in made}
    same = {key: last[key] for key, run in runs.items() if _says_the_same(last.get(key), run)}
    GateRun.objects.bulk_create(
        [run for key, run in runs.items() if key not in same], batch_size=_BATCH_OF_ROWS
    )
    return runs | same


def _terms_key(terms: Terms | None) -> tuple[str, str]:
    return ("", "") if terms is None else (terms.pack.sha256, terms.service)


def _run(answer: Answer, terms: Part[Any], by: Membership) -> GateRun:
    visit, verdict = answer.visit, answer.verdict
    if visit.note_id is None or visit.version_id is None:
        raise ValueError("only a stored version of a note has a run")
    packs, findings = Part(verdict.packs), Part(verdict.findings)
    used: dict[str, Part[Any] | Held] = {
        "packs": packs,
        "terms": terms,
        "facts": answer.held,
        "findings": findings,
    }
    told = joined({key: each.text for key, each in used.items()})
    return GateRun(
        agency_id=by.agency_id,
        note_id=visit.note_id,
        version_id=visit.version_id,
        participant_id=visit.participant_id,
        coverage_id=verdict.coverage,
        moment=verdict.moment.value,
        asked_on=verdict.on,
        service_day=visit.day,
        outcome=verdict.outcome.value,
        can_sign=verdict.can_sign,
        can_bill=verdict.can_bill,
        minutes=verdict.minutes,
        units=verdict.units,
        code=verdict.code,
        modifiers=list(verdict.modifiers),
        charge=verdict.charge,
        not_checked=list(verdict.not_checked),
        facts_sha256=answer.held.sha256,
        sha256=hashlib.sha256(told).hexdigest(),
        run_by=by,
        **{key: each.plain for key, each in used.items()},
    )


def _last_runs(answers: Iterable[Answer]) -> dict[str, GateRun]:
    moments = {each.verdict.moment.value for each in answers}
    runs = GateRun.objects.filter(
        note__in=[each.visit.key for each in answers], moment__in=moments
    ).order_by("note_id", "-created_at", "-pk")
    return {str(run.note_id): run for run in runs.distinct("note_id")}


def _says_the_same(last: GateRun | None, run: GateRun) -> bool:
    return last is not None and (last.sha256, last.version_id) == (run.sha256, run.version_id)


def latest_runs(note_ids: Collection[UUID]) -> dict[UUID, GateRun]:
    """The last run of each note, of any moment: one query. What lists of notes show."""
    runs = GateRun.objects.filter(note__in=list(note_ids))
    latest = runs.order_by("note_id", "-created_at", "-pk").distinct("note_id")
    return {each.note_id: each for each in latest}


def explain(run: GateRun) -> Verdict:
    """A stored run as the verdict it was: nothing is judged anew, no table is asked.

    Values are read back by their canonical form, so that sentences can be made of them in any
    language. The unit group is counted again from the stored facts and terms.
    """
    return Verdict(
        visit=str(run.note_id),
        on=run.asked_on,
        moment=Moment(run.moment),
        coverage=None if run.coverage_id is None else str(run.coverage_id),
        findings=tuple(_finding(each) for each in run.findings),
        not_checked=tuple(run.not_checked),
        outcome=Outcome(run.outcome),
        can_sign=run.can_sign,
        can_bill=run.can_bill,
        minutes=run.minutes,
        units=run.units,
        unit_group=_unit_group(run),
        code=run.code,
        modifiers=tuple(run.modifiers),
        charge=run.charge,
        packs=tuple(PackUsed(**each) for each in run.packs),
        facts_sha256=run.facts_sha256,
    )


def _finding(stored: Mapping[str, Any]) -> Finding:
    because, remedy = stored.get("because"), stored.get("remedy")
    return Finding(
        rule=stored["rule"],
        outcome=Outcome(stored["outcome"]),
        because=None if because is None else _because(because),
        stops=frozenset(Stop(each) for each in stored["stops"]),
        evidence=tuple(_evidence(each) for each in stored["evidence"]),
        remedy=None
        if remedy is None
        else Remedy(
            remedy["action"],
            remedy["url_name"],
            tuple(remedy["url_args"]),
            tuple(remedy["who"]),
        ),
        authority=_authority(stored.get("authority")),
    )


def _because(stored: Mapping[str, Any]) -> Because:
    params = {key: _value(value) for key, value in stored["params"].items()}
    return Because(stored["reason"], MappingProxyType(params))


def _evidence(stored: Mapping[str, Any]) -> Evidence:
    value, record, as_of = (stored.get(key) for key in ("value", "record", "as_of"))
    return Evidence(
        label=stored["label"],
        value=None if value is None else _value(value),
        record=None if record is None else RecordRef(**record),
        as_of=None if as_of is None else dt.date.fromisoformat(as_of),
    )


def _authority(stored: Mapping[str, Any] | None) -> Authority | None:
    if stored is None:
        return None
    verified = stored.get("verified_on")
    return Authority(
        pack=stored["pack"],
        version=stored["version"],
        path=stored["path"],
        status=Status(stored["status"]),
        source=stored["source"],
        verified_on=None if verified is None else dt.date.fromisoformat(verified),
    )


def _value(stored: Any) -> Param:
    """A parameter by its canonical form; codes have none of these shapes."""
    if isinstance(stored, Mapping):
        return RecordRef(**stored)
    if isinstance(stored, str) and _DAY.fullmatch(stored):
        return dt.date.fromisoformat(stored)
    if isinstance(stored, str) and _MOMENT.fullmatch(stored):
        return dt.datetime.fromisoformat(stored)
    if isinstance(stored, str) and _DECIMAL.fullmatch(stored):
        return Decimal(stored)
    value: Param = stored
    return value


def _unit_group(run: GateRun) -> UnitGroup:
    visit, terms = run.facts["visit"], run.terms
    others = visit.get("other_visits")
    if not terms or others is None or "start" not in visit or "end" not in visit:
        return UnitGroup()
    own = Counted(str(run.note_id), dt.datetime.fromisoformat(visit["start"]), run.minutes)
    scope = Scope(terms["scope"]["value"])
    return share_units(
        [own, *(_counted(each) for each in others if _rounds_with(each, run, scope))],
        engine=Engine(terms["engine"]["value"]),
        unit_minutes=terms["unit_minutes"]["value"],
        scope=scope,
        judged=own.id,
    )


def _counted(other: Mapping[str, Any]) -> Counted:
    return Counted(other["id"], dt.datetime.fromisoformat(other["start"]), other["minutes"])


def _rounds_with(other: Mapping[str, Any], run: GateRun, scope: Scope) -> bool:
    day = dt.date.fromisoformat(other["day"])
    when = {
        Scope.ENCOUNTER: False,
        Scope.DAY: day == run.service_day,
        Scope.MONTH: month_of(day) == month_of(run.service_day),
    }[scope]
    worker = run.facts["worker"]["provider"]["id"]
    own = worker, run.code, list(run.modifiers)
    return when and own == (other["provider"], other["code"], other["modifiers"])
