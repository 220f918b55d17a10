"""`python -m peerworks.local COMMAND`: everything that runs on one machine, from one place."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from peerworks.local import (
    checks,
    doctor,
    environment,
    modes,
    resetting,
    services,
    site,
    testing,
)
from peerworks.local.locking import Held, Lock
from peerworks.local.paths import CHECKOUT, Place, open_place, state_folder
from peerworks.local.supervisor import Stopped, Supervisor
from peerworks.local.words import Problem, complain, in_words, say

#: Commands whose further arguments belong to another program.
PASSING_ON = ("test", "with")


def main(arguments: Sequence[str]) -> int:
    """Run one command; the answer is the exit status of the process."""
    rest = arguments[1:] if arguments[:1] and arguments[0] in PASSING_ON else []
    given = _parser().parse_args(arguments[: len(arguments) - len(rest)])
    given.rest = list(rest)
    try:
        env = environment.for_children(CHECKOUT / ".env", os.environ)
        status: int = given.do(given, env)
    except Problem as problem:
        complain(str(problem))
        return 1
    except Stopped as stopped:
        return stopped.exit_status
    except OSError as error:
        if (told := in_words(error)) is None:
            raise
        complain(told)
        return 1
    return status


def run(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Start services, web, worker and beat; stay until Ctrl-C."""
    site.run(env)
    return 0


def test(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Run pytest with the arguments that follow, against services of its own."""
    return testing.run_tests(given.rest, env)


def with_services(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Run a command with the services: with [--tests] [--owner] [--clones] COMMAND …"""
    options = {"--tests": False, "--owner": False, "--clones": False}
    words = list(given.rest)
    while words and words[0] in options:
        options[words.pop(0)] = True
    if not words:
        raise Problem("Say which command: python -m peerworks.local with manage.py shell")
    if words[0] == "manage.py":
        words.insert(0, sys.executable)
    if options["--clones"]:
        return testing.run_with_clones(words, env)
    return testing.run_command(words, env, tests=options["--tests"], as_owner=options["--owner"])


def serve(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Start the services alone, print how to reach them, and stay."""
    place = open_place("tests" if given.tests else modes.purpose_of(env), env)
    with services.held(place) as lock, Supervisor(place.logs) as supervisor:
        lock.write(f"services only, process {os.getpid()}")
        say(environment.as_lines(services.start(place, supervisor, env)))
        supervisor.stay()
    return 0


def show_environment(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Print the variables of the services that run now, for a shell to read."""
    place = Place(state_folder(env), "tests" if given.tests else modes.purpose_of(env))
    if not place.environment.exists() or not _is_held(place):
        raise Problem("No services run in this folder. Start them first, for example: make run")
    say(place.environment.read_text().rstrip())
    return 0


def check(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Run every check of the code and say how many failed."""
    return checks.run_all(env)


def examine(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Name every part that is needed, there or not, with the fix."""
    return doctor.report(env)


def reset(given: argparse.Namespace, env: dict[str, str]) -> int:
    """Remove the local databases, uploads, keys and sockets."""
    return resetting.reset(env)


def _is_held(place: Place) -> bool:
    lock = Lock(place.lock)
    try:
        lock.take()
    except Held:
        return True
    lock.release()
    return False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m peerworks.local", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, do: Callable[..., int]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=(do.__doc__ or "").splitlines()[0])
        added.set_defaults(do=do)
        return added

    command("run", run)
    command("test", test)
    command("with", with_services)
    command("services", serve).add_argument("--tests", action="store_true")
    command("env", show_environment).add_argument("--tests", action="store_true")
    command("check", check)
    command("doctor", examine)
    command("reset", reset)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
