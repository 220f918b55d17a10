"""Every reason of the gates in words: nothing without a sentence, with its values, in both languages."""

import ast
import datetime as dt
import inspect
from decimal import Decimal
from types import MappingProxyType

import pytest
from django.db import transaction

from billing import reasons as billing_reasons
from billing.gates import engine, rules
from billing.gates.rules import GATES, judging, person, resolving, visit, worker
from peerworks.agencies.context import acting_for
from peerworks.lib.findings import Because, Moment, RecordRef, ref
from peerworks.lib.rulepack import Every
from peerworks.rulepacks.queries import loaded_packs
from peerworks.web import reasons
from tests.factories.billing_notes import make_note, on_claim

DAY, LATER = dt.date(2026, 3, 14), dt.date(2026, 4, 1)


def said(code, language="en", **params):
    """The sentence of a reason with these values."""
    return reasons.sentence(Because(code, MappingProxyType(params)), language)


def calls(name):
    """The calls of a function of that name in the gates, as syntax."""
    for module in (judging, person, resolving, visit, worker, rules.answers):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield node


def keys_of(name):
    """The keys that such calls give first: actions of remedies, labels of evidence."""
    return {node.args[0].value for node in calls(name) if isinstance(node.args[0], ast.Constant)}


def test_every_reason_of_every_gate_has_words_a_fix_and_an_owner():
    codes = {code for gate in GATES for code in gate.reasons} | {"NO-RULE", "NO-FACT", "SEALED"}
    held = reasons.registered()
    assert codes <= set(held)
    assert [code for code in codes if not held[code].fix] == []
    # Who adds a missing fact depends on the fact: the finding says so.
    assert [code for code in codes if not held[code].who] == ["NO-FACT"]


def test_every_gate_has_a_title():
    for gate in GATES:
        assert reasons.label(gate.title) != gate.title
        assert reasons.label(gate.id) == reasons.label(gate.title)


def test_every_label_of_evidence_has_words():
    labels = keys_of("Evidence")
    assert len(labels) > 15
    missing = [each for each in labels if reasons.label(each) == each]
    assert missing == [], "say them in _EVIDENCE of billing/gates/words.py"


def test_every_remedy_has_words():
    actions = keys_of("Remedy")
    assert len(actions) > 15
    missing = [key for key in actions if key not in reasons._actions]
    assert missing == []


def test_everything_that_is_not_checked_yet_has_words(db):
    packs = loaded_packs(["tx-medicaid-peer", "va-dmas-peer", "ga-medicaid-peer"])
    keys = {
        key
        for pack in packs
        for service in pack.services
        for key in resolving.not_checked(pack, service)
    }
    assert len(keys) > 8
    assert [key for key in keys if key not in reasons._labels] == []


def test_never_means_the_same_on_both_sides():
    assert billing_reasons.NEVER == rules.NEVER


def test_never_checked_and_never_supervised_are_said_as_such():
    assert said("ELIG", date=DAY, date2=rules.NEVER) == (
        "Coverage was not active on March 14, 2026 (never checked)."
    )
    assert said("ELIG", date=DAY, date2=LATER).endswith("(checked April 1, 2026).")
    late = said("SUP-LATE", peer="Luz", date=DAY, date2=rules.NEVER, interval="P7D")
    assert late == "Luz had no supervision before March 14, 2026; the rule is every 7 days."


@pytest.mark.parametrize(
    ("every", "words"), [(Every(months=1), "1 month"), (Every(days=1), "1 day")]
)
def test_intervals_are_said_in_words(every, words):
    iso = worker._iso(every)
    assert said("SUP-LATE", peer="Luz", date=LATER, date2=DAY, interval=iso).endswith(
        f"the rule is every {words}."
    )


def test_hours_that_are_short():
    params = {"x": Decimal("1.00"), "y": Decimal("2.50"), "period": "2026-02-01/2026-02-28"}
    assert said("SUP-SHORT", peer="Luz", **params) == (
        "Luz had 1 of 2.5 hours of supervision in 02/01/2026–02/28/2026."
    )


def test_numbers_choose_their_form():
    assert said("TIME-SHORT", n=1, m=15) == "1 minute is less than one unit (15 minutes)."
    assert said("UNITS-DAY", n=18, m=16) == "18 units that day; the limit is 16."


def test_codes_are_said_in_words(db):
    assert said("PLAN-UNSIGNED", role="PEER", date=DAY).startswith(
        "The plan was not signed by the peer specialist until"
    )
    assert said("DX", payer="va-dmas-peer") == "No diagnosis on file that the payer accepts."
    assert said("NOTE-REVIEW", supervisor="SUPERVISOR", date=DAY).startswith(
        "Waiting for the supervisor's review"
    )
    missing = "own-note,training:va-supervisor,under_licensed_direction"
    assert said("COSIGN-WHO", supervisor="Andre", date=DAY, missing=missing).endswith(
        "it is their own note, training “for supervisors in Virginia”, licensed direction."
    )
    endorse = said("CERT-ENDORSE", cert="It", service="mh-individual", endorsement="MENTAL_HEALTH")
    assert endorse.endswith("; it needs the mental health endorsement.")
    assert "mh-individual" not in endorse
    assert "WHAM" in said("TRAIN-MISS", service="none", training="wham", peer="Luz", date=DAY)
    assert reasons.value_text("EMPLOYEE", param="employment") == "Employee"


def test_what_is_missing_is_named(db):
    assert said("NO-FACT", record="providers.employment", rule="PROV-01") == (
        "An employment is missing, so PROV-01 (On staff on the day) cannot be judged."
    )
    incomplete = RecordRef("supervision.qualification", "1")
    assert said("NO-FACT", record=incomplete, rule="SUPV-02").startswith(
        "A proof of qualification is not complete"
    )
    assert "aps.day" in said("NO-RULE", rule="caps.day", service="x", pack="a-pack")


def test_records_are_called_by_name(world):
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        line = on_claim(world, [make_note(world)])
        served = world.people["mesa"]
        for kind, record, name in (
            ("billing.claim", line.claim, line.claim.control_number),
            ("billing.payer", served.coverage.payer, served.coverage.payer.name),
            ("billing.coverage", served.coverage, f"coverage by {served.coverage.payer.name}"),
            ("billing.planversion", served.version, "plan of care, version 1"),
            ("agencies.program", served.program, served.program.name),
        ):
            assert reasons.value_text(ref(kind, record.pk)) == name


def test_the_lapsed_peer_reads_one_sentence_with_both_dates_in_both_languages(world):
    house = world.juniper
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        note = make_note(world, "dogwood")
        judged = engine.judge(
            [note.pk], on=world.today, moment=Moment.BATCH, by=house.service, store=False
        )
        (finding,) = judged[note.pk].told()
        ended = world.today - dt.timedelta(days=18)
        assert finding.because.params["date"] == ended
        assert finding.because.params["date2"] == note.service_day
        english = reasons.sentence(finding.because, "en")
        spanish = reasons.sentence(finding.because, "es")
    for day in (ended, note.service_day):
        assert str(day.day) in english
        assert str(day.day) in spanish
        assert str(day.year) in spanish
    assert english.startswith("Sam Whitfield's Registered Peer Recovery Specialist ended on ")
    assert "Especialista registrado en recuperación entre pares" in spanish
    assert english != spanish
