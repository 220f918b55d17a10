"""All gates together: the table, verdicts, standings, moments, severity and what is not checked."""

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from billing.gates.rules import (
    GATES,
    Scope,
    ask_about_worker,
    is_billable_alone,
    judge_one,
    judge_without_terms,
    not_checked,
    run_gate_example,
    stand_one,
    terms_of,
)
from peerworks.lib.canonical import sha256_of
from peerworks.lib.findings import Moment, Outcome, PackUsed, Stop
from peerworks.lib.rulepack import Example, ExampleKind
from peerworks.lib.rulepack.words import GATE_REASONS
from providers.rules import run_renewal_example
from supervision.rules import run_supervision_example
from tests.gates.clean import DAY, GEORGIA, TERMS, TEXAS, VIRGINIA, clean, having

ON = dt.date(2026, 4, 1)
PACKS = (VIRGINIA, TEXAS, GEORGIA)

# Id, scope, first moment and reasons of the first issue, as they are spoken and documented.
TABLE = """
PROV-01 P WRITING STAFF-OFF STAFF-VOL
PROV-02 P WRITING CERT-NONE CERT-EXP
PROV-03 P WRITING CERT-STATE CERT-ENDORSE
PROV-04 P WRITING CERT-UNVER
SUPV-01 P WRITING SUP-NONE
SUPV-02 P WRITING SUP-UNQUAL
SUPV-03 P WRITING SUP-SHORT SUP-LATE
TRNG-01 P WRITING TRAIN-MISS
PART-01 V WRITING ENROL-NONE
PART-04 V WRITING DX
PRIV-01 V BATCH CONSENT-NONE
COVG-01 V WRITING ELIG
PLAN-01 V WRITING PLAN-NONE
PLAN-02 V WRITING PLAN-UNSIGNED
PLAN-04 V SIGNING GOAL-NONE
TIME-01 V WRITING TIME-OVER
UNIT-01 V WRITING TIME-SHORT
UNIT-02 V WRITING UNITS-DAY
NOTE-01 V BATCH NOTE-DRAFT
NOTE-02 V BATCH NOTE-REVIEW COSIGN-WHO
CLAM-01 V BATCH BILLED
"""


def judge(facts, terms=TERMS, moment=Moment.BATCH, **more):
    return judge_one(facts, terms, on=ON, moment=moment, **more)


class TestTable:
    def test_is_the_documented_one(self):
        found = [" ".join((g.id, g.scope, g.first, *g.reasons)) for g in GATES]
        told = TABLE.strip().splitlines()
        assert set(found) == set(told), "TABLE above is not what billing/gates/rules/table.py says"
        assert found == told

    def test_only_overlap_stops_the_signature_and_only_late_supervision_warns(self):
        assert {g.id for g in GATES if Stop.SIGN in g.stops} == {"TIME-01"}
        assert {g.id for g in GATES if g.default is Outcome.WARN} == {"SUPV-03"}

    def test_packs_know_the_same_reasons(self):
        for gate in GATES:
            assert GATE_REASONS[gate.id] == set(gate.reasons)

    def test_every_gate_says_what_it_holds_and_why(self):
        for gate in GATES:
            assert gate.function.__doc__.startswith(f"{gate.id}: ")
            assert gate.title == gate.function.__name__.replace("_", "-")


