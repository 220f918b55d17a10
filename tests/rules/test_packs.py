"""The rule packs that ship: what they claim, on what ground, and that their examples are right."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import peerworks
from peerworks.lib.findings import Status
from peerworks.lib.periods import add_months
from peerworks.lib.rulepack import (
    Atom,
    CredentialKindRule,
    Example,
    ExampleKind,
    Pack,
    SupervisionRule,
    Value,
    check_set,
    read_pack,
    run_unit_examples,
    services_of_lines,
)

FOLDER = Path(peerworks.__path__[0]) / "rulepacks" / "packs"
PACKS = {pack.pack: pack for pack in map(read_pack, sorted(FOLDER.glob("*.yaml")))}
TEXAS, VIRGINIA, GEORGIA = "tx-medicaid-peer", "va-dmas-peer", "ga-medicaid-peer"

every_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)


def value_at(pack: Pack, path: str) -> Value:
    return next(each for each in pack.values if each.path == path)


def status_of(pack: Pack, value: Value) -> Status:
    return pack.sources[value.source].status


def test_each_line_that_a_pack_bills_is_known_once():
    """What an agency needs rates for: Georgia adds U6 at the agency's own places, U7 at others, GT by video."""
    georgia = [each for each in services_of_lines(PACKS[GEORGIA]) if each[0] == "H0038"]
    assert len(set(georgia)) == len(georgia)
    assert {("H0038", ("U4", "U6")), ("H0038", ("U4", "U7", "GT"))} <= set(georgia)
    texas = services_of_lines(PACKS[TEXAS])
    assert {each.setting for each in texas["H0038", ()]} == {"INDIVIDUAL"}
    assert {each.setting for each in texas["H0038", ("HQ",)]} == {"GROUP"}


def examples(pack: Pack, kind: ExampleKind) -> list[Example]:
    return [each for each in pack.examples if each.kind is kind]


def asked(pack: Pack, service: str, gate: str) -> list[tuple[dict[str, Any], str]]:
    """What the examples of a gate give, and the reason (or else the outcome) they expect."""
    return [
        (dict(each.given), each.expect.get("reason", each.expect["outcome"]))
        for each in pack.examples
        if (each.service, each.gate) == (service, gate)
    ]


def test_three_packs_ship_and_fit_together() -> None:
    assert set(PACKS) == {TEXAS, VIRGINIA, GEORGIA}
    assert check_set(list(PACKS.values())) == []


@every_pack
def test_a_pack_is_in_force_on_the_day_it_was_verified(pack: Pack) -> None:
    assert pack.in_force(dt.date(2026, 11, 21))
    assert pack.kind == "STATE_MEDICAID"


@every_pack
def test_every_unit_example_passes(pack: Pack) -> None:
    results = run_unit_examples(pack)
    assert {each.example.service for each in results} == {each.key for each in pack.services}
    assert [each.example.name for each in results if not each.passed] == []


@every_pack
def test_a_sourced_value_has_an_address_and_a_day(pack: Pack) -> None:
    sourced = [each for each in pack.sources.values() if each.status is Status.SOURCED]
    assert sourced
    for source in sourced:
        assert source.url.startswith(("https://", "http://"))
        assert source.verified_on == dt.date(2026, 11, 21)
        assert source.verified_by == "PeerWorks"
    assert len({each.url for each in sourced}) == len(sourced)


@every_pack
def test_what_is_not_sourced_pretends_to_nothing(pack: Pack) -> None:
    others = [each for each in pack.sources.values() if each.status is not Status.SOURCED]
    assert {each.status for each in others} == {Status.UNVERIFIED, Status.PROPOSAL}
    assert [(each.url, each.verified_on) for each in others] == [("", None)] * len(others)


@every_pack
def test_every_source_is_used(pack: Pack) -> None:
    assert {each.source for each in pack.values} == set(pack.sources)


