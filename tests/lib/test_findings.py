"""The values that rules speak in: the worst of several, what is told, and refusals."""

import datetime as dt
from itertools import permutations
from uuid import UUID

import pytest

from peerworks.lib.findings import (
    Authority,
    Because,
    Finding,
    Moment,
    Outcome,
    RecordRef,
    Refused,
    Remedy,
    Status,
    UnitGroup,
    Verdict,
    enforce,
    ref,
    refuse,
    worst,
)

WORST_FIRST = [
    Outcome.BLOCK,
    Outcome.UNKNOWN,
    Outcome.WARN,
    Outcome.PASS,
    Outcome.NOT_APPLICABLE,
]


def finding(rule: str, outcome: Outcome, reason: str | None = None) -> Finding:
    return Finding(rule, outcome, Because(reason) if reason else None)


def verdict(*findings: Finding) -> Verdict:
    return Verdict(
        visit="v",
        on=dt.date(2026, 3, 14),
        moment=Moment.WRITING,
        coverage=None,
        findings=findings,
        not_checked=(),
        outcome=worst(each.outcome for each in findings),
        can_sign=True,
        can_bill=True,
        minutes=45,
        units=3,
        unit_group=UnitGroup(),
        code="H0038",
        modifiers=(),
        charge=None,
        packs=(),
        facts_sha256="",
    )


class TestWorst:
    @pytest.mark.parametrize("place", range(len(WORST_FIRST)))
    def test_is_the_first_of_the_order_however_they_come(self, place: int) -> None:
        for outcomes in permutations(WORST_FIRST[place:]):
            assert worst(outcomes) is WORST_FIRST[place]

    def test_of_none_is_not_applicable(self) -> None:
        assert worst([]) is Outcome.NOT_APPLICABLE

    def test_knows_every_outcome(self) -> None:
        assert [worst([each]) for each in Outcome] == list(Outcome)


class TestTold:
    def test_holds_what_has_a_reason_the_worst_first(self) -> None:
        silent = finding("PROV-01", Outcome.PASS)
        soon = finding("FILE-01", Outcome.PASS, "FILE-SOON")
        late = finding("SUPV-03", Outcome.WARN, "SUP-LATE")
        first, second = (finding(f"PROV-0{n}", Outcome.BLOCK, "CERT-EXP") for n in (2, 3))
        unknown = finding("UNIT-01", Outcome.UNKNOWN, "NO-RULE")
        told = verdict(silent, soon, first, late, second, unknown).told()
        assert told == (first, second, unknown, late, soon)

    def test_of_a_verdict_without_reasons_is_empty(self) -> None:
        assert verdict(finding("PROV-01", Outcome.PASS)).told() == ()


class TestAuthority:
    def test_only_sourced_and_agency_values_are_confirmed(self) -> None:
        confirmed = {
            status for status in Status if Authority("p", "1", "a.b", status, "s").is_confirmed
        }
        assert confirmed == {Status.SOURCED, Status.AGENCY}


class TestRefusals:
    def test_enforce_does_nothing_without_a_refusal(self) -> None:
        enforce(None)

    def test_enforce_raises_the_refusal_it_is_given(self) -> None:
        remedy = Remedy("ask-another", who=("SUPERVISOR",))
        refusal = refuse("COSIGN-WHO", remedy=remedy, date=dt.date(2026, 3, 14))
        with pytest.raises(Refused, match=r"^COSIGN-WHO$") as caught:
            enforce(refusal)
        assert caught.value.refusal is refusal
        assert refusal.code == refusal.because.reason == "COSIGN-WHO"
        assert refusal.because.params == {"date": dt.date(2026, 3, 14)}
        assert refusal.remedy is remedy

    def test_what_a_refusal_holds_cannot_be_changed(self) -> None:
        params = refuse("COSIGN-WHO", n=1).because.params
        with pytest.raises(TypeError):
            params["n"] = 2  # type: ignore[index]


class TestRef:
    def test_takes_an_id_of_either_type(self) -> None:
        number = UUID(int=7)
        as_text = RecordRef("billing.servicenote", "00000000-0000-0000-0000-000000000007", "2")
        assert ref("billing.servicenote", number, "2") == as_text
        assert ref("billing.servicenote", str(number), "2") == as_text
