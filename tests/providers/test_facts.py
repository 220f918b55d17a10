"""Facts in bulk, the registries that upper apps fill, and what certificates say together."""

import datetime as dt
from uuid import uuid4

import pytest

from peerworks.lib.findings import Because, Finding, Outcome, Standing, ref
from peerworks.lib.periods import Days
from peerworks.rulepacks.examples import run_examples
from peerworks.rulepacks.queries import pack_on
from providers import standing
from providers.models import Credential
from providers.queries import certified_days, histories, statuses, worker_facts
from providers.rules import EmploymentKind
from tests.factories.providers import (
    make_credential,
    make_credential_kind,
    make_employment,
    make_placement,
    make_provider,
    make_verification,
)

DAY = dt.date(2026, 3, 14)
NOW = dt.datetime(2026, 3, 14, 15, tzinfo=dt.UTC)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.fixture
def clerk(world):
    """Inside Juniper Bridge, as its administrator."""
    with world.acting("administrator") as player:
        yield player.member


def full(provider):
    """Certificates as pages load them."""
    found = Credential.objects.filter(provider=provider).select_related("kind", "entered_by__user")
    return list(found.prefetch_related("verifications__verified_by__user"))


def test_facts_are_what_is_on_record(world, clerk):
    provider = make_provider(by=clerk, employed_from=None)
    make_employment(
        by=clerk,
        provider=provider,
        since=day("2024-01-01"),
        until=day("2025-01-01"),
        kind="VOLUNTEER",
    )
    make_employment(by=clerk, provider=provider, since=day("2025-01-01"))
    placement = make_placement(
        by=clerk, provider=provider, program=world.juniper.programs["dogwood"], since=DAY
    )
    held = make_credential(
        by=world["peer"].member,
        provider=provider,
        kind=world.juniper.kinds["va-prs"],
        since=day("2025-06-01"),
        until=day("2026-05-31"),
        states=["VA"],
    )
    make_verification(by=clerk, credential=held, at=NOW, checked_on=day("2025-06-20"))
    make_verification(by=clerk, credential=held, at=NOW, checked_on=day("2025-06-10"))
    facts = worker_facts([provider.pk])[provider.pk]
    assert [(each.kind, each.days) for each in facts.employments] == [
        (EmploymentKind.VOLUNTEER, Days(day("2024-01-01"), day("2025-01-01"))),
        (EmploymentKind.EMPLOYEE, Days(day("2025-01-01"))),
    ]
    (certificate,) = facts.credentials
    assert certificate.record == ref("providers.credential", held.pk)
    assert (certificate.pack, certificate.kind) == ("va-dmas-peer", "va-prs")
    assert certificate.verified_on == day("2025-06-10")
    assert certificate.dates.expires_on == day("2026-05-31")
    (placed,) = facts.placements
    assert (placed.program, placed.pack) == (placement.program_id, "va-dmas-peer")


def test_an_unverified_certificate_says_so_and_nobody_is_left_out(world, clerk):
    provider, nobody = make_provider(by=clerk), uuid4()
    make_credential(
        by=clerk, provider=provider, kind=make_credential_kind(by=clerk), since=DAY, until=None
    )
    facts = worker_facts([provider.pk, nobody])
    assert facts[provider.pk].credentials[0].verified_on is None
    assert facts[provider.pk].credentials[0].dates.never_ends
    assert facts[nobody].credentials == ()


@pytest.mark.parametrize("count", [1, 10, 40])
def test_the_number_of_queries_does_not_grow(clerk, django_assert_num_queries, count):
    ids = [make_provider(by=clerk).pk for _ in range(count)]
    with django_assert_num_queries(3):
        worker_facts(ids)


def test_facts_of_another_agency_stay_there(world):
    with world.acting("other-administrator"):
        facts = worker_facts([world["peer"].provider.pk])
    assert facts[world["peer"].provider.pk].employments == ()


