"""The strict YAML below a rule pack: what a scalar means, and what is not let in."""

import datetime as dt
from decimal import Decimal

import pytest

from peerworks.lib.rulepack.nodes import MAX_DEPTH, PackError, Problems, read_nodes
from tests.lib.rulepack_sample import FILE, SAMPLE, edited, faults


def read(text: str) -> tuple[object, list[PackError]]:
    problems = Problems("x.yaml")
    node = read_nodes(text, problems)
    return node.plain() if node else None, problems.found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("0", 0),
        ("12", 12),
        ("-15", -15),
        ("2.50", Decimal("2.50")),
        ("2026-03-14", dt.date(2026, 3, 14)),
        ("T1012", "T1012"),
        ('"02"', "02"),
        ('"true"', "true"),
        ('"2026-03-14"', "2026-03-14"),
        ("'012'", "012"),
        ('""', ""),
        ("[1, [a, NO]]", (1, ("a", "NO"))),
    ],
)
def test_a_scalar_means_what_it_says(written: str, meant: object) -> None:
    plain, found = read(f"a: {written}\n")
    assert found == []
    assert plain == {"a": meant}
    assert isinstance(plain, dict)
    assert type(plain["a"]) is type(meant)


@pytest.mark.parametrize(
    "written", ["012", "0x1f", "0o17", "1_000", "+5", "1e3", "12:30", "3 days"]
)
def test_what_could_be_read_in_two_ways_is_refused(written: str) -> None:
    _, found = read(f"a: 1\nb: {written}\n")
    message = f"{written} can be read in two ways; put text in quotes"
    assert found == [PackError("x.yaml", 2, "b", message)]


@pytest.mark.parametrize(
    ("text", "line", "path", "message"),
    [
        ("a: 1\nb:\n  c: 2\n  c: 3\n", 4, "b.c", "the key stands here twice"),
        ("a: &x 1\n", 1, "a", "anchors are not allowed"),
        ("a: !!str 1\n", 1, "a", "tags are not allowed"),
        ("a: !python/object:os.system 1\n", 1, "a", "tags are not allowed"),
        ("a: 2026-02-30\n", 1, "a", "there is no day 2026-02-30"),
        ("a:\n", 1, "a", "empty; write the value, or null"),
        ("a: ~\n", 1, "a", "empty; write the value, or null"),
        ("a: [1, 02]\n", 1, "a.1", "02 can be read in two ways; put text in quotes"),
        ("<<: {a: 1}\n", 1, "", "merge keys are not allowed"),
        ("[a, b]: 1\n", 1, "", "a key must be text"),
        ("%YAML 1.1\n---\na: 1\n", 1, "", "directives are not allowed"),
        ("a: 1\n---\nb: 2\n", 2, "", "a file holds one document"),
        ("", 1, "", "the file is empty"),
    ],
)
def test_refused_with_line_and_path(text: str, line: int, path: str, message: str) -> None:
    _, found = read(text)
    assert PackError("x.yaml", line, path, message) in found


def test_an_alias_is_refused_as_well_as_its_anchor() -> None:
    _, found = read("a: &x [1]\nb: *x\n")
    assert [(each.line, each.path, each.message) for each in found] == [
        (1, "a", "anchors are not allowed"),
        (2, "b", "aliases are not allowed"),
    ]


@pytest.mark.parametrize("text", ["a: [1\n", "a: b: c\n", "a: \x07\n", "\tq"])
def test_what_is_not_yaml_is_said_so(text: str) -> None:
    plain, found = read(text)
    assert plain is None
    assert [each.message.startswith("not YAML: ") for each in found] == [True]


def test_deep_nesting_is_refused_before_the_stack_ends() -> None:
    _, found = read("[" * 5000 + "]" * 5000)
    assert [each.message for each in found] == [f"nested deeper than {MAX_DEPTH} levels"]


def test_a_file_may_not_be_too_large() -> None:
    assert [each.message for each in faults(SAMPLE + "#" * 262_144)] == ["larger than 262144 bytes"]


def test_a_pack_is_a_map() -> None:
    assert faults("[1]") == [PackError(FILE, 1, "", "a pack is a map")]


def test_a_leading_zero_in_a_pack_is_never_octal() -> None:
    text, line = edited("units: {value: 16, source: law}", "units: {value: 020, source: law}")
    found = [(each.line, each.path) for each in faults(text)]
    assert (line, "services.0.caps.0.units.value") in found


def test_no_is_no_truth_value_in_a_pack() -> None:
    text, line = edited(
        "volunteers: {value: true, source: law}", "volunteers: {value: NO, source: law}"
    )
    message = 'true or false is wanted, not "NO"'
    assert faults(text) == [PackError(FILE, line, "never_billable.volunteers", message)]


def test_a_fault_reads_as_one_line() -> None:
    assert str(PackError("a.yaml", 3, "services.talk", "bad")) == "a.yaml:3: services.talk: bad"
    assert str(PackError("a.yaml", 3, "", "bad")) == "a.yaml:3: bad"
