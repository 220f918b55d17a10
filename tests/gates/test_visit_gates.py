"""The gates about the visit: time, units, note and claim; pass, block, unknown, and every edge."""

import datetime as dt
from dataclasses import replace

import pytest

from billing.gates.rules import (
    CapTerm,
    CosignatureFact,
    DeductionFact,
    LiveLineFact,
    OtherVisitFact,
    SpanFact,
)
from billing.states import NoteState
from peerworks.lib.findings import Outcome, Stop
from peerworks.lib.periods import Days
from peerworks.lib.units import Engine, Scope
from providers.rules import EmploymentFact, EmploymentKind
from supervision.rules import SupervisorFacts
from tests.gates.clean import DAY, ONE, TERMS, ask, clean, having, ref, said, term

V_GATES_OF_A_VISIT = ("TIME-01", "UNIT-01", "UNIT-02", "NOTE-01", "NOTE-02", "CLAM-01")
MINUTE = dt.timedelta(minutes=1)
START = clean().visit.start
END = clean().visit.end


@pytest.mark.parametrize("rule", V_GATES_OF_A_VISIT)
def test_without_a_visit_there_is_nothing_to_ask(rule):
    assert said(ask(rule, replace(clean(), visit=None))) == "NOT_APPLICABLE"


@pytest.mark.parametrize(
    ("rule", "unknown"),
    [
        ("TIME-01", "start"),
        ("TIME-01", "end"),
        ("TIME-01", "spans"),
        ("UNIT-01", "end"),
        ("UNIT-01", "start"),
        ("UNIT-01", "other_visits"),
        ("UNIT-02", "end"),
        ("UNIT-02", "other_visits"),
        ("NOTE-02", "cosignatures"),
        ("CLAM-01", "live_lines"),
    ],
)
def test_a_missing_fact_is_unknown_and_stops_the_claim_only(rule, unknown):
    finding = ask(rule, having(clean(), "visit", **{unknown: None}))
    assert (said(finding), finding.outcome) == ("NO-FACT", Outcome.UNKNOWN)
    assert finding.stops == {Stop.BILL}


def span(start, end, **more) -> SpanFact:
    return SpanFact(record=ref("providers.workspan", "other"), start=start, end=end, **more)


class TestOverlap:
    @pytest.mark.parametrize(
        ("start", "end", "reason"),
        [
            (START - 30 * MINUTE, START, "PASS"),
            (START - 30 * MINUTE, START + MINUTE, "TIME-OVER"),
            (END - MINUTE, END + 30 * MINUTE, "TIME-OVER"),
            (END, END + 30 * MINUTE, "PASS"),
            (START + MINUTE, END - MINUTE, "TIME-OVER"),
        ],
    )
    def test_by_one_minute(self, start, end, reason):
        facts = having(clean(), "visit", spans=(span(start, end),))
        assert said(ask("TIME-01", facts)) == reason

    def test_stops_the_signature_and_names_the_first_that_overlaps(self):
        spans = (span(START + 20 * MINUTE, END), span(START - MINUTE, START + MINUTE))
        finding = ask("TIME-01", having(clean(), "visit", spans=spans))
        assert finding.stops == {Stop.SIGN}
        assert dict(finding.because.params) == {
            "peer": clean().worker.provider,
            "start": START - MINUTE,
            "end": START + MINUTE,
        }

    @pytest.mark.parametrize(
        ("own", "other", "reason"),
        [("group", "group", "PASS"), ("group", "another", "TIME-OVER"), ("", "", "TIME-OVER")],
    )
    def test_notes_of_one_group_session_share_their_time(self, own, other, reason):
        shared = span(START, END, group_session=other)
        facts = having(clean(), "visit", group_session=own, spans=(shared,))
        assert said(ask("TIME-01", facts)) == reason

    def test_a_visit_without_length_overlaps_nothing(self):
        facts = having(clean(), "visit", end=START, spans=(span(START - MINUTE, END),))
        assert said(ask("TIME-01", facts)) == "PASS"
        assert said(ask("UNIT-01", facts)) == "TIME-SHORT"


