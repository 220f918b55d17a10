"""The two services of a place: embedded ones, or those that the environment names."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from peerworks.local import environment, keys, postgres, valkey
from peerworks.local.locking import Held, Lock
from peerworks.local.paths import Place, open_sockets
from peerworks.local.supervisor import Supervisor
from peerworks.local.words import Problem, say

SETTINGS_MODULES = {
    "run": "peerworks.settings",
    "agency": "peerworks.settings",
    "tests": "tests.settings",
}
#: What a single command is told of its mode; the tests say theirs themselves.
MODES = {"run": {"PEERWORKS_DEMO": "1"}, "agency": {"PEERWORKS_DEMO": "0"}}


def start(place: Place, supervisor: Supervisor, env: Mapping[str, str]) -> dict[str, str]:
    """Start what `env` does not name, and answer the variables that lead to the services.

    The caller holds the lock of the place. Besides the three addresses the answer names the
    settings, the state folder and the keys. Raises Problem where only one of the two database
    addresses is given.
    """
    found = {
        "DJANGO_SETTINGS_MODULE": SETTINGS_MODULES[place.purpose],
        "PEERWORKS_STATE_DIR": str(state_for_children(place)),
        **MODES.get(place.purpose, {}),
        **environment.with_own_secrets(place, env),
        **_database(place, supervisor, env),
        **_broker(place, supervisor, env),
    }
    keys.write_private(place.environment, environment.as_lines(found) + "\n")
    return found


def state_for_children(place: Place) -> str:
    """Where the application keeps its files: those of the demonstration stand beside no others."""
    folder = place.state if place.purpose == "run" else place.folder / "state"
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder)


def is_embedded(env: Mapping[str, str], name: str) -> bool:
    """Whether the service behind the variable `name` is ours to start."""
    return not env.get(name)


@contextmanager
def held(place: Place) -> Iterator[Lock]:
    """Hold the lock of a place; Problem that says where the other start runs, if there is one."""
    lock = Lock(place.lock)
    try:
        lock.take()
    except Held as other:
        raise Problem(f"PeerWorks already runs from this folder: {other.note}") from None
    place.environment.unlink(missing_ok=True)  # of a start that was killed
    try:
        yield lock
    finally:
        place.environment.unlink(missing_ok=True)
        lock.release()


@contextmanager
def for_one_command(
    place: Place, env: Mapping[str, str]
) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """A supervisor, and the environment that leads to the services, while the block lasts.

    Where the services of the place run already they are shared; else they are started. Whoever
    started them waits at the end for those who share them.
    """
    own, users = Lock(place.lock), Lock(place.users)
    try:
        with Supervisor(place.logs) as supervisor:
            shared = _shared_or_taken(place, supervisor, own, users)
            if shared is not None:
                yield supervisor, dict(env) | shared
            else:
                own.write(f"a test run or a single command, process {os.getpid()}")
                yield supervisor, dict(env) | start(place, supervisor, env)
                _wait_for_users(supervisor, users)
    finally:  # after the services have stopped
        if own.is_held:
            place.environment.unlink(missing_ok=True)
        users.release()
        own.release()


def _shared_or_taken(
    place: Place, supervisor: Supervisor, own: Lock, users: Lock
) -> dict[str, str] | None:
    """Variables of services that run already, or None with the lock `own` taken."""
    found: dict[str, str] | None = None

    def settled() -> bool:
        nonlocal found
        try:
            own.take()
        except Held:
            with suppress(Held):  # else they are about to stop: the lock is free soon
                users.take(shared=True)
                found = environment.read_file(place.environment)
            return bool(found)
        users.release()
        found = None
        place.environment.unlink(missing_ok=True)  # of a start that was killed
        return True

    supervisor.until_ready("The other start of PeerWorks in this folder", settled, 60)
    return found


def _wait_for_users(supervisor: Supervisor, users: Lock) -> None:
    """Wait, as long as it takes, until nobody shares the services any more."""
    told = False
    while True:
        try:
            users.take()
        except Held:
            if not told:
                say("Another command in this folder still uses the services: waiting for its end.")
            told = True
            supervisor.pause(0.2)
        else:
            return


def _database(place: Place, supervisor: Supervisor, env: Mapping[str, str]) -> dict[str, str]:
    if is_embedded(env, "DATABASE_URL"):
        if not is_embedded(env, "DATABASE_OWNER_URL"):
            raise Problem("DATABASE_OWNER_URL is set and DATABASE_URL is not: set both or none.")
        urls = postgres.start(place, supervisor, env)
        return {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}
    if is_embedded(env, "DATABASE_OWNER_URL"):
        raise Problem(
            "DATABASE_URL is set, so DATABASE_OWNER_URL must be set too: the role that migrates."
        )
    return {name: env[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}


def _broker(place: Place, supervisor: Supervisor, env: Mapping[str, str]) -> dict[str, str]:
    if not is_embedded(env, "REDIS_URL"):
        return {"REDIS_URL": env["REDIS_URL"]}
    if not is_embedded(env, "DATABASE_URL"):  # else PostgreSQL's start made it
        open_sockets(place, os.geteuid())
    return {"REDIS_URL": valkey.start(place, supervisor, env)}
