"""Whom an event tells about, in a table of its own: found by an index, and sealed person by person."""

import django.db.models.deletion
from django.db import migrations, models

import peerworks.agencies.constraints


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_agencies"),
        ("audit", "0001_audit_trail"),
        # The policy asks the participant's row; no key leads there.
        ("participants", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventPerson",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id",
                        "participant_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("event_id", models.BigIntegerField()),
                ("participant_id", models.UUIDField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "person of an audit event",
                "verbose_name_plural": "people of audit events",
                "indexes": [
                    models.Index(
                        fields=["agency", "participant_id", "event_id"],
                        name="audit_eventperson_who",
                    )
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="audit_eventperson_agency"),
                    peerworks.agencies.constraints.SealedReading(
                        name="audit_eventperson_sealed",
                        using="EXISTS (SELECT 1 FROM participants_participant p WHERE p.id = participant_id)",
                    ),
                    peerworks.agencies.constraints.AppendOnly(name="audit_eventperson_append_only"),
                ],
            },
        ),
    ]
