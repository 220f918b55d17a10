"""A tablespace in memory for the databases that a test run copies by the hundred.

A copy has a thousand small files. A disk keeps a journal of them, and ext4 looks at every inode that
was freed in the last seconds for each new one; in memory a copy takes a third of the time, and is
dropped as soon as it was used. Nothing of it outlives the run.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from peerworks.local import postgres
from peerworks.local.paths import Place

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
NAME = "copies_"
#: A dozen databases of 15 MB are there at a time; in bytes.
ROOM = 1_000_000_000


@contextmanager
def space_for_copies(place: Place) -> Iterator[str]:
    """The name of a tablespace of this process, or "" where memory has no room: copies then stand on the disk."""
    name = f"{NAME}{os.getpid()}"
    with postgres.superuser(place) as connection:
        _clear(connection)
        folder = _make_folder(place)
        if folder is not None:
            _make_space(connection, name, folder)
    if folder is None:
        yield ""
        return
    try:
        yield name
    finally:
        with suppress(psycopg.Error), postgres.superuser(place) as connection:
            _drop_space(connection, name)
        shutil.rmtree(folder, ignore_errors=True)


def _make_folder(place: Place) -> Path | None:
    """A private folder for the user that the server runs as; None where there is no room or no such place."""
    folder = SHARED_MEMORY / f"{_stem()}{os.getpid()}"
    try:
        if shutil.disk_usage(SHARED_MEMORY).free < ROOM or psutil.virtual_memory().available < ROOM:
            return None
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, place.postgres.stat().st_uid)
    except OSError:
        return None
    return folder


def _stem() -> str:
    return f"peerworks-{os.geteuid()}-copies-"


def _make_space(connection: psycopg.Connection, name: str, folder: Path) -> None:
    made = sql.SQL("CREATE TABLESPACE {} LOCATION {}")
    connection.execute(made.format(sql.Identifier(name), sql.Literal(str(folder))))
    granted = sql.SQL("GRANT CREATE ON TABLESPACE {} TO {}")
    connection.execute(granted.format(sql.Identifier(name), sql.Identifier(postgres.OWNER)))


def _drop_space(connection: psycopg.Connection, name: str) -> None:
    inside = connection.execute(
        "SELECT datname FROM pg_database JOIN pg_tablespace s ON s.oid = dattablespace"
        " WHERE spcname = %s",
        [name],
    )
    for (database,) in inside.fetchall():
        dropped = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        connection.execute(dropped.format(sql.Identifier(database)))
    connection.execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(name)))


def _clear(connection: psycopg.Connection) -> None:
    """What runs have left that were killed: their tablespaces here, and their folders of any checkout."""
    names = connection.execute(
        "SELECT spcname FROM pg_tablespace WHERE starts_with(spcname, %s)", [NAME]
    )
    for (name,) in names.fetchall():
        if not psutil.pid_exists(int(name.removeprefix(NAME))):
            _drop_space(connection, name)
    for folder in SHARED_MEMORY.glob(f"{_stem()}*"):
        is_over = not psutil.pid_exists(int(folder.name.removeprefix(_stem())))
        if is_over and not _is_in_use(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_in_use(folder: Path) -> bool:
    """Whether a server that outlived its run still has a tablespace there; it works in its own data folder."""
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "postgres":
            with suppress(psutil.Error, OSError):
                links = Path(process.cwd(), "pg_tblspc").iterdir()
                if any(link.readlink() == folder for link in links):
                    return True
    return False
