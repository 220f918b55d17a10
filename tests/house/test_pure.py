"""What must stay pure loads in a fresh interpreter without Django: rules, codec, state tables, lib."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("django", "celery", "psycopg", "redis")
#: Packages on the way to pure code: importing a module below them runs them first.
EMPTY = ("peerworks", "providers", "training", "supervision", "billing", "billing/gates")


def pure_modules():
    """The modules that are pure by their place or by their name."""
    paths = [*ROOT.glob("peerworks/lib/**/*.py"), *ROOT.glob("billing/x12/**/*.py")]
    paths += [*ROOT.glob("billing/gates/rules.py"), *ROOT.glob("billing/gates/rules/**/*.py")]
    paths += [*ROOT.glob("*/rules.py"), *ROOT.glob("*/rules/**/*.py"), *ROOT.glob("*/states.py")]
    for path in sorted(set(paths)):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_by(modules):
    """Which of the heavy packages these modules bring along, in an interpreter of their own."""
    program = (
        "import importlib, sys\n"
        f"for name in {list(modules)!r}:\n"
        "    importlib.import_module(name)\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-"], input=program, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout.split()


def test_the_pure_modules_load_without_django():
    modules = list(pure_modules())
    assert {"peerworks.lib.money", "billing.x12.syntax", "providers.rules"} <= set(modules)
    assert not loaded_by(modules)


def test_the_probe_sees_what_it_looks_for():
    assert loaded_by(["peerworks.agencies.context"]) == ["django", "psycopg"]


@pytest.mark.parametrize("package", EMPTY)
def test_the_packages_on_the_way_are_empty(package):
    assert not (ROOT / package / "__init__.py").read_text()
