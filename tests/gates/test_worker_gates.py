"""The gates about the worker: pass, block, unknown, and the day on each edge."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing.gates.rules import NEVER, AssignmentFact, CredentialFact, DutyTerm, terms_of
from peerworks.lib.findings import Outcome, Stop
from peerworks.lib.periods import Days
from peerworks.lib.rulepack import Every
from providers.rules import CredentialDates, EmploymentFact, EmploymentKind
from supervision.rules import Duty, Mode, StageFact, SupervisorFacts
from tests.gates.clean import (
    AUTHORITY,
    DAY,
    GEORGIA,
    ONE,
    TERMS,
    TEXAS,
    ask,
    clean,
    having,
    ref,
    said,
    term,
)

TX = terms_of(TEXAS, "mh-individual")
WHAM = terms_of(GEORGIA, "whole-health")
TX_FULL = {"terms": TX, "pack": TEXAS}


def credential(name, kind="va-prs", ends=DAY, **more) -> CredentialFact:
    dates = CredentialDates(valid_from=DAY - 365 * ONE, expires_on=ends)
    return CredentialFact(
        record=ref("providers.credential", name),
        kind=kind,
        **{"stage": "FULL", "dates": dates, "verified_on": DAY, **more},
    )


class TestOnStaff:
    def test_first_and_last_day(self):
        job = EmploymentFact(
            EmploymentKind.CONTRACTOR, Days(DAY, DAY + ONE), ref("providers.employment", "1")
        )
        facts = having(clean(), "worker", employments=(job,))
        days = [replace(facts, service_day=DAY + n * ONE) for n in (-1, 0, 1)]
        found = [said(ask("PROV-01", each)) for each in days]
        assert found == ["STAFF-OFF", "PASS", "STAFF-OFF"]

    def test_not_on_staff_names_peer_and_day(self):
        finding = ask("PROV-01", clean(employment="NONE"))
        assert finding.because.params == {"peer": clean().worker.provider, "date": DAY}
        assert finding.stops == {Stop.BILL}

    @pytest.mark.parametrize(
        ("barred", "reason"), [(term(value=True), "STAFF-VOL"), (term(value=False), "PASS"), (None, "NO-RULE")]
    )  # fmt: skip
    def test_a_volunteer_is_billed_only_where_the_pack_allows_it(self, barred, reason):
        terms = replace(TERMS, volunteers_barred=barred)
        assert said(ask("PROV-01", clean(employment="VOLUNTEER"), terms)) == reason

    def test_unknown_employment(self):
        finding = ask("PROV-01", having(clean(), "worker", employments=None))
        assert said(finding) == "NO-FACT"
        assert finding.because.params == {"record": "providers.employment", "rule": "PROV-01"}


class TestCredentialValid:
    @pytest.mark.parametrize(("late", "reason"), [(0, "PASS"), (1, "CERT-EXP")])
    def test_through_the_last_valid_day(self, late, reason):
        facts = clean(service_day=DAY + late * ONE, credential_ends=DAY)
        assert said(ask("PROV-02", facts)) == reason

    def test_ended_names_certificate_and_both_days(self):
        finding = ask("PROV-02", clean(service_day=DAY + ONE, credential_ends=DAY))
        params = dict(finding.because.params)
        assert params.pop("cert").kind == "providers.credential"
        assert params == {"peer": clean().worker.provider, "date": DAY, "date2": DAY + ONE}
        assert finding.remedy.url_name == "providers:credential-renew"

    def test_without_a_visit_it_names_the_day_that_was_asked_about(self):
        facts = clean(service_day=DAY + ONE, credential_ends=DAY)
        standing = replace(facts, person=None, visit=None)
        for each in (standing, having(facts, "visit", start=None)):
            params = ask("PROV-02", each).because.params
            assert (params["asked"], "date2" in params) == (DAY + ONE, False)

    def test_none_at_all_and_one_that_begins_later(self):
        assert said(ask("PROV-02", clean(credential="NONE"))) == "CERT-NONE"
        later = CredentialDates(valid_from=DAY + ONE, expires_on=DAY + 365 * ONE)
        facts = having(clean(), "worker", credentials=(credential("1", dates=later),))
        assert said(ask("PROV-02", facts)) == "CERT-NONE"

    def test_a_renewal_with_a_gap_does_not_cover_the_gap(self):
        old = credential("old", ends=DAY - ONE)
        renewed = CredentialDates(valid_from=DAY + ONE, expires_on=DAY + 700 * ONE)
        facts = having(clean(), "worker", credentials=(old, credential("new", dates=renewed)))
        finding = ask("PROV-02", facts)
        assert said(finding) == "CERT-EXP"
        assert finding.because.params["cert"] == old.record

    def test_the_latest_that_ended_is_named(self):
        held = (credential("a", ends=DAY - 9 * ONE), credential("b", ends=DAY - 2 * ONE))
        finding = ask("PROV-02", having(clean(), "worker", credentials=held))
        assert finding.because.params["date"] == DAY - 2 * ONE

    def test_an_accepted_one_that_ended_is_told_before_another_that_holds(self):
        held = (credential("va", ends=DAY - ONE), credential("tx", kind="tx-peer-specialist"))
        facts = having(clean(), "worker", credentials=held)
        assert said(ask("PROV-02", facts)) == "CERT-EXP"
        assert said(ask("PROV-03", facts)) == "NOT_APPLICABLE"
        assert said(ask("PROV-04", facts)) == "NOT_APPLICABLE"

    def test_missing_dates_are_unknown_unless_another_holds(self):
        unclear = credential("unclear", dates=CredentialDates(valid_from=DAY))
        alone = having(clean(), "worker", credentials=(unclear,))
        assert ask("PROV-02", alone).because.params["record"] == unclear.record
        both = having(clean(), "worker", credentials=(unclear, credential("good")))
        assert said(ask("PROV-02", both)) == "PASS"

    @pytest.mark.parametrize("rule", ["PROV-02", "PROV-03", "PROV-04"])
    def test_unknown_credentials(self, rule):
        finding = ask(rule, having(clean(), "worker", credentials=None))
        assert (said(finding), finding.outcome) == ("NO-FACT", Outcome.UNKNOWN)
        assert finding.stops == {Stop.BILL}


class TestCredentialAccepted:
    def test_a_kind_of_another_state(self):
        finding = ask("PROV-03", clean(credential="tx-peer-specialist"))
        assert said(finding) == "CERT-STATE"
        assert finding.because.params["state"] == "VA"

    @pytest.mark.parametrize("stage", ["SUSPENDED", "LAPSED", "RETIRED"])
    def test_a_stage_that_bars(self, stage):
        assert said(ask("PROV-03", clean(credential_stage=stage))) == "CERT-STATE"

    def test_stages_that_a_pack_names_are_the_only_ones(self):
        for stage, reason in (("INITIAL", "PASS"), ("TRAINEE", "CERT-STATE")):
            facts = clean(**TX_FULL, credential_stage=stage)
            assert said(ask("PROV-03", facts, TX)) == reason
        silent = replace(TX, stages=None)
        assert said(ask("PROV-03", clean(**TX_FULL, credential_stage="TRAINEE"), silent)) == "PASS"

    def test_texas_recovery_support_alone_does_not_cover_mental_health(self):
        finding = ask("PROV-03", clean(**TX_FULL, credential_endorsements=["RECOVERY_SUPPORT"]), TX)
        assert said(finding) == "CERT-ENDORSE"
        assert finding.because.params["endorsement"] == "MENTAL_HEALTH"
        assert finding.authority.path.endswith("credentials.endorsements")

    def test_one_of_several_endorsements_suffices(self):
        wide = replace(TX, endorsements=term(("YOUTH", "RECOVERY_SUPPORT")))
        facts = clean(**TX_FULL, credential_endorsements=["RECOVERY_SUPPORT"])
        assert said(ask("PROV-03", facts, wide)) == "PASS"

    def test_no_value_for_endorsements(self):
        finding = ask("PROV-03", clean(), replace(TERMS, endorsements=None))
        assert said(finding) == "NO-RULE"
        assert finding.because.params == {
            "rule": "credentials.endorsements",
            "service": "sud-individual",
            "pack": "va-dmas-peer",
        }


class TestCredentialVerified:
    def test_verified_or_not(self):
        assert said(ask("PROV-04", clean())) == "PASS"
        finding = ask("PROV-04", clean(credential_verified=False))
        assert said(finding) == "CERT-UNVER"
        assert finding.remedy.who == ("ADMINISTRATOR",)

    def test_proof_that_came_later_proves_the_day(self):
        facts = having(
            clean(), "worker", credentials=(credential("1", verified_on=DAY + 90 * ONE),)
        )
        assert said(ask("PROV-04", facts)) == "PASS"

    def test_only_a_usable_certificate_counts(self):
        held = (credential("good", verified_on=None), credential("lapsed", stage="LAPSED"))
        assert said(ask("PROV-04", having(clean(), "worker", credentials=held))) == "CERT-UNVER"
        assert said(ask("PROV-04", clean(credential_stage="LAPSED"))) == "NOT_APPLICABLE"


class TestSupervisorAssigned:
    def test_first_and_last_day(self):
        facts = clean()
        first = replace(facts.worker.assignments[0], days=Days(DAY, DAY + ONE))
        facts = having(facts, "worker", assignments=(first,))
        found = [
            said(ask("SUPV-01", replace(facts, service_day=DAY + n * ONE))) for n in (-1, 0, 1)
        ]
        assert found == ["SUP-NONE", "PASS", "SUP-NONE"]

    def test_without_one_the_others_say_nothing_more(self):
        facts = clean(supervisor=False)
        assert [said(ask(f"SUPV-0{n}", facts)) for n in (1, 2, 3)] == [
            "SUP-NONE",
            "NOT_APPLICABLE",
            "NOT_APPLICABLE",
        ]

    @pytest.mark.parametrize("rule", ["SUPV-01", "SUPV-02", "SUPV-03"])
    def test_unknown_assignments(self, rule):
        assert said(ask(rule, having(clean(), "worker", assignments=None))) == "NO-FACT"


def assignment(name, supports) -> AssignmentFact:
    return AssignmentFact(
        record=ref("supervision.assignment", name),
        supervisor=ref("providers.provider", name),
        days=Days(DAY - ONE),
        supports=supports,
    )


class TestSupervisorQualified:
    def test_what_is_missing_is_named(self):
        finding = ask("SUPV-02", clean(supervisor_licences=["CSAC"]))
        assert said(finding) == "SUP-UNQUAL"
        assert finding.because.params["missing"] == "under_licensed_direction"

    def test_one_qualified_of_two_suffices(self):
        good = clean().worker.assignments[0].supports
        facts = having(
            clean(),
            "worker",
            assignments=(assignment("a", SupervisorFacts()), assignment("b", good)),
        )
        assert said(ask("SUPV-02", facts)) == "PASS"

    def test_the_nearest_of_two_is_named(self):
        near = SupervisorFacts(licences=(("CSAC", Days(DAY)),))
        facts = having(
            clean(),
            "worker",
            assignments=(assignment("far", SupervisorFacts()), assignment("near", near)),
        )
        assert ask("SUPV-02", facts).because.params["supervisor"].id == "near"

    def test_unknown_supports_leave_it_open(self):
        facts = having(
            clean(),
            "worker",
            assignments=(assignment("a", SupervisorFacts()), assignment("b", None)),
        )
        finding = ask("SUPV-02", facts)
        assert said(finding) == "NO-FACT"
        assert finding.because.params["record"].id == "b"

    def test_grace_and_no_grace(self):
        newly = SupervisorFacts(
            licences=(("CREDENTIALED_ADDICTION_PROFESSIONAL", Days(DAY - ONE)),),
            supervising_since=DAY - ONE,
        )
        facts = having(clean(), "worker", assignments=(assignment("new", newly),))
        for grace, reason in ((term(6), "PASS"), (term(0), "SUP-UNQUAL"), (None, "SUP-UNQUAL")):
            assert said(ask("SUPV-02", facts, replace(TERMS, grace_months=grace))) == reason

    def test_no_rule(self):
        assert said(ask("SUPV-02", clean(), replace(TERMS, qualification=None))) == "NO-RULE"


class TestSupervisionCurrent:
    @pytest.mark.parametrize(
        ("stage", "passed", "reason"),
        [
            ("INITIAL", 7, "PASS"),
            ("INITIAL", 8, "SUP-LATE"),
            ("FULL", 8, "PASS"),
            ("FULL", 31, "SUP-LATE"),
        ],
    )
    def test_texas_by_stage(self, stage, passed, reason):
        facts = clean(**TX_FULL, credential_stage=stage, last_supervision=DAY - passed * ONE)
        finding = ask("SUPV-03", facts, TX)
        assert said(finding) == reason
        assert finding.outcome in (Outcome.PASS, Outcome.WARN)
        assert finding.stops == frozenset()

    def test_late_tells_days_and_interval(self):
        facts = clean(**TX_FULL, credential_stage="INITIAL", last_supervision=DAY - 9 * ONE)
        params = ask("SUPV-03", facts, TX).because.params
        assert (params["date"], params["date2"], params["interval"]) == (DAY, DAY - 9 * ONE, "P7D")

    def test_never_supervised_is_told_as_never(self):
        finding = ask("SUPV-03", clean(last_supervision="NONE"))
        assert (said(finding), finding.because.params["date2"]) == ("SUP-LATE", NEVER)
        assert finding.because.params["interval"] == "P1M"

    def test_virginia_pack_makes_it_a_block(self):
        finding = ask("SUPV-03", clean(last_supervision=DAY - 40 * ONE))
        assert (finding.outcome, finding.stops) == (Outcome.BLOCK, {Stop.BILL})

    def test_with_two_stages_at_once_the_strictest_decides(self):
        facts = clean(**TX_FULL, last_supervision=DAY - 8 * ONE)
        both = (StageFact("INITIAL", Days(DAY - 99 * ONE)), StageFact("FULL", Days(DAY - 99 * ONE)))
        finding = ask("SUPV-03", having(facts, "worker", stages=both), TX)
        assert (said(finding), finding.because.params["interval"]) == ("SUP-LATE", "P7D")
        assert finding.authority.path.startswith("workforce.supervision")

    def test_hours_of_a_month(self):
        hours = Duty(
            stage="FULL",
            mode=Mode.HOURS_PER_MONTH,
            formats=frozenset({"INDIVIDUAL"}),
            minutes=150,
        )
        terms = replace(TERMS, supervision=(DutyTerm(hours, AUTHORITY),))
        facts = clean(terms=terms, last_supervision=DAY - 20 * ONE)
        facts = having(facts, "worker", stages=(StageFact("FULL", Days(DAY - 50 * ONE)),))
        finding = ask("SUPV-03", facts, terms)
        assert said(finding) == "SUP-SHORT"
        params = finding.because.params
        assert (params["x"], params["y"]) == (Decimal("1.00"), Decimal("2.50"))
        assert params["period"] == "2026-02-01/2026-02-28"

    def test_what_is_missing_is_unknown(self):
        facts = clean()
        assert said(ask("SUPV-03", facts, replace(TERMS, supervision=()))) == "NO-RULE"
        weekly = Duty(stage="TRAINEE", mode=Mode.INTERVAL, formats=frozenset(), every=Every(days=7))
        other = replace(TERMS, supervision=(DutyTerm(weekly, AUTHORITY),))
        assert said(ask("SUPV-03", facts, other)) == "NO-RULE"
        for unknown in ({"stages": None}, {"stages": ()}, {"sessions": None}):
            assert said(ask("SUPV-03", having(facts, "worker", **unknown))) == "NO-FACT"

    def test_without_a_certificate_another_gate_has_told(self):
        facts = having(clean(credential="NONE"), "worker", stages=())
        assert said(ask("SUPV-03", facts)) == "NOT_APPLICABLE"
        assert said(ask("PROV-02", facts)) == "CERT-NONE"


class TestTraining:
    def test_georgias_whole_health_needs_wham_by_the_day(self):
        facts = clean(terms=WHAM, pack=GEORGIA)
        assert said(ask("TRNG-01", facts, WHAM)) == "PASS"
        day_before = replace(facts, service_day=DAY - ONE)
        finding = ask("TRNG-01", day_before, WHAM)
        assert (said(finding), finding.because.params["training"]) == ("TRAIN-MISS", "wham")

    def test_only_what_is_missing_is_named(self):
        terms = replace(WHAM, trainings=term(("wham", "wrap", "hipaa")))
        finding = ask("TRNG-01", clean(terms=terms, pack=GEORGIA, trainings=["wrap"]), terms)
        assert finding.because.params["training"] == "wham,hipaa"
        assert [each.value for each in finding.evidence] == ["wrap"]

    def test_nothing_asked_no_rule_and_no_facts(self):
        facts = clean()
        assert said(ask("TRNG-01", facts)) == "NOT_APPLICABLE"
        assert said(ask("TRNG-01", facts, replace(TERMS, trainings=None))) == "NO-RULE"
        unknown = having(facts, "worker", completions=None)
        assert said(ask("TRNG-01", unknown, WHAM)) == "NO-FACT"
