"""`make doctor`: every part that PeerWorks needs on this machine, there or not, with the fix."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from peerworks.local import browser, postgres, rooting, valkey
from peerworks.local.locking import Held, Lock
from peerworks.local.paths import CHECKOUT, Place, state_folder
from peerworks.local.words import Problem, say


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
    return 1 if any(part.fix and part.needed for part in parts) else 0


def examine(env: Mapping[str, str]) -> Iterator[Part]:
    """Look at every part without changing anything."""
    places = [Place(state_folder(env), purpose) for purpose in ("run", "tests")]
    yield Part("Python", f"{sys.version.split()[0]}, {sys.executable}")
    yield _environment_state("ready-run", "requirements.txt", "make run installs it")
    yield _environment_state("ready-dev", "requirements-dev.txt", "make test installs it")
    yield _free_space(places[0])
    yield _try("PostgreSQL", lambda: _database(env))
    yield _try("Valkey", lambda: _broker(env))
    yield _chromium(env)
    for place in places:
        yield _state(place)
        yield Part(f"sockets, {place.purpose}", str(place.sockets))


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


def _free_space(place: Place) -> Part:
    folder = place.state if place.state.exists() else CHECKOUT
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:.1f} GB free"
    enough = free >= 1e9 and os.access(folder, os.W_OK)
    return Part("disk", words, "" if enough else f"Make 1 GB free and {folder} writable.")


def _try(name: str, look: Callable[[], str]) -> Part:
    try:
        return Part(name, look())
    except Problem as problem:
        return Part(name, "not usable", str(problem))


def _database(env: Mapping[str, str]) -> str:
    if env.get("DATABASE_URL"):
        return "from DATABASE_URL"
    return f"{postgres.version()}, embedded, runs as {rooting.in_words()}"


def _broker(env: Mapping[str, str]) -> str:
    return "from REDIS_URL" if env.get("REDIS_URL") else f"{valkey.version()}, embedded"


def _chromium(env: Mapping[str, str]) -> Part:
    if (found := browser.find(env)) is not None:
        return Part("Chromium", str(found))
    fix = f"For the browser tests: sudo {' '.join(browser.APT_COMMAND)}"
    return Part("Chromium", "none", fix, needed=False)


def _state(place: Place) -> Part:
    name = f"files, {place.purpose}"
    if not place.lock.exists():
        return Part(name, f"{place.folder} (not made yet)")
    lock = Lock(place.lock)
    try:
        lock.take()
    except Held as held:
        return Part(name, f"{place.folder}, in use: {held.note}")
    lock.release()
    return Part(name, f"{place.folder}, at rest")
