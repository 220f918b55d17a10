"""`make test` and single commands: run in front of the services, which stop with them."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from peerworks.local import browser, environment, memory, modes, postgres, services
from peerworks.local.paths import open_place


def run_tests(arguments: Sequence[str], env: Mapping[str, str]) -> int:
    """Run pytest with `arguments` against the test services; the answer is its exit status."""
    chromium = _chromium(arguments, env)
    place = open_place("tests", env)
    with services.for_one_command(place, env) as (supervisor, full):
        full.pop("MAY_BYPASS_ISOLATION", None)
        if chromium is not None:
            full["CHROMIUM"] = str(chromium)
        command = [sys.executable, "-m", "pytest", *arguments]
        if not services.is_embedded(env, "DATABASE_URL"):
            return supervisor.run_in_front(command, full)
        full["DATABASE_SUPERUSER_URL"] = postgres.superuser_url(place)
        with memory.space_for_copies(place) as full["TEST_TABLESPACE"]:
            return supervisor.run_in_front(command, full)


def run_with_clones(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command that makes test databases itself, as the bench does: it has both addresses."""
    with services.for_one_command(open_place("tests", env), env) as (supervisor, full):
        full.pop("MAY_BYPASS_ISOLATION", None)
        return supervisor.run_in_front(command, full)


def run_command(
    command: Sequence[str], env: Mapping[str, str], *, tests: bool, as_owner: bool
) -> int:
    """Run any command with the site's services (or those of the tests) as the app role or the owner."""
    place = open_place("tests" if tests else modes.purpose_of(env), env)
    with services.for_one_command(place, env) as (supervisor, full):
        role = environment.as_owner if as_owner else environment.without_owner
        return supervisor.run_in_front(command, role(full))


def _chromium(arguments: Sequence[str], env: Mapping[str, str]) -> Path | None:
    """The browser; it must be there unless `arguments` name tests outside tests/browser."""
    named = [word for word in arguments if word.partition("::")[0].startswith("tests/")]
    if named and not any(word.startswith("tests/browser") for word in named):
        return browser.find(env)
    return browser.find_or_install(env)
