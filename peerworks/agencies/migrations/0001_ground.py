"""The ground under all tables: grants, extensions, the context's functions and the guards.

Runs before every other migration, so that tables of other packages get the grants, too.
"""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

GRANTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO peerworks_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO peerworks_app;
GRANT SELECT ON django_migrations TO peerworks_app;
"""
NO_GRANTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM peerworks_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE USAGE, SELECT ON SEQUENCES FROM peerworks_app;
"""

CONTEXT = """
CREATE FUNCTION peerworks_agency_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('peerworks.agency_id', true), '')::uuid $$;
CREATE FUNCTION peerworks_user_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('peerworks.user_id', true), '')::uuid $$;
"""
NO_CONTEXT = "DROP FUNCTION peerworks_agency_id(); DROP FUNCTION peerworks_user_id();"

# All raise a check violation that names the model's constraint, so that one path of the program
# turns every refusal into its sentence. Arguments: the name; then the column that makes a row final,
# the value that does ("" for any), and the columns that may still move.
GUARDS = """
CREATE FUNCTION peerworks_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
END $f$;

CREATE FUNCTION peerworks_refuse_change_when_final() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  was jsonb;
  told text;
  final boolean;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    final := true;
  ELSE
    was := to_jsonb(OLD);
    told := was ->> TG_ARGV[1];
    final := told IS NOT NULL AND (TG_ARGV[2] = '' OR told = TG_ARGV[2]);
    IF final AND TG_OP = 'UPDATE' THEN
      final := (to_jsonb(NEW) - TG_ARGV[3:]) IS DISTINCT FROM (was - TG_ARGV[3:]);
    END IF;
  END IF;
  IF final THEN
    RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $f$;

-- For rows that are final with their parent. Arguments: the name; the key to the parent, the parent's
-- column that makes it final, the parent's table, and the columns that may still move. Waits for a
-- signing that is under way (FOR SHARE), so that nothing slips in beside it.
CREATE FUNCTION peerworks_refuse_change_with_parent() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  was jsonb;
  becomes jsonb;
  parent uuid;
  final boolean := TG_OP = 'TRUNCATE';
BEGIN
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    becomes := to_jsonb(NEW);
  END IF;
  IF TG_OP IN ('UPDATE', 'DELETE') THEN
    was := to_jsonb(OLD);
  END IF;
  IF TG_OP <> 'TRUNCATE' THEN
    parent := coalesce(was, becomes) ->> TG_ARGV[1];
    EXECUTE format('SELECT %I IS NOT NULL FROM %I WHERE id = $1 FOR SHARE', TG_ARGV[2], TG_ARGV[3])
      INTO final USING parent;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (becomes ->> TG_ARGV[1])::uuid IS DISTINCT FROM parent THEN
      final := true;
    ELSIF (becomes - TG_ARGV[4:]) IS NOT DISTINCT FROM (was - TG_ARGV[4:]) THEN
      final := false;
    END IF;
  END IF;
  IF final THEN
    RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $f$;
"""
NO_GUARDS = """
DROP FUNCTION peerworks_refuse_change();
DROP FUNCTION peerworks_refuse_change_when_final();
DROP FUNCTION peerworks_refuse_change_with_parent();
"""

# Django's own table for its database cache, made here since the app role makes no tables.
CACHE = """
CREATE UNLOGGED TABLE peerworks_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX peerworks_cache_expires ON peerworks_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    run_before = [
        ("contenttypes", "0001_initial"),
        ("auth", "0001_initial"),
        ("sessions", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(GRANTS, NO_GRANTS),
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(CONTEXT, NO_CONTEXT),
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(CACHE, "DROP TABLE peerworks_cache;"),
    ]
