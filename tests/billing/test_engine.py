"""The gates through the database: clean notes pass, and one thing less gives its one reason."""

import datetime as dt

import pytest
from django.db import transaction

from billing.gates import engine
from billing.gates.rules import GATES
from billing.models import (
    Coverage,
    Diagnosis,
    Goal,
    Payer,
    PlanVersion,
    Rate,
    ServiceNote,
)
from peerworks.agencies.context import acting_for
from peerworks.home.demo.founding import certify, train
from peerworks.lib.findings import Moment, Outcome
from peerworks.lib.rulepack import read_pack
from peerworks.participants.models import Consent, Enrolment, Participant
from peerworks.participants.operations import seal_participant
from peerworks.rulepacks.models import PackVersion
from peerworks.rulepacks.operations import shipped_files
from providers.models import Credential, Employment, WorkEntry
from supervision.models import Assignment, Qualification
from tests.billing.verdicts import finding_of, told, verdict_of, verdicts_of
from tests.factories.billing_notes import (
    ONE_DAY,
    add_span,
    make_note,
    times_at,
    yesterday,
)
from training.models import Completion

A_YEAR = dt.timedelta(days=365)


@pytest.fixture
def acting(world):
    """The world, inside the first agency as its service member: what jobs and commands are."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        yield world


def renewed(world):
    """Sam with a certification that holds: the renewal that the demonstration lacks."""
    sam = world["lapsed-peer"].provider
    since = world.today - dt.timedelta(days=17)
    certify(
        world.juniper,
        sam,
        "va-prs",
        since=since,
        until=since + A_YEAR,
        now=world.now,
        number="DEMO-VA-2",
    )


# --- clean -----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["mesa", "dogwood", "peachtree"])
def test_a_clean_note_passes_all_gates(acting, key):
    renewed(acting)
    verdict = verdict_of(acting, make_note(acting, key, with_span=True))
    assert [each.rule for each in verdict.findings] == [gate.id for gate in GATES]
    assert told(verdict) == []
    assert {each.outcome for each in verdict.findings} <= {Outcome.PASS, Outcome.NOT_APPLICABLE}
    assert verdict.outcome is Outcome.PASS
    assert (verdict.can_sign, verdict.can_bill) == (True, True)
    assert (verdict.minutes, verdict.units) == (60, 4)
    assert verdict.coverage == str(acting.people[key].coverage.pk)
    assert verdict.not_checked


def test_the_charge_is_units_times_the_rate_of_the_modifiers_in_order(acting):
    verdict = verdict_of(acting, make_note(acting, "peachtree", place="12"))
    payer = acting.people["peachtree"].coverage.payer
    rate = Rate.objects.get(payer=payer, code="H0038", modifiers=["U4", "U7"])
    assert verdict.modifiers == ("U4", "U7")
    assert verdict.charge == 4 * rate.amount


def test_a_rate_of_other_days_gives_no_charge(acting):
    note = make_note(acting)
    Rate.objects.update(period=(note.service_day + ONE_DAY, None))
    verdict = verdict_of(acting, note)
    assert verdict.charge is None
    assert verdict.can_bill


# --- one thing less, and its reasons ---------------------------------------------------------


def off_staff(world, note):
    Employment.objects.filter(provider=note.provider).update(
        period=(world.today - A_YEAR, note.service_day)
    )


def volunteers(world, note):
    Employment.objects.filter(provider=note.provider).update(kind="VOLUNTEER")


def holds_nothing(world, note):
    Credential.objects.filter(provider=note.provider).update(
        registry_on=None, inactive_on=note.service_day - 3 * A_YEAR
    )


def suspended(world, note):
    Credential.objects.filter(provider=note.provider).update(inactive_on=note.service_day)


def retired(world, note):
    Credential.objects.filter(provider=note.provider).update(stage="RETIRED")


def unsupervised(world, note):
    Assignment.objects.filter(provider=note.provider).update(
        period=(world.today - A_YEAR, note.service_day)
    )


def unproven(world, note):
    Qualification.objects.update(period=(note.service_day + ONE_DAY, None))


def assigned_long_ago(world, note):
    """Supervised two days before the note, and that not at all: the month is over."""
    Assignment.objects.filter(provider=note.provider).update(
        period=(note.service_day - dt.timedelta(days=60), None)
    )


def not_enrolled(world, note):
    Enrolment.objects.filter(participant=note.participant).update(
        period=(note.service_day + ONE_DAY, None)
    )


def other_diagnosis(world, note):
    Diagnosis.objects.filter(participant=note.participant).update(family="OTHER")


def not_covered(world, note):
    Coverage.objects.filter(participant=note.participant).update(
        period=(world.today - A_YEAR, note.service_day)
    )


def plan_begins_later(world, note):
    PlanVersion.objects.filter(participant=note.participant).update(
        period=(note.service_day + ONE_DAY, None)
    )


@pytest.mark.parametrize(
    ("lacks", "expected"),
    [
        (off_staff, ["STAFF-OFF"]),
        (volunteers, ["STAFF-VOL"]),
        (suspended, ["CERT-EXP"]),
        (unsupervised, ["SUP-NONE", "COSIGN-WHO"]),
        (unproven, ["SUP-UNQUAL", "COSIGN-WHO"]),
        (not_enrolled, ["ENROL-NONE"]),
        (other_diagnosis, ["DX"]),
        (not_covered, ["ELIG"]),
        (plan_begins_later, ["PLAN-NONE", "GOAL-NONE"]),
    ],
)
def test_one_thing_less_gives_its_reasons(acting, lacks, expected):
    note = make_note(acting)
    assert told(verdict_of(acting, note)) == []
    lacks(acting, note)
    verdict = verdict_of(acting, note)
    assert told(verdict) == expected
    assert not verdict.can_bill
    assert verdict.can_sign


@pytest.mark.parametrize(
    ("key", "options", "expected"),
    [
        ("mesa", {"cites_goal": False}, ["GOAL-NONE"]),
        ("mesa", {"minutes": 7}, ["TIME-SHORT"]),
        ("mesa", {"minutes": 20, "deductions": {"TRAVEL": 6}}, ["TIME-SHORT"]),
        ("mesa", {"state": "DRAFT"}, ["NOTE-DRAFT"]),
        ("mesa", {"state": "SIGNED"}, ["NOTE-REVIEW"]),
        ("mesa", {"service": "sud-individual"}, ["CERT-ENDORSE", "DX"]),
        ("dogwood", {"minutes": 300}, ["UNITS-DAY"]),
    ],
)
def test_a_note_that_lacks_something_gives_its_reasons(acting, key, options, expected):
    renewed(acting)
    assert told(verdict_of(acting, make_note(acting, key, **options))) == expected


def test_no_certification_on_record(acting):
    sam = acting["lapsed-peer"].provider
    day = yesterday(acting)
    note = make_note(acting, "dogwood", day=day - 2 * A_YEAR)
    assert note.provider == sam
    assert told(verdict_of(acting, note))[0] == "CERT-NONE"


def test_a_certification_of_another_state_is_not_accepted(acting):
    luz = acting["peer"].provider
    verdict = verdict_of(acting, make_note(acting, "dogwood", author=luz))
    assert told(verdict) == ["CERT-STATE"]


def test_an_unverified_certification_waits(acting):
    sam, since = acting["lapsed-peer"].provider, acting.today - dt.timedelta(days=17)
    certify(
        acting.juniper,
        sam,
        "va-prs",
        since=since,
        until=since + A_YEAR,
        now=acting.now,
        number="DEMO-VA-3",
        is_verified=False,
    )
    verdict = verdict_of(acting, make_note(acting, "dogwood"))
    assert told(verdict) == ["CERT-UNVER"]


def test_whole_health_needs_wham_on_the_day_itself(acting):
    luz = acting["peer"].provider
    day = yesterday(acting)
    note = make_note(acting, "peachtree", service="whole-health", day=day)
    assert told(verdict_of(acting, note)) == []
    Completion.objects.filter(provider=luz).update(
        revoked_at=acting.now, revoked_by=acting.juniper.clerk
    )
    train(acting.juniper, luz, "wham", day + ONE_DAY, "DEMO-WHAM-2")
    missing = verdict_of(acting, note)
    assert told(missing) == ["TRAIN-MISS"]
    assert finding_of(missing, "TRNG-01").because.params["training"] == "wham"
    train(acting.juniper, luz, "wham", day, "DEMO-WHAM-3")
    assert told(verdict_of(acting, note)) == []


def test_supervision_a_day_late_warns_in_texas_and_holds_in_virginia(acting):
    renewed(acting)
    late = {}
    for key in ("mesa", "dogwood"):
        day = yesterday(acting) - dt.timedelta(days=5)
        late[key] = make_note(acting, key, day=day)
    texas, virginia = verdicts_of(acting, [late["mesa"], late["dogwood"]])
    assert told(texas) == told(virginia) == ["SUP-LATE"]
    assert finding_of(texas, "SUPV-03").outcome is Outcome.WARN
    assert finding_of(virginia, "SUPV-03").outcome is Outcome.BLOCK
    assert (texas.can_bill, virginia.can_bill) == (True, False)


INTERVAL = "mode: INTERVAL, every: {value: {months: 1}, source: default},"
RATIO = """mode: RATIO, hours: {value: 1, source: default},
     per_service_hours: {value: 2, source: default}, over: {value: "ROLLING_MONTHS(1)", source: default},"""


def pack_by_hours():
    """Virginia's pack with supervision by hours of service, stored without its examples."""
    text = next(each.text for each in shipped_files() if each.name == "va-dmas-peer@2026.1.yaml")
    text = text.replace("pack: va-dmas-peer", "pack: va-by-hours", 1).replace(INTERVAL, RATIO, 1)
    pack = read_pack(text, "va-by-hours@2026.1.yaml")
    PackVersion.objects.create(
        pack=pack.pack,
        version=pack.version,
        kind=pack.kind,
        state=pack.state,
        content=text,
        sha256=pack.sha256,
        period=(pack.effective_from, None),
        examples_passed=0,
        examples_failed=0,
    )
    return pack.pack


