"""All gates over one visit, or over one worker's day, as the value that is shown and stored.

Every gate is asked; the first failure does not stop the rest, so that all can be mended at once.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from billing.gates.rules.person import coverage_judged
from billing.gates.rules.shapes import Facts, Terms
from billing.gates.rules.table import GATES, Scope
from billing.gates.rules.units import minutes_of, modifiers, unit_group
from peerworks.lib.findings import (
    Because,
    Finding,
    Moment,
    Outcome,
    PackUsed,
    Remedy,
    Standing,
    Stop,
    UnitGroup,
    Verdict,
    worst,
)
from peerworks.lib.money import charge_for

_OF_WORKERS: Final = tuple(gate for gate in GATES if gate.scope is Scope.P)
_OF_VISITS: Final = tuple(gate for gate in GATES if gate.scope is Scope.V)
_ABOUT_OTHER_VISITS: Final = frozenset({"UNIT-01", "UNIT-02", "CLAM-01"})


def judge_one(
    facts: Facts,
    terms: Terms,
    *,
    on: dt.date,
    moment: Moment,
    rate: Decimal | None = None,
    packs: tuple[PackUsed, ...] = (),
    of_worker: tuple[Finding, ...] | None = None,
) -> Verdict:
    """What all gates say of one visit at `moment`, asked on the day `on`.

    `rate` is dollars a unit on the service day, None where none is known: then there is no charge.
    `packs` are all packs used, that of `terms` where not given. `of_worker` are the answers of
    `ask_about_worker` where they are known, since they are the same for all visits of a worker's day.
    The hash of the facts is left empty: whoever keeps a run adds it. Raises `ValueError` for facts
    without a visit, for which `stand_one` is.
    """
    if facts.visit is None or facts.person is None:
        raise ValueError("a verdict is about a visit: ask stand_one about a worker")
    known = ask_about_worker(facts, terms, moment) if of_worker is None else of_worker
    findings = known + tuple(gate.ask(facts, terms, moment) for gate in _OF_VISITS)
    stops = {stop for finding in findings for stop in finding.stops}
    group = unit_group(facts, terms) or UnitGroup()
    units = sum(share for visit, _, share in group.members if visit == facts.visit.id)
    coverage = coverage_judged(facts.person, facts.service_day)
    return Verdict(
        visit=facts.visit.id,
        on=on,
        moment=moment,
        coverage=None if coverage is None else coverage.record.id,
        findings=findings,
        not_checked=terms.not_checked,
        outcome=worst(each.outcome for each in findings),
        can_sign=Stop.SIGN not in stops,
        can_bill=not stops,
        minutes=minutes_of(facts.visit) or 0,
        units=units,
        unit_group=group,
        code=terms.code.value,
        modifiers=modifiers(terms, facts),
        charge=None if rate is None else charge_for(units, rate),
        packs=packs or (terms.pack,),
    )


def ask_about_worker(facts: Facts, terms: Terms, moment: Moment) -> tuple[Finding, ...]:
    """What the gates say that need no visit: the first ones in the order of a verdict."""
    return tuple(gate.ask(facts, terms, moment) for gate in _OF_WORKERS)


def is_billable_alone(
    facts: Facts, terms: Terms, moment: Moment, of_worker: tuple[Finding, ...]
) -> bool:
    """Whether a visit may be billed as far as the gates go that look at no other visit of the person.

    What may not be billed counts in no unit group and against no cap, so this is asked of every
    visit before those that share its day are judged with it. `of_worker` as in `judge_one`.
    """
    if any(finding.stops for finding in of_worker):
        return False
    gates = (gate for gate in _OF_VISITS if gate.id not in _ABOUT_OTHER_VISITS)
    return not any(gate.ask(facts, terms, moment).stops for gate in gates)


def judge_without_terms(facts: Facts, pack: str, *, on: dt.date, moment: Moment) -> Verdict:
    """What can be said of a visit whose pack has no version in force that day, or no such service.

    Nobody can judge: every gate is UNKNOWN, the first one says why, and nothing can be billed.
    """
    if facts.visit is None or facts.person is None:
        raise ValueError("a verdict is about a visit")
    because = Because(
        "NO-RULE",
        MappingProxyType({"rule": "services", "service": facts.service, "pack": pack}),
    )
    first, *others = GATES
    unknown = Finding(
        first.id,
        Outcome.UNKNOWN,
        because=because,
        stops=frozenset({Stop.BILL}),
        remedy=Remedy("ask-for-rule", "rulepacks:pack-list", (), ("ADMINISTRATOR",)),
    )
    coverage = coverage_judged(facts.person, facts.service_day)
    return Verdict(
        visit=facts.visit.id,
        on=on,
        moment=moment,
        coverage=None if coverage is None else coverage.record.id,
        findings=(
            unknown,
            *(replace(unknown, rule=each.id, because=None, remedy=None) for each in others),
        ),
        not_checked=(),
        outcome=Outcome.UNKNOWN,
        can_sign=True,
        can_bill=False,
        minutes=minutes_of(facts.visit) or 0,
        units=0,
        unit_group=UnitGroup(),
        code="",
        modifiers=(),
        charge=None,
        packs=(),
    )


def stand_one(facts: Facts, terms: Terms, *, on: dt.date) -> Standing:
    """Whether a worker can bill the service of `terms` on the service day of `facts`, asked on `on`.

    Only the gates that need no visit are asked, each as at the claim.
    """
    findings = ask_about_worker(facts, terms, Moment.BATCH)
    return Standing(
        provider=facts.worker.provider.id,
        on=on,
        service=terms.service,
        findings=findings,
        can_bill=not any(each.stops for each in findings),
    )
