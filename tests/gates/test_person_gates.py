"""The gates about the participant: pass, block, unknown, and the day on each edge."""

from dataclasses import replace

import pytest

from billing.gates.rules import (
    NEVER,
    ConsentFact,
    CoverageFact,
    DiagnosisFact,
    LiveLineFact,
    PeriodFact,
    PlanFact,
    SignatureFact,
    coverage_judged,
    plan_in_force_on,
)
from peerworks.lib.findings import Outcome
from peerworks.lib.periods import Days
from tests.gates.clean import DAY, ONE, TERMS, ask, clean, having, ref, said, term

V_GATES_OF_A_PERSON = (
    "PART-01",
    "PART-04",
    "PRIV-01",
    "COVG-01",
    "PLAN-01",
    "PLAN-02",
    "PLAN-04",
)
PAYER = ref("billing.payer", "payer")
ONE_DAY = Days(DAY, DAY + ONE)


def on_three_days(rule, facts, terms=TERMS) -> list[str]:
    """What a gate says the day before a record of one day, on that day, and the day after."""
    return [said(ask(rule, replace(facts, service_day=DAY + n * ONE), terms)) for n in (-1, 0, 1)]


@pytest.mark.parametrize("rule", V_GATES_OF_A_PERSON)
def test_without_a_visit_there_is_nothing_to_ask(rule):
    assert said(ask(rule, replace(clean(), person=None, visit=None))) == "NOT_APPLICABLE"


@pytest.mark.parametrize(
    ("rule", "unknown"),
    [
        ("PART-01", "enrolments"),
        ("PART-04", "diagnoses"),
        ("PRIV-01", "is_part2"),
        ("PRIV-01", "consents"),
        ("COVG-01", "coverages"),
        ("PLAN-01", "plans"),
        ("PLAN-04", "plans"),
    ],
)
def test_a_missing_fact_is_unknown(rule, unknown):
    finding = ask(rule, having(clean(), "person", **{unknown: None}))
    assert (said(finding), finding.outcome) == ("NO-FACT", Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("rule", "field"), [("PART-04", "families"), ("PLAN-02", "plan_signed_by")]
)
def test_a_missing_rule_is_unknown_and_none_asks_nothing(rule, field):
    assert said(ask(rule, clean(), replace(TERMS, **{field: None}))) == "NO-RULE"
    assert said(ask(rule, clean(), replace(TERMS, **{field: term(())}))) == "NOT_APPLICABLE"


def test_enrolled_on_the_first_and_last_day():
    enrolment = PeriodFact(record=ref("participants.enrolment", "1"), days=ONE_DAY)
    facts = having(clean(), "person", enrolments=(enrolment,))
    assert on_three_days("PART-01", facts) == ["ENROL-NONE", "PASS", "ENROL-NONE"]
    params = ask("PART-01", clean(enrolled=False)).because.params
    assert params == {
        "participant": clean().person.participant,
        "program": clean().person.program,
        "date": DAY,
    }


class TestDiagnosis:
    def test_first_and_last_day(self):
        one = DiagnosisFact(
            record=ref("billing.diagnosis", "1"), family="SUBSTANCE_USE", days=ONE_DAY
        )
        facts = having(clean(), "person", diagnoses=(one,))
        assert on_three_days("PART-04", facts) == ["DX", "PASS", "DX"]

    def test_another_family_names_the_payer(self):
        finding = ask("PART-04", clean(diagnosis_families=["MENTAL_HEALTH"]))
        assert finding.because.params == {"payer": PAYER}

    def test_without_coverage_the_pack_stands_for_the_payer(self):
        finding = ask("PART-04", clean(diagnosis_families=[], coverage=False))
        assert finding.because.params == {"payer": "va-dmas-peer"}


def consent(name="1", days=ONE_DAY, **more) -> ConsentFact:
    return ConsentFact(record=ref("participants.consent", name), days=days, **more)


class TestConsent:
    def test_first_and_last_day(self):
        facts = having(clean(), "person", consents=(consent(),))
        assert on_three_days("PRIV-01", facts) == ["CONSENT-NONE", "PASS", "CONSENT-NONE"]

    def test_asked_under_part_2_only(self):
        facts = having(clean(consent=False), "person", is_part2=False)
        assert said(ask("PRIV-01", facts)) == "NOT_APPLICABLE"

    def test_a_consent_to_another_payer_is_none(self):
        other = consent(payer=ref("billing.payer", "another"))
        finding = ask("PRIV-01", having(clean(), "person", consents=(other,)))
        assert (said(finding), finding.because.params["payer"]) == ("CONSENT-NONE", PAYER)

    def test_without_coverage_only_a_consent_to_any_payer_counts(self):
        facts = clean(coverage=False)
        assert said(ask("PRIV-01", facts)) == "CONSENT-NONE"
        assert said(ask("PRIV-01", having(facts, "person", consents=(consent(),)))) == "PASS"

    def test_a_revoked_one_stops_the_disclosure_and_tells_since_when(self):
        revoked = consent(revoked_on=DAY + 9 * ONE)
        finding = ask("PRIV-01", having(clean(), "person", consents=(revoked,)))
        assert finding.because.params["date"] == DAY + 9 * ONE

    def test_a_new_one_after_the_revocation_lets_it_go_on(self):
        again = consent("2", days=Days(DAY + 20 * ONE))
        facts = having(clean(), "person", consents=(consent(revoked_on=DAY + ONE), again))
        assert said(ask("PRIV-01", facts)) == "PASS"

    def test_a_new_one_alone_does_not_reach_back(self):
        facts = having(clean(), "person", consents=(consent(days=Days(DAY + ONE)),))
        assert ask("PRIV-01", facts).because.params["date"] == DAY

    def test_a_claim_sent_before_the_revocation_is_not_touched(self):
        facts = having(clean(), "person", consents=(consent(revoked_on=DAY + ONE),))
        line = LiveLineFact(ref("billing.claim", "1"), frozenset({facts.visit.id}))
        assert said(ask("PRIV-01", having(facts, "visit", live_lines=(line,)))) == "PASS"
        unknown = having(facts, "visit", live_lines=None)
        assert said(ask("PRIV-01", unknown)) == "CONSENT-NONE"
        assert said(ask("PRIV-01", replace(facts, visit=None))) == "CONSENT-NONE"


