"""An index for each sort and filter of the audit page, the device, the seal, and people only with their event.

The guard looks past the seal (SECURITY DEFINER), since who writes an event need not see its people.
"""

from django.db import migrations, models

import peerworks.agencies.constraints

_GUARD = """
CREATE FUNCTION peerworks_refuse_person_of_old_event() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $f$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.audit_auditevent e
    WHERE e.id = NEW.event_id AND e.agency_id = NEW.agency_id AND e.is_about_people
      AND e.xid = pg_current_xact_id()::text::bigint) THEN
    RAISE EXCEPTION '% on % is refused', TG_OP, TG_TABLE_NAME
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $f$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_agencies"),
        ("audit", "0003_people_moved"),
    ]

    operations = [
        migrations.RunSQL(_GUARD, "DROP FUNCTION peerworks_refuse_person_of_old_event();"),
        migrations.RemoveIndex(
            model_name="auditevent",
            name="audit_event_at",
        ),
        migrations.RemoveIndex(
            model_name="auditevent",
            name="audit_event_object",
        ),
        migrations.AddField(
            model_name="auditevent",
            name="device",
            field=models.CharField(
                blank=True,
                choices=[("COMPUTER", "Computer"), ("PHONE", "Phone"), ("JOB", "Background work")],
                max_length=10,
            ),
        ),
        migrations.RunSQL(
            "GRANT INSERT (device) ON audit_auditevent TO peerworks_app", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("CHANGE", "Change"),
                    ("VIEW", "View"),
                    ("SIGN", "Signature"),
                    ("EXPORT", "Export"),
                    ("PERMISSION", "Permission"),
                    ("SIGN_IN", "Sign-in"),
                    ("DENIAL", "Denial"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["agency", "at", "id"], name="audit_event_at"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["agency", "kind", "at", "id"], name="audit_event_kind"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["agency", "actor_id", "at", "id"], name="audit_event_actor"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["agency", "actor_name", "id"], name="audit_event_name"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["agency", "action", "id"], name="audit_event_action"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                fields=["agency", "object_type", "object_id", "id"], name="audit_event_object"
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["agency", "device", "id"], name="audit_event_device"),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=peerworks.agencies.constraints.SealedReading(
                name="audit_auditevent_sealed",
                using="NOT is_about_people OR EXISTS (SELECT 1 FROM audit_eventperson t WHERE t.event_id = audit_auditevent.id)",
            ),
        ),
        migrations.AddConstraint(
            model_name="eventperson",
            constraint=peerworks.agencies.constraints.RowsRule(
                function="peerworks_refuse_person_of_old_event",
                name="audit_eventperson_with_its_event",
                violation_error_message="What was recorded here is never changed or deleted.",
            ),
        ),
    ]
