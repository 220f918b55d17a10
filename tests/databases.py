"""Test databases: clones of one migrated template, given back whole.

Tests connect as the app role, so Django's flush cannot work: TRUNCATE is refused by grant and by
trigger. The owner migrates a template once a schema (its name holds a fingerprint of all that makes
the SQL), every worker gets a clone of it, and again after each test that commits.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

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
    environment = os.environ | {
        "DATABASE_URL": named(os.environ["DATABASE_OWNER_URL"], building),
        "MAY_BYPASS_ISOLATION": "1",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "STATEMENT_SECONDS": "120",
    }
    manage(environment, "migrate", "--verbosity", "0")
    as_app = {"DATABASE_URL": named(os.environ["DATABASE_URL"], building)}
    manage(environment | as_app | {"MAY_BYPASS_ISOLATION": ""}, "load_rulepacks")
    owner.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(building), sql.Identifier(name)
        )
    )


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


class Databases:
    """The clone of one test process: its name, and how to make it anew.

    `keep` makes what is in the clone the source of later ones: the tests' world is built once a
    process, and is there again after each test that commits.
    """

    def __init__(self, template_name: str, worker: str) -> None:
        self.source = template_name
        self.name = f"test_{worker}_{os.getpid()}"
        self.kept = f"{self.name}_kept"

    def fresh(self) -> None:
        """Drop the clone and copy its source again: 0.03 s."""
        self._copy(self.source, self.name)

    def keep(self) -> None:
        """Take what stands in the clone, with nobody connected, as the source from now on."""
        self._copy(self.name, self.kept)
        self.source = self.kept

    def _copy(self, source: str, target: str) -> None:
        with owner_connection() as owner:
            drop(owner, target)
            owner.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(target), sql.Identifier(source)
                )
            )

    def drop(self) -> None:
        """At the end of the session."""
        with owner_connection() as owner:
            drop(owner, self.name)
            drop(owner, self.kept)
