"""Reason codes as sentences: values by their type, names in bulk, both languages, old runs."""

import datetime as dt
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import ngettext

from peerworks.lib.findings import (
    Authority,
    Because,
    Evidence,
    Finding,
    Outcome,
    Remedy,
    Status,
    ref,
    refuse,
)
from peerworks.web import reasons


@pytest.fixture
def book(monkeypatch):
    """Empty tables of words, given back after the test."""
    for table in ("_reasons", "_kinds", "_actions", "_roles", "_labels", "_codes", "_sources"):
        monkeypatch.setattr(reasons, table, {})
    return reasons


class Loader:
    """Names of records, and how often they were asked for."""

    def __init__(self, names):
        self.names, self.asked = names, []

    def __call__(self, ids):
        self.asked.append(list(ids))
        return {each: self.names[each] for each in ids if each in self.names}


def because(reason="X", **params):
    return Because(reason, MappingProxyType(params))


def test_sentence_shows_each_value_after_its_type(book):
    book.register("X", "{n} of {hours} h on {day}, {code}.")
    said = book.sentence(
        because(n=1200, hours=Decimal("3.50"), day=dt.date(2026, 11, 3), code="H0038")
    )
    assert said == "1,200 of 3.5 h on November 3, 2026, H0038."


def test_sentence_in_another_language_leaves_the_active_one(book):
    book.register("X", "{day}")
    assert book.sentence(because(day=dt.date(2026, 11, 3)), "es") == "3 de noviembre de 2026"
    assert book.sentence(because(day=dt.date(2026, 11, 3))) == "November 3, 2026"


def test_placeholder_may_ask_for_a_form(book):
    book.register(
        "X", "{at:time} {day:short} {day:weekday} {charge:money} {worked:minutes} {n:plain}"
    )
    at = dt.datetime(2026, 11, 3, 16, 4, tzinfo=dt.UTC)
    said = book.sentence(
        because(at=at, day=at.date(), charge=Decimal("1204"), worked=90, n=2026),
        zone=ZoneInfo("America/Chicago"),
    )
    assert said == "10:04 AM 11/03/2026 Tuesday, November 3 $1,204.00 1 h 30 min 2026"


def test_moment_alone_is_date_and_time_of_the_zone(book):
    book.register("X", "{at}")
    at = dt.datetime(2026, 11, 4, 3, 0, tzinfo=dt.UTC)
    said = book.sentence(because(at=at), zone=ZoneInfo("America/Chicago"))
    assert said == "November 3, 2026, 9:00 PM"


def test_sentence_may_depend_on_a_number(book):
    book.register("X", lambda params: ngettext("{n} day left.", "{n} days left.", params["n"]))
    assert book.sentence(because(n=1)) == "1 day left."
    assert book.sentence(because(n=2)) == "2 days left."


def test_codes_are_shown_by_the_words_of_their_parameter(book):
    book.register("X", "{place} and {other}")
    book.register_codes("place", {"12": "Home"}.__getitem__)
    assert book.sentence(because(place="12", other="12")) == "Home and 12"


def test_unknown_reason_names_its_code(book):
    assert book.sentence(because("NOBODY-SAID")) == "Reason code NOBODY-SAID."


def test_value_that_an_old_run_lacks_does_not_break_the_page(book):
    book.register("X", "{peer} since {day}.")
    assert book.sentence(because()) == "… since …."


def test_template_cannot_reach_into_values(book):
    book.register("X", "{n.__class__} {n[0]}")
    assert book.sentence(because(n=1)) == "… …"


def test_value_that_looks_like_a_placeholder_is_shown_as_it_is(book):
    book.register("X", "{code}")
    assert book.sentence(because(code="{day} <b>")) == "{day} <b>"


def test_record_is_shown_by_its_name(book):
    book.register("X", "{peer}'s work.")
    book.register_names("providers.provider", Loader({"7": "Luz Ortega"}))
    assert book.sentence(because(peer=ref("providers.provider", "7"))) == "Luz Ortega's work."


def test_record_out_of_reach_is_called_by_its_kind_and_begins_the_sentence_in_upper_case(book):
    book.register("X", "{person} has no plan.")
    book.register_names("participants.participant", Loader({}), unnamed="a participant")
    said = book.sentence(because(person=ref("participants.participant", "7")))
    assert said == "A participant has no plan."


def test_record_of_an_unknown_kind_is_not_named(book):
    book.register("X", "See {it}.")
    assert book.sentence(because(it=ref("x.y", "1"))) == "See a record that you may not open."


