"""The demonstration as `fill_demo` leaves it, in a database of its own, and people at work in it."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client
from psycopg import sql

from peerworks.accounts.models import Membership, User
from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Agency
from peerworks.home.demo.cast import JUNIPER, PEOPLE
from tests.databases import ROOT, drop, named, owner_connection, template


@dataclass(frozen=True)
class Filled:
    """The database that was filled, and what the command said."""

    name: str
    told: dict[str, Any]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `fill_demo` on it once more."""
        return fill(self.name, *arguments)


def fill(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`fill_demo` in a process of its own, as the app role."""
    environment = os.environ | {
        "DATABASE_URL": named(os.environ["DATABASE_URL"], database),
        "STATEMENT_SECONDS": "120",
        "PEERWORKS_STATE_DIR": str(settings.FILES_ROOT.parent),
    }
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "fill_demo", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def database_like_the_template(name: str):
    """A migrated database with the packs and nothing else, dropped afterwards."""
    with owner_connection() as owner:
        drop(owner, name)
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template(Path(tempfile.gettempdir())))
            )
        )
    try:
        yield name
    finally:
        with owner_connection() as owner:
            drop(owner, name)


@pytest.fixture(scope="session")
def filled(databases):
    """The filled database of this test process: made once."""
    with database_like_the_template(f"{databases.name}_demo") as name:
        done = fill(name, "--json")
        assert done.returncode == 0, done.stderr
        yield Filled(name, json.loads(done.stdout))


@pytest.fixture(autouse=True, scope="module")
def in_the_demonstration(django_db_setup, filled):
    """Every test of the module works in the filled database; what it changes is rolled back."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _switch(dict.fromkeys(before, filled.name))
    yield
    _switch(before)


def _switch(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@dataclass(frozen=True)
class AtWork:
    """One of the nine, signed in by one click."""

    client: Client
    member: Membership

    def open(self, path: str) -> Any:
        """A page, which is there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer

    def text(self, path: str) -> str:
        """The page as one line of text with markup."""
        return " ".join(self.open(path).content.decode().split())

    def send(self, path: str, **given: Any) -> Any:
        """A form, made for the person's agency."""
        told = {"form_agency": str(self.member.agency_id), **given}
        return self.client.post(path, told)

    def send_form(self, path: str, **changes: Any) -> Any:
        """The form of a page as it was shown, with these changes."""
        form = self.open(path).context["form"]
        values = {field.html_name: field.value() for field in form}
        kept = {name: value for name, value in values.items() if value not in (None, "", False)}
        return self.send(path, **(kept | changes))


class People:
    """Signs in as each of the nine."""

    def __call__(self, who: str) -> AtWork:
        person = next(each for each in PEOPLE if each.who == who)
        client = Client()
        assert client.post(f"/demo/sign-in/{who}/")["Location"] == "/today/"
        user = User.objects.get(email=person.email)
        with acting_for(None, user.pk):
            return AtWork(client, Membership.objects.get(user=user))

    @contextmanager
    def looking(self, slug: str = JUNIPER):
        """Look at an agency's rows as its service member, who sees all of them."""
        agency = Agency.objects.get(slug=slug)
        with acting_for(agency.pk), transaction.atomic():
            service = service_member(agency.pk)
        with acting_for(agency.pk, service.user_id), transaction.atomic():
            yield service


@pytest.fixture
def people(db) -> People:
    """Sign in as one of the nine: `people("peer")`."""
    return People()
