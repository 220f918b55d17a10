"""`make reset`: removes exactly what `make run` and `make test` made, and nothing beside it."""

import shutil
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from peerworks.local import leftovers, services
from peerworks.local.paths import Place, state_folder
from peerworks.local.words import say

#: What stands in the state folder: the two sets of services, uploads, and mail of the demonstration.
MADE = ("run", "tests", "files", "mail")


def reset(env: Mapping[str, str]) -> int:
    """Remove databases, uploads, mail, keys and sockets; Problem while something runs.

    The state folder itself goes only when nothing else stands in it. The virtual environment
    stays: it holds no data.
    """
    state = state_folder(env)
    places = [Place(state, purpose) for purpose in ("run", "tests")]
    with ExitStack() as locks:
        for place in places:
            if place.folder.exists():
                locks.enter_context(services.held(place))
                leftovers.end_processes_in(place.postgres, "postgres")
                leftovers.end_processes_in(place.valkey, "valkey-server")
        for folder in [*(state / name for name in MADE), *(place.sockets for place in places)]:
            _remove(folder)
    with suppress(OSError):
        state.rmdir()
    return 0


def _remove(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
        say(f"removed {folder}")