def test_names_of_a_list_are_loaded_once_for_each_kind(book):
    book.register("X", "{peer} {cert}")
    peers = Loader({str(n): f"P{n}" for n in range(200)})
    certificates = Loader({"c": "CPS"})
    book.register_names("providers.provider", peers)
    book.register_names("providers.credential", certificates)
    findings = [
        Finding(
            "PROV-02",
            Outcome.BLOCK,
            because(peer=ref("providers.provider", str(n)), cert=ref("providers.credential", "c")),
        )
        for n in range(200)
    ]
    shown = book.explain(findings)
    assert [each.sentence for each in shown] == [f"P{n} CPS" for n in range(200)]
    assert (len(peers.asked), len(certificates.asked)) == (1, 1)


def test_names_of_reads_evidence_and_refusals_too(book):
    peers = Loader({"1": "A", "2": "B", "3": "C"})
    book.register_names("p.p", peers)
    finding = Finding(
        "G", Outcome.PASS, None, evidence=(Evidence("at", ref("p.p", "1"), ref("p.p", "2")),)
    )
    names = book.names_of([finding, refuse("R", who=ref("p.p", "3")), None])
    assert names == {("p.p", "1"): "A", ("p.p", "2"): "B", ("p.p", "3"): "C"}
    assert peers.asked == [["1", "2", "3"]]


def test_names_given_are_not_loaded_again(book):
    book.register("X", "{peer}")
    loader = Loader({"1": "A"})
    book.register_names("p.p", loader)
    assert book.sentence(because(peer=ref("p.p", "1")), names={("p.p", "1"): "Given"}) == "Given"
    assert loader.asked == []


def test_same_words_twice_are_welcome_and_other_words_are_not(book):
    book.register("X", "One.")
    book.register("X", "One.")
    with pytest.raises(reasons.WordsTaken, match="X"):
        book.register("X", "Two.")


def test_remedy_words_are_those_of_the_action_and_else_of_the_reason(book):
    book.register("X", "No.", fix="Add the renewal", who=["PEER", "ADMINISTRATOR"])
    book.register_action("renew", "Renew it")
    book.register_role("PEER", "peer specialist")
    assert book.remedy(None, "X") == reasons.Mending(
        "Add the renewal", "", "peer specialist or ADMINISTRATOR", ("PEER", "ADMINISTRATOR")
    )
    given = book.remedy(Remedy("renew", "web:form-token", (), ("ADMINISTRATOR",)), "X")
    assert given == reasons.Mending(
        "Renew it", "/session/token/", "ADMINISTRATOR", ("ADMINISTRATOR",)
    )


def test_remedy_without_a_page_has_no_address(book):
    assert book.remedy(Remedy("renew", "nowhere:at-all"), "X").url == ""


@pytest.mark.parametrize(
    ("outcome", "severity", "tone"),
    [
        (Outcome.BLOCK, "Must finish", "late"),
        (Outcome.UNKNOWN, "Must finish", "late"),
        (Outcome.WARN, "Explain and continue", "soon"),
        (Outcome.PASS, "For information", "info"),
    ],
)
def test_severity_on_screen(book, outcome, severity, tone):
    shown = book.explain([Finding("G", outcome, because())])[0]
    assert (shown.severity_words, shown.tone) == (severity, tone)


def test_findings_without_a_reason_are_left_out(book):
    assert book.explain([Finding("G", Outcome.PASS)]) == []


def test_refusal_is_explained_without_a_severity(book):
    book.register("R", "Not yours.")
    shown = book.explain([refuse("R")])[0]
    assert (shown.sentence, shown.severity_words, shown.is_confirmed) == ("Not yours.", "", True)


@pytest.mark.parametrize(
    ("status", "confirmed"),
    [
        (Status.SOURCED, True),
        (Status.AGENCY, True),
        (Status.UNVERIFIED, False),
        (Status.PROPOSAL, False),
    ],
)
def test_explained_tells_what_it_rests_on_and_whether_that_is_confirmed(book, status, confirmed):
    authority = Authority("tx", "2026.1", "a.b", status, "Manual, 3.2", dt.date(2026, 8, 1))
    shown = book.explain([Finding("G", Outcome.BLOCK, because(), authority=authority)])[0]
    assert shown.rests_on == "Manual, 3.2 · tx, version 2026.1 · checked on August 1, 2026"
    assert shown.is_confirmed is confirmed


def test_what_it_rests_on_is_called_by_its_title(book):
    authority = Authority("tx", "2026.1", "a.b", Status.PROPOSAL, "default")
    assert book.rests_on(authority) == "default · tx, version 2026.1"
    book.register_sources(lambda given: f"Title of {given.source}")
    assert book.rests_on(authority) == "Title of default · tx, version 2026.1"


def test_labels_and_values_alone(book):
    book.register_label("ended", "Ended on")
    book.register_names("p.p", Loader({"1": "A"}))
    assert (book.label("ended"), book.label("other")) == ("Ended on", "other")
    assert book.value_text(None) == "unknown"
    assert book.value_text(dt.date(2026, 11, 3)) == "November 3, 2026"
    assert book.value_text(ref("p.p", "1")) == "A"
