"""CF-1: what refuses to start, and that production settings pass Django's own checklist.

Web, worker and beat are started as they are in life, in processes of their own; each says one sentence
and is gone. Where real data could be, the demonstration is not, and the other way round.
"""

import json
import os
import secrets
import subprocess
import sys
from functools import cache

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connections
from django.urls import include, path

from peerworks.agencies.models import Agency
from peerworks.home import starting
from tests.databases import ROOT, fingerprint, named

pytestmark = pytest.mark.slow
KEY = secrets.token_urlsafe(50)
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "peerworks.settings",
    "PEERWORKS_DEMO": "0",
    "PEERWORKS_TLS": "1",
    "ALLOWED_HOSTS": "peers.example",
    "SECRET_KEY": KEY,
}
WEB = ("-c", "import peerworks.wsgi")
GUNICORN = ("-m", "gunicorn", "peerworks.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket")
WORKER = ("-m", "celery", "-A", "peerworks.celery", "worker", "-P", "solo")
BEAT = ("-m", "celery", "-A", "peerworks.celery", "beat", "--pidfile=", "-s", "SCHEDULE")
MANAGE = ("manage.py", "check")


def run(*command, database="", **variables):
    """A process of the product, with production settings but for what is given."""
    env = {name: value for name, value in os.environ.items() if not name.endswith("_FILE")}
    env |= PRODUCTION | variables
    if database:
        env["DATABASE_URL"] = named(env["DATABASE_URL"], database)
    return subprocess.run(  # noqa: S603
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


def refused(done):
    """What a process said when it did not start."""
    assert done.returncode != 0, done.stdout + done.stderr
    return done.stdout + done.stderr


# CF-1.


def test_cf_1_production_settings_pass_the_deployment_checklist():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter than 50 characters"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is shorter than 50 characters, or too simple"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "SECRET_KEY is one that stands in an example"),
        ({"SECRET_KEY": "change-me-" + KEY}, "SECRET_KEY is one that stands in an example"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS holds *"),
        ({"ALLOWED_HOSTS": ["peers.example", "*"]}, "ALLOWED_HOSTS holds *"),
        ({"DEBUG": True}, "DEBUG is on"),
        ({"PEERWORKS_TLS": False}, "passwords would go in clear"),
        ({"PEERWORKS_DEMO": True}, "The demonstration asks for no password"),
        ({"PEERWORKS_DEMO": True, "PEERWORKS_DEMO_ANYWHERE": True}, ""),
        ({"PEERWORKS_TLS": False, "ALLOWED_HOSTS": ["localhost", "[::1]"]}, ""),
        ({}, ""),
    ],
)
def test_cf_1_settings_that_protect_nobody_are_named(settings, given, says):
    production = {"PEERWORKS_DEMO": False, "PEERWORKS_TLS": True, "SECRET_KEY": KEY}
    production |= {"ALLOWED_HOSTS": ["peers.example"], "PEERWORKS_DEMO_ANYWHERE": False}
    for name, value in (production | given).items():
        setattr(settings, name, value)
    found = starting.problems_of_settings()
    assert found == [] if not says else [each for each in found if says in each] == found != []
    assert [each.msg for each in starting.settings_protect(None)] == found


@pytest.mark.parametrize("command", [GUNICORN, WORKER, BEAT, MANAGE], ids=lambda each: each[-1])
def test_cf_1_nothing_starts_with_them(command, tmp_path):
    command = [str(tmp_path / "schedule") if each == "SCHEDULE" else each for each in command]
    said = refused(run(*command, SECRET_KEY="short", ALLOWED_HOSTS="*"))
    assert "SECRET_KEY is shorter than 50 characters" in said
    assert "ALLOWED_HOSTS holds *" in said


def test_cf_1_without_a_key_its_name_is_said():
    assert "SECRET_KEY" in refused(run(*WEB, SECRET_KEY=""))
    done = subprocess.run(  # noqa: S603
        [sys.executable, *WEB],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": os.environ["DATABASE_URL"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert "SECRET_KEY" in refused(done)


@pytest.mark.parametrize("command", [WEB, WORKER], ids=["web", "worker"])
def test_az_5_nothing_starts_as_a_role_that_passes_the_wall(command):
    """AZ-5: the owner of the tables could take the wall down, so web and worker do not run as it."""
    said = refused(run(*command, DATABASE_URL=os.environ["DATABASE_OWNER_URL"]))
    assert "can bypass the wall" in said


@pytest.fixture
def empty(databases):
    """The name of a database without any agency."""
    return databases.copy_of(f"test_template_{fingerprint()}")


@pytest.mark.parametrize("given", [{}, {"ALLOWED_HOSTS": "localhost", "PEERWORKS_TLS": "0"}])
def test_cf_1_the_web_starts_with_production_settings(empty, given):
    done = run(*WEB, database=empty, **given)

    assert done.returncode == 0, done.stderr


# Made-up beside real.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("demo", "kinds", "says"),
    [
        (True, {True}, ""),
        (True, set(), ""),
        (True, {False}, "an agency that is not made up"),
        (True, {True, False}, "an agency that is not made up"),
        (False, {False}, ""),
        (False, set(), ""),
        (False, {True}, "the made-up agencies of the demonstration"),
        (False, {True, False}, "the made-up agencies of the demonstration"),
    ],
)
def test_made_up_and_real_agencies_do_not_stand_together(settings, demo, kinds, says, monkeypatch):
    settings.PEERWORKS_DEMO = demo
    monkeypatch.setattr(starting, "kinds_of_agencies", lambda: kinds)
    found = " ".join(starting.problems_of_data())
    assert (says in found) if says else not found


