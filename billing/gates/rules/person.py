"""The gates about the participant: enrolled, diagnosed, covered, consenting, with a plan of care.

They answer NOT_APPLICABLE where no visit is asked about ("can this worker bill today?").
"""

import datetime as dt
from collections.abc import Iterable

from billing.gates.rules.answers import NEVER, fails, no_fact, no_rule, not_applicable, passes
from billing.gates.rules.shapes import (
    ConsentFact,
    CoverageFact,
    Facts,
    PersonFacts,
    PlanFact,
    Terms,
)
from peerworks.lib.findings import Evidence, Finding, RecordRef, Remedy


def coverage_judged(person: PersonFacts, day: dt.date) -> CoverageFact | None:
    """The coverage whose payer's pack judges a visit: of those in force that day the lowest in order.

    None where none is in force (COVG-01 then blocks, and the program's pack judges the rest) or
    where coverages are not known.
    """
    in_force = [each for each in person.coverages or () if each.days.contains(day)]
    return min(in_force, key=lambda each: (each.order, each.record.id), default=None)


def plan_in_force_on(person: PersonFacts, day: dt.date) -> PlanFact | None:
    """The version of the plan of care that held on `day`, the latest begun; None without one."""
    in_force = [each for each in person.plans or () if each.days.contains(day)]
    return max(in_force, key=lambda each: (each.days.start, each.record.id), default=None)


def participant_enrolled(facts: Facts, terms: Terms) -> Finding:
    """PART-01: the participant was enrolled in the note's program on the service day."""
    rule, person, day = "PART-01", facts.person, facts.service_day
    if person is None:
        return not_applicable(rule)
    if person.enrolments is None:
        return no_fact(rule, "participants.enrolment", "ADMINISTRATOR")
    enrolment = next((each for each in person.enrolments if each.days.contains(day)), None)
    if enrolment is not None:
        return passes(rule, Evidence("enrolment", person.program, enrolment.record, day))
    return fails(
        rule,
        "ENROL-NONE",
        {"participant": person.participant, "program": person.program, "date": day},
        terms=terms,
        remedy=Remedy(
            "correct-enrolment",
            "participants:enrolment-add",
            (person.participant.id,),
            ("ADMINISTRATOR",),
        ),
    )


def diagnosis_accepted(facts: Facts, terms: Terms) -> Finding:
    """PART-04: a diagnosis of a family that the payer accepts was on file for the service day."""
    rule, person, day, families = "PART-04", facts.person, facts.service_day, terms.families
    if person is None:
        return not_applicable(rule)
    if families is None:
        return no_rule(rule, "diagnoses.families", terms)
    if not families.value:
        return not_applicable(rule, families.authority)
    if person.diagnoses is None:
        return no_fact(rule, "billing.diagnosis", "SUPERVISOR")
    accepted = next(
        (
            each
            for each in person.diagnoses
            if each.family in families.value and each.days.contains(day)
        ),
        None,
    )
    if accepted is not None:
        seen = Evidence("diagnosis-family", accepted.family, accepted.record, day)
        return passes(rule, seen, authority=families.authority)
    return fails(
        rule,
        "DX",
        {"payer": _payer(person, day, terms)},
        terms=terms,
        remedy=Remedy(
            "add-diagnosis",
            "participants:participant-detail",
            (person.participant.id,),
            ("SUPERVISOR",),
        ),
        authority=families.authority,
    )


def disclosure_consent_on_file(facts: Facts, terms: Terms) -> Finding:
    """PRIV-01: in a program under 42 CFR Part 2, a consent to disclose to the payer was in force on
    the service day, and one that was not revoked stands for the disclosure to come.

    A revocation stops what has not been disclosed yet, never a claim that was sent before it.
    """
    rule, person, day = "PRIV-01", facts.person, facts.service_day
    if person is None:
        return not_applicable(rule)
    if person.is_part2 is None:
        return no_fact(rule, person.program, "ADMINISTRATOR")
    if not person.is_part2:
        return not_applicable(rule)
    if person.consents is None:
        return no_fact(rule, "participants.consent", "PEER", "PRIVACY_OFFICER")
    coverage = coverage_judged(person, day)
    payer = None if coverage is None else coverage.payer
    named = [each for each in person.consents if each.payer in (None, payer)]
    then = next((each for each in named if each.days.contains(day)), None)
    lacks_on = day if then is None else _revoked_on(named, facts)
    if then is not None and lacks_on is None:
        return passes(rule, Evidence("consent", then.days.start, then.record, day))
    return fails(
        rule,
        "CONSENT-NONE",
        {"payer": _payer(person, day, terms), "date": lacks_on or day},
        terms=terms,
        remedy=Remedy(
            "record-consent",
            "participants:consent-add",
            (person.participant.id,),
            ("PEER", "PRIVACY_OFFICER"),
        ),
    )


