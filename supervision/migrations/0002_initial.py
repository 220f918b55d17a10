import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
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
        ("supervision", "0001_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
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
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("INDIVIDUAL", "One to one"),
                            ("GROUP", "Group"),
                            ("PEER_TO_PEER", "Peer to peer"),
                            ("OBSERVATION", "Direct observation"),
                            ("CASE_CONSULTATION", "Case consultation"),
                            ("ADMINISTRATIVE", "Administrative"),
                        ],
                        max_length=20,
                        verbose_name="format",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("IN_PERSON", "In person"),
                            ("VIDEO", "Video"),
                            ("PHONE", "Telephone"),
                        ],
                        max_length=20,
                        verbose_name="mode",
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ROLE", "Role and what is expected"),
                                ("ROLE_DRIFT", "Role drift"),
                                ("FEEDBACK", "How am I doing"),
                                ("COACHING", "Coaching"),
                                ("BOUNDARIES", "Confidentiality and boundaries"),
                                ("DUAL_RELATIONSHIPS", "Dual relationships"),
                                ("RECOVERY_STORY", "Use of the recovery story"),
                                ("CULTURAL_HUMILITY", "Cultural humility and own bias"),
                                ("ACCOUNTABILITY", "Accountability"),
                                ("STIGMA", "Stigma on the team"),
                                ("CAREER", "Career and continuing education"),
                                ("LEADERSHIP", "Leadership"),
                                ("ADVOCACY", "Advocacy within the agency"),
                                ("SELF_CARE", "Self-care"),
                                ("DOCUMENTATION", "Quality of notes"),
                                ("CASELOAD", "Caseload"),
                                ("SAFETY", "Safety and crisis"),
                                ("ETHICS", "Code of ethics"),
                                ("FACILITATION", "Leading WHAM and WRAP groups"),
                                ("COMMUNITY", "Community resources"),
                            ],
                            max_length=30,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="topics",
                    ),
                ),
                ("shared_notes", models.TextField(blank=True, verbose_name="shared notes")),
                ("form_key", models.UUIDField(editable=False, null=True)),
                ("supervisor_signed_at", models.DateTimeField(editable=False, null=True)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
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
                    "logged_by",
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
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.site",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions_given",
                        to="providers.provider",
                    ),
                ),
                (
                    "supervisor_signed_by",
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
                "verbose_name": "supervision session",
                "verbose_name_plural": "supervision sessions",
                "indexes": [
                    models.Index(fields=["agency", "starts_at"], name="supervision_session_start")
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="supervision_session_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="supervision_session_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="supervisor", name="supervision_session_supervisor_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="site", name="supervision_session_site_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="program", name="supervision_session_program_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="logged_by", name="supervision_session_logged_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="supervisor_signed_by",
                        name="supervision_session_supervisor_signed_by_same",
                    ),
                    models.UniqueConstraint(
                        fields=("logged_by", "form_key"),
                        name="supervision_session_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("supervisor_signed_at__isnull", True),
                                ("supervisor_signed_by__isnull", True),
                            ),
                            models.Q(
                                ("supervisor_signed_at__isnull", False),
                                ("supervisor_signed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="supervision_session_supervisor_signed",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="supervision_session_times",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sha256", ""), ("supervisor_signed_at__isnull", True)),
                            models.Q(
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                                ("supervisor_signed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="supervision_session_hash",
                        violation_error_message="A signed session carries its hash.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(),
                        column="supervisor_signed_at",
                        equals="",
                        name="supervision_session_final",
                        violation_error_message="This session is signed and never changes.",
                    ),
                    peerworks.agencies.constraints.RowsRule(
                        function="supervision_credit_fits_session",
                        name="supervision_session_credit",
                        violation_error_message="Credit goes to others than the supervisor, and not beyond the session's length.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
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
                ("text", models.CharField(max_length=300, verbose_name="what was agreed")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("done_at", models.DateTimeField(editable=False, null=True)),
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
                    "done_by",
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
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_actions",
                        to="providers.provider",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="supervision.session",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreed action",
                "verbose_name_plural": "agreed actions",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="supervision_action_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="supervision_action_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="session", name="supervision_action_session_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="owner", name="supervision_action_owner_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="done_by", name="supervision_action_done_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="supervision_action_done",
                        violation_error_message="A decision says who made it and when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionAttendance",
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
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes credited")),
                (
                    "own_words",
                    models.TextField(blank=True, verbose_name="in the supervisee's own words"),
                ),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
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
                        related_name="supervision_attendance",
                        to="providers.provider",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attendance",
                        to="supervision.session",
                    ),
                ),
                (
                    "signed_by",
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
                "verbose_name": "part in a supervision session",
                "verbose_name_plural": "parts in supervision sessions",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="supervision_sessionattendance_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="supervision_sessionattendance_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="session", name="supervision_sessionattendance_session_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="supervision_sessionattendance_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="signed_by", name="supervision_sessionattendance_signed_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                            models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="supervision_sessionattendance_signed",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        fields=("session", "provider"),
                        name="supervision_sessionattendance_once",
                        violation_error_message="This person takes part in the session already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)),
                        name="supervision_sessionattendance_minutes",
                        violation_error_message="Who took part is credited at least one minute.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(),
                        column="signed_at",
                        equals="",
                        name="supervision_sessionattendance_final",
                    ),
                    peerworks.agencies.constraints.RowsRule(
                        function="supervision_credit_fits_session",
                        name="supervision_sessionattendance_credit",
                        violation_error_message="Credit goes to others than the supervisor, and not beyond the session's length.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                ("is_primary", models.BooleanField(default=True, verbose_name="primary")),
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
                    "delegate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegated",
                        to="providers.provider",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="providers.provider",
                    ),
                ),
                (
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervising",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment of a supervisor",
                "verbose_name_plural": "assignments of supervisors",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="supervision_assignment_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="supervision_assignment_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="supervision_assignment_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="supervisor", name="supervision_assignment_supervisor_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="delegate", name="supervision_assignment_delegate_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="supervision_assignment_created_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="supervision_assignment_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="supervision_assignment_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("is_primary", True)),
                        expressions=[("agency", "="), ("provider", "="), ("period", "&&")],
                        name="supervision_assignment_one_primary",
                        violation_error_message="There is another primary supervisor in this period.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("provider", "="),
                            ("supervisor", "="),
                            ("period", "&&"),
                        ],
                        name="supervision_assignment_once",
                        violation_error_message="This supervisor is assigned already in this period.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("supervisor", models.F("provider")), _negated=True),
                        name="supervision_assignment_not_oneself",
                        violation_error_message="Nobody supervises themselves.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delegate__isnull", True),
                            models.Q(
                                models.Q(("delegate", models.F("provider")), _negated=True),
                                models.Q(("delegate", models.F("supervisor")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="supervision_assignment_delegate_is_a_third",
                        violation_error_message="The delegate is a third person.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Qualification",
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
                    "atom",
                    models.CharField(
                        choices=[
                            ("CREDENTIAL", "Certification"),
                            ("LICENCE", "License"),
                            ("TRAINING", "Training of supervisors"),
                            ("YEARS_AS_PEER", "Work as a peer specialist"),
                            ("UNDER_LICENSED_DIRECTION", "Under licensed direction"),
                        ],
                        max_length=30,
                        verbose_name="kind of proof",
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=60, verbose_name="key")),
                ("evidence", models.TextField(verbose_name="evidence")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("form_key", models.UUIDField(editable=False, null=True)),
                ("verified_at", models.DateTimeField(editable=False, null=True)),
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
                    "supervisor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="qualifications",
                        to="providers.provider",
                    ),
                ),
                (
                    "verified_by",
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
                "verbose_name": "qualification of a supervisor",
                "verbose_name_plural": "qualifications of supervisors",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="supervision_qualification_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="supervision_qualification_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="supervisor", name="supervision_qualification_supervisor_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="recorded_by", name="supervision_qualification_recorded_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="verified_by", name="supervision_qualification_verified_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="supervision_qualification_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("recorded_by", "form_key"),
                        name="supervision_qualification_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(
                                ("verified_at__isnull", False), ("verified_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="supervision_qualification_verified",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("atom__in", ["CREDENTIAL", "LICENCE", "TRAINING"]),
                                models.Q(("key", ""), _negated=True),
                            ),
                            models.Q(
                                ("atom__in", ["YEARS_AS_PEER", "UNDER_LICENSED_DIRECTION"]),
                                ("key", ""),
                            ),
                            _connector="OR",
                        ),
                        name="supervision_qualification_key",
                        violation_error_message="Say which certification, license or training it is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verified_by__isnull", True),
                            models.Q(("verified_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="supervision_qualification_by_another",
                        violation_error_message="Nobody verifies what they hold or entered.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("period",),
                        column="verified_at",
                        equals="",
                        name="supervision_qualification_final",
                        violation_error_message="This proof is verified. End it and record the right one.",
                    ),
                ],
            },
        ),
    ]
