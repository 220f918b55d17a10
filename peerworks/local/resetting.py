"""`make reset`: removes exactly what `make run` and `make test` made, and nothing beside it."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from peerworks.local import leftovers, services
from peerworks.local.paths import Place, state_folder
from peerworks.local.words import Problem, say

PURPOSES = ("run", "agency", "tests")
#: What stands in the state folder: the sets of services, and uploads and mail of the demonstration.
MADE = {
    "run": "the demonstration: database, keys, logs",
    "agency": "YOUR AGENCY'S OWN DATA: database, uploads, keys, logs",
    "tests": "databases of tests",
    "files": "uploads of the demonstration",
    "mail": "mail of the demonstration",
}
REAL = "agency"


def reset(env: Mapping[str, str]) -> int:
    """Remove databases, uploads, mail, keys and sockets; Problem while something runs.

    It names everything first and asks, unless YES=1. Where nobody can be asked it goes on, but never
    with an agency's own data: those are removed by YES=1 or by a person who types the word. The state
    folder itself goes only when nothing else stands in it. The virtual environment stays: it holds no
    data.
    """
    state = state_folder(env)
    places = [Place(state, purpose) for purpose in PURPOSES]
    found = list(_found(state, places))
    if not found:
        say(f"Nothing to remove: nothing was made in {state}.")
        return 0
    with ExitStack() as locks:
        for place in places:
            if place.folder.exists():
                locks.enter_context(services.held(place))
        _name(found)
        _ask(env, holds_real_data=(state / REAL).is_dir())
        for place in places:
            leftovers.end_processes_in(place.postgres, "postgres")
            leftovers.end_processes_in(place.valkey, "valkey-server")
        for folder, _ in found:
            shutil.rmtree(folder)
            say(f"removed {folder}")
    with suppress(OSError):
        state.rmdir()
    return 0


def _found(state: Path, places: list[Place]) -> Iterator[tuple[Path, str]]:
    """Folders that were made and are there, with what they hold; a link in their place is none."""
    named = [(state / name, words) for name, words in MADE.items()]
    named += [(place.sockets, "sockets") for place in places]
    for folder, words in named:
        if folder.is_dir() and not folder.is_symlink():
            yield folder, words


def _name(found: list[tuple[Path, str]]) -> None:
    say("This removes:")
    for folder, words in found:
        say(f"  {folder}   {words}, {_size(folder)}")


def _size(folder: Path) -> str:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += Path(where, name).lstat().st_size
    return f"{total / 1e6:.0f} MB"


def _ask(env: Mapping[str, str], *, holds_real_data: bool) -> None:
    if env.get("YES") == "1":
        return
    if not sys.stdin.isatty():
        if holds_real_data:
            raise Problem(
                "Nothing was removed: an agency's own data are among it, and nobody can be asked "
                "here. If you mean it:  make reset YES=1"
            )
        return
    word = REAL if holds_real_data else "yes"
    sys.stdout.write(f"Type {word} to remove it: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != word:
        raise Problem("Nothing was removed.")
