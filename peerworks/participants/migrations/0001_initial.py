import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import peerworks.agencies.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("accounts", "__first__"),
        ("agencies", "0002_agencies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Participant",
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
                ("form_key", models.UUIDField(editable=False, null=True)),
                ("given_name", models.CharField(max_length=35, verbose_name="given name")),
                ("family_name", models.CharField(max_length=60, verbose_name="family name")),
                ("sort_key", models.TextField(editable=False)),
                ("pronouns", models.CharField(blank=True, max_length=40, verbose_name="pronouns")),
                ("record_number", models.CharField(max_length=20, verbose_name="record number")),
                (
                    "chosen_name",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="name the person goes by"
                    ),
                ),
                ("born_on", models.DateField(verbose_name="date of birth")),
                (
                    "gender",
                    models.CharField(
                        choices=[("F", "Female"), ("M", "Male"), ("U", "Not stated")],
                        max_length=1,
                        verbose_name="gender on claims",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        default="en",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("street", models.CharField(blank=True, max_length=55, verbose_name="street")),
                ("city", models.CharField(blank=True, max_length=30, verbose_name="city")),
                ("state", models.CharField(blank=True, max_length=2, verbose_name="state")),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=9, verbose_name="ZIP code"),
                ),
                ("is_sealed", models.BooleanField(default=False, verbose_name="sealed")),
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
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "staff_membership",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="also works here as",
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "verbose_name_plural": "participants",
                "indexes": [
                    models.Index(fields=["agency", "sort_key"], name="participants_by_name")
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="participants_participant_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="participants_participant_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="staff_membership",
                        name="participants_participant_staff_membership_same",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="participants_participant_created_by_same"
                    ),
                    peerworks.agencies.constraints.SealedPerson(
                        name="participants_participant_sealed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sort_key", ""), _negated=True),
                        name="participants_participant_sort_key",
                        violation_error_message="Enter a name.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="participants_participant_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "record_number"),
                        name="participants_participant_record_number",
                        violation_error_message="Your agency has a record of that number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("staff_membership__isnull", True), ("is_sealed", True), _connector="OR"
                        ),
                        name="participants_participant_staff_is_sealed",
                        violation_error_message="The record of a member of staff is sealed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
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
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                ("form_key", models.UUIDField(editable=False, null=True)),
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
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="agencies.program",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "enrollment",
                "verbose_name_plural": "enrollments",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="participants_enrolment_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="participants_enrolment_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="participants_enrolment_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="program", name="participants_enrolment_program_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="participants_enrolment_created_by_same"
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="participants_enrolment_sealed", person="participant_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="participants_enrolment_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="participants_enrolment_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("participant", "="),
                            ("program", "="),
                            ("period", "&&"),
                        ],
                        name="participants_enrolment_once",
                        violation_error_message="This person is enrolled in the program already in this period.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("TREATMENT", "Treatment"),
                                ("PAYMENT", "Payment"),
                                ("OPERATIONS", "Health care operations"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="purposes",
                    ),
                ),
                (
                    "recipient",
                    models.CharField(
                        blank=True,
                        help_text="The payer's code; empty where it holds for every recipient of the purpose.",
                        max_length=30,
                        verbose_name="recipient",
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("form_key", models.UUIDField(editable=False, null=True)),
                ("revoked_on", models.DateField(null=True, verbose_name="revoked on")),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
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
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="participants_consent_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="participants_consent_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="participants_consent_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="recorded_by", name="participants_consent_recorded_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="revoked_by", name="participants_consent_revoked_by_same"
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="participants_consent_sealed", person="participant_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="participants_consent_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("recorded_by", "form_key"),
                        name="participants_consent_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="participants_consent_revoked",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_on__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="participants_consent_revoked_on",
                        violation_error_message="A revoked consent says from which day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purposes__len__gt", 0)),
                        name="participants_consent_purposes",
                        violation_error_message="Choose at least one purpose.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("revoked_on", "revoked_at", "revoked_by_id"),
                        column="signed_on",
                        equals="",
                        name="participants_consent_final",
                        violation_error_message="A consent is not edited: revoke it and record a new one.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(),
                        column="revoked_at",
                        equals="",
                        name="participants_consent_revoked_once",
                        violation_error_message="This consent is revoked; record a new one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CareTeamMember",
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
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                ("form_key", models.UUIDField(editable=False, null=True)),
                ("is_primary", models.BooleanField(default=False, verbose_name="primary")),
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
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_teams",
                        to="accounts.membership",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_team",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "care team member",
                "verbose_name_plural": "care team members",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="participants_careteammember_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="participants_careteammember_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="participants_careteammember_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="member", name="participants_careteammember_member_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="participants_careteammember_created_by_same"
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="participants_careteammember_sealed", person="participant_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="participants_careteammember_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="participants_careteammember_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("is_primary", True)),
                        expressions=[("agency", "="), ("participant", "="), ("period", "&&")],
                        name="participants_careteammember_one_primary",
                        violation_error_message="There is another primary worker in this period.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("participant", "="),
                            ("member", "="),
                            ("period", "&&"),
                        ],
                        name="participants_careteammember_once",
                        violation_error_message="This worker is on the care team already in this period.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "expires_at",
                    models.DateTimeField(
                        default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        verbose_name="ends",
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
                    "granted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed_access",
                        to="participants.participant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "access to a sealed record",
                "verbose_name_plural": "access to sealed records",
                "indexes": [
                    models.Index(fields=["user", "participant"], name="participants_seal_user")
                ],
                "constraints": [
                    peerworks.agencies.constraints.Isolation(
                        name="participants_sealedaccess_own",
                        using="user_id = (SELECT peerworks_user_id()) OR (agency_id = (SELECT peerworks_agency_id()) AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.agency_id = (SELECT peerworks_agency_id()) AND m.user_id = (SELECT peerworks_user_id()) AND m.is_active AND (m.is_service OR 'PRIVACY_OFFICER' = ANY(m.roles))))",
                        with_check="agency_id = (SELECT peerworks_agency_id()) AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.agency_id = (SELECT peerworks_agency_id()) AND m.user_id = (SELECT peerworks_user_id()) AND m.is_active AND 'PRIVACY_OFFICER' = ANY(m.roles))",
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="participants_sealedaccess_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="participants_sealedaccess_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="granted_by", name="participants_sealedaccess_granted_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="participants_sealedaccess_reason",
                        violation_error_message="Say why this person may open the record.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusPeriod",
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
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                ("form_key", models.UUIDField(editable=False, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("INPATIENT", "Inpatient"),
                            ("INCARCERATED", "In jail or prison"),
                            ("DECEASED", "Deceased"),
                        ],
                        max_length=20,
                        verbose_name="status",
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
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_periods",
                        to="participants.participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "status",
                "verbose_name_plural": "statuses",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="participants_statusperiod_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="participants_statusperiod_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="participants_statusperiod_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="participants_statusperiod_created_by_same"
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="participants_statusperiod_sealed", person="participant_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="participants_statusperiod_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="participants_statusperiod_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("participant", "="),
                            ("kind", "="),
                            ("period", "&&"),
                        ],
                        name="participants_statusperiod_once",
                        violation_error_message="This status is recorded already in this period.",
                    ),
                ],
            },
        ),
    ]