@pytest.mark.parametrize(
    ("name", "sourced", "unverified", "proposal"),
    [(TEXAS, 38, 22, 63), (VIRGINIA, 33, 25, 80), (GEORGIA, 10, 42, 77)],
)
def test_how_many_values_stand_on_what(
    name: str, sourced: int, unverified: int, proposal: int
) -> None:
    assert PACKS[name].status_counts() == {
        Status.SOURCED: sourced,
        Status.UNVERIFIED: unverified,
        Status.PROPOSAL: proposal,
    }


@pytest.mark.parametrize(
    ("name", "path", "value", "source"),
    [
        (TEXAS, "services.mh-individual.code", "H0038", "tx-benefit"),
        (TEXAS, "services.mh-individual.caps.six-months.units", 104, "tx-benefit"),
        (TEXAS, "services.mh-individual.ages.min", 21, "tx-benefit"),
        (TEXAS, "services.mh-group.group.max", 12, "tx-benefit"),
        (TEXAS, "services.sud-individual.credentials.endorsements", ("RECOVERY_SUPPORT",), "tx-3203"),
        (TEXAS, "services.mh-individual.credentials.endorsements", ("MENTAL_HEALTH",), "tx-3203"),
        (TEXAS, "workforce.credentials.tx-peer-specialist.cycle.months", 24, "tx-3161"),
        (TEXAS, "workforce.credentials.tx-peer-specialist.education.hours", 20, "tx-3161"),
        (TEXAS, "workforce.credentials.tx-peer-specialist.education.categories.ethics.min", 3, "tx-3161"),
        (TEXAS, "workforce.credentials.tx-peer-specialist.stages.INITIAL.months", 6, "tx-3205"),
        (TEXAS, "workforce.credentials.tx-peer-specialist.stages.INITIAL.supervised_hours", 250, "tx-3205"),
        (TEXAS, "workforce.personnel.background-check.each_renewal", True, "tx-3207"),
        (VIRGINIA, "services.sud-individual.unit.minutes", 15, "va-5210"),
        (VIRGINIA, "services.mh-group.caps.day.units", 16, "va-5210"),
        (VIRGINIA, "services.sud-individual.caps.year.minutes", 54_000, "va-5210"),
        (VIRGINIA, "services.sud-group.group.max_per_facilitator", 10, "va-5210"),
        (VIRGINIA, "services.mh-individual.authorization.required", True, "va-5210"),
        (VIRGINIA, "services.mh-individual.authorization.start_within_days", 30, "va-5210"),
        (VIRGINIA, "services.mh-individual.credentials.accepted", ("va-prs",), "va-5190"),
        (GEORGIA, "workforce.credentials.ga-cps-mh.education.hours", 12, "ga-gmhcn"),
        (GEORGIA, "workforce.credentials.ga-cps-mh.education.carry_over", False, "ga-gmhcn"),
        (GEORGIA, "workforce.credentials.ga-cps-mh.deadlines.late_window_counts_as_valid", True, "ga-gmhcn"),
    ],
)  # fmt: skip
def test_documented_values(name: str, path: str, value: object, source: str) -> None:
    found = value_at(PACKS[name], path)
    assert (found.value, found.source) == (value, source)
    assert status_of(PACKS[name], found) is Status.SOURCED


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TEXAS, "services.mh-group.modifiers.0.add"),
        (TEXAS, "services.mh-individual.filing.days"),
        (VIRGINIA, "services.sud-individual.code"),
        (VIRGINIA, "services.sud-group.code"),
        (VIRGINIA, "services.mh-individual.code"),
        (VIRGINIA, "services.mh-group.code"),
        (GEORGIA, "services.individual.code"),
        (GEORGIA, "services.individual.modifiers.0.add"),
        (GEORGIA, "services.whole-health.code"),
        (GEORGIA, "services.whole-health.caps.day.units"),
        (GEORGIA, "services.whole-health.training.required"),
        (GEORGIA, "services.group.group.max_per_facilitator"),
        (GEORGIA, "services.individual.note.hold_after_days"),
    ],
)
def test_general_knowledge_is_marked(name: str, path: str) -> None:
    assert status_of(PACKS[name], value_at(PACKS[name], path)) is Status.UNVERIFIED