def test_supervision_by_hours_of_service_counts_the_ledger(acting):
    renewed(acting)
    Payer.objects.filter(code="VADMAS").update(pack=pack_by_hours())
    note = make_note(acting, "dogwood")
    assert told(verdict_of(acting, note)) == []
    worked(acting, note, hours=4)
    finding = finding_of(verdict_of(acting, note), "SUPV-03")
    assert finding.because.reason == "SUP-SHORT"
    assert (finding.because.params["x"], finding.because.params["y"]) == (1, 2)


def worked(world, note, hours):
    """Direct service in the ledger, the day before a note."""
    site = note.site
    times = times_at(site, note.service_day - ONE_DAY, 12, 0, hours * 60)
    span = add_span(world, note.provider, site, times)
    WorkEntry.objects.create(
        agency=world.juniper.agency,
        span=span,
        activity="INDIVIDUAL_SUPPORT",
        minutes=hours * 60,
        funding_source=world.juniper.funds["STATE"],
    )


def test_under_part_2_a_claim_needs_the_consent(acting):
    renewed(acting)
    note = make_note(acting, "dogwood")
    Consent.objects.filter(participant=note.participant).update(
        revoked_on=note.service_day, revoked_at=acting.now, revoked_by=acting.juniper.clerk
    )
    assert told(verdict_of(acting, note)) == ["CONSENT-NONE"]
    assert told(verdict_of(acting, note, Moment.SIGNING)) == []


