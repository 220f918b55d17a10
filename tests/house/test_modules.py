"""Sizes and bans: what no module, test or other file of the product does."""

import pytest

from tests.house.sources import ROOT, files, lines_with, name_of, python

MODULE_LINES = 500
TEST_LINES = 600
TOP_LEVEL = {
    *("manage.py", "pyproject.toml", "README.md", "Makefile", ".env.example", ".gitignore", ".ci"),
    *("requirements.txt", "requirements-dev.txt", "docs", "locale", "static", "templates", "tests"),
    *("peerworks", "providers", "training", "supervision", "billing"),
}


def too_long(paths, limit):
    """The files with more lines than the limit, with their number of lines."""
    counted = {name_of(path): len(path.read_text().splitlines()) for path in paths}
    return {name: lines for name, lines in counted.items() if lines > limit}


def test_no_module_is_too_long():
    assert not too_long(python(), MODULE_LINES)


def test_no_test_file_is_too_long():
    tests = (path for path in python(tests=True) if name_of(path).startswith("tests/"))
    assert not too_long(tests, TEST_LINES)


def test_the_top_level_is_fixed():
    tops = {name_of(path).split("/")[0] for path in files()}
    assert tops <= TOP_LEVEL, tops - TOP_LEVEL


#: pattern, why it is banned, and the files that may hold it, each with the reason.
BANS = {
    "a registry's host": (
        r"(pypi|pythonhosted|npmjs|crates|anaconda|rubygems)\.(org|com|io)\b",
        {},
    ),
    "a path of one machine": (
        r"(?<![\w/.}-])/" + r"(work|root|Users|home/[a-z]+)/",
        {},
    ),
    "the 29th of February moved to another year": (r"\.replace\(\s*year=", {}),
}
CODE_BANS = {
    "SQL by hand through the ORM": (r"\.(raw|extra)\(", {}),
    "an order or a filter from the request": (r"(order_by|filter|exclude)\(\*{0,2}request", {}),
    "chance": (r"^\s*(import random\b|from random import)|\brandom\.(random|choice|randint)\(", {}),
    "autocommit": (r"(?<!_)set_autocommit\(", {}),
    "a setting that outlives its transaction": (r"set_config\(.*,\s*(false|False|FALSE)", {}),
    "HTML that is believed": (r"\bmark_safe\b|\bSafeString\(|\bSafeText\(|\|safe\b", {}),
    "a template made of text": (r"\bfrom_string\(|\bTemplate\(", {}),
    "code from text": (r"(?<![\w.])(eval|exec)\(|\bpickle\b|yaml\.(load|unsafe_load)\(", {}),
    "a door without a form token": (r"csrf_exempt", {}),
}
CLOCK = r"timezone\.(now|localdate)\(|datetime\.now\(|date\.today\("
#: Rules get the day; only what meets the outside looks at the clock.
CLOCK_OWNERS = {"views", "tasks", "management", "demo", "local"}


@pytest.mark.parametrize("ban", BANS)
def test_no_file_holds(ban):
    pattern, excused = BANS[ban]
    assert not lines_with(files(), pattern, excused=excused)


@pytest.mark.parametrize("ban", CODE_BANS)
def test_no_module_holds(ban):
    pattern, excused = CODE_BANS[ban]
    paths = (path for path in python(migrations=True) if "demo" not in path.parts)
    assert not lines_with(paths, pattern, excused=excused)


def test_the_clock_is_read_at_the_edge_only():
    inner = (
        path for path in python() if not CLOCK_OWNERS & {*path.relative_to(ROOT).parts, path.stem}
    )
    assert not lines_with(inner, CLOCK, excused={})


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a registry's host", "see https://files.python" + "hosted.org/x"),
        ("a path of one machine", 'open("/ro' + 'ot/x")'),
        ("the 29th of February moved to another year", "day.rep" + "lace(year=2027)"),
        ("SQL by hand through the ORM", "Note.objects.raw(text)"),
        ("an order or a filter from the request", "notes.filter(**request.GET)"),
        ("chance", "import random"),
        ("autocommit", "connection.set_autocommit(True)"),
        ("a setting that outlives its transaction", "set_config('peerworks.x', %s, false)"),
        ("HTML that is believed", "return mark_safe(text)"),
        ("code from text", "yaml.load(text)"),
    ],
)
def test_a_ban_finds_what_it_is_about(tmp_path, monkeypatch, name, line):
    path = tmp_path / "planted.py"
    path.write_text(f"first = 1\n{line}\n")
    monkeypatch.setattr("tests.house.sources.ROOT", tmp_path)
    pattern, _excused = (BANS | CODE_BANS)[name]
    assert lines_with(iter([path]), pattern, excused={}) == [f"planted.py:2: {line}"]
