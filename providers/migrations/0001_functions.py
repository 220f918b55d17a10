"""The functions behind the rules over several rows; the triggers that call them come with the models."""

from django.db import migrations

FUNCTIONS = """
-- The entries of a span never add up to more minutes than it is long. The span is locked, so that
-- two writers cannot each find room for the same minutes.
CREATE FUNCTION providers_entries_fit_span() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  room integer;
  used integer;
BEGIN
  SELECT floor(extract(epoch FROM upper(period) - lower(period)) / 60) INTO room
    FROM providers_workspan WHERE id = NEW.span_id FOR NO KEY UPDATE;
  SELECT coalesce(sum(minutes), 0) INTO used FROM providers_workentry WHERE span_id = NEW.span_id;
  IF room IS NULL OR used > room THEN
    RAISE EXCEPTION '% minutes do not fit into %', used, room
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $f$;

-- Nobody verifies what they hold or entered.
CREATE FUNCTION providers_verifier_is_another() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM providers_credential c JOIN providers_provider p ON p.id = c.provider_id
    WHERE c.id = NEW.credential_id
      AND c.entered_by_id <> NEW.verified_by_id
      AND p.member_id IS DISTINCT FROM NEW.verified_by_id
  ) THEN
    RAISE EXCEPTION 'verified by its holder or by who entered it'
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $f$;

-- What was verified does not change: stage, deadlines, registry and the day it became inactive may.
CREATE FUNCTION providers_verified_credential_unchanged() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP = 'UPDATE'
     AND (OLD.provider_id, OLD.kind_id, OLD.number, OLD.endorsements, OLD.states, OLD.issued_on,
          OLD.valid_from, OLD.expires_on, OLD.never_ends, OLD.entered_by_id)
         IS DISTINCT FROM
         (NEW.provider_id, NEW.kind_id, NEW.number, NEW.endorsements, NEW.states, NEW.issued_on,
          NEW.valid_from, NEW.expires_on, NEW.never_ends, NEW.entered_by_id)
     AND EXISTS (SELECT 1 FROM providers_verification v WHERE v.credential_id = NEW.id) THEN
    RAISE EXCEPTION 'a verified certification does not change'
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $f$;
"""
NO_FUNCTIONS = """
DROP FUNCTION providers_entries_fit_span();
DROP FUNCTION providers_verifier_is_another();
DROP FUNCTION providers_verified_credential_unchanged();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("agencies", "0001_ground")]
    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
