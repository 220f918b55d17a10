"""People move from the event's array into their table. The rows of events are not touched.

`is_about_people` is made as a generated column and then kept as a plain one: the trail refuses UPDATE,
also to the owner, and its guards stay on. The way back needs an UPDATE, and therefore lifts them.
"""

from django.db import migrations, models

_FORWARD = [
    """INSERT INTO audit_eventperson (event_id, agency_id, participant_id)
       SELECT DISTINCT e.id, e.agency_id, who FROM audit_auditevent e, unnest(e.participants) AS who""",
    # The keys of those rows are checked now: no table is altered while checks are waiting.
    "SET CONSTRAINTS ALL IMMEDIATE",
    """ALTER TABLE audit_auditevent ADD COLUMN is_about_people boolean NOT NULL
       GENERATED ALWAYS AS (cardinality(participants) > 0) STORED""",
    "ALTER TABLE audit_auditevent ALTER COLUMN is_about_people DROP EXPRESSION",
    "ALTER TABLE audit_auditevent DROP COLUMN participants",
    "GRANT INSERT (is_about_people) ON audit_auditevent TO peerworks_app",
]
_BACK = [
    "ALTER TABLE audit_auditevent ADD COLUMN participants uuid[] NOT NULL DEFAULT '{}'",
    """ALTER TABLE audit_auditevent DISABLE TRIGGER audit_auditevent_append_only,
       DISABLE TRIGGER audit_auditevent_append_only_t""",
    """UPDATE audit_auditevent e SET participants =
       array(SELECT t.participant_id FROM audit_eventperson t WHERE t.event_id = e.id)
       WHERE is_about_people""",
    """ALTER TABLE audit_auditevent ENABLE ALWAYS TRIGGER audit_auditevent_append_only,
       ENABLE ALWAYS TRIGGER audit_auditevent_append_only_t""",
    "ALTER TABLE audit_auditevent ALTER COLUMN participants DROP DEFAULT",
    "ALTER TABLE audit_auditevent DROP COLUMN is_about_people",
    "GRANT INSERT (participants) ON audit_auditevent TO peerworks_app",
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_event_people")]

    operations = [
        migrations.RunSQL(
            _FORWARD,
            _BACK,
            state_operations=[
                migrations.RemoveField(model_name="auditevent", name="participants"),
                migrations.AddField(
                    model_name="auditevent",
                    name="is_about_people",
                    field=models.BooleanField(),
                ),
            ],
        ),
    ]
