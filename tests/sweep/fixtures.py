"""The fixture `ground`: the sweep's own database, built once a run, for whole modules."""

import copy

import pytest
from django.db import connections

from tests.databases import copied, drop, owner_connection
from tests.factories import numbers
from tests.sweep.ground import Ground, build


def connect_to(name: str) -> str:
    """Send both connections to another database; answers which one they had."""
    connections.close_all()
    was: str = connections["default"].settings_dict["NAME"]
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    return was


@pytest.fixture(scope="session")
def prepared(django_db_setup, django_db_blocker, of_the_run, databases, new_world):
    """The name of a database with the ground in it, and the ground."""

    def make(name: str) -> tuple[Ground, int]:
        copied(databases.source, name)
        with django_db_blocker.unblock():
            was = connect_to(name)
            ground = build(new_world())
            connect_to(was)
        return ground, numbers.next_number()

    source, (ground, last) = of_the_run.made("ground", make)
    numbers.go_on_after(last)
    name = f"{databases.name}_sweep"
    copied(source, name)
    yield name, ground
    with owner_connection() as owner:
        drop(owner, name)


@pytest.fixture(scope="module")
def ground(prepared, databases, django_db_blocker) -> Ground:
    """The ground, with the connections of this module on its database; rows are given back by rollback."""
    name, built = prepared
    connect_to(name)
    own = copy.deepcopy(built)
    with django_db_blocker.unblock():
        own.wake_all()
    yield own
    connect_to(databases.name)