def test_a_consent_to_another_recipient_says_nothing(acting):
    renewed(acting)
    note = make_note(acting, "dogwood")
    held = Consent.objects.filter(participant=note.participant)
    held.update(revoked_on=note.service_day, revoked_at=acting.now, revoked_by=acting.juniper.clerk)
    for recipient in ("SISTER", "TXMCD"):
        consent_to(acting, note.participant, recipient)
    assert told(verdict_of(acting, note)) == ["CONSENT-NONE"]
    consent_to(acting, note.participant, "VADMAS")
    assert told(verdict_of(acting, note)) == []


def consent_to(world, participant, recipient):
    """A consent to payment disclosures since a year."""
    Consent.objects.create(
        agency=world.juniper.agency,
        participant=participant,
        purposes=["PAYMENT"],
        recipient=recipient,
        period=(world.today - A_YEAR, None),
        signed_on=world.today - A_YEAR,
        recorded_by=world.juniper.clerk,
    )


def test_a_plan_that_nobody_signed(acting):
    served, house = acting.people["mesa"], acting.juniper
    day = yesterday(acting)
    PlanVersion.objects.filter(pk=served.version.pk).update(period=(day - A_YEAR, day))
    version = PlanVersion.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        plan=served.version.plan,
        participant=served.participant,
        number=2,
        services=["mh-individual"],
        period=(day, None),
    )
    served.goal = Goal.objects.create(
        agency=house.agency,
        version=version,
        participant=served.participant,
        number=1,
        text="Cook at home",
    )
    PlanVersion.objects.filter(pk=version.pk).update(
        activated_at=acting.now, activated_by=house.clerk
    )
    verdict = verdict_of(acting, make_note(acting, "mesa"))
    assert told(verdict) == ["PLAN-UNSIGNED"]


