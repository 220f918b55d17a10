"""What stands in the tables, as one hash a table: so that a test sees any write, wherever it is."""

from collections.abc import Collection

from django.apps import apps
from django.db import connection

from peerworks.agencies.models import AgencyOwned

#: The trail is written by every request on purpose.
TRAIL = "audit_auditevent"


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


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables whose rows changed."""
    return sorted(each for each in before.keys() | after if before.get(each) != after.get(each))
