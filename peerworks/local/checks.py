"""`make check`: every check of the code, as data. It changes nothing."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from peerworks.local import environment, services
from peerworks.local.children import Child, Running
from peerworks.local.paths import CHECKOUT, open_place
from peerworks.local.words import say

PYTHON = sys.executable
MODULE = (PYTHON, "-m")
MANAGE = (PYTHON, "manage.py")
IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
#: A file name in a command that stands for every template.
TEMPLATES = "{templates}"


@dataclass(frozen=True)
class Check:
    """A command that answers 0 when the code is as it should be, and how to mend it if not."""

    name: str
    command: tuple[str, ...]
    mend: str = ""
    env: Mapping[str, str] = field(default_factory=dict)


#: The longest first, since two run at a time.
CHECKS = (
    Check("types", (*MODULE, "mypy")),
    Check("format", (*MODULE, "ruff", "format", "--check", "."), "make fix"),
    Check("lint", (*MODULE, "ruff", "check", "."), "make fix"),
    Check("imports", (PYTHON, "-c", IMPORTS)),
    Check("templates", (str(Path(PYTHON).with_name("djade")), "--check", TEMPLATES), "make fix"),
    Check("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run"), "make migrations"),
    Check(
        "deployment",
        (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
        env={"PEERWORKS_DEMO": "0", "DJANGO_SETTINGS_MODULE": "peerworks.settings"},
    ),
    Check("rule packs", (*MANAGE, "check_rulepacks")),
    Check("translations", (*MODULE, "tests.checks.catalogue"), "make translations"),
    Check("generated docs", (*MODULE, "tests.checks.docs"), "make docs"),
    Check("locks", (*MODULE, "peerworks.local.lockfile"), "make lock"),
)


def run_all(env: Mapping[str, str]) -> int:
    """Run every check, two at a time, show what each failed one said, and answer 1 if there was any."""
    place, checks = open_place("tests", env), {_log_name(each): each for each in CHECKS}
    with services.for_one_command(place, env) as (supervisor, full):
        app = environment.without_owner(full)
        for name in checks:
            supervisor.log_of(name).unlink(missing_ok=True)
        children = [Child(k, _filled(v.command), {**app, **v.env}) for k, v in checks.items()]
        ended = supervisor.finish_all(children, at_once=2)
        failed = []
        for running, status in ended:
            _say_how_it_ended(checks[running.name], running, status)
            failed += [checks[running.name].name] if status else []
    if failed:
        say(f"\n{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}.")
        return 1
    say(f"\nAll {len(CHECKS)} checks hold.")
    return 0


def _log_name(check: Check) -> str:
    return f"check-{check.name.replace(' ', '-')}"


def _say_how_it_ended(check: Check, running: Running, status: int) -> None:
    seconds = time.monotonic() - running.started
    say(f"  {'FAILED' if status else 'ok':<7} {check.name:<14} {seconds:5.1f} s")
    if status:
        say(running.log.read_text(errors="replace").rstrip())
        if check.mend:
            say(f"  Mend it with: {check.mend}")


def _filled(command: tuple[str, ...]) -> list[str]:
    words: list[str] = []
    for word in command:
        words += templates() if word == TEMPLATES else [word]
    return words


def templates() -> list[str]:
    """Every template of ours, relative to the checkout."""
    found = CHECKOUT.glob("templates/**/*.html")
    return sorted(str(path.relative_to(CHECKOUT)) for path in found)
