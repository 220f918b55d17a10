"""The billing work list: tiles, reasons, the same sentence as everywhere, and how many questions it asks."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.gates import engine
from billing.gates.rules import GATES
from billing.models import GateRun
from billing.queries.worklist import unbilled
from billing.reasons import TITLES
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import Moment
from peerworks.web import reasons
from tests.factories.billing_claims import RATE, as_service, build, days_ago, local_day, served
from tests.factories.billing_notes import make_note, queries_of

pytestmark = pytest.mark.django_db
URL = "billing:worklist"


@pytest.fixture
def visits(world):
    """One visit ready, two that wait for review, one that is too short."""
    with as_service(world):
        make_note(world, hour=9)
        for number in range(2):
            make_note(world, person=served(world, number), hour=10 + number, state="SIGNED")
        make_note(world, person=served(world, 5), hour=14, minutes=10)
    return world


def page(world, who="biller", **asked):
    """The page as somebody sees it."""
    return world[who].client().get(reverse(URL), asked)


def test_tiles_by_reason_the_most_money_first(visits):
    context = page(visits).context
    assert (context["ready"].count, context["ready"].charge) == (1, 4 * RATE)
    shown = [(each.code, each.count, each.charge) for each in context["tiles"]]
    assert shown == [("NOTE-REVIEW", 2, 8 * RATE), ("TIME-SHORT", 1, Decimal("0.00"))]
    assert context["total"] == 4


def test_the_tiles_are_what_a_batch_leaves_out_and_bills(visits):
    context = page(visits).context
    with visits.acting("biller") as player:
        batch = build(visits, by=player.member, dry_run=True)
    assert {each.code: each.count for each in context["tiles"]} == batch.left_out
    assert (batch.notes_count, batch.charge) == (context["ready"].count, context["ready"].charge)


def test_a_tile_filters_the_list(visits):
    assert [each.sentence[:7] for each in page(visits, reason="NOTE-REVIEW").context["rows"]] == [
        "Waiting"
    ] * 2
    assert [each.sentence for each in page(visits, reason="READY").context["rows"]] == [""]
    assert page(visits, reason="NO-SUCH").context["rows"] == []


def test_the_sentence_is_the_one_of_the_verdict(visits):
    with visits.acting("biller") as player:
        note = make_note(visits, "dogwood")
        verdict = engine.judge(
            [note.pk], on=local_day(visits), moment=Moment.BATCH, by=player.member, store=False
        )[note.pk]
        held = next(each for each in verdict.findings if each.stops)
        sentence = reasons.sentence(held.because)
    rows = {each.id: each for each in page(visits).context["rows"]}
    assert held.because.reason == "CERT-EXP"
    assert rows[note.pk].sentence == sentence
    assert sentence in {each.sentence for each in checks(visits, note.pk).context["checks"]}


def checks(world, note, who="biller", **asked):
    """Every check of the visit of that id, as a page or, asked by the script, as a part of the list."""
    return world[who].client().get(reverse("billing:worklist-checks", args=[note]), **asked)


@pytest.mark.parametrize(
    ("language", "title", "mark"),
    [
        ("en", "PeerWorks default; no authority behind it", "unverified"),
        ("es", "Valor propuesto por PeerWorks; ninguna autoridad lo respalda", "sin verificar"),
    ],
)
def test_every_check_names_the_title_of_its_source_and_marks_what_is_unverified(
    visits, language, title, mark
):
    row = page(visits, reason="READY").context["rows"][0]
    client = visits["biller"].client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    whole = client.get(reverse("billing:worklist-checks", args=[row.id]))
    said = whole.content.decode()
    checks = [each for each in whole.context["checks"] if each.rests_on]
    assert not [each for each in checks if each.rests_on.startswith(("default", "general"))]
    (ours, *_) = (each for each in checks if each.rests_on.startswith(title))
    assert not ours.is_confirmed
    assert title in said
    unverified = [each for each in checks if not each.is_confirmed]
    assert said.count(f'<span class="st st-info">{mark}</span>') == len(unverified)


def test_every_check_and_what_is_not_checked_yet_can_be_opened(visits):
    row = page(visits, reason="READY").context["rows"][0]
    whole = checks(visits, row.id)
    assert [each.rule for each in whole.context["checks"]] == [gate.id for gate in GATES]
    assert all(each.title and each.words for each in whole.context["checks"])
    assert whole.context["not_checked"]
    assert b"<html" in whole.content
    part = checks(visits, row.id, headers={"hx-request": "true"})
    assert b"<html" not in part.content
    assert part.context["checks"] == whole.context["checks"]


def test_the_checks_of_a_visit_are_for_those_of_the_list(visits):
    row = page(visits).context["rows"][0]
    assert checks(visits, row.id, "peer").status_code == 403
    assert checks(visits, row.id, "other-administrator").status_code == 404
    answer = (
        visits["biller"]
        .client()
        .post(
            reverse("billing:worklist-checks", args=[row.id]),
            {"form_agency": visits.juniper.agency.pk},
        )
    )
    assert answer.status_code == 405


def test_a_visit_that_waits_for_another_says_so_alone(world):
    with as_service(world):
        ready = make_note(world, hour=9)
        make_note(world, hour=11, state="SIGNED")
    rows = {each.id: each for each in page(world).context["rows"]}
    first = checks(world, ready.pk).context["checks"][0]
    assert first.sentence == rows[ready.pk].sentence
    assert "not ready" in first.sentence


def test_six_reasons_stand_as_tiles_and_the_others_in_a_table(visits, monkeypatch):
    monkeypatch.setattr("billing.views.worklist.MOST_TILES", 1)
    context = page(visits, reason="TIME-SHORT").context
    assert [each.title for each in context["tiles"]] == ["Waiting for review"]
    assert [each.title for each in context["others"]] == ["Shorter than one unit"]
    assert context["is_other_chosen"]


def test_each_reason_of_the_gates_has_a_title():
    missing = {code for gate in GATES for code in gate.reasons} - TITLES.keys()
    assert missing == set(), "name them in TITLES of billing/reasons.py"
    assert {code for code in TITLES if not reasons.is_registered(code)} == set()
    assert {code for code in TITLES if reasons.label(code) == code} == set()


def test_it_stores_nothing(visits):
    page(visits)
    with visits.acting("biller"):
        assert not GateRun.objects.exists()


def test_no_word_of_a_note_is_read_or_shown(visits):
    with visits.acting("biller"):
        assert "what_we_did" not in str(unbilled().query)
    with CaptureQueriesContext(connection) as asked:
        assert "Made-up words" not in page(visits).content.decode()
    assert asked.captured_queries
    assert not [each for each in asked.captured_queries if "what_we_did" in each["sql"]]


def test_who_was_shown_is_kept(visits):
    page(visits, reason="READY")
    with visits.acting("auditor"):
        event = AuditEvent.objects.get(action="worklist.viewed")
    assert event.participants == [visits.person("peer").participant.pk]


@pytest.mark.parametrize("who", ["administrator", "auditor"])
def test_those_who_may_see_it(visits, who):
    answer = page(visits, who)
    assert answer.status_code == 200
    assert reverse("billing:batch-build") not in answer.content.decode()


@pytest.mark.parametrize("who", ["peer", "supervisor", "trainer", "privacy-officer"])
def test_those_who_may_not(visits, who):
    assert page(visits, who).status_code == 403


def test_it_is_read_only(visits):
    answer = visits["biller"].client().post(reverse(URL), {"form_agency": visits.juniper.agency.pk})
    assert answer.status_code == 405


def test_the_other_agency_sees_none_of_it(visits):
    assert page(visits, "other-administrator").context["total"] == 0


def test_an_empty_list_says_what_will_come(world):
    assert "No visit stands here." in page(world).content.decode()


def test_questions_do_not_grow_with_the_list(visits):
    client = visits["biller"].client()
    client.get(reverse(URL))
    few = queries_of(lambda: client.get(reverse(URL)))
    with as_service(visits):
        for number in range(20, 26):
            person, day = served(visits, number), days_ago(visits, number - 17)
            make_note(visits, person=person, day=day, hour=15, minutes=45)
    many = queries_of(lambda: client.get(reverse(URL)))
    assert many == few
