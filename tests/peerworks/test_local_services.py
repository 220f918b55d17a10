"""The embedded services as they are started, stopped and killed: real servers, real signals.

Each test has a checkout of its own, whose long path holds spaces, with nothing but
`peerworks.local` in it, so that none can meet the services that the test run itself stands on.
"""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from peerworks.local import environment
from peerworks.local.paths import CHECKOUT, Place

pytestmark = pytest.mark.slow

PATIENCE = 20.0
OURS = ("DATABASE", "REDIS", "PEERWORKS", "SECRET_KEY", "FIELD_KEYS", "DJANGO", "PYTEST", "PG")


WAIT_FOR = "import time, pathlib\nwhile not pathlib.Path({!r}).exists(): time.sleep(.05)\n"
ASK = "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']).close(); print('reached')"


def words_of(process: psutil.Process) -> list[str]:
    """The command of a process; none of one that has just ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def is_alive(process: psutil.Process) -> bool:
    """Whether it has not ended; a dead one is listed until somebody asks how it ended."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


class Checkout:
    """A folder with `peerworks.local` in it, and the starts made from it; `like` is one that was started before."""

    def __init__(self, folder: Path, like: Path | None = None) -> None:
        self.folder = folder
        self.place = Place(folder / ".local", "run")
        self._started: list[subprocess.Popen[str]] = []
        shutil.copytree(CHECKOUT / "peerworks/local", folder / "peerworks/local")
        (folder / "peerworks/__init__.py").touch()
        if like is not None:
            # With whom its files belong to: as root the servers run as somebody else.
            subprocess.run(["cp", "-a", like / ".local", folder], check=True)  # noqa: S603, S607

    def start(
        self, *command: str, preexec_fn=None, stdin=subprocess.DEVNULL, **variables: str
    ) -> subprocess.Popen[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "peerworks.local", *command],
            cwd=self.folder,
            env=env | variables,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=preexec_fn,  # noqa: PLW1509
        )
        self._started.append(process)
        return process

    def start_services(self, **options) -> subprocess.Popen[str]:
        """Start and wait until they are ready: that is when their environment is written."""
        process = self.start("services", **options)
        until(lambda: self.place.environment.exists() or process.poll() is not None)
        assert process.poll() is None, process.communicate()[0]
        return process

    @property
    def running(self) -> subprocess.Popen[str]:
        """What was started first."""
        return self._started[0]

    @property
    def variables(self) -> dict[str, str]:
        return environment.read_file(self.place.environment)

    def connect(self, role: str = "app") -> psycopg.Connection:
        name = "DATABASE_URL" if role == "app" else "DATABASE_OWNER_URL"
        return psycopg.connect(self.variables[name], autocommit=True)

    def processes(self) -> list[psutil.Process]:
        """Every living process that works anywhere in this checkout."""
        return [process for process in psutil.process_iter(["name"]) if self._is_ours(process)]

    def called(self, name: str) -> list[psutil.Process]:
        """Those of that name. It was read when they were listed: one that has ended since answers no more."""
        return [process for process in self.processes() if process.info["name"] == name]

    def process(self, name: str) -> psutil.Process:
        """The server by that name: of several the first, whose parent is the supervisor."""
        return min(self.called(name), key=lambda p: p.pid)

    def commands(self) -> list[psutil.Process]:
        """The Python commands that run in front of the services."""
        return [process for process in self.processes() if "-c" in words_of(process)[1:2]]

    def clean(self) -> None:
        for process in self._started:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
            process.stdout.close()
        self._stop_servers()
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()
        shutil.rmtree(self.place.sockets, ignore_errors=True)

    def _stop_servers(self) -> None:
        """PostgreSQL gives back its shared memory, which a killed one keeps until its folder is opened again."""
        servers = [each for each in self.called("postgres") if "-D" in words_of(each)]
        for each in servers:
            with suppress(psutil.Error):
                each.send_signal(signal.SIGINT)
        until(lambda: not any(is_alive(each) for each in servers), 5)

    def _is_ours(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return process.cwd().startswith(str(self.folder))
        return False


def until(condition, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


LONG = Path("a folder with spaces", ("and a long name " * 6).strip())


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Iterator[Checkout]:
    """A checkout whose services run since its first start, for what is only looked at."""
    made = Checkout(tmp_path_factory.mktemp("first") / LONG)
    made.start_services()
    yield made
    made.clean()


@pytest.fixture(scope="module")
def started_before(tmp_path_factory) -> Path:
    """A checkout that was started once and stopped: making its cluster takes longer than all the rest of a start."""
    made = Checkout(tmp_path_factory.mktemp("before") / LONG)
    process = made.start_services()
    process.terminate()
    assert process.wait(PATIENCE) == 128 + signal.SIGTERM
    made.clean()
    return made.folder


@pytest.fixture
def checkout(tmp_path, started_before) -> Iterator[Checkout]:
    """A checkout of one's own, as it stands after its first start."""
    made = Checkout(tmp_path / LONG, like=started_before)
    yield made
    made.clean()


class TestReach:
    def test_long_path_with_spaces(self, first):
        with first.connect() as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("peerworks_app",)
        with redis.Redis.from_url(first.variables["REDIS_URL"]) as client:
            assert client.ping()
        assert len(str(first.place.postgres)) > 107

    def test_the_app_cannot_bypass_isolation(self, first):
        with first.connect("owner") as owner:
            owner.execute("CREATE TABLE note (agency int)")
            owner.execute("ALTER TABLE note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            owner.execute("GRANT SELECT, INSERT ON note TO peerworks_app")
            owner.execute("INSERT INTO note VALUES (1)")
            rights = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname ~ 'peerw'"
            assert set(owner.execute(rights).fetchall()) == {
                ("peerworks_app", False, False),
                ("peerworks_owner", False, True),
            }
        with first.connect() as app:
            assert app.execute("SELECT * FROM note").fetchall() == []
            for attempt in (
                "SET row_security = off; SELECT * FROM note",
                "SET ROLE peerworks_owner",
                "SET SESSION AUTHORIZATION postgres",
                "ALTER TABLE note DISABLE ROW LEVEL SECURITY",
                "ALTER ROLE peerworks_app BYPASSRLS",
                "TRUNCATE note",
                "CREATE TABLE mine ()",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(attempt)

    def test_keys_and_sockets_are_private_and_no_password_is_logged(self, first):
        for file in [*first.place.keys.iterdir(), first.place.environment]:
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        for folder in (first.place.state, first.place.folder, first.place.sockets):
            assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
        logs = "".join(file.read_text() for file in first.place.logs.iterdir())
        assert "CREATE ROLE" in logs
        for name in ("postgres", "peerworks_owner", "peerworks_app"):
            assert (first.place.keys / name).read_text() not in logs

    def test_nothing_listens_on_a_port(self, first):
        kinds = {c.family.name for p in first.processes() for c in p.net_connections("inet")}
        assert kinds == set()

    def test_a_second_start_says_where_the_first_runs(self, first):
        second = first.start("services")

        words = second.communicate(timeout=PATIENCE)[0]
        assert second.returncode == 1
        assert f"already runs from this folder: services only, process {first.running.pid}" in words

    def test_half_of_the_two_addresses_is_refused(self, checkout):
        process = checkout.start("services", DATABASE_URL="postgresql://a:b@db.example/c")

        assert "DATABASE_OWNER_URL must be set too" in process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 1


class TestStop:
    @pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
    def test_leaves_nothing_though_a_client_is_connected(self, checkout, number, status):
        process = checkout.start_services()
        with checkout.connect():
            process.send_signal(number)

            assert process.wait(PATIENCE) == status
        log = (checkout.place.logs / "postgres.log").read_text()
        assert log.rstrip().endswith("database system is shut down")  # in order, not killed
        assert checkout.processes() == []
        assert not checkout.place.environment.exists()

    def test_two_signals_at_once_end_it_too(self, checkout):
        process = checkout.start_services()
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE) in {130, 143}
        until(lambda: not checkout.processes())

    def test_kill_of_the_supervisor_leaves_nothing(self, checkout):
        process = checkout.start_services()

        process.kill()

        until(lambda: not checkout.processes())

    @pytest.mark.parametrize("name", ["postgres", "valkey-server"])
    def test_a_killed_child_ends_all_and_is_named(self, checkout, name):
        process = checkout.start_services()

        checkout.process(name).kill()

        words = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 1
        assert f"{name.removesuffix('-server')} ended by SIGKILL. Last lines of" in words
        until(lambda: not checkout.processes())


class TestStartAgain:
    def make_row(self, checkout: Checkout) -> None:
        with checkout.connect("owner") as owner:
            owner.execute("CREATE TABLE kept AS SELECT 7 AS number")

    def row(self, checkout: Checkout) -> tuple[int] | None:
        with checkout.connect("owner") as owner:
            return owner.execute("SELECT number FROM kept").fetchone()

    def test_after_everything_was_killed_at_once(self, checkout):
        process = checkout.start_services()
        self.make_row(checkout)
        process.kill()
        for each in checkout.processes():
            with suppress(psutil.Error):
                each.kill()

        process.wait()
        checkout.place.environment.unlink()
        checkout.start_services()

        assert self.row(checkout) == (7,)

    def test_at_once_after_the_supervisor_was_killed(self, checkout):
        process = checkout.start_services()
        self.make_row(checkout)
        process.kill()
        process.wait()

        checkout.place.environment.unlink()
        checkout.start_services()

        assert self.row(checkout) == (7,)
        assert len(checkout.called("valkey-server")) == 1

    def test_a_foreign_live_pid_in_the_pid_file_is_not_believed(self, checkout):
        process = checkout.start_services()
        self.make_row(checkout)
        pid_file = checkout.place.postgres / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        process.terminate()
        process.wait(PATIENCE)
        text = "\n".join([str(os.getppid()), *lines[1:]]) + "\n"
        pid_file.write_text(text)
        (checkout.place.sockets / ".s.PGSQL.5432.lock").write_text(text)

        checkout.start_services()

        assert self.row(checkout) == (7,)
        assert psutil.pid_exists(os.getppid())

    def test_data_of_another_version_is_refused_in_words(self, checkout):
        process = checkout.start_services()
        process.terminate()
        process.wait(PATIENCE)
        (checkout.place.postgres / "PG_VERSION").write_text("17\n")

        again = checkout.start("services")

        assert "was made by PostgreSQL 17" in again.communicate(timeout=PATIENCE)[0]
        assert again.returncode == 1

    def test_lost_and_wrong_passwords_are_named(self, checkout):
        process = checkout.start_services()
        process.terminate()
        process.wait(PATIENCE)
        for wrong in (lambda key: key.write_text("guess"), Path.unlink):
            wrong(checkout.place.keys / "postgres")

            again = checkout.start("services")

            words = again.communicate(timeout=PATIENCE)[0]
            assert "The passwords of the database are gone" in words
            assert again.returncode == 1
            assert checkout.processes() == []


class TestSingleCommand:
    ASK = "import os; print(sorted(n for n in os.environ if n.startswith(('DATABASE', 'MAY_'))))"

    def test_starts_services_for_its_own_time(self, checkout):
        process = checkout.start("with", sys.executable, "-c", self.ASK)

        assert process.communicate(timeout=PATIENCE)[0].strip() == "['DATABASE_URL']"
        assert process.returncode == 0
        assert checkout.processes() == []

    def test_passes_on_the_exit_status(self, checkout):
        process = checkout.start("with", sys.executable, "-c", "raise SystemExit(5)")

        assert process.wait(PATIENCE) == 5

    def test_the_owners_way_must_be_asked_for(self, checkout):
        process = checkout.start("with", "--owner", sys.executable, "-c", self.ASK)

        said = process.communicate(timeout=PATIENCE)[0].strip()
        assert said == "['DATABASE_URL', 'MAY_BYPASS_ISOLATION']"

    def test_shares_services_and_their_starter_waits(self, checkout, tmp_path):
        one, two = tmp_path / "one", tmp_path / "two"
        first = checkout.start("with", sys.executable, "-c", WAIT_FOR.format(str(one)))
        until(checkout.place.environment.exists)
        second = checkout.start("with", sys.executable, "-c", WAIT_FOR.format(str(two)) + ASK)
        until(lambda: len(checkout.commands()) == 2)

        one.touch()
        until(lambda: len(checkout.commands()) == 1)
        time.sleep(0.5)
        assert first.poll() is None
        two.touch()

        assert second.communicate(timeout=PATIENCE)[0].strip() == "reached"
        assert "still uses the services" in first.communicate(timeout=PATIENCE)[0]
        assert first.returncode == 0
        assert checkout.processes() == []

    def test_killed_with_its_starter(self, checkout):
        process = checkout.start("with", sys.executable, "-c", "import time; time.sleep(60)")
        until(checkout.place.environment.exists)

        process.kill()

        until(lambda: not checkout.processes())
