"""What every test stands on: databases as the app role, the cast, and fixtures that distrust us."""

import datetime as dt
import os
import pickle
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.urls import get_resolver
from django.utils import translation

from peerworks.rulepacks.models import PackVersion
from peerworks.rulepacks.queries import loaded_packs
from tests.databases import Databases, OfTheRun, copied, drop_left_behind, template
from tests.sweep.fixtures import as_built, built, connect_to, ground, prepared
from tests.watch import watching
from tests.world import World, build_world

WAIT = ("peerworks/test_local_", "peerworks/test_starting", "peerworks/test_jobs.py", "journeys/")
SWEEPS = ("browser/test_sweep", "browser/test_payloads")
__all__ = ["as_built", "built", "ground", "prepared"]
"""Named here once: imported into two conftests they would be two fixtures, each with rows of its own
in one database, and every page of the first would answer nobody."""


def folder_of_the_run() -> Path:
    """Where the processes of a run find what one of them has made."""
    folder = Path(os.environ.get("PEERWORKS_STATE_DIR") or tempfile.gettempdir())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_configure(config):
    """Give a run its name, which its processes inherit, and clear away what a killed one left."""
    if "TEST_RUN" not in os.environ:
        os.environ["TEST_RUN"] = f"{os.getpid()}_{uuid.uuid4().hex[:8]}"
        if "DATABASE_OWNER_URL" in os.environ:
            drop_left_behind()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """First what waits, for processes of its own and then for a browser, beside what computes in another process.

    At the end it would leave the machine idle, and two that compute at once are slower than one.
    """
    items.sort(key=_turn)


def _turn(item) -> int:
    path = item.nodeid.removeprefix("tests/")
    if path.startswith(WAIT):
        return 0
    return 1 if path.startswith("browser/") and not path.startswith(SWEEPS) else 2


def pytest_sessionfinish(session):
    """Drop what the run shared, once its last process is over."""
    if not hasattr(session.config, "workerinput") and "DATABASE_OWNER_URL" in os.environ:
        OfTheRun(folder_of_the_run(), os.environ["TEST_RUN"]).drop()


@pytest.fixture(scope="session")
def of_the_run() -> OfTheRun:
    """What the processes of this run share."""
    return OfTheRun(folder_of_the_run(), os.environ["TEST_RUN"])


@pytest.fixture(scope="session")
def made_world(of_the_run, django_test_environment, django_db_blocker) -> tuple[str, World]:
    """The name of the database with the world in it, and the world: built once a run."""

    def make(name: str) -> World:
        copied(template(folder_of_the_run()), name)
        with django_db_blocker.unblock():
            connect_to(name)
            world = build_world()
            connections.close_all()
        return world

    return of_the_run.made("world", make)


@pytest.fixture(scope="session")
def databases(made_world, worker_id) -> Databases:
    """The clone of this test process."""
    return Databases(made_world[0], worker_id)


@pytest.fixture(scope="session")
def new_world(made_world) -> Callable[[], World]:
    """Makes the world's records anew, as they stand in the database: a test changes its own."""
    kept = pickle.dumps(made_world[1])
    return lambda: pickle.loads(kept)  # noqa: S301 - our own, of this run


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, databases):
    """In place of pytest-django's: a clone with the world in it, for both aliases."""
    databases.fresh()
    with django_db_blocker.unblock():
        connect_to(databases.name)
        read_every_pack()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    databases.drop()


def read_every_pack() -> None:
    """A process asks for the text of a pack once: a test that counts questions must not be the first."""
    loaded_packs(PackVersion.objects.values_list("pack", flat=True))


@pytest.fixture(autouse=True, scope="session")
def _clone_instead_of_flush(request):
    """A test that commits gives its database back by a new clone: our tables refuse TRUNCATE."""

    def teardown(self):
        connections.close_all()
        databases = request.getfixturevalue("databases")
        was = databases.name
        databases.fresh()
        if connections["default"].settings_dict["NAME"] == was:
            connect_to(databases.name)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _files_of_their_own(tmp_path_factory):
    """What tests upload stands in a temporary folder of this process."""
    patch = pytest.MonkeyPatch()
    patch.setattr(settings, "FILES_ROOT", tmp_path_factory.mktemp("state") / "files")
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _addresses_of_the_demonstration(request):
    """Read before a test leaves the demonstration: they are made once, from the settings as they are then."""
    get_resolver().url_patterns  # noqa: B018


@pytest.fixture
def world(db, new_world) -> World:
    """Both agencies, the nine people, and three people served: see `tests.world`."""
    own = new_world()
    own.now = dt.datetime.now(dt.UTC)
    return own


@pytest.fixture(autouse=True)
def _english():
    """A page in Spanish leaves its language to the thread: each test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True, scope="session")
def watch():
    """PR-1, CF-5: what is logged, sent and published during the run, and a guard on every socket."""
    with watching() as made:
        yield made


@pytest.fixture(autouse=True)
def _nothing_slipped_out(watch):
    """The test that let a word of somebody out, or asked another machine, is the one that fails."""
    watch.listen()
    yield
    assert watch.taken() == []
