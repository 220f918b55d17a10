import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.lookups
from django.db import migrations, models

import peerworks.agencies.constraints
import peerworks.files.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("agencies", "0002_agencies"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
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
                ("purpose", models.CharField(max_length=40, verbose_name="what it is for")),
                (
                    "kind",
                    models.CharField(
                        choices=[("PDF", "PDF"), ("PNG", "PNG picture"), ("JPEG", "JPEG picture")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "stored_as",
                    models.CharField(
                        default=peerworks.files.models.storage_name, editable=False, max_length=64
                    ),
                ),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("pages", models.PositiveSmallIntegerField(null=True, verbose_name="pages")),
                ("width", models.PositiveIntegerField(null=True, verbose_name="width in pixels")),
                ("height", models.PositiveIntegerField(null=True, verbose_name="height in pixels")),
                ("uploaded_at", models.DateTimeField(editable=False)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "withdrawn_why",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="why it was withdrawn"
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
                    "uploaded_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "abstract": False,
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="files_storedfile_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="files_storedfile_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="uploaded_by", name="files_storedfile_uploaded_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="withdrawn_by", name="files_storedfile_withdrawn_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "stored_as"),
                        name="files_storedfile_stored_as",
                        violation_error_message="This file is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sha256__regex", "^[0-9a-f]{64}$"),
                            ("stored_as__regex", "^[0-9a-f]{64}$"),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("purpose", ""), _negated=True),
                        ),
                        name="files_storedfile_names",
                        violation_error_message="A file has a name, a purpose and a hash.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__range", (1, 10485760))),
                        name="files_storedfile_size",
                        violation_error_message="A file has at most 10 MB, and is not empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("height__isnull", True),
                                ("kind", "PDF"),
                                ("pages__isnull", False),
                                ("pages__range", (1, 50)),
                                ("width__isnull", True),
                            ),
                            models.Q(
                                ("height__gte", 1),
                                ("height__isnull", False),
                                ("kind__in", ["PNG", "JPEG"]),
                                ("pages__isnull", True),
                                ("width__gte", 1),
                                ("width__isnull", False),
                                django.db.models.lookups.LessThanOrEqual(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.functions.comparison.Cast(
                                            models.F("width"), models.BigIntegerField()
                                        ),
                                        "*",
                                        models.F("height"),
                                    ),
                                    40000000,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="files_storedfile_measured",
                        violation_error_message="A PDF has pages, a picture width and height.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by__isnull", True),
                                ("withdrawn_why", ""),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="files_storedfile_withdrawn",
                        violation_error_message="A withdrawal says who, when and why.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("withdrawn_at", "withdrawn_by_id", "withdrawn_why"),
                        column="sha256",
                        equals="",
                        name="files_storedfile_stored",
                        violation_error_message="A stored file never changes.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(),
                        column="withdrawn_at",
                        equals="",
                        name="files_storedfile_withdrawn_once",
                        violation_error_message="This file is withdrawn already.",
                    ),
                ],
            },
        ),
    ]