class TestVerdict:
    @pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.pack)
    def test_a_clean_visit_passes_every_service_of_every_pack(self, pack):
        for service in pack.services:
            terms = terms_of(pack, service.key)
            verdict = judge(clean(terms, pack), terms, rate=Decimal("12.345"))
            assert (verdict.outcome, verdict.can_sign, verdict.can_bill) == (
                Outcome.PASS,
                True,
                True,
            )
            assert (verdict.minutes, verdict.units) == (60, 4)
            assert verdict.charge == Decimal("49.38")
            assert [each.rule for each in verdict.findings] == [gate.id for gate in GATES]

    def test_carries_what_a_claim_needs(self):
        facts = clean(minutes=29, minutes_before=[16])
        verdict = judge(facts)
        assert (verdict.visit, verdict.on, verdict.moment) == ("visit", ON, Moment.BATCH)
        assert (verdict.coverage, verdict.code, verdict.modifiers) == ("coverage", "T1012", ())
        assert (verdict.minutes, verdict.units, verdict.unit_group.units) == (29, 2, 3)
        assert (verdict.charge, verdict.facts_sha256) == (None, "")
        assert verdict.packs == (PackUsed("va-dmas-peer", "2026.1", VIRGINIA.sha256),)

    def test_names_all_packs_that_were_used(self):
        two = (TERMS.pack, PackUsed("another", "1", "0"))
        assert judge(clean(), packs=two).packs == two

    def test_all_gates_are_asked_though_the_first_fails(self):
        facts = clean(employment="NONE", credential="NONE", supervisor=False, plan=False, goals=0)
        told = [each.because.reason for each in judge(facts).told()]
        assert told == ["STAFF-OFF", "CERT-NONE", "SUP-NONE", "PLAN-NONE", "GOAL-NONE"]

    def test_without_coverage_the_rest_is_judged_and_the_verdict_says_so(self):
        verdict = judge(clean(coverage=False))
        assert verdict.coverage is None
        blocked = {f.because.reason for f in verdict.findings if f.outcome is Outcome.BLOCK}
        assert blocked == {"ELIG", "CONSENT-NONE"}  # a consent to no payer of theirs is none

    def test_a_block_of_billing_may_be_signed(self):
        verdict = judge(clean(plan=False))
        assert (verdict.can_sign, verdict.can_bill) == (True, False)

    def test_what_may_not_be_signed_may_not_be_billed(self):
        verdict = judge(clean(overlap=True))
        assert (verdict.can_sign, verdict.can_bill) == (False, False)

    def test_unknown_stops_the_claim_and_never_the_signature(self):
        verdict = judge(having(clean(), "visit", spans=None))
        assert (verdict.outcome, verdict.can_sign, verdict.can_bill) == (
            Outcome.UNKNOWN,
            True,
            False,
        )

    def test_a_visit_without_times_has_no_units(self):
        verdict = judge(having(clean(), "visit", end=None), rate=Decimal(9))
        assert (verdict.minutes, verdict.units, verdict.charge) == (0, 0, Decimal("0.00"))

    @pytest.mark.parametrize("part", ["visit", "person"])
    def test_a_verdict_is_about_a_visit(self, part):
        with pytest.raises(ValueError, match="about a visit"):
            judge(replace(clean(), **{part: None}))


class TestMoments:
    @pytest.mark.parametrize("moment", list(Moment))
    def test_a_gate_is_silent_before_its_first_moment(self, moment):
        draft = clean(signed=False, goals=0, billed=True, consent=False, employment="NONE")
        findings = judge(draft, moment=moment).findings
        failed = {each.rule for each in findings if each.outcome is Outcome.BLOCK}
        late = {Moment.WRITING: set(), Moment.SIGNING: {"PLAN-04"}}
        at_the_claim = {"PLAN-04", "PRIV-01", "NOTE-01", "CLAM-01"}
        assert failed == {"PROV-01"} | late.get(moment, at_the_claim)
        passed = {each.rule for each in findings if each.outcome is Outcome.PASS}
        assert not passed & {each.id for each in GATES if not _asked(each, moment)}

    def test_a_draft_can_be_billed_as_far_as_is_asked_while_writing(self):
        draft = having(clean(signed=False, cosigned=False), "visit", goals=frozenset())
        assert judge(draft, moment=Moment.WRITING).can_bill
        assert not judge(draft, moment=Moment.SIGNING).can_bill


def _asked(gate, moment) -> bool:
    order = [Moment.WRITING, Moment.SIGNING, Moment.BATCH]
    return order.index(gate.first) <= order.index(moment)


class TestSeverity:
    def test_the_pack_may_soften_and_harden(self):
        facts = clean(plan=False)
        soft = replace(TERMS, severity={"PLAN-01": Outcome.WARN})
        finding = next(f for f in judge(facts, soft).findings if f.rule == "PLAN-01")
        assert (finding.outcome, finding.stops) == (Outcome.WARN, frozenset())
        late = clean(last_supervision=DAY - dt.timedelta(days=60))
        for severity, can_bill in (({}, True), ({"SUPV-03": Outcome.BLOCK}, False)):
            assert judge(late, replace(TERMS, severity=severity)).can_bill is can_bill

    def test_unknown_stays_unknown(self):
        soft = replace(TERMS, severity={"PLAN-01": Outcome.WARN})
        verdict = judge(having(clean(), "person", plans=None), soft)
        assert not verdict.can_bill


class TestStanding:
    def test_asks_the_gates_that_need_no_visit(self):
        facts = replace(clean(), person=None, visit=None)
        standing = stand_one(facts, TERMS, on=ON)
        assert [f.rule for f in standing.findings] == [g.id for g in GATES if g.scope is Scope.P]
        assert (standing.provider, standing.service, standing.on) == ("peer", "sud-individual", ON)
        assert standing.can_bill

    def test_a_lapsed_worker_cannot_bill(self):
        ended = clean(service_day=DAY, credential_ends=DAY - dt.timedelta(days=18))
        assert not stand_one(replace(ended, person=None, visit=None), TERMS, on=ON).can_bill