def test_the_database_is_asked(world):
    assert starting.kinds_of_agencies() == {True}
    Agency.objects.create(name="Real", slug="real", time_zone="America/Chicago")
    assert starting.kinds_of_agencies() == {True, False}


def test_before_the_first_migration_there_is_nobody(world, monkeypatch):
    monkeypatch.setattr(Agency._meta, "db_table", "not_made_yet")
    assert starting.kinds_of_agencies() == set()


def test_a_database_that_is_away_stops_the_demonstration_alone(settings, monkeypatch):
    def away():
        raise OperationalError("away")

    monkeypatch.setattr(starting, "kinds_of_agencies", away)
    settings.PEERWORKS_DEMO = False
    assert starting.problems_of_data() == []
    settings.PEERWORKS_DEMO = True
    with pytest.raises(OperationalError):
        starting.problems_of_data()


@pytest.fixture
def committed(transactional_db, world, databases):
    """The name of a database with the made-up agencies in it, which nobody holds open."""
    yield databases.name
    connections.close_all()


LOCAL = {"ALLOWED_HOSTS": "localhost", "PEERWORKS_TLS": "0"}


def test_real_data_mode_does_not_start_beside_made_up_people(committed):
    said = refused(run(*WEB, database=committed, **LOCAL))
    assert "The database holds the made-up agencies of the demonstration" in said
    assert run(*WEB, database=committed, **LOCAL, PEERWORKS_DEMO="1").returncode == 0


def test_the_demonstration_does_not_start_beside_real_people(committed):
    Agency.objects.create(name="Real", slug="real", time_zone="America/Chicago")
    given = LOCAL | {"PEERWORKS_DEMO": "1"}
    assert "it does not start there" in refused(run(*WEB, database=committed, **given))
    assert "it does not start there" in refused(run(*WORKER, database=committed, **given))
    done = run("manage.py", "check_start", "--json", database=committed, **given)
    assert done.returncode == 1
    assert "it does not start there" in json.loads(done.stdout)["error"]
    # Filling it asks the same of itself.
    done = run("manage.py", "fill_demo", "--json", database=committed, **given)
    assert "not marked as made up" in json.loads(done.stdout)["error"]


def test_start_is_refused_with_all_reasons_at_once(settings, world):
    settings.DEBUG = True
    settings.PEERWORKS_DEMO = False
    with pytest.raises(ImproperlyConfigured, match=r"DEBUG is on.*made-up agencies"):
        starting.refuse_wrong_start()


def test_the_command_answers(world, capsys):
    call_command("check_start", "--json")
    said = capsys.readouterr()
    assert json.loads(said.out)["demonstration"] is True
    assert "Nothing stands against a start." in said.err


def test_the_command_says_what_stands_against_a_start(world, settings, capsys):
    settings.SECRET_KEY = "short"
    with pytest.raises(CommandError, match="SECRET_KEY"):
        call_command("check_start")
    assert capsys.readouterr().out == ""


# What is routed, and what a browser is told.


ASK = """
import django, json; django.setup()
from django.conf import settings
from django.urls import NoReverseMatch, reverse
def there(name, *args):
    try: return bool(reverse(name, args=args))
    except NoReverseMatch: return False
names = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "LANGUAGE_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
print(json.dumps({name: getattr(settings, name) for name in names}
    | {"demo": [there("demo:person-list"), there("demo:sign-in", "peer")]}))
"""


@cache
def told(**variables):
    """What a process with these settings says of itself."""
    done = run("-c", ASK, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_without_the_demonstration_none_of_its_addresses_is_there():
    assert told(**LOCAL)["demo"] == [False, False]
    assert told(**LOCAL, PEERWORKS_DEMO="1")["demo"] == [True, True]


def test_behind_https_everything_is_sent_there():
    found = told()
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60


def test_on_this_machine_alone_cookies_stay_secure_and_nothing_is_sent_away():
    found = told(**LOCAL)
    assert found["SECURE_SSL_REDIRECT"] is False
    assert found["SECURE_HSTS_SECONDS"] == 0
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert all(found[f"{name}_COOKIE_SECURE"] for name in ("SESSION", "CSRF", "LANGUAGE"))


# The address of the setup page.


urlpatterns = [
    # Stands for the route of the setup page, as this module is the urlconf of the tests below.
    path("", include(([path("setup/<str:key>/", print, name="setup-open")], "accounts")))
]


def open_setup(capsys, *words):
    """What the command says."""
    call_command("open_setup", *words)
    return capsys.readouterr()


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("key", ["one-time-key", None])
def test_the_setup_page_is_told_while_there_is_no_agency(settings, capsys, monkeypatch, key):
    settings.PEERWORKS_DEMO = False
    monkeypatch.setattr("peerworks.accounts.management.commands.open_setup.open_setup", lambda: key)
    told = json.loads(open_setup(capsys, "--json").out)["url"]
    if key is None:
        assert told is None
        assert "closed for good" in open_setup(capsys).err
    else:
        assert told.startswith("http")
        assert told.endswith("/setup/one-time-key/")


def test_in_the_demonstration_nothing_is_set_up(capsys):
    with pytest.raises(CommandError, match="has its agencies"):
        call_command("open_setup", "--json")
    assert json.loads(capsys.readouterr().out)["where"] == "PEERWORKS_DEMO"
