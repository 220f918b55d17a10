"""What gates say without a stored note: forms, services of today, and who can bill."""

import datetime as dt
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from billing.gates import engine
from billing.gates.rules import GATES, Scope, stand_one, terms_of
from billing.models import GateRun, GroupSession, Payer
from peerworks.agencies.context import acting_for
from peerworks.lib.findings import Moment
from peerworks.web import reasons, words
from providers import standing
from providers.models import Placement
from supervision.rules import Mode
from tests.factories.billing_notes import ONE_DAY, make_note, queries_of, times_at, yesterday
from tests.gates.clean import DAY, GEORGIA, TERMS, TEXAS, clean, having


@pytest.fixture
def acting(world):
    """The world, inside the first agency as its service member."""
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        yield world


def draft(world, key="mesa", **changes):
    """An hour of yesterday, at ten, as a form would give it."""
    served, site = world.people[key], world.juniper.sites[key]
    times = times_at(site, yesterday(world), 10, 0, 60)
    given = {
        "participant_id": served.participant.pk,
        "provider_id": world["peer"].provider.pk,
        "program_id": served.program.pk,
        "site_id": site.pk,
        "service": "mh-individual" if key == "mesa" else "individual",
        "start": times.start,
        "end": times.end,
        "mode": "IN_PERSON",
        "place": "11",
        "goal_ids": frozenset({served.goal.pk}),
    }
    return engine.VisitDraft(**given | changes)


def told(findings):
    """The reasons among findings."""
    return [each.because.reason for each in findings if each.because is not None]


def test_a_clean_draft_can_be_signed_and_billed_and_nothing_is_stored(acting):
    (verdict,) = engine.preview([draft(acting)], on=acting.today, moment=Moment.SIGNING)
    assert told(verdict.findings) == []
    assert (verdict.can_sign, verdict.can_bill, verdict.units) == (True, True, 4)
    assert verdict.charge is not None
    assert not GateRun.objects.exists()


def test_drafts_are_answered_in_their_order(acting):
    drafts = [draft(acting), draft(acting, "peachtree"), draft(acting, deductions={"BREAK": 50})]
    verdicts = engine.preview(drafts, on=acting.today)
    assert [each.minutes for each in verdicts] == [60, 60, 10]
    assert [told(each.findings) for each in verdicts] == [[], [], ["TIME-SHORT"]]


def test_a_draft_is_told_of_the_signed_note_it_overlaps(acting):
    make_note(acting, with_span=True)
    (verdict,) = engine.preview([draft(acting)], on=acting.today)
    assert told(verdict.findings) == ["TIME-OVER"]
    assert not verdict.can_sign


def test_a_draft_does_not_overlap_its_own_note(acting):
    note = make_note(acting, with_span=True)
    (verdict,) = engine.preview([draft(acting, note_id=note.pk)], on=acting.today)
    assert told(verdict.findings) == []


def test_a_draft_is_rounded_with_the_signed_notes_of_its_day(acting):
    first = make_note(acting, hour=8, minutes=10)
    end = draft(acting).start + dt.timedelta(minutes=10)
    (verdict,) = engine.preview([draft(acting, end=end)], on=acting.today)
    assert verdict.unit_group.members == ((str(first.pk), 10, 0), ("new", 10, 1))
    assert verdict.unit_group.next_unit_at == 20


def test_notes_of_one_group_session_share_their_time(acting):
    session = group_session(acting)
    make_note(acting, service="mh-group", group=session, with_span=True)
    (shared,) = engine.preview([draft(acting, group_session=session.pk)], on=acting.today)
    assert told(shared.findings) == []
    (alone,) = engine.preview([draft(acting)], on=acting.today)
    assert told(alone.findings) == ["TIME-OVER"]


