"""The tablespace in memory that test databases are copied into: made for one run, cleared after a killed one."""

import fcntl
import os
import subprocess
import sys
from contextlib import ExitStack

import psycopg
import pytest

from peerworks.local import memory, postgres, services
from peerworks.local.paths import open_place
from tests.conftest import folder_of_the_run
from tests.peerworks.test_local_services import Checkout

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place():
    """The services that this run stands on; started where it stands on a server of somebody else."""
    state = folder_of_the_run().parent
    own = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE")}
    found = open_place(state.name, own | {"PEERWORKS_STATE_DIR": str(state.parent)})
    with services.for_one_command(found, own):
        yield found


@pytest.fixture
def ask(place):
    """The first column of a question to the server."""

    def rows(question):
        with postgres.superuser(place) as connection:
            return {row[0] for row in connection.execute(question)}

    return rows


@pytest.fixture(autouse=True)
def _one_after_another():
    """A space of a process that has ended is cleared by whoever makes the next one: another test process, too."""
    with (folder_of_the_run() / "memory.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def alive():
    """The number of this process, whatever it pretends to be."""
    return os.getpid()


@pytest.fixture
def gone(alive, monkeypatch):
    """The number of a process that has ended, which the space is made as."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    monkeypatch.setattr(os, "getpid", lambda: process.pid)
    return process.pid


def copy_into(place, space, name):
    """A database in the space."""
    with postgres.superuser(place) as connection:
        connection.execute(f"CREATE DATABASE {name} TABLESPACE {space}")


def folders():
    """What stands in memory of this user."""
    return {each.name for each in memory.SHARED_MEMORY.glob(f"peerworks-{os.geteuid()}-copies-*")}


SPACES = "SELECT spcname FROM pg_tablespace"
DATABASES = "SELECT datname FROM pg_database"


def test_the_space_goes_with_its_run_and_all_that_is_in_it(place, ask, gone):
    with memory.space_for_copies(place) as space:
        copy_into(place, space, "test_in_memory")
        assert space in ask(SPACES)
        assert f"peerworks-{os.geteuid()}-copies-{gone}" in folders()
    assert space not in ask(SPACES)
    assert "test_in_memory" not in ask(DATABASES)
    assert f"peerworks-{os.geteuid()}-copies-{gone}" not in folders()


def test_what_a_killed_run_left_is_cleared_by_the_next(place, ask, alive, gone, monkeypatch):
    killed = ExitStack()
    space = killed.enter_context(memory.space_for_copies(place))
    copy_into(place, space, "test_left_in_memory")
    monkeypatch.setattr(os, "getpid", lambda: alive)
    with memory.space_for_copies(place) as other:
        assert other in ask(SPACES)
        assert space not in ask(SPACES)
        assert "test_left_in_memory" not in ask(DATABASES)
        assert f"peerworks-{os.geteuid()}-copies-{gone}" not in folders()
    killed.pop_all()


@pytest.mark.parametrize("without", ["room", "shared memory"])
def test_where_memory_has_no_room_there_is_no_space(place, ask, monkeypatch, tmp_path, without):
    if without == "room":
        monkeypatch.setattr(memory, "ROOM", 10**18)
    else:
        monkeypatch.setattr(memory, "SHARED_MEMORY", tmp_path / "not there")
    before = ask(SPACES)
    with memory.space_for_copies(place) as space:
        assert space == ""
        assert ask(SPACES) == before


def test_a_server_that_has_died_keeps_no_folder_and_starts_without_it(
    place, ask, alive, gone, monkeypatch
):
    def nobody_answers(_place):
        raise psycopg.OperationalError

    with ExitStack() as run:
        space = run.enter_context(memory.space_for_copies(place))
        monkeypatch.setattr(postgres, "superuser", nobody_answers)
    assert f"peerworks-{os.geteuid()}-copies-{gone}" not in folders()
    monkeypatch.undo()
    monkeypatch.setattr(os, "getpid", lambda: alive)
    with memory.space_for_copies(place):
        assert space not in ask(SPACES)


def test_databases_whose_memory_went_with_the_machine_are_made_anew(tmp_path):
    checkout = Checkout(tmp_path / "checkout")
    try:
        first = checkout.start("with", "--tests", sys.executable, "-c", "")
        assert first.wait(60) == 0, first.stdout.read()
        data = checkout.folder / ".local/tests/postgres"
        (data / "pg_tblspc/16999").symlink_to(tmp_path / "gone with the power")
        again = checkout.start("with", "--tests", sys.executable, "-c", "")
        assert again.wait(60) == 0, again.stdout.read()
        assert list((data / "pg_tblspc").iterdir()) == []
    finally:
        checkout.clean()