def other(name, minutes, *, start=START - 60 * MINUTE, **more) -> OtherVisitFact:
    return OtherVisitFact(
        id=name,
        start=start,
        minutes=minutes,
        **{
            "provider": "peer",
            "service": "sud-individual",
            "day": DAY,
            "code": "T1012",
            **more,
        },
    )


class TestAtLeastOneUnit:
    @pytest.mark.parametrize(
        ("engine", "minutes", "reason"),
        [
            (Engine.FULL_UNIT, 14, "TIME-SHORT"),
            (Engine.FULL_UNIT, 15, "PASS"),
            (Engine.MIDPOINT_8, 7, "TIME-SHORT"),
            (Engine.MIDPOINT_8, 8, "PASS"),
            (Engine.UP_TO, 0, "TIME-SHORT"),
            (Engine.UP_TO, 1, "PASS"),
        ],
    )
    def test_the_edge_of_each_rounding(self, engine, minutes, reason):
        terms = replace(TERMS, engine=term(engine))
        assert said(ask("UNIT-01", clean(minutes=minutes), terms)) == reason

    def test_two_sevens_of_one_day_make_a_unit_where_the_day_is_rounded_at_the_midpoint(self):
        facts = clean(minutes=7, minutes_before=[7])
        for scope, reason in ((Scope.DAY, "PASS"), (Scope.ENCOUNTER, "TIME-SHORT")):
            terms = replace(TERMS, engine=term(Engine.MIDPOINT_8), scope=term(scope))
            assert said(ask("UNIT-01", facts, terms)) == reason

    @pytest.mark.parametrize(
        "different",
        [
            {"provider": "another"},
            {"code": "S9445"},
            {"modifiers": ("GT",)},
            {"day": DAY - ONE},
        ],
    )
    def test_what_differs_never_adds_up(self, different):
        facts = having(clean(minutes=10), "visit", other_visits=(other("o", 10, **different),))
        assert said(ask("UNIT-01", facts)) == "TIME-SHORT"
        same = having(clean(minutes=10), "visit", other_visits=(other("o", 10),))
        assert said(ask("UNIT-01", same)) == "PASS"

    def test_a_ride_and_paperwork_make_no_units_even_with_a_goal(self):
        for deducted, reason in ((45, "PASS"), (46, "TIME-SHORT"), (999, "TIME-SHORT")):
            ride = DeductionFact("TRANSPORT_ONLY", deducted)
            facts = having(clean(minutes=60), "visit", deductions=(ride,))
            assert said(ask("UNIT-01", facts)) == reason

    def test_tells_minutes_and_what_one_unit_takes(self):
        params = ask("UNIT-01", clean(minutes=14)).because.params
        assert params == {"n": 14, "m": 15}


def cap(limit, *, in_minutes=False, warns=False) -> CapTerm:
    return CapTerm(term(limit), in_minutes=in_minutes, warns=warns)