def group_session(world):
    """A group that Luz led yesterday at ten."""
    house, site = world.juniper, world.juniper.sites["mesa"]
    times = times_at(site, yesterday(world), 10, 0, 60)
    return GroupSession.objects.create(
        agency=house.agency,
        created_by=house.clerk,
        provider=world["peer"].provider,
        program=house.programs["mesa"],
        site=site,
        service_key="mh-group",
        starts_at=times.start,
        ends_at=times.end,
    )


def test_without_times_the_day_of_asking_is_judged(acting):
    (verdict,) = engine.preview([draft(acting, start=None, end=None)], on=acting.today)
    assert told(verdict.findings) == ["NO-FACT", "NO-FACT"]
    assert verdict.can_sign
    said = reasons.sentence(verdict.told()[0].because)
    assert said == (
        "The times of this visit are not complete, so TIME-01 (No other time overlaps) cannot be "
        "judged."
    )


def test_which_services_may_be_given_today(acting):
    served, luz = acting.people["mesa"], acting["peer"].provider
    choices = engine.services_for(
        provider_id=luz.pk,
        participant_id=served.participant.pk,
        program_ids=[served.program.pk],
        on=acting.today,
    )
    assert [(each.service, each.can_bill) for each in choices] == [
        ("mh-individual", True),
        ("mh-group", True),
        ("sud-individual", False),
    ]
    assert set(told(choices[-1].findings)) == {"CERT-ENDORSE", "DX"}
    assert choices[0].labels["es"] != choices[0].labels["en"]
    assert not {"TIME-01", "UNIT-01", "UNIT-02"} & {each.rule for each in choices[0].findings}


def test_without_a_pack_in_force_there_is_no_service(acting):
    Payer.objects.update(pack="mi-pihp-peer")
    served = acting.people["mesa"]
    choices = engine.services_for(
        provider_id=acting["peer"].provider.pk,
        participant_id=served.participant.pk,
        program_ids=[served.program.pk],
        on=acting.today,
    )
    assert choices == []


def test_who_can_bill_today(acting):
    answers = engine.standing(None, on=acting.today)
    luz, sam = acting["peer"].provider.pk, acting["lapsed-peer"].provider.pk
    assert set(answers) == {luz, sam, acting["supervisor"].provider.pk}
    can = {each.service: each.can_bill for each in answers[luz]}
    assert can["mh-individual"]
    assert can["whole-health"]
    assert not can["sud-individual"]
    assert [each.can_bill for each in answers[sam]] == [False] * 4
    assert {told(each.findings)[0] for each in answers[sam]} == {"CERT-EXP"}


def test_a_worker_without_a_placement_has_no_services(acting):
    luz = acting["peer"].provider
    Placement.objects.filter(provider=luz).update(period=(acting.today + ONE_DAY, None))
    assert engine.standing([luz.pk], on=acting.today) == {luz.pk: ()}


def test_lists_of_workers_ask_the_gates_through_the_registry(acting):
    luz, sam = acting["peer"].provider.pk, acting["lapsed-peer"].provider.pk
    answers = standing.billing_on([luz, sam], acting.today)
    assert standing.can_bill(answers[luz])
    assert not standing.can_bill(answers[sam])
    assert "CERT-EXP" in told(standing.stopping(answers[sam]))


def test_the_number_of_queries_does_not_grow_with_workers_or_drafts(acting):
    every = list(engine.standing(None, on=acting.today))
    one, three = (
        queries_of(lambda some=some: engine.standing(some, on=acting.today))
        for some in (every[:1], every)
    )
    assert one == three
    few, many = (
        queries_of(lambda count=count: engine.preview([draft(acting)] * count, on=acting.today))
        for count in (1, 20)
    )
    assert few == many


# What a standing says is about no visit.

