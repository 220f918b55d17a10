"""`PEERWORKS_DEMO=0 make run` as a whole: the real application from a copy of this checkout, started and
killed, for an agency's own data.

The copy stands in a path with spaces. The demonstration starts in the same steps; filling it has its
own tests and would only take time here.
"""

import http.client
import shutil
import signal
import socket
from collections.abc import Iterator

import psutil
import pytest

from peerworks.local import site
from peerworks.local.paths import CHECKOUT, Place
from tests.peerworks.test_local_services import Checkout, until

pytestmark = pytest.mark.slow

PARTS = ("peerworks", "providers", "supervision", "training", "billing", "templates", "static")
FILES = ("manage.py", "pyproject.toml", "requirements.txt")


class Site(Checkout):
    """A copy of the whole application."""

    def __init__(self, folder) -> None:
        super().__init__(folder)
        self.place = Place(folder / ".local", "agency")
        for name in PARTS:
            shutil.copytree(CHECKOUT / name, folder / name, dirs_exist_ok=True)
        shutil.copytree(CHECKOUT / "locale", folder / "locale", dirs_exist_ok=True)
        for name in FILES:
            shutil.copy(CHECKOUT / name, folder / name)

    def run(self, port: int):
        """Start the site and wait until it says that it is ready; the lines are the phases."""
        process = self.start("run", PEERWORKS_DEMO="0", PEERWORKS_PORT=str(port))
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "PeerWorks is ready" in line:
                return process, lines
        pytest.fail("".join(lines))

    def applications(self) -> list[psutil.Process]:
        """Web, worker and beat, with all of their own processes."""
        words = ("celery", "gunicorn")
        return [p for p in self.processes() if any(word in p.cmdline() for word in words)]


@pytest.fixture
def copy(tmp_path) -> Iterator[Site]:
    made = Site(tmp_path / "with spaces")
    yield made
    made.clean()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_start_and_second_start_and_crash_and_stop(copy, taken_port):
    """One story, since each start of the whole application takes seconds."""
    first, lines = copy.run(taken_port)

    # It took a free port near the one that was taken, and answers there.
    said = "".join(lines)
    port = int(said.split("http://localhost:")[1].split("/")[0])
    assert port != taken_port
    assert f"Port {taken_port} is in use, so this start takes {port}." in said
    assert all(words in said for words in ("migrations", "static files", "rule packs"))
    assert "made-up" not in said
    assert site.is_ready(port)
    assert answer_of(port, "/healthz").status == http.HTTPStatus.OK

    # It answers on this machine without https, asks to sign in, and has no page of the demonstration.
    assert answer_of(port, "/").headers["Location"] == "/accounts/sign-in/"
    assert answer_of(port, "/demo/sign-in/peer/").status == http.HTTPStatus.NOT_FOUND
    assert "__Host-csrf" in answer_of(port, "/accounts/sign-in/").headers["Set-Cookie"]
    assert not (copy.place.state / "run").exists()

    # The owner's way into the database is known to no process that serves.
    applications = copy.applications()
    assert len(applications) >= 5
    for process in applications:
        assert not {"DATABASE_OWNER_URL", "MAY_BYPASS_ISOLATION"} & process.environ().keys()
        assert "peerworks_app" in process.environ()["DATABASE_URL"]

    # A second start says where the first one is, and does not disturb it.
    second = copy.start("run", PEERWORKS_DEMO="0")
    assert f"http://localhost:{port}/ (process {first.pid})" in second.communicate(timeout=20)[0]
    assert second.returncode == 1
    assert site.is_ready(port)

    # Killed outright it leaves nothing, and the next start skips what did not change. (A killed child ends all:
    # `test_local_services.py`.)
    first.kill()
    first.communicate()
    until(lambda: not copy.processes())
    again, lines = copy.run(port)
    assert "static files" not in "".join(lines)

    # Asked to stop, it stops in order: the database last, and not killed.
    again.terminate()
    assert again.wait(60) == 128 + signal.SIGTERM
    assert copy.processes() == []
    log = (copy.place.logs / "postgres.log").read_text()
    assert log.rstrip().endswith("database system is shut down")


def answer_of(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse()
    finally:
        connection.close()
