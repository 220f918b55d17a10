"""`make doctor`: every part that PeerWorks needs on this machine, there or not, with the fix.

It changes nothing and needs no package, so that it can also say which packages are missing.
"""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from peerworks.local import browser, environment, modes, rooting
from peerworks.local.locking import Held, Lock
from peerworks.local.paths import CHECKOUT, Place, state_folder, whose
from peerworks.local.words import Problem, complain, say

PURPOSES = {
    "run": "demonstration",
    "agency": "an agency's own data",
    "tests": "tests",
}
SECRETS = ("SECRET_KEY", "FIELD_KEYS")


@dataclass(frozen=True)
class Part:
    """One line of the report; `fix` is empty where nothing is wrong."""

    name: str
    found: str
    fix: str = ""
    needed: bool = True


def report(env: Mapping[str, str]) -> int:
    """Print every part; the answer is 1 where one that is needed is missing."""
    parts = list(examine(env))
    for part in parts:
        mark = "ok" if not part.fix else "MISSING" if part.needed else "-"
        say(f"  {mark:<8} {part.name:<18} {part.found}")
        if part.fix:
            say(f"{'':<30}{part.fix}")
    missing = [part.name for part in parts if part.fix and part.needed]
    say("")
    if missing:
        say(f"{len(missing)} missing: {', '.join(missing)}. The fix stands beside each.")
    else:
        say("Everything that is needed is there. What is marked - is needed for tests alone.")
    return 1 if missing else 0


def examine(env: Mapping[str, str]) -> Iterator[Part]:
    """Look at every part without changing anything."""
    yield Part("Python", f"{sys.version.split()[0]}, {sys.executable}")
    yield _virtual_environments()
    yield _program("make", "apt-get install -y make", env)
    yield _checkout()
    yield _environment_state("ready-run", "requirements.txt", "make run installs it")
    yield _environment_state("ready-dev", "requirements-dev.txt", "make test installs it")
    yield _free_space(env)
    yield _try("PostgreSQL", lambda: _database(env))
    yield _try("Valkey", lambda: _broker(env))
    yield _chromium(env)
    yield from _settings(env)
    for purpose in PURPOSES:
        yield from _place(Place(state_folder(env), purpose))


def _virtual_environments() -> Part:
    if find_spec("ensurepip") and find_spec("venv"):
        return Part("venv", "this Python makes virtual environments")
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    is_there = (CHECKOUT / ".venv").exists()
    fix = f"Run:  sudo apt-get install -y --no-install-recommends {package}"
    return Part("venv", "this Python makes no virtual environments", fix, needed=not is_there)


def _program(name: str, command: str, env: Mapping[str, str]) -> Part:
    found = shutil.which(name, path=env.get("PATH"))
    return Part(name, found or "none", "" if found else f"Run:  sudo {command}")


def _checkout() -> Part:
    writable = os.access(CHECKOUT, os.W_OK)
    fix = "" if writable else f"Run as the user whom it belongs to: {whose(CHECKOUT)}."
    return Part("checkout", f"{CHECKOUT}{'' if writable else ', not writable'}", fix)


def _environment_state(stamp: str, lock: str, fix: str) -> Part:
    """Tests and tools may be missing; what runs may not. The tools' lock holds both."""
    needed = stamp == "ready-run" and not (CHECKOUT / ".venv" / "ready-dev").exists()
    made, source = CHECKOUT / ".venv" / stamp, CHECKOUT / lock
    name = f"packages, {stamp.removeprefix('ready-')}"
    if not made.exists():
        return Part(name, f"{lock} is not installed", f"{fix}.", needed)
    if made.stat().st_mtime < source.stat().st_mtime:
        return Part(name, f"{lock} changed since it was installed", f"{fix}.", needed)
    return Part(name, f"{lock} is installed")


def _free_space(env: Mapping[str, str]) -> Part:
    state = state_folder(env)
    folder = next((each for each in (state, *state.parents) if each.exists()), CHECKOUT)
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB free for {state}"
    fix = "" if free >= 1e9 else f"Make 1 GB free on the disk of {folder}."
    if not fix and not os.access(folder, os.W_OK):
        fix = f"{folder} cannot be written. Set PEERWORKS_STATE_DIR to a folder of yours."
    return Part("disk", words, fix)


def _try(name: str, look: Callable[[], str]) -> Part:
    try:
        return Part(name, look())
    except Problem as problem:
        return Part(name, "not usable", str(problem))
    except ImportError as error:
        return Part(name, f"the package {error.name} is not installed", "make run installs it.")