def coverage(name, order, days=ONE_DAY, **more) -> CoverageFact:
    return CoverageFact(
        record=ref("billing.coverage", name), payer=PAYER, order=order, days=days, **more
    )


class TestCoverage:
    def test_first_and_last_day(self):
        facts = having(clean(), "person", coverages=(coverage("1", 1),))
        assert on_three_days("COVG-01", facts) == ["ELIG", "PASS", "ELIG"]

    def test_the_lowest_in_order_that_is_in_force_is_judged(self):
        ended = Days(DAY - 9 * ONE, DAY)
        held = (coverage("third", 3), coverage("first", 1, ended), coverage("second", 2))
        person = having(clean(), "person", coverages=held).person
        assert coverage_judged(person, DAY).record.id == "second"
        assert coverage_judged(person, DAY - ONE).record.id == "first"
        assert coverage_judged(person, DAY + ONE) is None

    def test_the_last_check_is_told_or_that_there_was_none(self):
        past = Days(DAY - 9 * ONE, DAY)
        checked = [coverage("1", 1, past, checked_on=DAY - n * ONE) for n in (5, 2)]
        finding = ask(
            "COVG-01", having(clean(), "person", coverages=(*checked, coverage("2", 2, past)))
        )
        assert finding.because.params == {"date": DAY, "date2": DAY - 2 * ONE}
        assert ask("COVG-01", clean(coverage=False)).because.params["date2"] == NEVER


def plan(name, days=ONE_DAY, goals=("goal-0",), signed=()) -> PlanFact:
    return PlanFact(
        record=ref("billing.planversion", name),
        days=days,
        goals=frozenset(goals),
        signatures=tuple(SignatureFact(role, on) for role, on in signed),
    )


class TestPlan:
    def test_in_force_on_the_first_and_last_day(self):
        facts = having(clean(), "person", plans=(plan("1"),))
        assert on_three_days("PLAN-01", facts) == ["PLAN-NONE", "PASS", "PLAN-NONE"]

    def test_a_plan_without_goals_is_no_plan(self):
        finding = ask("PLAN-01", having(clean(), "person", plans=(plan("1", goals=()),)))
        assert said(finding) == "PLAN-NONE"
        assert finding.remedy.url_args == ("1",)

    def test_the_latest_version_in_force_counts(self):
        plans = (plan("new"), plan("old", Days(DAY - 9 * ONE)))
        person = having(clean(), "person", plans=plans).person
        assert plan_in_force_on(person, DAY).record.id == "new"
        assert plan_in_force_on(person, DAY + ONE).record.id == "old"

    @pytest.mark.parametrize(("late", "reason"), [(0, "PASS"), (1, "PLAN-UNSIGNED")])
    def test_signed_by_the_service_day(self, late, reason):
        signed = (("PARTICIPANT", DAY + late * ONE), ("PEER", DAY))
        finding = ask("PLAN-02", having(clean(), "person", plans=(plan("1", signed=signed),)))
        assert said(finding) == reason

    def test_the_day_of_the_late_signature_is_told(self):
        signed = (("PEER", DAY), ("PARTICIPANT", DAY + 9 * ONE), ("PARTICIPANT", DAY + 3 * ONE))
        finding = ask("PLAN-02", having(clean(), "person", plans=(plan("1", signed=signed),)))
        assert finding.because.params == {"role": "PARTICIPANT", "date": DAY + 3 * ONE}

    def test_a_missing_signature_is_told_with_the_service_day(self):
        finding = ask("PLAN-02", clean(plan_signed_by=["PARTICIPANT"]))
        assert finding.because.params == {"role": "PEER", "date": DAY}

    def test_without_a_plan_the_missing_plan_and_goal_are_told(self):
        facts = clean(plan=False)
        found = [said(ask(rule, facts)) for rule in ("PLAN-01", "PLAN-02", "PLAN-04")]
        assert found == ["PLAN-NONE", "NOT_APPLICABLE", "GOAL-NONE"]


class TestGoals:
    def test_at_least_one_and_all_of_that_version(self):
        facts = clean(goals=2)
        cited = {
            frozenset(): "GOAL-NONE",
            frozenset({"goal-1"}): "PASS",
            frozenset({"goal-0", "goal-1"}): "PASS",
            frozenset({"goal-0", "of another version"}): "GOAL-NONE",
        }
        for goals, reason in cited.items():
            assert said(ask("PLAN-04", having(facts, "visit", goals=goals))) == reason

    def test_unknown_goals_and_no_visit(self):
        assert said(ask("PLAN-04", having(clean(), "visit", goals=None))) == "NO-FACT"
        assert said(ask("PLAN-04", replace(clean(), visit=None))) == "NOT_APPLICABLE"
