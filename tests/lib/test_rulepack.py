"""A rule pack as it is read: values with their authority, versions side by side, unit examples."""

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from peerworks.lib.findings import Authority, Status
from peerworks.lib.rulepack import (
    AllOf,
    AnyOf,
    Atom,
    Every,
    ExampleKind,
    ExampleResult,
    Pack,
    PackError,
    Service,
    Value,
    check_set,
    read_pack,
    run_unit_examples,
)
from tests.lib.rulepack_sample import FILE, SAMPLE, edited


@pytest.fixture(name="pack")
def read_sample() -> Pack:
    return read_pack(SAMPLE, FILE)


@pytest.fixture(name="talk")
def read_service(pack: Pack) -> Service:
    return pack.service("talk")


def version(number: str, starts: str, ends: str = "null", replaces: str = "null") -> Pack:
    text = SAMPLE.replace('version: "2026.1"', f'version: "{number}"')
    text = text.replace("{from: 2026-01-01, to: null}", f"{{from: {starts}, to: {ends}}}")
    return read_pack(text.replace("replaces: null", f"replaces: {replaces}"))


def test_the_head(pack: Pack) -> None:
    assert (pack.name, pack.kind, pack.state) == ("zz-sample-peer@2026.1", "STATE_MEDICAID", "ZZ")
    assert dict(pack.label) == {"en": "Sample", "es": "Muestra"}
    assert (pack.effective_from, pack.effective_to) == (dt.date(2026, 1, 1), None)
    assert (pack.calendar.week_starts, pack.calendar.fiscal_year_starts) == ("MONDAY", "07-01")
    assert dict(pack.severity) == {"SUPV-03": "BLOCK"}
    assert pack.replaces == ""