def _database(env: Mapping[str, str]) -> str:
    given = [name for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if env.get(name)]
    if len(given) == 1:
        raise Problem(f"{given[0]} is set and the other address is not: set both or none.")
    if given:
        return "from DATABASE_URL"
    from peerworks.local import postgres

    return f"{postgres.version()}, embedded, runs as {rooting.in_words()}"


def _broker(env: Mapping[str, str]) -> str:
    if env.get("REDIS_URL"):
        return "from REDIS_URL"
    from peerworks.local import valkey

    return f"{valkey.version()}, embedded"


def _chromium(env: Mapping[str, str]) -> Part:
    fix = f"For the browser tests: {browser.HOW}"
    try:
        found = browser.find(env)
    except Problem as problem:
        return Part("Chromium", "none", str(problem), needed=False)
    if found is not None:
        return Part("Chromium", str(found))
    return Part("Chromium", "none", fix, needed=False)


# What the environment and .env say.


def _settings(env: Mapping[str, str]) -> Iterator[Part]:
    yield _try("mode", lambda: _mode(env))
    yield _try("address", lambda: _address(env))
    yield _mail(env)
    for name in SECRETS:
        yield _secret(name, env)


def _mode(env: Mapping[str, str]) -> str:
    modes.refuse_what_is_unsafe(env)
    if modes.is_demonstration(env):
        return "demonstration with made-up people (PEERWORKS_DEMO=0 is an agency's own data)"
    return "an agency's own data, " + (
        "behind https" if modes.has_tls(env) else "on this machine alone"
    )


def _address(env: Mapping[str, str]) -> str:
    port = modes.port_of(env)
    with socket.socket() as probe:
        probe.settimeout(0.5)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    after = "in use: the next free one is taken and named" if taken else "free"
    return f"{env.get('PEERWORKS_HOST') or '127.0.0.1'}, port {port}, {after}"


def _mail(env: Mapping[str, str]) -> Part:
    if env.get("EMAIL_URL"):
        return Part("mail", "from EMAIL_URL")
    if modes_say_demo(env):
        return Part("mail", "written to files, sent to nobody")
    fix = "Set EMAIL_URL in .env, as .env.example shows: until then no letter leaves."
    return Part("mail", "not set up", fix, needed=False)


def modes_say_demo(env: Mapping[str, str]) -> bool:
    """Whether this is the demonstration; a word that is none is told in the line `mode`."""
    return env.get("PEERWORKS_DEMO", "").strip() != "0"


def _secret(name: str, env: Mapping[str, str]) -> Part:
    file = env.get(f"{name}_FILE")
    if file and not os.access(file, os.R_OK):
        return Part(name, f"{file} cannot be read", f"Correct {name}_FILE or the file's rights.")
    given = file or ("from the environment" if env.get(name) else "")
    return Part(name, given or "made at the first start, kept in the state folder")


# What is on the disk.


def _place(place: Place) -> Iterator[Part]:
    words = PURPOSES[place.purpose]
    yield _state(place, f"files, {place.purpose}", words)
    sockets = place.sockets
    strange = sockets.exists() and sockets.stat().st_uid not in (os.geteuid(), 65534)
    fix = f"It belongs to {whose(sockets)}: remove it, and start again." if strange else ""
    yield Part(f"sockets, {place.purpose}", str(sockets), fix)


def _state(place: Place, name: str, words: str) -> Part:
    folder = place.folder
    if not place.lock.exists():
        return Part(name, f"{folder}, {words} (not made yet)")
    if folder.stat().st_uid != os.geteuid():
        fix = f"It belongs to {whose(folder)}: run as that user, or set PEERWORKS_STATE_DIR."
        return Part(name, f"{folder}, {words}", fix)
    lock = Lock(place.lock)
    try:
        lock.take()
    except Held as held:
        return Part(name, f"{folder}, {words}, in use: {held.note}")
    except OSError as error:
        return Part(name, f"{folder}, {words}", f"It cannot be opened ({error.strerror}).")
    lock.release()
    return Part(name, f"{folder}, {words}, at rest")


def main() -> int:
    """As `make doctor` calls it, before anything is installed."""
    try:
        env = environment.read_file(Path(CHECKOUT, ".env")) | dict(os.environ)
        return report(env)
    except Problem as problem:
        complain(str(problem))
        return 1


if __name__ == "__main__":
    sys.exit(main())