def test_somebody_who_was_not_assigned_cannot_co_sign(acting):
    trainer = acting["trainer"].provider
    verdict = verdict_of(acting, make_note(acting, cosigner=trainer))
    finding = finding_of(verdict, "NOTE-02")
    assert told(verdict) == ["COSIGN-WHO"]
    assert finding.because.params["missing"] == "not-assigned"


def test_a_named_delegate_is_asked_for_the_supervisor_rule(acting):
    trainer = acting["trainer"].provider
    Assignment.objects.filter(provider=acting["peer"].provider).update(delegate=trainer)
    finding = finding_of(verdict_of(acting, make_note(acting, cosigner=trainer)), "NOTE-02")
    assert "credential:tx-peer-supervisor" in finding.because.params["missing"]


# --- which pack judges -----------------------------------------------------------------------


def test_the_lowest_coverage_in_order_is_judged(acting):
    note, house = make_note(acting), acting.juniper
    second = Coverage.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        participant=note.participant,
        payer=house.payers["GAMCD"],
        member_id="DEMO77",
        order="SECONDARY",
        period=(note.service_day - A_YEAR, None),
    )
    assert verdict_of(acting, note).coverage == str(acting.people["mesa"].coverage.pk)
    not_covered(acting, note)
    second.refresh_from_db()
    Coverage.objects.filter(pk=second.pk).update(period=(note.service_day, None))
    verdict = verdict_of(acting, note)
    assert verdict.coverage == str(second.pk)
    # Georgia's pack has no service of Texas's key: nobody can judge.
    assert told(verdict) == ["NO-RULE"]


def test_without_coverage_the_pack_of_the_program_judges(acting):
    note = make_note(acting)
    not_covered(acting, note)
    verdict = verdict_of(acting, note)
    assert verdict.coverage is None
    assert verdict.charge is None
    assert [each.pack for each in verdict.packs] == [note.program.pack]
    assert finding_of(verdict, "PROV-03").outcome is Outcome.PASS


def test_without_a_pack_in_force_nobody_can_judge(acting):
    note = make_note(acting)
    Payer.objects.update(pack="mi-pihp-peer")
    verdict = verdict_of(acting, note)
    assert told(verdict) == ["NO-RULE"]
    assert {each.outcome for each in verdict.findings} == {Outcome.UNKNOWN}
    assert (verdict.can_sign, verdict.can_bill) == (True, False)


def test_the_visit_that_crosses_the_day_cap_is_held_whole(acting):
    renewed(acting)
    first = make_note(acting, "dogwood", hour=8, minutes=180)
    second = make_note(acting, "dogwood", hour=12, minutes=90)
    one, two = verdicts_of(acting, [first, second])
    assert told(one) == []
    assert told(two) == ["UNITS-DAY"]
    assert finding_of(two, "UNIT-02").because.params == {"n": 18, "m": 16}


# --- what callers rely on --------------------------------------------------------------------


def test_notes_of_another_agency_are_not_there(acting):
    note = make_note(acting)
    lantern = acting.lantern
    with acting_for(lantern.agency.pk, lantern.service.user_id):
        judged = engine.judge(
            [note.pk], on=acting.today, moment=Moment.BATCH, by=lantern.service, store=False
        )
    assert judged == {}


def test_a_sealed_person_is_judged_for_the_service_member_alone(acting):
    note = make_note(acting)
    with acting.acting("privacy-officer") as officer:
        seal_participant(
            participant=Participant.objects.get(pk=note.participant_id),
            listed=[acting["peer"].member],
            reason="Asked for it.",
            by=officer.member,
            at=acting.now,
        )
    assert told(verdict_of(acting, note)) == []
    with acting.acting("biller") as biller:
        judged = engine.judge(
            [note.pk], on=acting.today, moment=Moment.BATCH, by=biller.member, store=False
        )
        assert not ServiceNote.objects.exists()
    assert judged == {}