@every_pack
def test_rounding_nobody_documents_never_bills_more_than_the_time(pack: Pack) -> None:
    for service in pack.services:
        rounding = (service.unit.engine, service.unit.scope)
        assert tuple(each.value for each in rounding) == ("FULL_UNIT", "DAY")
        assert {status_of(pack, each) for each in rounding} == {Status.PROPOSAL}


@every_pack
def test_what_the_first_gates_need_is_never_left_out(pack: Pack) -> None:
    for service in pack.services:
        assert service.day_caps()
        assert service.training.required is not None
        assert service.diagnoses.families is not None
        assert service.credentials.endorsements is not None
        assert service.plan.signed_by is not None
    assert pack.workforce.supervisor_qualification is not None
    assert pack.workforce.supervision_for("FULL") is not None


@every_pack
def test_accepted_certifications_are_described(pack: Pack) -> None:
    for service in pack.services:
        for key in service.credentials.accepted.members:
            kind = pack.credential_kind(key)
            assert kind.deadlines.late_window_counts_as_valid is not None
            assert kind.education.hours is not None


@every_pack
def test_every_service_has_several_examples(pack: Pack) -> None:
    for service in pack.services:
        of_it = [each for each in pack.examples if each.service == service.key]
        assert len(of_it) >= 3
        assert {each.kind for each in of_it} == {ExampleKind.UNITS, ExampleKind.GATE}


@every_pack
def test_both_edges_of_a_certification_are_shown(pack: Pack) -> None:
    edges = [each for service in pack.services for each in asked(pack, service.key, "PROV-02")]
    last = [given for given, answer in edges if answer == "PASS"]
    ended = [given for given, answer in edges if answer == "CERT-EXP"]
    day_after = {given["service_day"] - dt.timedelta(days=1) for given in ended}
    assert {given["service_day"] for given in last} & day_after


def test_virginia_holds_the_visit_that_brings_the_seventeenth_unit() -> None:
    shown = asked(PACKS[VIRGINIA], "sud-individual", "UNIT-02")
    assert ({"units_same_day": 12, "minutes": 60}, "PASS") in shown
    assert ({"units_same_day": 14, "minutes": 45}, "UNITS-DAY") in shown


def test_virginia_counts_a_year_in_minutes_and_starts_anew() -> None:
    shown = asked(PACKS[VIRGINIA], "sud-individual", "UNIT-03")
    assert [answer for _, answer in shown] == ["PASS", "UNITS-PERIOD", "PASS"]
    assert shown[2][0]["service_day"] == dt.date(2027, 1, 1)


def test_virginia_bills_no_ride() -> None:
    ride = next(
        e for e in PACKS[VIRGINIA].examples if e.name == "A ride inside a contact is taken off"
    )
    assert ride.given["deducted"] == ({"TRANSPORT_ONLY": 25},)
    never = PACKS[VIRGINIA].never_billable
    assert never.activities is not None
    assert {"TRANSPORT_ONLY", "DOCUMENTATION", "OUTREACH"} <= set(never.activities.members)
    assert never.volunteers is not None
    assert never.volunteers.value is True


def test_virginia_names_three_ways_to_supervise() -> None:
    rule = PACKS[VIRGINIA].workforce.supervisor_qualification
    assert rule is not None
    assert not isinstance(rule.tree, Atom)
    assert len(rule.tree.parts) == 3
    answers = [answer for _, answer in asked(PACKS[VIRGINIA], "sud-individual", "SUPV-02")]
    assert answers == ["PASS", "SUP-UNQUAL"] * 3


def test_texas_asks_for_the_endorsement_of_the_service() -> None:
    only_recovery = {"credential_endorsements": ("RECOVERY_SUPPORT",)}
    assert (only_recovery, "CERT-ENDORSE") in asked(PACKS[TEXAS], "mh-individual", "PROV-03")
    assert (only_recovery, "PASS") in asked(PACKS[TEXAS], "sud-individual", "PROV-03")


