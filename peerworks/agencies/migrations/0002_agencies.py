import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import peerworks.agencies.constraints
import peerworks.agencies.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_ground"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="short name")),
                (
                    "time_zone",
                    models.CharField(
                        max_length=64,
                        validators=[peerworks.agencies.models.is_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="made-up data")),
                (
                    "idle_minutes",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="minutes until sign-out"
                    ),
                ),
                ("npi", models.CharField(blank=True, max_length=10, verbose_name="NPI")),
                (
                    "ein",
                    models.CharField(
                        blank=True, max_length=9, verbose_name="employer number (EIN)"
                    ),
                ),
                (
                    "taxonomy",
                    models.CharField(blank=True, max_length=10, verbose_name="taxonomy code"),
                ),
                ("street", models.CharField(blank=True, max_length=55, verbose_name="street")),
                ("city", models.CharField(blank=True, max_length=30, verbose_name="city")),
                ("state", models.CharField(blank=True, max_length=2, verbose_name="state")),
                (
                    "postal_code",
                    models.CharField(
                        blank=True, max_length=9, verbose_name="ZIP code, nine digits"
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=60, verbose_name="billing contact"),
                ),
                (
                    "contact_phone",
                    models.CharField(blank=True, max_length=10, verbose_name="billing telephone"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "verbose_name": "agency",
                "verbose_name_plural": "agencies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("idle_minutes__range", (5, 30))),
                        name="agencies_agency_idle_minutes",
                        violation_error_message="Sign-out comes after 5 to 30 minutes.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FundingSource",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MEDICAID_FFS", "Medicaid, fee for service"),
                            ("MEDICAID_MCO", "Medicaid, managed care"),
                            ("MEDICARE", "Medicare"),
                            ("BLOCK_GRANT", "Block grant"),
                            ("FEDERAL_GRANT", "Federal grant"),
                            ("STATE", "State appropriation"),
                            ("TANF", "TANF"),
                            ("FOUNDATION", "Foundation grant"),
                            ("GENERAL", "General funds"),
                            ("UNFUNDED", "Volunteer or unfunded"),
                        ],
                        max_length=20,
                        verbose_name="kind",
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
            ],
            options={
                "verbose_name": "funding source",
                "verbose_name_plural": "funding sources",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="agencies_fundingsource_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="agencies_fundingsource_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "name"),
                        name="agencies_fundingsource_name",
                        violation_error_message="Your agency has a funding source of that name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("state", models.CharField(max_length=2, verbose_name="state")),
                (
                    "time_zone",
                    models.CharField(
                        max_length=64,
                        validators=[peerworks.agencies.models.is_time_zone],
                        verbose_name="time zone",
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
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="agencies_site_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="agencies_site_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "name"),
                        name="agencies_site_name",
                        violation_error_message="Your agency has a site of that name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Program",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("pack", models.CharField(max_length=60, verbose_name="rule pack")),
                (
                    "is_part2",
                    models.BooleanField(default=False, verbose_name="under 42 CFR Part 2"),
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
                    "funding_source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="agencies.fundingsource",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="agencies.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "program",
                "verbose_name_plural": "programs",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="agencies_program_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="agencies_program_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="site", name="agencies_program_site_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="funding_source", name="agencies_program_funding_source_same"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "name"),
                        name="agencies_program_name",
                        violation_error_message="Your agency has a program of that name.",
                    ),
                ],
            },
        ),
    ]