class TestDayCap:
    @pytest.mark.parametrize(
        ("before", "minutes", "reason"),
        [(12, 60, "PASS"), (16, 15, "UNITS-DAY"), (14, 45, "UNITS-DAY"), (15, 29, "PASS")],
    )
    def test_virginias_sixteen(self, before, minutes, reason):
        assert said(ask("UNIT-02", clean(units_same_day=before, minutes=minutes))) == reason

    def test_tells_units_and_limit(self):
        finding = ask("UNIT-02", clean(units_same_day=14, minutes=45))
        assert finding.because.params == {"n": 17, "m": 16}
        assert finding.authority.path.endswith("caps.day.units")

    def test_later_visits_do_not_hold_this_one_and_earlier_ones_of_anybody_do(self):
        for start, reason in ((END, "PASS"), (START - 300 * MINUTE, "UNITS-DAY")):
            visit = other("o", 240, start=start, provider="another")
            facts = having(clean(), "visit", other_visits=(visit,))
            assert said(ask("UNIT-02", facts)) == reason

    @pytest.mark.parametrize(("name", "reason"), [("a", "UNITS-DAY"), ("z", "PASS")])
    def test_of_two_at_the_same_moment_the_id_decides(self, name, reason):
        visit = other(name, 240, start=START, provider="another")
        assert said(ask("UNIT-02", having(clean(), "visit", other_visits=(visit,)))) == reason

    @pytest.mark.parametrize("different", [{"service": "mh-individual"}, {"day": DAY - ONE}])
    def test_another_service_and_another_day_do_not_count(self, different):
        facts = having(clean(), "visit", other_visits=(other("o", 240, **different),))
        assert said(ask("UNIT-02", facts)) == "PASS"

    @pytest.mark.parametrize(("before", "reason"), [(180, "PASS"), (181, "UNITS-DAY")])
    def test_ohios_four_hours_are_counted_in_minutes(self, before, reason):
        terms = replace(TERMS, day_caps=(cap(240, in_minutes=True),))
        facts = having(clean(minutes=60), "visit", other_visits=(other("o", before),))
        finding = ask("UNIT-02", facts, terms)
        assert said(finding) == reason
        if reason == "UNITS-DAY":
            assert finding.because.params == {"n": 17, "m": 16}

    def test_a_cap_that_warns_stops_nothing_and_yields_to_one_that_holds(self):
        facts = clean(minutes=60)
        warned = ask("UNIT-02", facts, replace(TERMS, day_caps=(cap(3, warns=True),)))
        assert (warned.outcome, warned.stops) == (Outcome.WARN, frozenset())
        both = replace(TERMS, day_caps=(cap(3, warns=True), cap(2)))
        held = ask("UNIT-02", facts, both)
        assert (held.outcome, held.because.params["m"]) == (Outcome.BLOCK, 2)

    def test_none_asks_nothing_and_silence_is_unknown(self):
        assert said(ask("UNIT-02", clean(), replace(TERMS, day_caps=()))) == "NOT_APPLICABLE"
        assert said(ask("UNIT-02", clean(), replace(TERMS, day_caps=None))) == "NO-RULE"


class TestSigned:
    @pytest.mark.parametrize("state", list(NoteState))
    def test_by_state(self, state):
        in_force = state in {NoteState.SIGNED, NoteState.COSIGNED, NoteState.CORRECTING}
        facts = having(clean(), "visit", state=state.value)
        assert said(ask("NOTE-01", facts)) == ("PASS" if in_force else "NOTE-DRAFT")

    def test_a_signed_state_without_a_signature_is_none(self):
        assert said(ask("NOTE-01", having(clean(), "visit", signed_on=None))) == "NOTE-DRAFT"


def cosigned(facts, **changes):
    first = facts.visit.cosignatures[0]
    return having(facts, "visit", cosignatures=(replace(first, **changes),))


