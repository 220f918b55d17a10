"""The fixture `ground`: the sweep's own database, built once a process, for whole modules."""

import copy

import pytest
from django.db import connections
from psycopg import sql

from tests.databases import drop, owner_connection
from tests.sweep.ground import Ground, build


def copied(source: str, target: str) -> None:
    """A database as a copy of another one that nobody is connected to."""
    with owner_connection() as owner:
        drop(owner, target)
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(target), sql.Identifier(source)
            )
        )


def connect_to(name: str) -> str:
    """Send both connections to another database; answers which one they had."""
    connections.close_all()
    was: str = connections["default"].settings_dict["NAME"]
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    return was


@pytest.fixture(scope="session")
def prepared(django_db_setup, django_db_blocker, databases, built_world):
    """The name of a database with the ground in it, and the ground."""
    name = f"{databases.name}_sweep"
    copied(databases.kept, name)
    with django_db_blocker.unblock():
        was = connect_to(name)
        ground = build(copy.deepcopy(built_world[0]))
        connect_to(was)
    yield name, ground
    with owner_connection() as owner:
        drop(owner, name)


@pytest.fixture(scope="module")
def ground(prepared) -> Ground:
    """The ground, with the connections of this module on its database; rows are given back by rollback."""
    name, built = prepared
    was = connect_to(name)
    yield copy.deepcopy(built)
    connect_to(was)
