"""One browser for the sweep over all pages, and a server on the database with the ground in it."""

import os

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer


@pytest.fixture(scope="module")
def server(ground, django_db_blocker):
    """The product on a free port, with its connections on the database of the ground."""
    with django_db_blocker.unblock():
        running = LiveServer("localhost")
        yield running.url
        running.stop()


@pytest.fixture(scope="module")
def browser_of_sweep():
    """One Chromium for all pages."""
    patch = pytest.MonkeyPatch()
    # Playwright's loop runs in this thread, and Django would take that for asynchronous code.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as tools:
        running = tools.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"]
        )
        yield running
        running.close()
    patch.undo()
