"""Everything that a rule pack is refused for, each with file, line and key path."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerworks.lib.rulepack import PackError, PackErrors, read_pack
from peerworks.lib.rulepack.nodes import Problems, read_nodes
from tests.lib.rulepack_sample import FILE, SAMPLE, edited, faults

DAY_CAP = "services.talk.caps.day"
SOURCED = "is missing, and a SOURCED value needs it"
FORM = "a rule value is written {value: …, source: …}"
NEEDED = "is missing; the gates cannot do without it"


def test_the_sample_itself_is_accepted() -> None:
    assert faults(SAMPLE) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        # head
        ("state: ZZ\n", "state: ZZ\nextra: 1\n", "extra", "unknown key"),
        ("state: ZZ\n", "extends: other\nstate: ZZ\n", "extends", "a pack cannot extend another in this release"),
        ("kind: STATE_MEDICAID", "kind: STATE", "kind", '"STATE" is not one of AGENCY, CERTIFICATION_BODY, FEDERAL, MANAGED_CARE, MEDICARE, STATE_MEDICAID'),
        ("kind: STATE_MEDICAID\n", "", "kind", "is missing"),
        ("pack: zz-sample-peer\n", "", "pack", "is missing"),
        ('label: {en: "Sample", es: "Muestra"}', 'label: {en: "Sample"}', "label.es", "is missing"),
        ('label: {en: "Sample", es: "Muestra"}', 'label: {en: "Sample", es: ""}', "label.es", 'text is wanted, not ""'),
        ('label: {en: "Talk", es: "Charla"}', 'label: {es: "Charla"}', "services.talk.label.en", "is missing"),
        ('  label: {en: "Talk", es: "Charla"}\n', "", "services.talk.label", "is missing"),
        ("to: null", "to: 2025-01-01", "effective.to", "ends before it starts"),
        ("from: 2026-01-01", "from: soon", "effective.from", 'a day YYYY-MM-DD is wanted, not "soon"'),
        ('version: "2026.1"', "version: 2026.1", "version", 'text is wanted, not "2026.1"'),
        ("replaces: null", 'replaces: "2026.2"', "replaces", "a version replaces an earlier one"),
        ('"07-01"', '"31-12"', "calendar.fiscal_year_starts", '"31-12" does not have the shape (0[1-9]|1[0-2])-(0[1-9]|[12][0-9])'),
        ('calendar: {week_starts: MONDAY, fiscal_year_starts: "07-01"}', "calendar: MONDAY", "calendar", "a map is wanted here"),
        # sources
        ("source: default}}\n  unit:", "source: nobody}}\n  unit:", "services.talk.modifiers.0.add.source", '"nobody" is not in `sources`'),
        ("code: {value: H0038, source: law}", "code: {value: H0038, source: [law]}", "services.talk.code.source", "a list is not in `sources`"),
        ("code: {value: H0038, source: law}", "code: {value: H0038}", "services.talk.code", "the rule value has no source"),
        ("code: {value: H0038, source: law}", "code: H0038", "services.talk.code", FORM),
        ("code: {value: H0038, source: law}", "code: {source: law}", "services.talk.code", FORM),
        ("code: {value: H0038, source: law}", "code: {value: H0038, source: law, note: x}", "services.talk.code.note", "unknown key"),
        ("code: {value: H0038, source: law}", "code: {value: null, source: law}", "services.talk.code", "null is not a rule value; write NONE for no limit, or leave the key out"),
        ("code: {value: H0038, source: law}", "code: {value: NONE, source: law}", "services.talk.code", '"NONE" does not have the shape [A-Z0-9]{5}'),
        ("status: SOURCED", "status: AGENCY", "sources.law.status", '"AGENCY" is not one of PROPOSAL, SOURCED, UNVERIFIED'),
        ('    url: "https://law.example/1"\n', "", "sources.law.url", SOURCED),
        ("    verified_on: 2026-11-21\n", "", "sources.law.verified_on", SOURCED),
        ('    verified_by: "PeerWorks"\n', "", "sources.law.verified_by", SOURCED),
        ('"https://law.example/1"', '"javascript:1"', "sources.law.url", '"javascript:1" does not have the shape https?://\\S+'),
        ("sources:\n", "origins:\n", "sources", "is missing"),
        # required leaves
        ("  code: {value: H0038, source: law}\n", "", "services.talk.code", NEEDED),
        ("    minutes: {value: 15, source: law}\n", "", "services.talk.unit.minutes", NEEDED),
        ("    engine: {value: FULL_UNIT, source: default}\n", "", "services.talk.unit.engine", NEEDED),
        ("    scope: {value: DAY, source: default}\n", "", "services.talk.unit.scope", NEEDED),
        ("    accepted: {value: [zz-peer], source: law}\n", "", "services.talk.credentials.accepted", NEEDED),
        ('    allowed: {value: ["02", "11"], source: law}\n', "", "services.talk.places.allowed", NEEDED),
        ("  modes: {allowed: {value: [IN_PERSON, VIDEO], source: law}}\n", "", "services.talk.modes.allowed", NEEDED),
        ("    target_hours: {value: 24, source: default}\n", "", "services.talk.note.target_hours", NEEDED),
        ("    late_after_hours: {value: 72, source: default}\n", "", "services.talk.note.late_after_hours", NEEDED),
        ("    hold_after_days: {value: 7, source: default}\n", "", "services.talk.note.hold_after_days", NEEDED),
        ("    cosign: {value: ALWAYS, source: default}\n", "", "services.talk.note.cosign", NEEDED),
        ("    cosign_within_days: {value: 7, source: default}\n", "", "services.talk.note.cosign_within_days", NEEDED),
        ("    narrative_min_chars: {value: 40, source: default}\n", "", "services.talk.note.narrative_min_chars", NEEDED),
        ("days: {value: 365, source: law}, ", "", "services.talk.filing.days", NEEDED),
        # words and shapes inside a service
        ("setting: INDIVIDUAL", "setting: ALONE", "services.talk.setting", '"ALONE" is not one of GROUP, INDIVIDUAL'),
        ("value: FULL_UNIT", "value: HALF_UNIT", "services.talk.unit.engine", '"HALF_UNIT" is not one of FULL_UNIT, MIDPOINT_8, THRESHOLD_MONTH, UP_TO'),
        ("value: FULL_UNIT", "value: THRESHOLD_MONTH", "services.talk.unit", "THRESHOLD_MONTH and MONTH go together"),
        ("value: 15, source: law", 'value: "15", source: law', "services.talk.unit.minutes", 'a whole number is wanted, not "15"'),
        ("value: 15, source: law", "value: 0, source: law", "services.talk.unit.minutes", "0 is less than 1"),
        ("window: DAY\n", "window: FORTNIGHT\n", f"{DAY_CAP}.window", '"FORTNIGHT" is not one of CALENDAR_YEAR, DAY, EPISODE, FISCAL_YEAR, MONTH, WEEK, ROLLING_MONTHS(n)'),
        ("window: DAY\n", "window: {a: 1}\n", f"{DAY_CAP}.window", "a map is not one of CALENDAR_YEAR, DAY, EPISODE, FISCAL_YEAR, MONTH, WEEK, ROLLING_MONTHS(n)"),
        ("    of: PARTICIPANT\n", "    of: NOBODY\n", f"{DAY_CAP}.of", '"NOBODY" is not one of PARTICIPANT, PROVIDER'),
        ("value: 16, source: law", "value: true, source: law", f"{DAY_CAP}.units", "a whole number is wanted, not true"),
        ("    window: DAY\n", "    minutes: {value: 240, source: law}\n    window: DAY\n", DAY_CAP, "a cap has either `units` or `minutes`"),
        ("then: HOLD", "then: STOP", f"{DAY_CAP}.then", '"STOP" is not one of HOLD, NEEDS_AUTHORIZATION, NEEDS_EXCEPTION, WARN'),
        ("{key: half-year, ", "{key: day, ", "services.talk.caps", "day stands here twice"),
        ("{mode: VIDEO, ", "{weather: RAIN, ", "services.talk.modifiers.0.when.weather", "unknown key"),
        ("value: [zz-peer]", "value: zz-peer", "services.talk.credentials.accepted", 'a list is wanted, not "zz-peer"'),
        ("value: [zz-peer]", "value: []", "services.talk.credentials.accepted", "a list is wanted, not a list"),
        ("value: [zz-peer]", "value: [zz-peer, zz-peer]", "services.talk.credentials.accepted", "the list names something twice"),
        ("value: [RECOVERY]", "value: [MENTAL_HEALTH]", "services.talk.credentials.endorsements", "no accepted credential can be endorsed for MENTAL_HEALTH"),
        ("value: ALWAYS", "value: NEW_PEERS", "services.talk.note", "NEW_PEERS and `new_peer_days` go together"),
        ("value: [IN_PERSON, VIDEO]", "value: [LETTER]", "services.talk.modes.allowed", '"LETTER" is not one of IN_PERSON, PHONE, VIDEO'),
        ("  caps:\n", "  caps: 4\n  limits:\n", "services.talk.caps", "a list is wanted here"),
        # workforce
        ("kind: ANNIVERSARY", "kind: YEARLY", "workforce.credentials.zz-peer.cycle.kind", '"YEARLY" is not one of ANNIVERSARY, CALENDAR_YEAR, MONTH_FIRST'),
        ("value: 12.5", "value: -1", "workforce.credentials.zz-peer.education.hours", "-1 is less than 0"),
        ("value: 12.5", "value: many", "workforce.credentials.zz-peer.education.hours", 'a number is wanted, not "many"'),
        ("{value: {days: 7}, source: law}", "{value: {weeks: 1}, source: law}", "workforce.supervision.INITIAL.every", "an interval is written {days: n} or {months: n}"),
        ("mode: RATIO", "mode: INTERVAL", "workforce.supervision.FULL", "INTERVAL has exactly: every"),
        ("{stage: TRAINEE, ", "{stage: FULL, ", "workforce.supervision", "FULL stands here twice"),
        ("formats: [GROUP]", "formats: [TALK]", "workforce.supervision.INITIAL.formats", '"TALK" is not one of ADMINISTRATIVE, CASE_CONSULTATION, GROUP, INDIVIDUAL, OBSERVATION, PEER_TO_PEER'),
        ("- licence: LPHA", "- diploma: LPHA", "workforce.supervisor_qualification.any_of.1.diploma", "unknown key"),
        ("    any_of:\n", "    all_of: []\n    any_of:\n", "workforce.supervisor_qualification", "one of any_of, all_of, credential, licence, years_as_peer, training, under_licensed_direction is wanted here"),
        ("    any_of:\n", "    any_of: []\n    some_of:\n", "workforce.supervisor_qualification.any_of", "an empty list would let anyone, or no one, qualify"),
        ("missing: BLOCK", "missing: SHRUG", "workforce.personnel.screening.missing", '"SHRUG" is not one of BLOCK, WARN'),
        ("every_days: {value: 31, source: default}, ", "", "workforce.personnel.screening", "either `every_days` or `each_renewal` is wanted"),
        ("{SUPV-03: BLOCK}", "{SUPV-99: BLOCK}", "severity.SUPV-99", "unknown key"),
        ("{SUPV-03: BLOCK}", "{SUPV-03: PASS}", "severity.SUPV-03", '"PASS" is not one of BLOCK, WARN'),
        # examples
        ("units: {minutes: [7, 7], expect: 0}", "units: {minutes: [7, 7], expect: 1}", "examples.Two sevens", "the example fails: 0 units, not expect 1"),
        ("units: {minutes: [7, 7], expect: 0}", "units: {minutes: 14, expect: 0}", "examples.Two sevens.units.minutes", 'a list is wanted, not "14"'),
        ("shares: [0, 1]", "shares: [1, 0]", "examples.Twice ten", "the example fails: shares 0, 1, not expect 1, shares (1, 0)"),
        ("shares: [0, 1]", "shares: [1]", "examples.Twice ten.units", "`minutes`, `deducted` and `shares` have one entry for each visit"),
        ("expect: 1, shares: [0, 1]", "shares: [0, 1]", "examples.Twice ten.units", "`minutes` and `expect` are wanted"),
        ('{name: "Two sevens", service: talk', '{name: "Two sevens", service: walk', "examples.Two sevens", "no service walk"),
        ('{name: "Open", credential: zz-peer', '{name: "Open", credential: zz-other', "examples.Open", "no credential zz-other"),
        ('name: "Twice ten"', 'name: "Two sevens"', "examples", "Two sevens stands here twice"),
        ("gate: UNIT-02", "gate: UNIT-99", "examples.Held.gate", None),
        ("reason: UNITS-DAY", "reason: CERT-EXP", "examples.Held.expect.reason", '"CERT-EXP" is not one of NO-FACT, NO-RULE, UNITS-DAY'),
        ("{outcome: BLOCK, reason: UNITS-DAY}", "{reason: UNITS-DAY}", "examples.Held.expect", "`outcome` is wanted"),
        ("units_same_day: 16", "units_today: 16", "examples.Held.given.units_today", "unknown key"),
        ("last_supervision: NONE", "last_supervision: never", "examples.Due.supervision.given.last_supervision", 'a day YYYY-MM-DD is wanted, not "never"'),
        ("{ends: 2026-12-31}", "{category_hours: 3}", "examples.Open.renewal.given.category_hours", 'a map is wanted, not "3"'),
        ("expect: {valid: true}", "expect: {}", "examples.Open.renewal", "`expect` is wanted"),
        ("  gate: UNIT-02\n", "", "examples.Held", "an example has one of: units, gate, renewal, supervision"),
    ],
)  # fmt: skip
def test_refused(old: str, new: str, path: str, message: str | None) -> None:
    text, line = edited(old, new)
    found = [each for each in faults(text) if each.path == path]
    assert found, [str(each) for each in faults(text)]
    assert found[0].file == FILE
    assert message is None or found[0].message == message
    assert 1 <= found[0].line <= text.count("\n")
    assert line - found[0].line == LINES_ABOVE.get((path, new), 0)


# What is missing is told at the first line of the map that misses it, and what stands twice or
# does not fit together at the first line of the whole.
LINES_ABOVE = {
    (DAY_CAP, "    minutes: {value: 240, source: law}\n    window: DAY\n"): 2,
    ("sources", "origins:\n"): 8,
    ("extra", "state: ZZ\nextra: 1\n"): -1,
    ("kind", ""): 2,
    ("services.talk.label", ""): 1,
    ("sources.law.url", ""): 2,
    ("sources.law.verified_on", ""): 3,
    ("sources.law.verified_by", ""): 4,
    ("services.talk.code", ""): 3,
    ("services.talk.unit.engine", ""): 1,
    ("services.talk.unit.scope", ""): 2,
    ("services.talk.modes.allowed", ""): 31,
    ("services.talk.note.late_after_hours", ""): 1,
    ("services.talk.note.hold_after_days", ""): 2,
    ("services.talk.note.cosign", ""): 3,
    ("services.talk.note.cosign_within_days", ""): 4,
    ("services.talk.note.narrative_min_chars", ""): 5,
    ("services.talk.unit", "value: THRESHOLD_MONTH"): 1,
    ("services.talk.caps", "{key: day, "): 5,
    ("services.talk.note", "value: NEW_PEERS"): 3,
    ("workforce.supervision", "{stage: FULL, "): 2,
    ("workforce.supervisor_qualification", "    all_of: []\n    any_of:\n"): 1,
    ("examples", 'name: "Two sevens"'): 1,
    ("examples.Held", ""): 2,
}


def test_the_line_is_the_line_of_the_fault() -> None:
    text, line = edited("then: HOLD", "then: STOP")
    assert [(each.line, each.path) for each in faults(text)] == [(line, f"{DAY_CAP}.then")]


def test_every_fault_is_told_at_once_in_order_of_lines() -> None:
    text = SAMPLE.replace("kind: STATE_MEDICAID", "kind: STATE").replace(
        "setting: INDIVIDUAL", "setting: ALONE"
    )
    text = text.replace("missing: BLOCK", "missing: SHRUG")
    found = faults(text)
    assert [each.path for each in found] == [
        "kind",
        "services.talk.setting",
        "workforce.personnel.screening.missing",
    ]
    with pytest.raises(PackErrors, match=r"kind: .*\n.*setting: .*\n.*missing: "):
        read_pack(text, FILE)


def test_a_service_without_an_example_is_refused() -> None:
    start, _, rest = SAMPLE.partition('- {name: "Two sevens"')
    examples = '- {name: "Open"' + rest.partition('- {name: "Open"')[2]
    line = SAMPLE[: SAMPLE.index("- key: talk")].count("\n") + 1
    assert faults(start + examples) == [
        PackError(FILE, line, "services.talk", "the service has no example")
    ]


def test_a_key_twice_is_refused_and_not_the_last_taken() -> None:
    text, line = edited("then: HOLD\n", "then: HOLD\n    then: WARN\n")
    found = PackError(FILE, line + 1, "services.0.caps.0.then", "the key stands here twice")
    assert faults(text) == [found]


def test_the_file_is_called_as_the_pack() -> None:
    message = "the file should be called zz-sample-peer@2026.1.yaml"
    assert faults(SAMPLE, "zz-other@2026.1.yaml") == [
        PackError("zz-other@2026.1.yaml", 1, "pack", message)
    ]


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(SAMPLE.encode("utf-8").replace(b"Muestra", b"Mu\xe9stra"))
    with pytest.raises(PackErrors) as raised:
        read_pack(path)
    assert raised.value.errors == [PackError(FILE, 1, "", "not UTF-8")]


def as_flow(content: Any) -> str:
    """The same content as one line of flow YAML: another formatting, the same meaning."""
    text = json.dumps(content, default=lambda value: f"@@{value}@@")
    return re.sub(r'"@@(.*?)@@"', r"\1", text)


def content_of(text: str) -> Any:
    node = read_nodes(text, Problems("x.yaml"))
    assert node is not None
    return node.plain()


def test_formatting_does_not_change_the_hash() -> None:
    flow = as_flow(content_of(SAMPLE))
    assert flow != SAMPLE
    assert read_pack(flow).sha256 == read_pack(SAMPLE).sha256


def test_any_other_content_does() -> None:
    text, _ = edited("value: 365", "value: 364")
    assert read_pack(text).sha256 != read_pack(SAMPLE).sha256


def paths_of(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps: list[Any] = []
    if isinstance(content, dict):
        steps = list(content)
    elif isinstance(content, list | tuple):
        steps = list(range(len(content)))
    return [path, *(deep for step in steps for deep in paths_of(content[step], (*path, step)))]


def replaced(content: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(content, dict):
        return {
            key: replaced(each, path[1:], new) if key == path[0] else each
            for key, each in content.items()
        }
    return [
        replaced(each, path[1:], new) if number == path[0] else each
        for number, each in enumerate(content)
    ]


CONTENT = content_of(SAMPLE)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 400) | st.sampled_from(["NONE", "law", "DAY", "", "x y"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["value", "source", "key", "days"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(path=st.sampled_from(paths_of(CONTENT)), new=ANYTHING)
def test_whatever_stands_anywhere_is_read_or_refused_in_words(
    path: tuple[Any, ...], new: Any
) -> None:
    found = faults(as_flow(replaced(CONTENT, path, new)), "pack.yaml")
    assert all(each.message and each.line >= 1 for each in found)
