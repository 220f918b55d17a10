"""Whether the machine says truly what works: /healthz, /readyz, and the worker's first heart beat."""

import os
import subprocess
import sys
import time

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from peerworks.home import health
from peerworks.jobs.tasks import HEARTBEAT, HEARTBEAT_SECONDS
from tests.databases import ROOT, named

pytestmark = pytest.mark.django_db(databases=["default", "apart"])


@pytest.fixture
def beating(settings):
    """A worker that has said a moment ago that it works."""
    cache.set(HEARTBEAT, time.time(), timeout=60)
    yield
    cache.delete(HEARTBEAT)


def test_alive():
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert "no-store" in answer["Cache-Control"]


def test_ready(beating):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})


def test_without_a_worker_it_is_not_ready():
    cache.delete(HEARTBEAT)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "failed": ["worker"]})


def test_an_old_heart_beat_is_none():
    cache.set(HEARTBEAT, time.time() - HEARTBEAT_SECONDS - 1, timeout=60)
    assert Client().get("/readyz").json()["failed"] == ["worker"]
    cache.delete(HEARTBEAT)


@pytest.mark.parametrize("url", ["unix:///nonexistent/valkey?db=0", "redis://127.0.0.1:1/0"])
def test_without_a_broker_it_is_not_ready(beating, settings, url):
    settings.REDIS_URL = url
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ok": False, "failed": ["broker"]})


def test_without_a_database_it_says_so(beating, settings, monkeypatch):
    class Gone:
        """A connection whose server has gone."""

        def cursor(self):
            """What psycopg raises then, in Django's words."""
            raise health.DatabaseError("gone")

    monkeypatch.setattr(health, "connection", Gone())
    assert Client().get("/readyz").json() == {"ok": False, "failed": ["database"]}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_refuses_post(path):
    assert Client().post(path).status_code == 405


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_the_worker_beats_as_soon_as_it_works(databases):
    cache.delete(HEARTBEAT)
    environment = os.environ | {
        "DATABASE_URL": named(os.environ["DATABASE_URL"], databases.name),
        "REDIS_URL": os.environ["REDIS_URL"].replace("db=0", "db=11"),
    }
    command = [sys.executable, "-m", "celery", "-A", "peerworks.celery", "worker", "-c", "1"]
    worker = subprocess.Popen(  # noqa: S603 - our own worker
        [*command, "--without-gossip", "--without-mingle"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 40
        while not health.worker_beats() and time.monotonic() < until:
            time.sleep(0.2)
        assert health.worker_beats()
    finally:
        worker.terminate()
        worker.wait(timeout=30)
        connections.close_all()
