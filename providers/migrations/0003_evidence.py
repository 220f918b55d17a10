import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import peerworks.agencies.constraints


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_agencies"),
        ("files", "0001_stored_files"),
        ("providers", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="providers.credential",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "abstract": False,
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_evidence_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_evidence_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="credential", name="providers_evidence_credential_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="file", name="providers_evidence_file_same"
                    ),
                    peerworks.agencies.constraints.AppendOnly(
                        name="providers_evidence_append_only"
                    ),
                    models.UniqueConstraint(
                        fields=("file",),
                        name="providers_evidence_file_once",
                        violation_error_message="This file belongs to a certification already.",
                    ),
                ],
            },
        ),
    ]
