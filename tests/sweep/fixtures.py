"""The fixture `ground`: the sweep's own database, built once a run, for whole modules."""

import copy

import pytest
from django.db import connections

from tests.databases import copied, drop, owner_connection
from tests.factories import numbers
from tests.sweep import tables
from tests.sweep.ground import Ground, build


def connect_to(name: str) -> str:
    """Send both connections to another database; answers which one they had."""
    connections.close_all()
    was: str = connections["default"].settings_dict["NAME"]
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    return was


@pytest.fixture(scope="session")
def built(django_db_setup, django_db_blocker, of_the_run, databases, new_world):
    """The name of the run's database with the ground in it, which is copied and never used, and the ground."""

    def make(name: str) -> tuple[Ground, int]:
        copied(databases.source, name)
        with django_db_blocker.unblock():
            was = connect_to(name)
            ground = build(new_world())
            ground.counts = tables.counts(name)
            connect_to(was)
        return ground, numbers.next_number()

    source, (ground, last) = of_the_run.made("ground", make)
    numbers.go_on_after(last)
    return source, ground


@pytest.fixture(scope="session")
def prepared(built, databases):
    """The name of this process's own copy of it, and the ground."""
    source, ground = built
    name = f"{databases.name}_sweep"
    copied(source, name)
    yield name, ground
    with owner_connection() as owner:
        drop(owner, name)


@pytest.fixture(scope="module")
def as_built(built, prepared):
    """The copy is made anew after a module whose rows a rollback does not give back: a server's, which commits."""
    yield
    connections.close_all()
    copied(built[0], prepared[0])


@pytest.fixture(scope="module")
def ground(prepared, databases, django_db_blocker) -> Ground:
    """The ground, with the connections of this module on its database; rows are given back by rollback."""
    name, ground = prepared
    connect_to(name)
    own = copy.deepcopy(ground)
    with django_db_blocker.unblock():
        left = tables.differences(own.counts, tables.counts(name))
        assert left == [], "a module before this one left rows on the ground"
        own.wake_all()
    yield own
    connect_to(databases.name)