class TestNotChecked:
    def test_names_what_each_pack_asks_beyond_the_gates(self):
        assert not_checked(VIRGINIA, VIRGINIA.service("sud-individual"))[:2] == (
            "authorization",
            "period-caps",
        )
        texas = terms_of(TEXAS, "mh-group").not_checked
        assert "authorization" not in texas
        assert {"group-size", "concurrency", "relationship", "age"} <= set(texas)
        assert "group-size" not in terms_of(TEXAS, "mh-individual").not_checked

    def test_caps_of_a_worker_are_named_apart(self):
        service = TEXAS.service("mh-individual")
        week = replace(service.caps[1], window="WEEK", of="PROVIDER")
        assert "worker-caps" in not_checked(TEXAS, replace(service, caps=(week,)))

    def test_without_cosignature_its_time_is_not_asked(self):
        service = TEXAS.service("mh-individual")
        never = replace(service.note, cosign=replace(service.note.cosign, value="NEVER"))
        assert "cosign-time" in not_checked(TEXAS, service)
        assert "cosign-time" not in not_checked(TEXAS, replace(service, note=never))


class TestResolving:
    def test_each_term_rests_on_its_value(self):
        assert TERMS.code.authority.path == "services.sud-individual.code"
        assert TERMS.code.authority.pack == "va-dmas-peer"
        assert TERMS.qualification.authority.source == "va-5160"

    def test_what_is_none_asks_nothing_and_what_is_absent_is_none(self):
        texas = terms_of(TEXAS, "mh-individual")
        assert (texas.day_caps, texas.trainings.value) == ((), ())
        bare = replace(
            TEXAS,
            workforce=replace(TEXAS.workforce, supervisor_qualification=None, supervision=()),
            services=(replace(TEXAS.service("mh-individual"), caps=()),),
        )
        terms = terms_of(bare, "mh-individual")
        assert (terms.qualification, terms.supervision, terms.day_caps) == (None, (), None)

    def test_a_rule_of_supervision_without_its_value_gives_no_duty(self):
        broken = replace(TEXAS.workforce.supervision[0], every=None)
        pack = replace(TEXAS, workforce=replace(TEXAS.workforce, supervision=(broken,)))
        assert terms_of(pack, "mh-individual").supervision == ()

    def test_a_service_that_is_not_there(self):
        with pytest.raises(KeyError):
            terms_of(TEXAS, "horse-riding")

    def test_terms_and_facts_can_be_stored(self):
        assert sha256_of(TERMS) == sha256_of(terms_of(VIRGINIA, "sud-individual"))
        assert sha256_of(clean()) == sha256_of(clean()) != sha256_of(clean(minutes=59))
        assert re.fullmatch("[0-9a-f]{64}", sha256_of(judge(clean())))


RUNNERS = {
    ExampleKind.GATE: run_gate_example,
    ExampleKind.RENEWAL: run_renewal_example,
    ExampleKind.SUPERVISION: run_supervision_example,
}
HERE = {gate.id for gate in GATES}


