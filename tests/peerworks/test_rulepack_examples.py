"""Who proves the examples of a rule pack, and what checking files says. No database."""

import io

import pytest
from django.core.management import CommandError, call_command

from peerworks.lib.rulepack import ExampleKind, ExampleResult, read_pack
from peerworks.rulepacks import examples
from peerworks.rulepacks.models import PackVersion
from peerworks.rulepacks.operations import PackFile, check_files, shipped_files


@pytest.fixture
def runners(monkeypatch):
    """The registry with the runner of `lib` only, and proofs of the other kinds that always hold."""
    monkeypatch.setattr(examples, "_runners", {})
    examples.register_units()
    return {kind: holds for kind in ExampleKind if kind is not ExampleKind.UNITS}


def holds(pack, example):
    return ExampleResult(example)


def fails(pack, example):
    return ExampleResult(example, "another outcome")


def is_later(pack, example):
    return ExampleResult(example, "no such gate yet", not_checked=True)


def register(runners):
    for kind, runner in runners.items():
        examples.register(kind, runner)


@pytest.fixture
def virginia():
    (file,) = [each for each in shipped_files() if each.name.startswith("va-")]
    return file


def test_a_kind_has_one_runner(runners):
    examples.register(ExampleKind.GATE, holds)
    examples.register(ExampleKind.GATE, holds)
    with pytest.raises(examples.RunnerTaken):
        examples.register(ExampleKind.GATE, fails)


def test_what_nothing_proves_has_failed(runners, virginia):
    results = examples.run_examples(read_pack(virginia.text, virginia.name))
    kinds = {result.example.kind for result in results if result.failed}
    assert {result.example.kind for result in results if result.passed} == {ExampleKind.UNITS}
    assert kinds
    assert kinds == {result.example.kind for result in results} - {ExampleKind.UNITS}


def test_a_pack_whose_examples_hold_has_no_errors(runners, virginia):
    register(runners)
    checked = check_files([virginia])
    (only,) = checked.packs
    assert checked.errors == []
    assert len(only.passed) == len(only.pack.examples)
    assert sum(only.values_by_status().values()) == len(only.pack.values)


def test_an_example_that_fails_is_named_with_its_line(runners, virginia):
    register(runners | {ExampleKind.GATE: fails})
    checked = check_files([virginia])
    (only,) = checked.packs
    gates = [each for each in only.pack.examples if each.kind is ExampleKind.GATE]
    assert [error.line for error in checked.errors] == [each.line for each in gates]
    assert all("another outcome" in error.message for error in checked.errors)
    assert {error.file for error in checked.errors} == {virginia.name}


def test_an_example_of_a_later_gate_neither_holds_nor_fails(runners, virginia):
    register(runners | {ExampleKind.GATE: is_later})
    checked = check_files([virginia])
    (only,) = checked.packs
    assert checked.errors == []
    assert {result.example.kind for result in only.not_checked} == {ExampleKind.GATE}
    assert len(only.passed) + len(only.not_checked) == len(only.pack.examples)


def test_every_fault_of_every_file_is_said(runners, virginia):
    register(runners)
    broken = PackFile("broken.yaml", "pack: [")
    checked = check_files([broken, virginia, virginia])
    assert {error.file for error in checked.errors} == {"broken.yaml", virginia.name}
    assert len(checked.packs) == 2


def test_the_tenth_version_of_a_year_is_later_than_the_ninth():
    ninth, tenth = (PackVersion(pack="p", version=f"2026.{number}") for number in (9, 10))
    assert tenth.order > ninth.order


@pytest.mark.parametrize(
    ("there", "more", "word"),
    [
        ("given: {signed: false", "age: 20", "age"),
        ("given: {cosigned_by_author: true", "earlier_units: {}", "earlier_units"),
        # Without the note's co-signature nobody asks who gave it.
        ("given: {cosigned_by_author: true", "cosigned: false", "cosigned_by_author"),
    ],
)
def test_a_word_that_nobody_reads_refuses_the_pack(virginia, tmp_path, there, more, word):
    before, found, after = virginia.text.partition(there)
    file = tmp_path / virginia.name
    file.write_text(f"{before}{found}, {more}{after}", "utf-8")
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_rulepacks", str(file), stderr=said)
    (line,) = [each for each in said.getvalue().splitlines() if "nobody reads" in each]
    number = before.count("\n") + 1
    assert line.startswith(f"{virginia.name}:{number}: ")
    assert f'nobody reads "{word}"' in line


def test_the_shipped_packs_give_no_word_that_nobody_reads():
    assert check_files(shipped_files()).errors == []
