"""Test databases: clones of one migrated template, given back whole.

Tests connect as the app role, so Django's flush cannot work: TRUNCATE is refused by grant and by
trigger. The owner migrates a template once a schema (its name holds a fingerprint of all that makes
the SQL), every worker gets a clone of it, and again after each test that commits.
"""

import fcntl
import hashlib
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("peerworks", "providers", "training", "supervision", "billing")
MAKES_SQL = ("peerworks/agencies/constraints.py", "billing/models/keys.py", "requirements.txt")


def owner_connection(dbname="postgres"):
    """A connection as the owner, in autocommit."""
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=dbname, autocommit=True)


def fingerprint() -> str:
    """Changes with every migration, with the constraints' own SQL, the lock and the apps."""
    digest = hashlib.sha256("\n".join(settings.INSTALLED_APPS).encode())
    files = [ROOT / each for each in MAKES_SQL]
    files += sorted(path for top in PACKAGES for path in (ROOT / top).glob("**/migrations/*.py"))
    for path in files:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def template(lock_folder: Path) -> str:
    """The name of the migrated template, made under a lock where it is missing."""
    name = f"test_template_{fingerprint()}"
    with (lock_folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with owner_connection() as owner:
            known = {row[0] for row in owner.execute("SELECT datname FROM pg_database")}
            if name not in known:
                build(owner, name, known)
    return name


def build(owner, name: str, known: set[str]) -> None:
    """Migrate into a database of another name and load the packs, then rename it: a half-built one is never used."""
    building = name.replace("template", "building")
    for old in known:
        if old.startswith("test_building_"):
            drop(owner, old)
    owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    environment = as_owner(building)
    manage(environment, "migrate", "--verbosity", "0")
    as_app = {"DATABASE_URL": named(os.environ["DATABASE_URL"], building)}
    manage(environment | as_app | {"MAY_BYPASS_ISOLATION": ""}, "load_rulepacks")
    owner.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(building), sql.Identifier(name)
        )
    )


def as_owner(name: str) -> dict[str, str]:
    """The variables of a command that migrates a database."""
    return os.environ | {
        "DATABASE_URL": named(os.environ["DATABASE_OWNER_URL"], name),
        "MAY_BYPASS_ISOLATION": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "STATEMENT_SECONDS": "120",
    }


def manage(environment: dict[str, str], *command: str) -> None:
    """Run one command of `manage.py` to its end, and say what it said when it failed."""
    done = subprocess.run(  # noqa: S603 - our own command, fixed words
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr[-4000:]}")


def named(url: str, database: str) -> str:
    """The same server's address with another database."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{database}" + (
        f"?{parts.query}" if parts.query else ""
    )


def drop(owner, name: str) -> None:
    """Drop with whoever is still connected."""
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def copied(source: str, target: str) -> None:
    """A database as a copy of another one that nobody is connected to: 0.03 s. In memory, where there is room."""
    words = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY" + " TABLESPACE {}" * in_memory()
    names = (target, source, os.environ.get("TEST_TABLESPACE", ""))
    with owner_connection() as owner:
        drop(owner, target)
        owner.execute(sql.SQL(words).format(*map(sql.Identifier, names)))


def in_memory() -> bool:
    """Whether copies stand in memory, where one is dropped in no time: see `peerworks.local.memory`."""
    return bool(os.environ.get("TEST_TABLESPACE"))


class OfTheRun:
    """Databases that the first process of a run fills, and every process copies: slow to make, all alike."""

    def __init__(self, folder: Path, run: str) -> None:
        self._folder, self._prefix = folder, f"test_run_{run}_"

    def made(self, what: str, make: Callable[[str], Any]) -> tuple[str, Any]:
        """The name of a database, and what `make(name)` answered to the process that made it.

        `make` leaves nobody connected. Its answer is pickled, with the files that it stored.
        """
        name = self._prefix + what
        with (self._folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = self._folder / f"{name}.pickle"
            if not kept.exists():
                kept.write_bytes(pickle.dumps((make(name), _stored_files())))
            told, files = pickle.loads(kept.read_bytes())  # noqa: S301 - our own, of this run
        for path, data in files.items():
            (settings.FILES_ROOT / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (settings.FILES_ROOT / path).write_bytes(data)
        return name, told

    def drop(self) -> None:
        """At the end of the run, when no process copies any more."""
        with owner_connection() as owner:
            for (name,) in owner.execute("SELECT datname FROM pg_database").fetchall():
                if name.startswith(self._prefix):
                    drop(owner, name)
        for each in self._folder.glob(f"{self._prefix}*"):
            each.unlink()


def _stored_files() -> dict[Path, bytes]:
    root = settings.FILES_ROOT
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class Databases:
    """The clones of one test process: the name of the one in use, and how to make another from a source.

    On a disk none is dropped before the end. Of files that were just deleted ext4 uses no inode again for some seconds,
    and looks at each of them for each new file: to drop a clone and make the next took twenty times as long as to make
    one.
    """

    def __init__(self, source: str, worker: str) -> None:
        self.source, self.name = source, ""
        self._stem, self._number, self._made = f"test_{worker}_{os.getpid()}", 0, []

    def fresh(self) -> None:
        """Another copy of the source, which is in use from now on."""
        before, self.name = self.name, self.copy_of(self.source)
        if before and in_memory():
            self._drop(before)

    def copy_of(self, source: str) -> str:
        """The name of a copy of any database that nobody is connected to."""
        self._number += 1
        name = f"{self._stem}_{self._number}"
        copied(source, name)
        self._made.append(name)
        return name

    def _drop(self, name: str) -> None:
        self._made.remove(name)
        with owner_connection() as owner:
            drop(owner, name)

    def drop(self) -> None:
        """At the end of the session."""
        for name in self._made[:]:
            self._drop(name)


_OF_A_PROCESS = re.compile(r"test_(?:gw\d+|master|bench|run)_(\d+)_")


def drop_left_behind() -> None:
    """Drop what a test run made that was killed: the process that a name tells is not there any more."""
    with owner_connection() as owner:
        for (name,) in owner.execute("SELECT datname FROM pg_database").fetchall():
            found = _OF_A_PROCESS.match(name)
            if found and not psutil.pid_exists(int(found[1])):
                drop(owner, name)
