"""One Chromium for all browser tests in a row, contexts of their own for each, and a server on the ground."""

import os

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import folder_of_the_run
from tests.databases import template
from tests.sweep.fixtures import connect_to


@pytest.fixture(scope="package")
def chromium():
    """The browser: started once, while a process stays in this folder.

    Inside Playwright's loop Django holds other connections than outside of it. Those outside are closed
    before: a test in here gives its database back by a new clone, which ends whatever is connected.
    """
    connections.close_all()
    patch = pytest.MonkeyPatch()
    # Playwright's loop runs in this thread, and Django would take that for asynchronous code.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as tools:
        running = tools.chromium.launch(
            executable_path=os.environ["CHROMIUM"],
            args=["--no-sandbox", "--disable-gpu", "--in-process-gpu"],
        )
        yield running
        connections.close_all()
        running.close()
    patch.undo()


@pytest.fixture
def new_context(chromium):
    """Opens a browser profile of nobody: no cookie, no storage; closed after the test."""
    made = []

    def begin(**options):
        made.append(chromium.new_context(**options))
        return made[-1]

    yield begin
    # Made inside Playwright's loop, so a teardown outside of it would not find them.
    connections.close_all()
    for each in made:
        each.close()


@pytest.fixture(scope="module")
def server(as_built, ground, django_db_blocker):
    """The product on a free port, with its connections on the database of the ground; what it writes is given back."""
    with django_db_blocker.unblock():
        running = LiveServer("localhost")
        yield running.url
        running.stop()


@pytest.fixture
def empty(transactional_db, databases):
    """A migrated database with the rule packs and nothing else, for the server, too."""
    was = connect_to(databases.copy_of(template(folder_of_the_run())))
    yield
    connect_to(was)