class TestExamples:
    @pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.pack)
    def test_the_shipped_packs_do_what_their_examples_say(self, pack):
        asked = [each for each in pack.examples if each.kind in RUNNERS]
        asked = [each for each in asked if not each.gate or each.gate in HERE]
        results = [RUNNERS[each.kind](pack, each) for each in asked]
        assert [f"{r.example.name}: {r.message}" for r in results if not r.passed] == []
        assert len(results) > 10

    def test_a_wrong_example_fails_and_says_what_was_found(self):
        wrong = Example("x", ExampleKind.GATE, {"plan": False}, {"outcome": "PASS"}, "sud-individual",
                        gate="PLAN-01")  # fmt: skip
        assert run_gate_example(VIRGINIA, wrong).message == "outcome is BLOCK"

    def test_a_word_that_makes_no_fact_fails_and_is_named(self):
        given = {"plan": False, "age": 20, "persons": 3}
        example = Example("x", ExampleKind.GATE, given, {"outcome": "BLOCK"}, "sud-individual",
                          gate="PLAN-01")  # fmt: skip
        said = run_gate_example(VIRGINIA, example)
        assert said.failed
        assert said.message == ", ".join(
            f'nobody reads "{word}" of what it gives' for word in ("age", "persons")
        )

    def test_the_other_runners_read_every_word_too(self):
        given = {"on": DAY, "ends": DAY, "stage_from": DAY}
        renewal = Example("x", ExampleKind.RENEWAL, given, {"ends": DAY}, credential="va-prs")
        assert 'nobody reads "stage_from"' in run_renewal_example(VIRGINIA, renewal).message
        given = {"on": DAY, "hours": 3}
        watched = Example("x", ExampleKind.SUPERVISION, given, {"state": "CURRENT"})
        assert 'nobody reads "hours"' in run_supervision_example(VIRGINIA, watched).message

    def test_a_gate_of_a_later_version_proves_nothing(self):
        later = Example(
            "x", ExampleKind.GATE, {}, {"outcome": "PASS"}, "sud-individual", gate="PART-03"
        )
        assert run_gate_example(VIRGINIA, later).message == "PART-03 is not checked by this version"

    def test_supervision_that_binds_nobody_and_a_wrong_state(self):
        given = {"on": DAY, "stage": "RETIRED"}
        nobody = Example("x", ExampleKind.SUPERVISION, given, {"state": "DUE"})
        assert run_supervision_example(VIRGINIA, nobody).message.startswith("no duty")
        never = Example("x", ExampleKind.SUPERVISION, {"on": DAY, "last_supervision": "NONE"},
                        {"state": "CURRENT"})  # fmt: skip
        assert run_supervision_example(VIRGINIA, never).message == "state is OVERDUE"

    def test_renewal_counts_the_end_of_stage_and_cycle(self):
        stage = {"on": DAY, "stage": "INITIAL", "stage_from": dt.date(2026, 1, 15)}
        cycle = {"on": DAY, "issued_on": dt.date(2023, 5, 10)}
        for given, ends in ((stage, dt.date(2026, 7, 14)), (cycle, dt.date(2027, 5, 9))):
            example = Example("x", ExampleKind.RENEWAL, given, {"ends": ends},
                              credential="tx-peer-specialist")  # fmt: skip
            assert run_renewal_example(TEXAS, example).message == ""
        printed = Example("x", ExampleKind.RENEWAL, stage | {"ends": DAY}, {"ends": DAY},
                          credential="tx-peer-specialist")  # fmt: skip
        assert run_renewal_example(TEXAS, printed).message == "the stage ends on 2026-07-14"
        wrong = Example(
            "x", ExampleKind.RENEWAL, cycle, {"valid": False}, credential="tx-peer-specialist"
        )
        assert run_renewal_example(TEXAS, wrong).message == "valid is True"

    def test_an_undescribed_certificate_ends_as_printed(self):
        facts = clean(credential="of-nowhere", credential_ends=DAY)
        assert facts.worker.credentials[0].dates.expires_on == DAY


class TestWithoutTerms:
    def test_nobody_can_judge_and_one_gate_says_why(self):
        verdict = judge_without_terms(clean(), "no-pack", on=DAY, moment=Moment.BATCH)
        assert [each.rule for each in verdict.findings] == [gate.id for gate in GATES]
        assert {each.outcome for each in verdict.findings} == {Outcome.UNKNOWN}
        (because,) = (each.because for each in verdict.findings if each.because is not None)
        assert (because.reason, because.params["pack"]) == ("NO-RULE", "no-pack")
        assert (verdict.can_sign, verdict.can_bill, verdict.units) == (True, False, 0)

    def test_it_is_about_a_visit(self):
        with pytest.raises(ValueError, match="visit"):
            judge_without_terms(
                replace(clean(), visit=None), "no-pack", on=DAY, moment=Moment.BATCH
            )


class TestBillableAlone:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, True),
            ({"minutes": 3}, True),
            ({"billed": True}, True),
            ({"units_same_day": 16}, True),
            ({"goals": 0}, False),
            ({"credential": "NONE"}, False),
            ({"cosigned": False}, False),
        ],
    )
    def test_what_other_visits_do_to_it_does_not_matter(self, given, expected):
        facts = clean(**given)
        known = ask_about_worker(facts, TERMS, Moment.BATCH)
        assert is_billable_alone(facts, TERMS, Moment.BATCH, known) is expected

    def test_before_the_claim_a_note_may_wait_for_review(self):
        facts = clean(cosigned=False)
        known = ask_about_worker(facts, TERMS, Moment.SIGNING)
        assert is_billable_alone(facts, TERMS, Moment.SIGNING, known)

    def test_answers_about_the_worker_may_be_given(self):
        known = ask_about_worker(clean(), TERMS, Moment.BATCH)
        one = judge_one(clean(), TERMS, on=DAY, moment=Moment.BATCH)
        other = judge_one(clean(), TERMS, on=DAY, moment=Moment.BATCH, of_worker=known)
        assert one == other
