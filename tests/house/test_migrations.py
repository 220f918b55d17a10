"""Migrations can be undone: each step says how, and in `long` all go back to nothing and forward again."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.conftest import folder_of_the_run
from tests.databases import PACKAGES, as_owner, copied, drop, manage, owner_connection, template

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

_SHAPE = """
SELECT 'column', table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'policy', tablename || ' ' || policyname || ' ' || permissive || ' '
  || coalesce(qual, '') || ' ' || coalesce(with_check, '') FROM pg_policies
UNION ALL SELECT 'trigger', tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text || ' '
  || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'grant', table_name || ' ' || privilege_type FROM information_schema.table_privileges
  WHERE grantee = 'peerworks_app'
UNION ALL SELECT 'function', p.oid::regprocedure || ' ' || md5(p.prosrc) FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE ANY (ARRAY[
    'peerworks%', 'billing%', 'providers%', 'supervision%', 'training%', 'participants%'])
"""


def shape(name):
    """Everything that a database is made of, as sorted lines."""
    with owner_connection(name) as owner:
        return sorted(" ".join(row) for row in owner.execute(_SHAPE).fetchall())


def test_every_step_of_ours_says_how_it_is_undone():
    ours = [
        each
        for (app, _), each in MigrationLoader(connection).disk_migrations.items()
        if apps.get_app_config(app).name.split(".")[0] in PACKAGES
    ]
    steps = [(each, step) for each in ours for step in each.operations]
    assert len(steps) >= 100
    assert [f"{each} {step.describe()}" for each, step in steps if not step.reversible] == []


@pytest.mark.long
def test_migrations_go_back_to_nothing_and_forward_again(databases):
    name = f"{databases.name}_scratch"
    copied(template(folder_of_the_run()), name)
    environment = as_owner(name)
    try:
        before = shape(name)
        manage(environment, "migrate", "agencies", "zero", "--verbosity", "0")
        assert [each for each in shape(name) if "peerworks" in each or "billing_" in each] == []
        manage(environment, "migrate", "--verbosity", "0")
        assert shape(name) == before
    finally:
        with owner_connection() as owner:
            drop(owner, name)