class TestCosigned:
    def test_waiting_names_the_supervisor_and_since_when(self):
        facts = clean(cosigned=False)
        finding = ask("NOTE-02", having(facts, "visit", signed_on=DAY + ONE))
        assert said(finding) == "NOTE-REVIEW"
        supervisor = facts.worker.assignments[0].supervisor
        assert finding.because.params == {"supervisor": supervisor, "date": DAY + ONE}

    def test_with_nobody_assigned_the_role_stands_for_the_supervisor(self):
        facts = clean(cosigned=False, supervisor=False)
        assert ask("NOTE-02", facts).because.params["supervisor"] == "SUPERVISOR"
        unknown = having(facts, "worker", assignments=None)
        assert ask("NOTE-02", unknown).because.params["supervisor"] == "SUPERVISOR"

    def test_an_unsigned_note_waits_for_its_author(self):
        assert said(ask("NOTE-02", clean(signed=False))) == "NOT_APPLICABLE"

    def test_nobody_cosigns_their_own_note(self):
        finding = ask("NOTE-02", clean(cosigned_by_author=True))
        assert (said(finding), finding.because.params["missing"]) == ("COSIGN-WHO", "own-note")

    def test_neither_assigned_nor_a_delegate(self):
        finding = ask("NOTE-02", cosigned(clean(), was_assigned=False))
        assert (said(finding), finding.because.params["missing"]) == ("COSIGN-WHO", "not-assigned")

    def test_qualified_on_the_day_of_cosigning(self):
        licensed = SupervisorFacts(
            licences=(("CSAC", Days(DAY, DAY + ONE)),), directed_days=(Days(DAY),)
        )
        found = [
            said(ask("NOTE-02", cosigned(clean(), on=DAY + n * ONE, supports=licensed)))
            for n in (0, 1)
        ]
        assert found == ["PASS", "COSIGN-WHO"]

    def test_a_right_one_beside_a_wrong_one_suffices(self):
        right = clean().visit.cosignatures[0]
        wrong = replace(right, was_assigned=False)
        facts = having(clean(), "visit", cosignatures=(right, wrong))
        assert said(ask("NOTE-02", facts)) == "PASS"

    def test_what_is_missing_is_unknown(self):
        assert said(ask("NOTE-02", cosigned(clean(), supports=None))) == "NO-FACT"
        assert said(ask("NOTE-02", clean(), replace(TERMS, qualification=None))) == "NO-RULE"

    def test_grace_holds_for_the_cosigner_too(self):
        newly = SupervisorFacts(
            licences=(("CREDENTIALED_ADDICTION_PROFESSIONAL", Days(DAY)),), supervising_since=DAY
        )
        facts = cosigned(clean(), supports=newly)
        for grace, reason in ((term(6), "PASS"), (None, "COSIGN-WHO")):
            assert said(ask("NOTE-02", facts, replace(TERMS, grace_months=grace))) == reason

    @pytest.mark.parametrize(
        ("employed", "reason"),
        [(89, "NOTE-REVIEW"), (90, "NOT_APPLICABLE"), (0, "NOTE-REVIEW")],
    )
    def test_new_peers_only(self, employed, reason):
        terms = replace(TERMS, cosign=term("NEW_PEERS"), new_peer_days=term(90))
        job = EmploymentFact(
            EmploymentKind.EMPLOYEE, Days(DAY - employed * ONE), ref("providers.employment", "1")
        )
        facts = having(clean(cosigned=False), "worker", employments=(job,))
        assert said(ask("NOTE-02", facts, terms)) == reason

    def test_new_peers_without_rule_without_facts_and_not_on_staff(self):
        terms = replace(TERMS, cosign=term("NEW_PEERS"), new_peer_days=term(90))
        facts = clean(cosigned=False)
        assert said(ask("NOTE-02", facts, replace(terms, new_peer_days=None))) == "NO-RULE"
        unknown = having(facts, "worker", employments=None)
        assert said(ask("NOTE-02", unknown, terms)) == "NO-FACT"
        nobody = having(facts, "worker", employments=())
        assert said(ask("NOTE-02", nobody, terms)) == "NOTE-REVIEW"

    def test_never(self):
        terms = replace(TERMS, cosign=term("NEVER"))
        assert said(ask("NOTE-02", clean(cosigned=False), terms)) == "NOT_APPLICABLE"


class TestBilled:
    def test_the_visit_itself(self):
        finding = ask("CLAM-01", clean(billed=True))
        assert said(finding) == "BILLED"
        assert finding.because.params["claim"].kind == "billing.claim"

    def test_another_of_its_unit_group_and_none_other(self):
        line = LiveLineFact(ref("billing.claim", "1"), frozenset({"o"}))
        for scope, different, reason in (
            (Scope.DAY, {}, "BILLED"),
            (Scope.ENCOUNTER, {}, "PASS"),
            (Scope.DAY, {"provider": "another"}, "PASS"),
        ):
            visits = (other("o", 30, **different),)
            facts = having(clean(), "visit", other_visits=visits, live_lines=(line,))
            assert said(ask("CLAM-01", facts, replace(TERMS, scope=term(scope)))) == reason

    def test_without_times_the_visit_alone_is_looked_for(self):
        facts = having(clean(billed=True), "visit", end=None)
        assert said(ask("CLAM-01", facts)) == "BILLED"


def test_a_cosignature_fact_carries_its_record():
    fact = clean().visit.cosignatures[0]
    assert isinstance(fact, CosignatureFact)
    seen = ask("NOTE-02", clean()).evidence[0]
    assert (seen.record, seen.as_of) == (fact.record, DAY)
