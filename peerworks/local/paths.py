"""Where the embedded services keep their files.

Everything that lasts stands in the state folder (`.local/` of the checkout, or
`PEERWORKS_STATE_DIR`): one subfolder for the demonstration (`run`), one for an agency's own data
(`agency`) and one for tests. Sockets cannot stand there:
the path of a Unix socket may have 107 bytes, and a checkout's own path can be longer.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from peerworks.local.words import Problem

CHECKOUT = Path(__file__).resolve().parents[2]

#: Linux has 108 bytes with the closing zero, macOS 104.
LONGEST_SOCKET_PATH = 103
#: The longest file name that a service makes in the socket folder.
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
#: A first start needs about 150 MB; a full disk in the middle of a migration costs far more.
SMALLEST_FREE_SPACE = 1_000_000_000


@dataclass(frozen=True)
class Place:
    """The files of one set of services: those of `run`, of `agency`, or of `tests`."""

    state: Path
    purpose: str

    @property
    def folder(self) -> Path:
        return self.state / self.purpose

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        return self.folder / "valkey"

    @property
    def lock(self) -> Path:
        """Held by the process that runs these services, for as long as it lives."""
        return self.folder / "lock"

    @property
    def users(self) -> Path:
        """Held, shared, by every test run that uses these services."""
        return self.folder / "users"

    @property
    def environment(self) -> Path:
        """The variables of the running services, for others who want to use them."""
        return self.folder / "environment"

    @property
    def sockets(self) -> Path:
        """The short private folder for sockets; its name holds the user and the place."""
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return _short_temporary_folder() / f"peerworks-{os.geteuid()}-{digest}"


def state_folder(env: Mapping[str, str]) -> Path:
    """The folder of all local files, absolute; it may not exist yet."""
    given = env.get("PEERWORKS_STATE_DIR")
    return Path(given).expanduser().absolute() if given else CHECKOUT / ".local"


def open_place(purpose: str, env: Mapping[str, str]) -> Place:
    """Make the folders of `purpose` ("run", "agency" or "tests"), private to this user.

    Raises Problem when the state folder cannot be written, is another user's or open to others, or
    when its disk is nearly full.
    """
    place = Place(state_folder(env), purpose)
    try:
        _refuse_anothers_files(place)
        place.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (place.folder, place.keys, place.logs, place.valkey):
            folder.mkdir(mode=0o700, exist_ok=True)
        free = shutil.disk_usage(place.state).free
    except OSError as error:
        raise Problem(
            f"The folder {place.state} cannot be written ({error.strerror}). Give this user the "
            "right to write there, or set PEERWORKS_STATE_DIR to another folder."
        ) from error
    if free < SMALLEST_FREE_SPACE:
        raise Problem(
            f"Only {free // 1_000_000} MB are free on the disk of {place.state}; 1 GB is needed. "
            "Free some space, or set PEERWORKS_STATE_DIR to a folder on another disk."
        )
    return place


def _refuse_anothers_files(place: Place) -> None:
    """Files of another user are not written, also not by root, who could: they would be lost to them."""
    if place.folder.exists() and place.folder.stat().st_uid != os.geteuid():
        raise Problem(
            f"The folder {place.folder} belongs to {whose(place.folder)}, and this start is by "
            f"{_user(os.geteuid())}. Run as that user, or set PEERWORKS_STATE_DIR to another folder."
        )
    if place.folder.exists() and place.folder.stat().st_mode & 0o022:
        raise Problem(
            f"Other users may write in {place.folder}, where the keys are. Close it first:  "
            f"chmod go-w '{place.folder}'"
        )


def whose(path: Path) -> str:
    """The name of the user whom a file belongs to."""
    return _user(path.stat().st_uid)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user {uid}"


def open_sockets(place: Place, owner: int) -> Path:
    """Make the socket folder, or check that the one that is there is private and `owner`'s.

    The temporary folder is open to everybody, so a link, a stranger's folder or one that others
    may enter is refused with a Problem and never repaired.
    """
    folder = place.sockets
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_unless_private(folder, {os.geteuid(), owner})
    if owner != os.geteuid():
        os.chown(folder, owner, -1)
    return folder


def _refuse_unless_private(folder: Path, owners: set[int]) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        wrong = "is not a folder"
    elif found.st_uid not in owners:
        wrong = "belongs to somebody else"
    elif found.st_mode & 0o077:
        wrong = "is open to other users"
    else:
        return
    raise Problem(f"{folder} {wrong}, so no socket is put there. Remove it and start again.")


def _short_temporary_folder() -> Path:
    """The temporary folder, or /tmp where that one's path is too long for a socket in it."""
    digits = len(str(os.geteuid()))
    room = LONGEST_SOCKET_PATH - len(f"/peerworks--/{LONGEST_SOCKET_NAME}") - digits - 12
    folder = Path(tempfile.gettempdir()).absolute()
    return folder if len(os.fsencode(folder)) <= room else Path("/tmp")  # noqa: S108
