"""The functions behind the rules over several rows; the triggers that call them come with the models."""

from django.db import migrations

FUNCTIONS = """
-- Nobody is credited more minutes than the session has, and the supervisor is credited none.
-- Fires for both tables: a session that is shortened is judged like an entry that is added.
CREATE FUNCTION supervision_credit_fits_session() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  session_row record;
BEGIN
  IF TG_TABLE_NAME = 'supervision_session' THEN
    session_row := NEW;
  ELSE
    SELECT * INTO session_row FROM supervision_session WHERE id = NEW.session_id FOR SHARE;
  END IF;
  IF EXISTS (
    SELECT 1 FROM supervision_sessionattendance a
    WHERE a.session_id = session_row.id
      AND (a.provider_id = session_row.supervisor_id
           OR a.minutes > extract(epoch FROM session_row.ends_at - session_row.starts_at) / 60)
  ) THEN
    RAISE EXCEPTION 'credit beyond the session'
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $f$;
"""
NO_FUNCTIONS = """
DROP FUNCTION supervision_credit_fits_session();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("agencies", "0001_ground")]
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
