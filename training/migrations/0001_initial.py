import uuid

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import peerworks.agencies.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("agencies", "0002_agencies"),
        ("providers", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
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
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("title_en", models.CharField(max_length=160, verbose_name="title in English")),
                ("title_es", models.CharField(max_length=160, verbose_name="title in Spanish")),
                (
                    "curriculum",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="edition of the material"
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="hours"),
                ),
                (
                    "minimum_meetings",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="meetings that complete it"
                    ),
                ),
                (
                    "minimum_minutes",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="minutes that complete it"
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
            ],
            options={
                "verbose_name": "course",
                "verbose_name_plural": "courses",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="training_course_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="training_course_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="training_course_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="training_course_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "key"),
                        name="training_course_key",
                        violation_error_message="Your agency has a course of that key.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gt", 0)),
                        name="training_course_hours",
                        violation_error_message="A course has more than no hours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_meetings__gt", 0), ("minimum_minutes__gt", 0), _connector="OR"
                        ),
                        name="training_course_minimum",
                        violation_error_message="Say how many meetings or minutes complete the course.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cohort",
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
                ("title", models.CharField(max_length=160, verbose_name="title")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        max_length=5,
                        verbose_name="language",
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
                    "funding_source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohorts",
                        to="agencies.fundingsource",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohorts",
                        to="agencies.site",
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohorts",
                        to="training.course",
                    ),
                ),
            ],
            options={
                "verbose_name": "cohort",
                "verbose_name_plural": "cohorts",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="training_cohort_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="training_cohort_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="course", name="training_cohort_course_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="site", name="training_cohort_site_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="funding_source", name="training_cohort_funding_source_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="training_cohort_created_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="training_cohort_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="training_cohort_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__upper_inf", False)),
                        name="training_cohort_has_end",
                        violation_error_message="A cohort has a last day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Completion",
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
                ("completed_on", models.DateField(verbose_name="completed on")),
                (
                    "valid_through",
                    models.DateField(blank=True, null=True, verbose_name="valid through"),
                ),
                (
                    "hours",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="hours"),
                ),
                (
                    "certificate_number",
                    models.CharField(max_length=40, verbose_name="certificate number"),
                ),
                ("form_key", models.UUIDField(editable=False, null=True)),
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
                    "cohort",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completions",
                        to="training.cohort",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completions",
                        to="providers.provider",
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
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="completions",
                        to="training.course",
                    ),
                ),
            ],
            options={
                "verbose_name": "completed course",
                "verbose_name_plural": "completed courses",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="training_completion_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="training_completion_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="training_completion_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="course", name="training_completion_course_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="cohort", name="training_completion_cohort_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="recorded_by", name="training_completion_recorded_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="revoked_by", name="training_completion_revoked_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("recorded_by", "form_key"),
                        name="training_completion_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="training_completion_revoked",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("provider", "course", "completed_on"),
                        name="training_completion_once",
                        violation_error_message="This completion is recorded already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("agency", "certificate_number"),
                        name="training_completion_certificate_number",
                        violation_error_message="Another certificate has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certificate_number", ""), _negated=True),
                        name="training_completion_numbered",
                        violation_error_message="Enter the number of the certificate.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gt", 0)),
                        name="training_completion_hours",
                        violation_error_message="A course has more than no hours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_through__isnull", True),
                            ("valid_through__gte", models.F("completed_on")),
                            _connector="OR",
                        ),
                        name="training_completion_valid_through",
                        violation_error_message="The last valid day comes before the first.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("revoked_at", "revoked_by_id"),
                        column="completed_on",
                        equals="",
                        name="training_completion_final",
                        violation_error_message="A completed course is not edited: revoke it and record the right one.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(),
                        column="revoked_at",
                        equals="",
                        name="training_completion_revoked_once",
                        violation_error_message="This completion is revoked; record a new one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CourseEnrolment",
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
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
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
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="training.cohort",
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
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="course_enrolments",
                        to="providers.provider",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "place in a cohort",
                "verbose_name_plural": "places in cohorts",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="training_courseenrolment_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="training_courseenrolment_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="cohort", name="training_courseenrolment_cohort_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="training_courseenrolment_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="training_courseenrolment_created_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="withdrawn_by", name="training_courseenrolment_withdrawn_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="training_courseenrolment_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="training_courseenrolment_withdrawn",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        fields=("cohort", "provider"),
                        name="training_courseenrolment_once",
                        violation_error_message="This person is in the cohort already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("topic", models.CharField(blank=True, max_length=160, verbose_name="topic")),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
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
                    "cancelled_by",
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
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="training.cohort",
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
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "indexes": [
                    models.Index(fields=["agency", "starts_at"], name="training_meeting_start")
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="training_meeting_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="training_meeting_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="cohort", name="training_meeting_cohort_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="training_meeting_created_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="cancelled_by", name="training_meeting_cancelled_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="training_meeting_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cancelled_at__isnull", True), ("cancelled_by__isnull", True)
                            ),
                            models.Q(
                                ("cancelled_at__isnull", False), ("cancelled_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="training_meeting_cancelled",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        fields=("cohort", "number"),
                        name="training_meeting_number",
                        violation_error_message="The cohort has a meeting of that number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="training_meeting_times",
                        violation_error_message="The end must come after the beginning.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
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
                    "status",
                    models.CharField(
                        choices=[
                            ("PRESENT", "Present"),
                            ("LATE", "Came late"),
                            ("LEFT_EARLY", "Left early"),
                            ("ABSENT", "Absent"),
                            ("EXCUSED", "Excused"),
                        ],
                        max_length=20,
                        verbose_name="attendance",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(default=0, verbose_name="minutes")),
                ("made_up_on", models.DateField(blank=True, null=True, verbose_name="made up on")),
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
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="providers.provider",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="training.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendance",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="training_attendance_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="training_attendance_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="meeting", name="training_attendance_meeting_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="training_attendance_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="recorded_by", name="training_attendance_recorded_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("meeting", "provider"),
                        name="training_attendance_once",
                        violation_error_message="This person is on the list of the meeting already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("made_up_on__isnull", True),
                                ("minutes", 0),
                                ("status__in", ["ABSENT", "EXCUSED"]),
                            ),
                            models.Q(("made_up_on__isnull", False), ("minutes__gt", 0)),
                            models.Q(
                                ("minutes__gt", 0),
                                ("status__in", ["PRESENT", "LATE", "LEFT_EARLY"]),
                            ),
                            _connector="OR",
                        ),
                        name="training_attendance_minutes",
                        violation_error_message="Who was there has minutes; who was not has none.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CohortTrainer",
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
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trainers",
                        to="training.cohort",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cohorts_led",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "trainer",
                "verbose_name_plural": "trainers",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="training_cohorttrainer_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="training_cohorttrainer_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="cohort", name="training_cohorttrainer_cohort_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="training_cohorttrainer_provider_same"
                    ),
                    models.UniqueConstraint(
                        fields=("cohort", "provider"),
                        name="training_cohorttrainer_once",
                        violation_error_message="This person leads the cohort already.",
                    ),
                ],
            },
        ),
    ]