LONG_AGO = DAY - dt.timedelta(days=90)
MENTAL_HEALTH = terms_of(TEXAS, "mh-individual")
WHAM = terms_of(GEORGIA, "whole-health")
HOURS = replace(
    TERMS,
    supervision=tuple(
        replace(each, duty=replace(each.duty, mode=Mode.HOURS_PER_MONTH, minutes=150))
        for each in TERMS.supervision
    ),
)
OF_WORKERS = (
    ("STAFF-OFF", TERMS, clean(employment="NONE")),
    ("STAFF-VOL", TERMS, clean(employment="VOLUNTEER")),
    ("CERT-NONE", TERMS, clean(credential="NONE")),
    ("CERT-EXP", TERMS, clean(credential_ends=LONG_AGO)),
    ("CERT-STATE", TERMS, clean(credential="tx-peer-specialist")),
    ("CERT-ENDORSE", MENTAL_HEALTH, clean(MENTAL_HEALTH, TEXAS, credential_endorsements=())),
    ("CERT-UNVER", TERMS, clean(credential_verified=False)),
    ("SUP-NONE", TERMS, clean(supervisor=False)),
    ("SUP-UNQUAL", TERMS, clean(supervisor_licences=())),
    ("SUP-SHORT", HOURS, clean(last_supervision="NONE")),
    ("SUP-LATE", TERMS, clean(last_supervision=LONG_AGO)),
    ("TRAIN-MISS", WHAM, clean(WHAM, GEORGIA, trainings=())),
    ("NO-FACT", TERMS, having(clean(), "worker", credentials=None, employments=None)),
    ("NO-RULE", replace(TERMS, qualification=None, trainings=None), clean()),
)
"""Each reason that a gate of workers may give, and how it comes about."""


def test_each_reason_of_a_worker_is_among_them():
    given = {code for gate in GATES if gate.scope is Scope.P for code in gate.reasons}
    assert {code for code, _, _ in OF_WORKERS} == given | {"NO-FACT", "NO-RULE"}


@pytest.mark.parametrize(("code", "terms", "facts"), OF_WORKERS, ids=[row[0] for row in OF_WORKERS])
def test_a_standing_never_speaks_of_a_visit(db, code, terms, facts):
    standing = stand_one(replace(facts, person=None, visit=None), terms, on=DAY)
    found = [each.because for each in standing.findings if each.because is not None]
    assert code in {each.reason for each in found}
    for because in found:
        assert "visit" not in reasons.sentence(because, "en", names={}).casefold()
        assert "visita" not in reasons.sentence(because, "es", names={}).casefold()


def test_a_draft_without_its_start_is_about_no_visit_even_beside_one(acting):
    sam = {"provider_id": acting["lapsed-peer"].provider.pk, "service": "sud-individual"}
    site = acting.juniper.sites["dogwood"]
    times = times_at(site, acting.today, 10, 0, 60)
    timed = draft(acting, "dogwood", **sam, start=times.start, end=times.end)
    verdicts = engine.preview([timed, replace(timed, start=None, end=None)], on=acting.today)
    params = [verdict.told()[0].because.params for verdict in verdicts]
    assert [set(each) - {"peer", "cert", "date"} for each in params] == [{"date2"}, {"asked"}]


def test_what_ended_is_said_of_the_day_that_was_asked_about(acting):
    sam = acting["lapsed-peer"].provider.pk
    (finding, *_) = standing.stopping(standing.billing_on([sam], acting.today)[sam])
    for language, last in (("en", "It no longer covers {}."), ("es", "Ya no cubre el {}.")):
        with translation.override(language):
            today = words.long_day(acting.today)
        assert reasons.sentence(finding.because, language).endswith(last.format(today))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_a_worker_and_the_day_of_an_administrator_say_it(world, language):
    client = world["administrator"].client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    sam = world["lapsed-peer"].provider.pk
    said = {"en": "It no longer covers", "es": "Ya no cubre"}[language]
    for address in (reverse("providers:provider-detail", args=[sam]), reverse("home:today")):
        page = client.get(address).content.decode()
        assert said in page
        assert "This visit was on" not in page
        assert "Esta visita fue" not in page
