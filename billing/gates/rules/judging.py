"""All gates over one visit, or over one worker's day, as the value that is shown and stored.

Every gate is asked; the first failure does not stop the rest, so that all can be mended at once.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from billing.gates.rules.person import coverage_judged
from billing.gates.rules.shapes import Facts, Terms
from billing.gates.rules.table import GATES, Scope
from billing.gates.rules.units import minutes_of, modifiers, unit_group
from peerworks.lib.findings import (
    Finding,
    Moment,
    PackUsed,
    Standing,
    Stop,
    UnitGroup,
    Verdict,
    worst,
)
from peerworks.lib.money import charge_for


def judge_one(
    facts: Facts,
    terms: Terms,
    *,
    on: dt.date,
    moment: Moment,
    rate: Decimal | None = None,
    packs: tuple[PackUsed, ...] = (),
    facts_sha256: str = "",
) -> Verdict:
    """What all gates say of one visit at `moment`, asked on the day `on`.

    `rate` is dollars a unit on the service day, None where none is known: then there is no charge.
    `packs` are all packs used, that of `terms` where not given. Raises `ValueError` for facts
    without a visit, for which `stand_one` is.
    """
    if facts.visit is None or facts.person is None:
        raise ValueError("a verdict is about a visit: ask stand_one about a worker")
    findings = tuple(gate.ask(facts, terms, moment) for gate in GATES)
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
        can_sign=not _stopped(findings, Stop.SIGN),
        can_bill=not _stopped(findings, Stop.SIGN, Stop.BILL),
        minutes=minutes_of(facts.visit) or 0,
        units=units,
        unit_group=group,
        code=terms.code.value,
        modifiers=modifiers(terms, facts),
        charge=None if rate is None else charge_for(units, rate),
        packs=packs or (terms.pack,),
        facts_sha256=facts_sha256,
    )


def stand_one(facts: Facts, terms: Terms, *, on: dt.date) -> Standing:
    """Whether a worker can bill the service of `terms` on the service day of `facts`, asked on `on`.

    Only the gates that need no visit are asked, each as at the claim.
    """
    findings = tuple(
        gate.ask(facts, terms, Moment.BATCH) for gate in GATES if gate.scope is Scope.P
    )
    return Standing(
        provider=facts.worker.provider.id,
        on=on,
        service=terms.service,
        findings=findings,
        can_bill=not _stopped(findings, Stop.SIGN, Stop.BILL),
    )


def _stopped(findings: Iterable[Finding], *stops: Stop) -> bool:
    # What may not be signed may not be billed either, so billing asks for both.
    return any(stop in finding.stops for finding in findings for stop in stops)
