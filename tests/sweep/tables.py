"""What stands in the tables, as one hash a table, and what was written: so that a test sees any write, wherever it is."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql

from peerworks.agencies.models import AgencyOwned
from tests.databases import owner_connection

#: The trail is written by every request on purpose.
TRAIL = "audit_auditevent"
#: What is kept of each request, refused or not: when somebody last did something, and what was denied.
ALWAYS = ("accounts_signin", TRAIL, "audit_eventperson")


def owned() -> list[type[AgencyOwned]]:
    """The models that an agency owns, by table."""
    models = [each for each in apps.get_models() if issubclass(each, AgencyOwned)]
    return sorted(models, key=lambda each: each._meta.db_table)


def hashes(but: Collection[str] = (TRAIL,)) -> dict[str, str]:
    """Number and hash of the rows of each owned table that the acting user can see now."""
    tables = [each._meta.db_table for each in owned() if each._meta.db_table not in but]
    tables += ["accounts_membership", "participants_sealedaccess"]
    return _ask(tables)


def everything(but: Collection[str] = ()) -> dict[str, str]:
    """The same for every table of ours, those outside the wall included; sessions are left out."""
    tables = [
        each._meta.db_table
        for each in apps.get_models()
        if each._meta.app_label not in {"sessions", "contenttypes", "auth", "account"}
    ]
    return _ask(sorted(set(tables) - set(but)))


def _ask(tables: list[str]) -> dict[str, str]:
    one = (
        "SELECT '{0}', count(*) || ':' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '')"
        " FROM {0} t"
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(each) for each in tables))
        return dict(cursor.fetchall())


def counts(database: str) -> dict[str, int]:
    """How many rows each table of a database has, for nobody in particular."""
    names = sorted({each._meta.db_table for each in apps.get_models()})
    words = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(each, sql.Identifier(each)) for each in names
    )
    with owner_connection(database) as owner:
        return dict(owner.execute(words).fetchall())


def writes(but: Collection[str] = ()) -> dict[str, int]:
    """How often this connection wrote to each table so far: whoever sees the rows, and given back or not.

    Two of them in one transaction can be compared; alone one may hold what a transaction before it wrote. PostgreSQL
    counts this by itself, so that it costs a hundredth of comparing the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {name: number for name, number in cursor.fetchall() if name not in but}


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables that are not the same in both."""
    return sorted(each for each in before.keys() | after if before.get(each) != after.get(each))