def coverage_active(facts: Facts, terms: Terms) -> Finding:
    """COVG-01: a coverage was in force on the service day."""
    rule, person, day = "COVG-01", facts.person, facts.service_day
    if person is None:
        return not_applicable(rule)
    if person.coverages is None:
        return no_fact(rule, "billing.coverage", "BILLER")
    judged = coverage_judged(person, day)
    if judged is not None:
        return passes(rule, Evidence("coverage", judged.payer, judged.record, day))
    checked = [each.checked_on for each in person.coverages if each.checked_on is not None]
    return fails(
        rule,
        "ELIG",
        {"date": day, "date2": max(checked, default=NEVER, key=str)},
        terms=terms,
        remedy=Remedy(
            "check-coverage",
            "participants:participant-detail",
            (person.participant.id,),
            ("BILLER",),
        ),
        evidence=tuple(
            Evidence("coverage-last-day", each.days.last, each.record, day)
            for each in person.coverages
        ),
    )


def plan_in_force(facts: Facts, terms: Terms) -> Finding:
    """PLAN-01: a version of the plan of care, with at least one goal, held on the service day."""
    rule, person, day = "PLAN-01", facts.person, facts.service_day
    if person is None:
        return not_applicable(rule)
    if person.plans is None:
        return no_fact(rule, "billing.planofcare", "PEER", "SUPERVISOR")
    plan = plan_in_force_on(person, day)
    if plan is not None and plan.goals:
        return passes(rule, Evidence("plan-from", plan.days.start, plan.record, day))
    return fails(
        rule,
        "PLAN-NONE",
        {"date": day},
        terms=terms,
        remedy=_to_plan(person, plan, "write-plan", "PEER", "SUPERVISOR"),
    )


def plan_signed(facts: Facts, terms: Terms) -> Finding:
    """PLAN-02: all whom the pack names had signed the plan in force by the service day.

    The first of them who had not is named, with the day of that signature, or with the service day
    where it is missing still.
    """
    rule, person, day, wanted = "PLAN-02", facts.person, facts.service_day, terms.plan_signed_by
    if person is None:
        return not_applicable(rule)
    if wanted is None:
        return no_rule(rule, "plan.signed_by", terms)
    plan = plan_in_force_on(person, day)
    if not wanted.value or plan is None:
        return not_applicable(rule, wanted.authority)
    signed = _signed_by(plan)
    seen = tuple(
        Evidence("signature", role, plan.record, signed[role])
        for role in wanted.value
        if role in signed
    )
    late = next((r for r in wanted.value if r not in signed or signed[r] > day), None)
    if late is None:
        return passes(rule, *seen, authority=wanted.authority)
    return fails(
        rule,
        "PLAN-UNSIGNED",
        {"role": late, "date": signed.get(late, day)},
        terms=terms,
        remedy=_to_plan(person, plan, "get-signature", "SUPERVISOR"),
        evidence=seen,
        authority=wanted.authority,
    )


def goal_cited(facts: Facts, terms: Terms) -> Finding:
    """PLAN-04: the note cites goals, all of them of the plan version in force on the service day.

    Without such a plan no goal can be of it: the note may be signed, and is not billed.
    """
    rule, person, visit, day = "PLAN-04", facts.person, facts.visit, facts.service_day
    if person is None or visit is None:
        return not_applicable(rule)
    if visit.goals is None or person.plans is None:
        kind = "billing.goal" if visit.goals is None else "billing.planofcare"
        return no_fact(rule, kind, "PEER")
    plan = plan_in_force_on(person, day)
    if plan is not None and visit.goals and visit.goals <= plan.goals:
        return passes(rule, Evidence("goals-cited", len(visit.goals), plan.record, day))
    return fails(
        rule,
        "GOAL-NONE",
        {},
        terms=terms,
        remedy=Remedy("choose-goal", "billing:note-write", (visit.id,), ("PEER",)),
    )


def _payer(person: PersonFacts, day: dt.date, terms: Terms) -> RecordRef | str:
    judged = coverage_judged(person, day)
    return terms.pack.pack if judged is None else judged.payer


def _revoked_on(named: Iterable[ConsentFact], facts: Facts) -> dt.date | None:
    """The day since which no consent stands, or None where one does or the claim was sent before."""
    revoked = [each.revoked_on for each in named]
    lines = () if facts.visit is None else facts.visit.live_lines or ()
    if None in revoked or (facts.visit and any(facts.visit.id in each.visits for each in lines)):
        return None
    return max(each for each in revoked if each is not None)


def _signed_by(plan: PlanFact) -> dict[str, dt.date]:
    signed: dict[str, dt.date] = {}
    for each in plan.signatures:
        signed[each.role] = min(each.on, signed.get(each.role, each.on))
    return signed


def _to_plan(person: PersonFacts, plan: PlanFact | None, action: str, *who: str) -> Remedy:
    if plan is None:
        return Remedy(action, "participants:participant-detail", (person.participant.id,), who)
    return Remedy(action, "billing:plan-detail", (plan.record.id,), who)