def test_texas_counts_six_months_that_roll() -> None:
    cap = PACKS[TEXAS].service("mh-individual").caps[1]
    assert (cap.window, cap.months, cap.then) == ("ROLLING_MONTHS", 6, "NEEDS_EXCEPTION")
    shown = asked(PACKS[TEXAS], "mh-individual", "UNIT-03")
    first_day = add_months(dt.date(2026, 8, 31), -6) + dt.timedelta(days=1)
    held = next(given for given, answer in shown if answer == "UNITS-PERIOD")
    assert list(held["earlier_units"]) == [first_day.isoformat()]
    day_before = (first_day - dt.timedelta(days=1)).isoformat()
    assert [a for given, a in shown if day_before in given["earlier_units"]] == ["PASS"]


def test_wham_unlocks_whole_health_in_georgia() -> None:
    georgia = PACKS[GEORGIA]
    required = georgia.service("whole-health").training.required
    assert required is not None
    assert required.members == ("wham",)
    assert asked(georgia, "whole-health", "TRNG-01") == [
        ({"trainings": ()}, "TRAIN-MISS"),
        ({"trainings": ("wham",)}, "PASS"),
    ]
    assert asked(georgia, "individual", "TRNG-01") == [({"trainings": ()}, "NOT_APPLICABLE")]


def test_a_group_of_twelve_passes_texas_and_not_virginia() -> None:
    twelve = {"persons": 12, "facilitators": 1}
    assert (twelve, "PASS") in asked(PACKS[TEXAS], "mh-group", "GRUP-01")
    assert (twelve, "GROUP-SIZE") in asked(PACKS[VIRGINIA], "sud-group", "GRUP-01")


def due_on(rule: SupervisionRule, given: dict[str, Any]) -> dt.date:
    """The last day in time, worked out by hand: an oracle for the examples."""
    last = given["last_supervision"]
    counts = given.get("format", "INDIVIDUAL") in rule.formats
    if rule.modes is not None:
        counts = counts and given.get("mode", "IN_PERSON") in rule.modes.members
    start = last if last != "NONE" and counts else max(given["assigned_on"], given["stage_from"])
    assert rule.every is not None
    every = rule.every.value
    return add_months(start, every.months) + dt.timedelta(days=every.days)


@every_pack
def test_supervision_examples_agree_with_the_interval(pack: Pack) -> None:
    shown = examples(pack, ExampleKind.SUPERVISION)
    assert len(shown) >= 2
    for each in shown:
        rule = pack.workforce.supervision_for(each.given["stage"])
        assert rule is not None
        due = due_on(rule, dict(each.given))
        late = each.given["on"] > due
        state = "OVERDUE" if late else "DUE" if each.given["on"] == due else "CURRENT"
        assert (each.expect["due_on"], each.expect["state"]) == (due, state), each.name


def last_valid_day(kind: CredentialKindRule, ends: dt.date) -> dt.date:
    """The end, or the end of a late window that counts: an oracle for the examples."""
    rule = kind.deadlines
    assert rule.late_window_counts_as_valid is not None
    assert rule.late_window_days is not None
    window = rule.late_window_days.value if rule.late_window_counts_as_valid.value else 0
    return ends + dt.timedelta(days=window)


@every_pack
def test_renewal_examples_agree_with_the_deadlines(pack: Pack) -> None:
    shown = [e for e in examples(pack, ExampleKind.RENEWAL) if "last_valid_day" in e.expect]
    assert len(shown) >= 2
    for each in shown:
        kind = pack.credential_kind(each.credential)
        rule, ends = kind.deadlines, each.given["ends"]
        last = last_valid_day(kind, ends)
        assert each.expect["last_valid_day"] == last, each.name
        assert each.expect["valid"] == (each.given["on"] <= last), each.name
        assert rule.opens_days_before is not None
        assert rule.file_by_days_before is not None
        opens = ends - dt.timedelta(days=rule.opens_days_before.value)
        file_by = ends - dt.timedelta(days=rule.file_by_days_before.value)
        assert each.expect.get("opens_on", opens) == opens, each.name
        assert each.expect.get("file_by", file_by) == file_by, each.name