class TestCertifiedDays:
    def test_a_renewal_without_a_gap_makes_one_run(self, clerk):
        provider, kind = make_provider(by=clerk), make_credential_kind(by=clerk)
        make_credential(by=clerk, provider=provider, kind=kind, since=day("2025-01-01"), until=DAY)
        make_credential(
            by=clerk, provider=provider, kind=kind, since=day("2026-03-15"), until=day("2027-03-14")
        )
        assert certified_days(full(provider)) == [Days(day("2025-01-01"), day("2027-03-15"))]
        (status,) = statuses(full(provider), DAY)
        assert (status.tone, status.days_left) == ("ok", 365)
        assert status.words == "Valid through March 14, 2027"

    def test_a_gap_is_told_with_its_days(self, clerk):
        provider, kind = make_provider(by=clerk), make_credential_kind(by=clerk)
        make_credential(by=clerk, provider=provider, kind=kind, since=day("2025-01-01"), until=DAY)
        make_credential(
            by=clerk, provider=provider, kind=kind, since=day("2026-04-01"), until=day("2027-03-31")
        )
        (history,) = histories(full(provider), day("2026-04-02"))
        said = [(each.words, each.kind) for each in history.events]
        assert ("Not certified March 15, 2026 – March 31, 2026", "late") in said

    @pytest.mark.parametrize(
        ("on", "tone", "words", "left"),
        [
            ("2025-12-31", "info", "Valid from January 1, 2026", ""),
            ("2026-01-01", "ok", "Valid through December 31, 2026", "364 days left"),
            ("2026-10-01", "ok", "Valid through December 31, 2026", "91 days left"),
            ("2026-10-02", "soon", "Valid through December 31, 2026", "90 days left"),
            ("2026-12-30", "soon", "Valid through December 31, 2026", "1 day left"),
            ("2026-12-31", "soon", "Valid through December 31, 2026", "last day today"),
            ("2027-01-01", "late", "Ended on December 31, 2026", ""),
        ],
    )
    def test_a_status_on_each_edge(self, clerk, on, tone, words, left):
        provider, kind = make_provider(by=clerk), make_credential_kind(by=clerk)
        make_credential(
            by=clerk, provider=provider, kind=kind, since=day("2026-01-01"), until=day("2026-12-31")
        )
        (status,) = statuses(full(provider), day(on))
        assert (status.tone, status.words, status.left) == (tone, words, left)
        assert not status.is_verified

    @pytest.mark.parametrize(
        ("stage", "said"),
        [
            ("SUSPENDED", "Suspended since March 10, 2026"),
            ("LAPSED", "Not in force since March 10, 2026"),
        ],
    )
    def test_one_that_was_stopped_says_since_when(self, clerk, stage, said):
        provider, kind = make_provider(by=clerk), make_credential_kind(by=clerk)
        make_credential(
            by=clerk,
            provider=provider,
            kind=kind,
            since=day("2026-01-01"),
            until=day("2026-12-31"),
            stage=stage,
            inactive_on=day("2026-03-10"),
        )
        (status,) = statuses(full(provider), DAY)
        assert (status.tone, status.words) == ("late", said)

    def test_one_entered_by_mistake_was_valid_on_no_day_and_is_given_up(self, clerk):
        provider, kind = make_provider(by=clerk), make_credential_kind(by=clerk)
        make_credential(
            by=clerk,
            provider=provider,
            kind=kind,
            since=DAY,
            until=None,
            stage="RETIRED",
            inactive_on=DAY,
        )
        assert certified_days(full(provider)) == []
        assert statuses(full(provider), DAY) == []
        (history,) = histories(full(provider), DAY)
        assert [each.words for each in history.events] == ["Entered by mistake, retired"]


class TestStanding:
    PEER = ref("providers.provider", uuid4())

    def blocked(self, service, *codes):
        findings = tuple(
            Finding("PROV-02", Outcome.BLOCK, Because(code, {"peer": self.PEER})) for code in codes
        )
        return Standing("x", DAY, service, findings, can_bill=False)

    def test_one_service_is_enough(self):
        good = Standing("x", DAY, "a", (), can_bill=True)
        assert standing.can_bill([self.blocked("b", "CERT-NONE"), good]) is True
        assert standing.can_bill([self.blocked("b", "CERT-NONE")]) is False
        assert standing.can_bill([]) is None

    def test_each_reason_is_told_once(self):
        held = [self.blocked("a", "CERT-NONE", "SUP-NONE"), self.blocked("b", "CERT-NONE")]
        told = [each.because.reason for each in standing.stopping(held)]
        assert told == ["CERT-NONE", "SUP-NONE"]

    def test_the_registries_answer_for_everyone_asked(self, monkeypatch):
        monkeypatch.setattr(standing, "_billing", [])
        monkeypatch.setattr(standing, "_supervisors", [])
        one, other, member = uuid4(), uuid4(), uuid4()
        assert standing.billing_on([one], DAY) == {one: ()}
        assert standing.supervisors_on([one], DAY) == {one: frozenset()}
        good = Standing(str(one), DAY, "a", (), can_bill=True)
        standing.register(lambda ids, on: {one: [good]})
        standing.register_supervisors(lambda ids, on: {one: [member]})
        assert standing.billing_on([one, other], DAY) == {one: (good,), other: ()}
        assert standing.supervisors_on([one, other], DAY)[one] == {member}

    def test_a_second_source_is_refused_and_the_same_is_not(self, monkeypatch):
        monkeypatch.setattr(standing, "_billing", [])

        def source(ids, on):
            return {}

        standing.register(source)
        standing.register(source)
        with pytest.raises(standing.SourceTaken):
            standing.register(lambda ids, on: {})


def test_examples_about_renewal_are_proved_here(world, clerk):
    pack = pack_on("tx-medicaid-peer", world.today)
    renewals = [each for each in run_examples(pack) if each.example.kind == "RENEWAL"]
    assert renewals
    assert not [each.message for each in renewals if not each.passed]