def test_a_file_is_read_like_its_text(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(SAMPLE, encoding="utf-8")
    assert read_pack(path) == pack


def test_the_service(talk: Service) -> None:
    assert (talk.setting, talk.is_group, talk.code.value) == ("INDIVIDUAL", False, "H0038")
    assert (talk.unit.minutes.value, talk.unit.engine.value) == (15, "FULL_UNIT")
    assert dict(talk.modifiers[0].when) == {"mode": ("VIDEO",), "place": ("02", "10")}
    assert talk.modifiers[0].add.value == "GT"
    assert talk.places.allowed.members == ("02", "11")
    assert talk.places.text_required == ("11",)
    assert talk.credentials.stages is None


def test_the_caps(talk: Service) -> None:
    day, half_year = talk.caps
    assert day.units is not None
    assert (day.units.limit, day.minutes, day.window, day.months) == (16, None, "DAY", 0)
    assert half_year.minutes is not None
    assert (half_year.minutes.limit, half_year.window, half_year.months) == (
        1560,
        "ROLLING_MONTHS",
        6,
    )
    assert talk.day_caps() == (day,)


def test_the_workforce(pack: Pack) -> None:
    kind = pack.credential_kind("zz-peer")
    assert kind.endorsements == ("RECOVERY",)
    assert kind.deadlines.file_by_days_before is not None
    assert kind.deadlines.file_by_days_before.value == -15
    assert kind.education.hours is not None
    assert kind.education.hours.value == Decimal("12.5")
    assert kind.education.categories[0].sponsor == "BOARD"
    initial = kind.stage("INITIAL")
    assert initial is not None
    assert initial.months is not None
    assert initial.months.value == 6
    assert kind.stage("FULL") is None


def test_supervision_by_stage(pack: Pack) -> None:
    initial = pack.workforce.supervision_for("INITIAL")
    full = pack.workforce.supervision_for("FULL")
    assert initial is not None
    assert initial.every is not None
    assert initial.every.value == Every(days=7)
    assert full is not None
    assert full.over is not None
    assert (full.mode, full.over.value, full.every) == ("RATIO", "ROLLING_MONTHS(3)", None)
    assert pack.workforce.supervision_for("LAPSED") is None


def test_who_may_supervise_is_a_tree(pack: Pack) -> None:
    rule = pack.workforce.supervisor_qualification
    assert rule is not None
    experienced = AllOf((Atom("credential", "zz-peer"), Atom("years_as_peer", 2)))
    assert rule.tree == AnyOf((experienced, Atom("licence", "LPHA")))
    assert pack.authority(rule.as_value()).path == "workforce.supervisor_qualification"


def test_the_authority_of_a_value(pack: Pack, talk: Service) -> None:
    units = talk.caps[0].units
    assert units is not None
    assert pack.authority(units) == Authority(
        pack="zz-sample-peer",
        version="2026.1",
        path="services.talk.caps.day.units",
        status=Status.SOURCED,
        source="law",
        verified_on=dt.date(2026, 11, 21),
    )
    assert not pack.authority(talk.unit.engine).is_confirmed


def test_none_is_an_answer_and_left_out_is_not(pack: Pack, talk: Service) -> None:
    assert talk.ages.max is not None
    assert (talk.ages.max.is_none, talk.ages.max.limit) == (True, None)
    assert talk.training.required is not None
    assert talk.training.required.members == ()
    assert pack.workforce.caseload_max is None
    assert talk.group.min is None


def test_what_is_left_out_altogether_is_none_too() -> None:
    text, _ = edited("  group: {max: {value: 12, source: law}}\n", "")
    assert read_pack(text).service("talk").group.max is None


def test_a_pack_without_workforce_has_no_rules_for_workers() -> None:
    start, _, rest = SAMPLE.partition("workforce:\n")
    examples = rest[rest.index("examples:\n") :].replace(
        '- {name: "Open", credential: zz-peer, ', "#"
    )
    workforce = read_pack(start + examples).workforce
    assert (workforce.credentials, workforce.supervisor_qualification) == ((), None)


def test_every_value_is_counted_by_its_status(pack: Pack) -> None:
    assert pack.status_counts() == {
        Status.SOURCED: SAMPLE.count("source: law"),
        Status.PROPOSAL: SAMPLE.count("source: default"),
    }


def test_unknown_keys_are_key_errors(pack: Pack) -> None:
    with pytest.raises(KeyError, match="walk"):
        pack.service("walk")
    with pytest.raises(KeyError, match="zz-other"):
        pack.credential_kind("zz-other")


def test_a_pack_cannot_be_changed(pack: Pack) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        pack.services[0].code.value = "X"  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        pack.sources["law"] = pack.sources["default"]  # type: ignore[index]


def test_examples_carry_what_their_runner_needs(pack: Pack) -> None:
    held = next(each for each in pack.examples if each.kind is ExampleKind.GATE)
    assert (held.name, held.service, held.gate) == ("Held", "talk", "UNIT-02")
    assert dict(held.given) == {"units_same_day": 16, "minutes": 15}
    assert dict(held.expect) == {"outcome": "BLOCK", "reason": "UNITS-DAY"}
    due = next(each for each in pack.examples if each.kind is ExampleKind.SUPERVISION)
    assert dict(due.given) == {"on": dt.date(2026, 3, 9), "last_supervision": "NONE"}
    renewal = next(each for each in pack.examples if each.kind is ExampleKind.RENEWAL)
    assert (renewal.credential, dict(renewal.expect)) == ("zz-peer", {"valid": True})
    assert SAMPLE.splitlines()[renewal.line - 1].startswith('- {name: "Open"')


def test_unit_examples_are_run_with_the_rounding_of_the_service(pack: Pack) -> None:
    assert [(each.example.name, each.passed) for each in run_unit_examples(pack)] == [
        ("Two sevens", True),
        ("Twice ten", True),
    ]
    talk = pack.service("talk")
    midpoint = dataclasses.replace(talk.unit, engine=Value("MIDPOINT_8", "law", ""))
    other = dataclasses.replace(pack, services=(dataclasses.replace(talk, unit=midpoint),))
    assert [(each.passed, each.message) for each in run_unit_examples(other)] == [
        (False, "1 units"),
        (False, "shares 1, 0"),
    ]


@pytest.mark.parametrize(
    ("message", "not_checked", "passed", "failed"),
    [
        ("", False, True, False),
        ("outcome is PASS", False, False, True),
        ("UNIT-03 is not checked by this version", True, False, False),
        ("", True, False, False),
    ],
)
def test_an_example_that_nothing_checks_neither_passed_nor_failed(
    pack: Pack, message: str, not_checked: bool, passed: bool, failed: bool
) -> None:
    result = ExampleResult(pack.examples[0], message, not_checked=not_checked)
    assert (result.passed, result.failed) == (passed, failed)


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
def test_in_force_from_the_first_day_to_the_day_before_the_end(day: str, holds: bool) -> None:
    assert (
        version("2026.1", "2026-01-01", "2026-07-01").in_force(dt.date.fromisoformat(day)) is holds
    )


def test_without_an_end_a_version_holds_on() -> None:
    assert version("2026.1", "2026-01-01").in_force(dt.date(2099, 1, 1))


def test_versions_that_follow_each_other_fit() -> None:
    first = version("2026.1", "2026-01-01", "2026-07-01")
    second = version("2026.2", "2026-07-01")
    assert check_set([first, second]) == []
    assert check_set([second, first]) == []


def test_two_versions_on_one_day_need_replaces() -> None:
    first, second = version("2026.1", "2026-01-01"), version("2026.2", "2026-07-01")
    message = "in force on the same days as zz-sample-peer@2026.1, without `replaces`"
    assert check_set([first, second]) == [
        PackError("zz-sample-peer@2026.2.yaml", 1, "effective", message)
    ]


def test_replacing_holds_through_others() -> None:
    packs = [
        version("2026.1", "2026-01-01"),
        version("2026.2", "2026-01-01", replaces='"2026.1"'),
        version("2026.3", "2026-01-01", replaces='"2026.2"'),
    ]
    assert check_set(packs) == []
    assert [each.message for each in check_set([packs[0], packs[2]])] == [
        "in force on the same days as zz-sample-peer@2026.1, without `replaces`"
    ]


def test_versions_are_compared_as_numbers() -> None:
    ninth = version("2026.9", "2026-01-01")
    tenth = version("2026.10", "2026-01-01", replaces='"2026.9"')
    assert check_set([ninth, tenth]) == []


def test_one_version_stands_only_once() -> None:
    packs = [version("2026.1", "2026-01-01"), version("2026.1", "2026-02-01")]
    assert check_set(packs) == [
        PackError(
            "zz-sample-peer@2026.1.yaml", 1, "version", "zz-sample-peer@2026.1 stands here twice"
        )
    ]


def test_other_packs_do_not_meet() -> None:
    other = read_pack(SAMPLE.replace("zz-sample-peer", "zz-other-peer"))
    assert check_set([read_pack(SAMPLE), other]) == []
