import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.db import migrations, models

import billing.models.keys
import peerworks.agencies.constraints


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("agencies", "0002_agencies"),
        ("participants", "0001_initial"),
        ("providers", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Payer",
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
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("pack", models.CharField(max_length=60, verbose_name="rule pack")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("MC", "Medicaid"),
                            ("HM", "Managed care organization"),
                            ("MB", "Medicare Part B"),
                            ("CI", "Commercial insurance"),
                            ("ZZ", "Other"),
                        ],
                        default="MC",
                        max_length=2,
                        verbose_name="kind",
                    ),
                ),
                ("payer_id", models.CharField(max_length=20, verbose_name="payer id")),
                ("submitter_id", models.CharField(max_length=15, verbose_name="submitter id")),
                ("submitter_qualifier", models.CharField(default="ZZ", max_length=2)),
                ("receiver_id", models.CharField(max_length=15, verbose_name="receiver id")),
                ("receiver_qualifier", models.CharField(default="ZZ", max_length=2)),
                ("receiver_name", models.CharField(max_length=60, verbose_name="receiver")),
                (
                    "billing_number",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="our number with this payer"
                    ),
                ),
                (
                    "usage",
                    models.CharField(
                        choices=[("T", "Test"), ("P", "Production")],
                        default="T",
                        max_length=1,
                        verbose_name="files are for",
                    ),
                ),
                (
                    "rendering",
                    models.CharField(
                        choices=[
                            ("AGENCY", "The agency bills; no worker is named"),
                            ("RENDERING_NPI", "The worker, by NPI"),
                            ("SUPERVISOR", "The supervisor, by NPI"),
                            ("PROVIDER_NUMBER", "The worker, by the state's provider number"),
                        ],
                        default="AGENCY",
                        max_length=16,
                        verbose_name="who is named",
                    ),
                ),
                (
                    "claim_kind",
                    models.CharField(
                        choices=[("CH", "Claim"), ("RP", "Encounter report")],
                        default="CH",
                        max_length=2,
                        verbose_name="kind of claim",
                    ),
                ),
                (
                    "part2_notice",
                    models.BooleanField(
                        default=False, verbose_name="claims carry the Part 2 notice"
                    ),
                ),
                (
                    "claims_per_set",
                    models.PositiveSmallIntegerField(default=100, verbose_name="claims in one set"),
                ),
                ("is_made_up", models.BooleanField(default=False, verbose_name="made-up data")),
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
                        related_name="payers",
                        to="agencies.fundingsource",
                    ),
                ),
            ],
            options={
                "verbose_name": "payer",
                "verbose_name_plural": "payers",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_payer_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_payer_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_payer_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_payer_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="funding_source", name="billing_payer_funding_source_same"
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "code"),
                        name="billing_payer_code",
                        violation_error_message="Your agency has a payer of that code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("claims_per_set__range", (1, 5000))),
                        name="billing_payer_claims_per_set",
                        violation_error_message="A set holds 1 to 5,000 claims.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
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
                (
                    "interchange",
                    models.CharField(max_length=9, verbose_name="control number of the file"),
                ),
                ("reference", models.CharField(max_length=30, verbose_name="reference")),
                (
                    "usage",
                    models.CharField(
                        choices=[("T", "Test"), ("P", "Production")],
                        max_length=1,
                        verbose_name="file is for",
                    ),
                ),
                ("through", models.DateField(null=True, verbose_name="service days through")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CREATED", "Built"),
                            ("SENT", "Sent"),
                            ("ACCEPTED", "Accepted"),
                            ("REJECTED", "Rejected"),
                        ],
                        default="CREATED",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("sets_count", models.PositiveIntegerField(default=0, verbose_name="sets")),
                ("claims_count", models.PositiveIntegerField(default=0, verbose_name="claims")),
                ("lines_count", models.PositiveIntegerField(default=0, verbose_name="lines")),
                ("notes_count", models.PositiveIntegerField(default=0, verbose_name="notes")),
                ("units", models.PositiveIntegerField(default=0, verbose_name="units")),
                (
                    "charge",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=10, verbose_name="charge"
                    ),
                ),
                ("left_out", models.JSONField(default=dict, verbose_name="left out, by reason")),
                ("file", models.TextField(blank=True, verbose_name="file")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="hash")),
                ("built_at", models.DateTimeField(null=True, verbose_name="built")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
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
                    "built_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="built by",
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
                    "sent_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="sent by",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="billing.payer",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch",
                "verbose_name_plural": "batches",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_batch_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_batch_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_batch_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_batch_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="payer", name="billing_batch_payer_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="built_by", name="billing_batch_built_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="sent_by", name="billing_batch_sent_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("built_at__isnull", True), ("built_by__isnull", True)),
                            models.Q(("built_at__isnull", False), ("built_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="billing_batch_built",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="billing_batch_sent",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "payer", "interchange"),
                        name="billing_batch_interchange",
                        violation_error_message="This control number was given out already.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "payer", "reference"),
                        name="billing_batch_reference",
                        violation_error_message="This reference was given out already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("built_at__isnull", True),
                            models.Q(
                                ("claims_count__gt", 0),
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(("file", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="billing_batch_built_is_whole",
                        violation_error_message="A built batch has a file with claims.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("state", "CREATED")),
                            models.Q(
                                models.Q(("state", "CREATED"), _negated=True),
                                ("built_at__isnull", False),
                                ("sent_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="billing_batch_sent_was_built",
                        violation_error_message="Only a built file is sent.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("state", "sent_at", "sent_by_id"),
                        column="built_at",
                        equals="",
                        name="billing_batch_final",
                        violation_error_message="This was built into a file and never changes; send a correction instead.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
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
                ("member_id", models.CharField(max_length=30, verbose_name="member id")),
                (
                    "order",
                    models.CharField(
                        choices=[
                            ("PRIMARY", "First"),
                            ("SECONDARY", "Second"),
                            ("TERTIARY", "Third"),
                        ],
                        default="PRIMARY",
                        max_length=10,
                        verbose_name="order",
                    ),
                ),
                ("checked_on", models.DateField(null=True, verbose_name="last checked")),
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
                        related_name="coverages",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coverages",
                        to="billing.payer",
                    ),
                ),
            ],
            options={
                "verbose_name": "coverage",
                "verbose_name_plural": "coverages",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_coverage_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_coverage_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_coverage_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_coverage_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_coverage_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="payer", name="billing_coverage_payer_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="billing_coverage_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_coverage_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_coverage_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member_id", ""), _negated=True),
                        name="billing_coverage_member_id",
                        violation_error_message="Write the member id on the card.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("participant", "="),
                            ("order", "="),
                            ("period", "&&"),
                        ],
                        name="billing_coverage_one_an_order",
                        violation_error_message="Another coverage stands in that order on those days.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
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
                ("control_number", models.CharField(max_length=20, verbose_name="claim number")),
                (
                    "frequency",
                    models.CharField(
                        choices=[("1", "Original"), ("7", "Replacement"), ("8", "Void")],
                        default="1",
                        max_length=1,
                        verbose_name="frequency",
                    ),
                ),
                (
                    "payer_number",
                    models.CharField(
                        blank=True, max_length=50, verbose_name="payer's claim number"
                    ),
                ),
                (
                    "diagnoses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=7),
                        default=list,
                        size=None,
                        verbose_name="diagnoses",
                    ),
                ),
                ("place", models.CharField(max_length=2, verbose_name="place")),
                (
                    "total",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="total"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("CREATED", "Built"),
                            ("SENT", "Sent"),
                            ("ACCEPTED", "Accepted"),
                            ("REJECTED", "Rejected"),
                            ("PAID", "Paid"),
                            ("DENIED", "Denied"),
                            ("REPLACED", "Replaced"),
                            ("VOIDED", "Voided"),
                        ],
                        default="CREATED",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("sent_sha256", models.CharField(blank=True, max_length=64, verbose_name="hash")),
                ("built_at", models.DateTimeField(null=True, verbose_name="built")),
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
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="billing.batch",
                    ),
                ),
                (
                    "built_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="built by",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="billing.claim",
                    ),
                ),
                (
                    "coverage",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="billing.coverage",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="billing.payer",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_claim_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_claim_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_claim_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="coverage", name="billing_claim_coverage_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="payer", name="billing_claim_payer_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="batch", name="billing_claim_batch_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="replaces", name="billing_claim_replaces_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="built_by", name="billing_claim_built_by_same"
                    ),
                    billing.models.keys.SameKey(
                        field="coverage",
                        name="billing_claim_coverage_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="replaces",
                        name="billing_claim_replaces_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_claim_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_claim_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("built_at__isnull", True), ("built_by__isnull", True)),
                            models.Q(("built_at__isnull", False), ("built_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="billing_claim_built",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "control_number"),
                        name="billing_claim_control_number",
                        violation_error_message="This claim number was given out already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("built_at__isnull", True),
                            models.Q(
                                ("batch__isnull", False),
                                ("diagnoses__len__gt", 0),
                                ("total__gt", 0),
                                models.Q(("sent_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="billing_claim_built_is_whole",
                        violation_error_message="A built claim has a batch, a diagnosis and a total.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frequency", "1"), ("replaces__isnull", True)),
                            models.Q(("frequency__in", ["7", "8"]), ("replaces__isnull", False)),
                            _connector="OR",
                        ),
                        name="billing_claim_replaces",
                        violation_error_message="A replacement or a void names the claim it is about.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("state", "payer_number"),
                        column="built_at",
                        equals="",
                        name="billing_claim_final",
                        violation_error_message="This was built into a file and never changes; send a correction instead.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupSession",
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
                ("service_key", models.CharField(max_length=60, verbose_name="service")),
                ("topic", models.CharField(blank=True, max_length=120, verbose_name="topic")),
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                (
                    "persons_present",
                    models.PositiveSmallIntegerField(null=True, verbose_name="people present"),
                ),
                (
                    "facilitators",
                    models.PositiveSmallIntegerField(default=1, verbose_name="facilitators"),
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.program",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_sessions",
                        to="providers.provider",
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
            ],
            options={
                "verbose_name": "group session",
                "verbose_name_plural": "group sessions",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_groupsession_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_groupsession_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_groupsession_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_groupsession_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="billing_groupsession_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="program", name="billing_groupsession_program_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="site", name="billing_groupsession_site_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="billing_groupsession_times",
                        violation_error_message="The end comes after the start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceNote",
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
                ("service_key", models.CharField(max_length=60, verbose_name="service")),
                (
                    "setting",
                    models.CharField(
                        choices=[("INDIVIDUAL", "Individual"), ("GROUP", "Group")],
                        default="INDIVIDUAL",
                        max_length=10,
                        verbose_name="setting",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("SIGNED", "Signed, in review"),
                            ("RETURNED", "Returned"),
                            ("COSIGNED", "Co-signed"),
                            ("CORRECTING", "Being corrected"),
                            ("VOID", "Void"),
                        ],
                        default="DRAFT",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "in_force_period",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        editable=False, null=True
                    ),
                ),
                ("service_day", models.DateField(null=True, verbose_name="service day")),
                ("first_signed_at", models.DateTimeField(editable=False, null=True)),
                ("voided_at", models.DateTimeField(null=True, verbose_name="voided")),
                ("void_reason", models.TextField(blank=True, verbose_name="reason for voiding")),
                ("discarded_at", models.DateTimeField(null=True, verbose_name="discarded")),
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
                    "discarded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="discarded by",
                    ),
                ),
                (
                    "group_session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="billing.groupsession",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_notes",
                        to="participants.participant",
                        verbose_name="participant",
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
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_notes",
                        to="providers.provider",
                        verbose_name="author",
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
                    "voided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="voided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "service note",
                "verbose_name_plural": "service notes",
                "indexes": [
                    models.Index(fields=["agency", "service_day"], name="billing_servicenote_day"),
                    models.Index(fields=["agency", "state"], name="billing_servicenote_state"),
                    models.Index(
                        fields=["participant", "service_day"], name="billing_servicenote_person_day"
                    ),
                    models.Index(
                        fields=["provider", "service_day"], name="billing_servicenote_author_day"
                    ),
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_servicenote_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_servicenote_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_servicenote_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_servicenote_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_servicenote_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="billing_servicenote_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="program", name="billing_servicenote_program_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="site", name="billing_servicenote_site_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="group_session", name="billing_servicenote_group_session_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="voided_by", name="billing_servicenote_voided_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="discarded_by", name="billing_servicenote_discarded_by_same"
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_servicenote_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_servicenote_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "DRAFT"), ("first_signed_at__isnull", False), _connector="OR"
                        ),
                        name="billing_servicenote_signed_once",
                        violation_error_message="Only a note that was signed leaves the drafts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "VOID"),
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "VOID"), _negated=True),
                                ("void_reason", ""),
                                ("voided_at__isnull", True),
                                ("voided_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="billing_servicenote_void",
                        violation_error_message="Say why the note is void.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("discarded_at__isnull", True), ("discarded_by__isnull", True)
                            ),
                            models.Q(
                                ("discarded_at__isnull", False), ("discarded_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="billing_servicenote_discarded",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discarded_at__isnull", True),
                            models.Q(("first_signed_at__isnull", True), ("state", "DRAFT")),
                            _connector="OR",
                        ),
                        name="billing_servicenote_discarded_draft",
                        violation_error_message="Only a draft that was never signed is discarded.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("group_session__isnull", False), ("setting", "GROUP")),
                            models.Q(("group_session__isnull", True), ("setting", "INDIVIDUAL")),
                            _connector="OR",
                        ),
                        name="billing_servicenote_group",
                        violation_error_message="A group note belongs to a group session.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("group_session__isnull", True), ("in_force_period__isnull", False)
                        ),
                        expressions=[("agency", "="), ("provider", "="), ("in_force_period", "&&")],
                        name="billing_servicenote_one_place",
                        violation_error_message="You have another signed visit at that time.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(),
                        column="voided_at",
                        equals="",
                        name="billing_servicenote_void_final",
                        violation_error_message="A void note never changes.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteVersion",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "opened_kind",
                    models.CharField(
                        choices=[
                            ("FIRST", "First version"),
                            ("RETURNED", "Returned by the reviewer"),
                            ("WITHDRAWN", "Withdrawn by the author"),
                            ("CORRECTION", "Correction"),
                        ],
                        default="FIRST",
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("starts_at", models.DateTimeField(null=True, verbose_name="start")),
                ("ends_at", models.DateTimeField(null=True, verbose_name="end")),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("IN_PERSON", "In person"),
                            ("VIDEO", "Video"),
                            ("PHONE", "Phone"),
                        ],
                        max_length=10,
                        verbose_name="how",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=2, verbose_name="place")),
                (
                    "place_text",
                    models.CharField(blank=True, max_length=120, verbose_name="where exactly"),
                ),
                (
                    "role_elements",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("HOPE", "Promoting hope"),
                                ("EMPOWERMENT", "Promoting empowerment"),
                                ("LESS_ISOLATION", "Less isolation"),
                                ("OWN_CARE", "Taking part in one's own care"),
                                ("ROLE_MODEL", "Being a role model"),
                                ("RECOVERY_STORY", "Sharing a recovery story"),
                                ("RECOVERY_PLANNING", "Recovery planning"),
                                ("ENGAGING", "Engaging people in services"),
                                ("COMMUNITY_LINKS", "Links to the community"),
                                ("LIAISON", "Liaison with other staff"),
                                ("STAFF_ADVOCACY", "Advocating for recovery among staff"),
                                ("COPING_SKILLS", "Teaching coping skills"),
                                ("PROBLEM_SOLVING", "Teaching problem solving"),
                                ("STRENGTHS", "Focusing on strengths"),
                                ("EMPATHY", "Empathy"),
                                ("TRUST", "A trusting relationship"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                        verbose_name="what peer work it was",
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("what_we_did", models.TextField(blank=True, verbose_name="what we did")),
                ("response", models.TextField(blank=True, verbose_name="response")),
                ("next_step", models.TextField(blank=True, verbose_name="next step")),
                (
                    "own_words",
                    models.TextField(blank=True, verbose_name="in the person's own words"),
                ),
                (
                    "written_together",
                    models.BooleanField(default=False, verbose_name="written together"),
                ),
                ("draft_number", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(null=True, verbose_name="saved")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="signed")),
                (
                    "signer_title",
                    models.CharField(blank=True, max_length=120, verbose_name="title"),
                ),
                (
                    "signer_credential",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="certification number"
                    ),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="hash")),
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
                    "opened_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="opened by",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="signed by",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="billing.servicenote",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a note",
                "verbose_name_plural": "versions of notes",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_noteversion_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_noteversion_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="note", name="billing_noteversion_note_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_noteversion_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="opened_by", name="billing_noteversion_opened_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="signed_by", name="billing_noteversion_signed_by_same"
                    ),
                    billing.models.keys.SameKey(
                        field="note",
                        name="billing_noteversion_note_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_noteversion_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_noteversion_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("note", "id"),
                        name="billing_noteversion_by_note",
                        violation_error_message="This record is there already.",
                    ),
                    models.UniqueConstraint(
                        fields=("note", "number"),
                        name="billing_noteversion_number",
                        violation_error_message="This note has a version of that number.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("signed_at__isnull", True)),
                        fields=("note",),
                        name="billing_noteversion_one_draft",
                        violation_error_message="This note has an open version already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_at__isnull", True), ("signed_by__isnull", True)),
                            models.Q(("signed_at__isnull", False), ("signed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="billing_noteversion_signed",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_at__isnull", True),
                            models.Q(
                                ("ends_at__gt", models.F("starts_at")),
                                ("ends_at__isnull", False),
                                ("starts_at__isnull", False),
                                models.Q(("mode", ""), _negated=True),
                                models.Q(("place", ""), _negated=True),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="billing_noteversion_signed_is_whole",
                        violation_error_message="A note is signed with start, end, place and how you met.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", 1), ("opened_kind", "FIRST")),
                            models.Q(
                                models.Q(("opened_kind", "FIRST"), _negated=True),
                                ("number__gt", 1),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="billing_noteversion_reason",
                        violation_error_message="Say why the note is opened again.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(), column="signed_at", equals="", name="billing_noteversion_final"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GateRun",
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
                    "moment",
                    models.CharField(
                        choices=[
                            ("WRITING", "While writing"),
                            ("SIGNING", "At signing"),
                            ("BATCH", "For a claim"),
                        ],
                        max_length=10,
                        verbose_name="moment",
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="asked on")),
                ("service_day", models.DateField(verbose_name="service day")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("PASS", "Holds"),
                            ("WARN", "Warning"),
                            ("BLOCK", "Blocked"),
                            ("UNKNOWN", "Cannot be judged"),
                            ("NOT_APPLICABLE", "Does not apply"),
                        ],
                        max_length=14,
                        verbose_name="outcome",
                    ),
                ),
                ("can_sign", models.BooleanField(verbose_name="can be signed")),
                ("can_bill", models.BooleanField(verbose_name="can be billed")),
                ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                ("units", models.PositiveIntegerField(verbose_name="units")),
                ("code", models.CharField(blank=True, max_length=5, verbose_name="code")),
                (
                    "modifiers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        default=list,
                        size=None,
                        verbose_name="modifiers",
                    ),
                ),
                (
                    "charge",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, null=True, verbose_name="charge"
                    ),
                ),
                ("packs", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("terms", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("facts", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "findings",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder),
                ),
                (
                    "not_checked",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("facts_sha256", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64)),
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
                    "coverage",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.coverage",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "run_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="asked by",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gate_runs",
                        to="billing.noteversion",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gate_runs",
                        to="billing.servicenote",
                    ),
                ),
            ],
            options={
                "verbose_name": "gate run",
                "verbose_name_plural": "gate runs",
                "indexes": [
                    models.Index(fields=["note", "-created_at"], name="billing_gaterun_note"),
                    models.Index(fields=["agency", "service_day"], name="billing_gaterun_day"),
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_gaterun_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_gaterun_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="note", name="billing_gaterun_note_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_gaterun_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_gaterun_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="coverage", name="billing_gaterun_coverage_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="run_by", name="billing_gaterun_run_by_same"
                    ),
                    billing.models.keys.SameKey(
                        field="note",
                        name="billing_gaterun_note_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="coverage",
                        name="billing_gaterun_coverage_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_gaterun_version_note",
                        own="note",
                        theirs="note",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_gaterun_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_gaterun_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.AppendOnly(name="billing_gaterun_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimLine",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="line")),
                ("line_control", models.CharField(max_length=30, verbose_name="line number")),
                ("service_day", models.DateField(verbose_name="service day")),
                ("code", models.CharField(max_length=5, verbose_name="code")),
                (
                    "modifiers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        default=list,
                        size=None,
                        verbose_name="modifiers",
                    ),
                ),
                ("place", models.CharField(max_length=2, verbose_name="place")),
                ("units", models.PositiveIntegerField(verbose_name="units")),
                (
                    "charge",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="charge"),
                ),
                ("is_live", models.BooleanField(default=True, verbose_name="live")),
                ("flagged_at", models.DateTimeField(null=True, verbose_name="in doubt since")),
                ("flag", models.CharField(blank=True, max_length=20, verbose_name="why in doubt")),
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
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="billing.claim",
                    ),
                ),
                (
                    "flagged_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="flagged by",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "rendering_provider",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.provider",
                    ),
                ),
                (
                    "gate_run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="billing.gaterun",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim line",
                "verbose_name_plural": "claim lines",
                "indexes": [
                    models.Index(
                        condition=models.Q(("flagged_at__isnull", False), ("is_live", True)),
                        fields=["agency", "flagged_at"],
                        name="billing_claimline_in_doubt",
                    )
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_claimline_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_claimline_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="claim", name="billing_claimline_claim_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_claimline_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="rendering_provider", name="billing_claimline_rendering_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="gate_run", name="billing_claimline_gate_run_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="flagged_by", name="billing_claimline_flagged_by_same"
                    ),
                    billing.models.keys.SameKey(
                        field="claim",
                        name="billing_claimline_claim_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="gate_run",
                        name="billing_claimline_gate_run_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_claimline_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_claimline_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("flagged_at__isnull", True), ("flagged_by__isnull", True)),
                            models.Q(("flagged_at__isnull", False), ("flagged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="billing_claimline_flagged",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        fields=("claim", "number"),
                        name="billing_claimline_number",
                        violation_error_message="This claim has a line of that number.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "line_control"),
                        name="billing_claimline_control",
                        violation_error_message="This line number was given out already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("charge__gt", 0), ("modifiers__len__lte", 4), ("units__gt", 0)
                        ),
                        name="billing_claimline_amounts",
                        violation_error_message="A line has units, a charge and at most four modifiers.",
                    ),
                    billing.models.keys.FinalWith(
                        but=("is_live", "flagged_at", "flagged_by_id", "flag"),
                        column="built_at",
                        field="claim",
                        name="billing_claimline_final",
                        violation_error_message="This was built into a file and never changes; send a correction instead.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanOfCare",
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
                ("is_current", models.BooleanField(default=True, verbose_name="current")),
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
                        related_name="plans",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="agencies.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan of care",
                "verbose_name_plural": "plans of care",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_planofcare_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_planofcare_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_planofcare_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_planofcare_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_planofcare_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="program", name="billing_planofcare_program_same"
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_planofcare_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_planofcare_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("participant", "program"),
                        name="billing_planofcare_one_current",
                        violation_error_message="This person has a current plan in this program.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
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
                (
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        null=True, verbose_name="in force"
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        default=list,
                        size=None,
                        verbose_name="services",
                    ),
                ),
                (
                    "summary",
                    models.TextField(blank=True, verbose_name="what matters to the person"),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("activated_at", models.DateTimeField(null=True, verbose_name="activated")),
                (
                    "activated_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="activated by",
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
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="billing.planofcare",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a plan of care",
                "verbose_name_plural": "versions of plans of care",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_planversion_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_planversion_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_planversion_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_planversion_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="plan", name="billing_planversion_plan_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_planversion_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="activated_by", name="billing_planversion_activated_by_same"
                    ),
                    billing.models.keys.SameKey(
                        field="plan",
                        name="billing_planversion_plan_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_planversion_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_planversion_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("activated_at__isnull", True), ("activated_by__isnull", True)
                            ),
                            models.Q(
                                ("activated_at__isnull", False), ("activated_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="billing_planversion_activated",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.UniqueConstraint(
                        fields=("plan", "number"),
                        name="billing_planversion_number",
                        violation_error_message="This plan has a version of that number.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("activated_at__isnull", True)),
                        fields=("plan",),
                        name="billing_planversion_one_draft",
                        violation_error_message="This plan has a draft already; finish that one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("activated_at__isnull", True),
                            models.Q(
                                ("period__isempty", False),
                                ("period__isnull", False),
                                ("services__len__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="billing_planversion_in_force_is_whole",
                        violation_error_message="A plan in force has a first day and a service.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("activated_at__isnull", False)),
                        expressions=[("agency", "="), ("plan", "="), ("period", "&&")],
                        name="billing_planversion_one_in_force",
                        violation_error_message="Another version of this plan is in force then.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("period",),
                        column="activated_at",
                        equals="",
                        name="billing_planversion_final",
                        violation_error_message="A plan in force never changes; open a new version of it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.TextField(verbose_name="goal, in the person's words")),
                ("measure", models.TextField(blank=True, verbose_name="how we will know")),
                ("starts_on", models.DateField(null=True, verbose_name="from")),
                ("target_on", models.DateField(null=True, verbose_name="by")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ACTIVE", "Working on it"),
                            ("MET", "Reached"),
                            ("SET_ASIDE", "Set aside"),
                        ],
                        default="ACTIVE",
                        max_length=10,
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
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
                        to="billing.planversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal",
                "verbose_name_plural": "goals",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_goal_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_goal_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_goal_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_goal_participant_same"
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_goal_version_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_goal_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("participant", "id"),
                        name="billing_goal_by_person",
                        violation_error_message="This record is there already.",
                    ),
                    models.UniqueConstraint(
                        fields=("version", "number"),
                        name="billing_goal_number",
                        violation_error_message="This plan has a goal of that number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="billing_goal_text",
                        violation_error_message="Write the goal in the person's words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("target_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="billing_goal_dates",
                        violation_error_message="The target day comes after the first day.",
                    ),
                    billing.models.keys.FinalWith(
                        but=("status",),
                        column="activated_at",
                        field="version",
                        name="billing_goal_final",
                        violation_error_message="A plan in force never changes; open a new version of it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteGoal",
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
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note_goals",
                        to="billing.goal",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="note_goals",
                        to="billing.noteversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal of a note",
                "verbose_name_plural": "goals of notes",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_notegoal_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_notegoal_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_notegoal_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="goal", name="billing_notegoal_goal_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_notegoal_participant_same"
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_notegoal_version_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="goal",
                        name="billing_notegoal_goal_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_notegoal_sealed", person="participant_id"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "goal"),
                        name="billing_notegoal_once",
                        violation_error_message="The note names this goal already.",
                    ),
                    billing.models.keys.FinalWith(
                        but=(), column="signed_at", field="version", name="billing_notegoal_final"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deduction",
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
                    "activity",
                    models.CharField(
                        choices=[
                            ("BREAK", "Break"),
                            ("INDIVIDUAL_SUPPORT", "Individual peer support"),
                            ("GROUP_SUPPORT", "Group peer support"),
                            ("ACCOMPANIMENT", "Going along to an appointment"),
                            ("OUTREACH", "Outreach"),
                            ("ADVOCACY", "Advocacy"),
                            ("CARE_COORDINATION", "Care coordination"),
                            ("RESOURCE_SEARCH", "Looking for resources"),
                            ("PUBLIC_GROUP", "Group open to the public"),
                            ("ON_THE_JOB_TRAINING", "On-the-job training of a person served"),
                            ("NO_SHOW", "No-show"),
                            ("PREPARATION", "Preparation"),
                            ("DOCUMENTATION", "Documentation"),
                            ("TRAVEL", "Travel"),
                            ("SUPERVISION_RECEIVED", "Supervision received"),
                            ("SUPERVISION_GIVEN", "Supervision given"),
                            ("TRAINING_TAKEN", "Training taken"),
                            ("TRAINING_GIVEN", "Training given"),
                            ("MEETING", "Staff meeting"),
                            ("LEADERSHIP", "Leadership"),
                            ("CLERICAL", "Clerical work and filing"),
                            ("TRANSPORT_ONLY", "Transport only"),
                            ("CASE_MANAGEMENT", "Case management"),
                            ("FUNCTIONAL_SUPPORT", "Help with daily tasks"),
                            ("MEDICATION_MONITORING", "Medication monitoring"),
                            ("CLINICAL_COUNSELLING", "Clinical counseling"),
                            ("FRONT_DESK", "Front desk"),
                            ("INTERPRETING_ONLY", "Interpreting only"),
                            ("COMPLIANCE_CHECKS", "Monitoring and compliance checks"),
                        ],
                        max_length=30,
                        verbose_name="what it was",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
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
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deductions",
                        to="billing.noteversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "minutes not billed",
                "verbose_name_plural": "minutes not billed",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_deduction_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_deduction_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_deduction_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_deduction_participant_same"
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_deduction_version_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_deduction_sealed", person="participant_id"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "activity"),
                        name="billing_deduction_once",
                        violation_error_message="These minutes are named already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)),
                        name="billing_deduction_minutes",
                        violation_error_message="Write at least one minute.",
                    ),
                    billing.models.keys.FinalWith(
                        but=(), column="signed_at", field="version", name="billing_deduction_final"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Addendum",
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
                ("n", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.TextField(verbose_name="text")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("signed_at", models.DateTimeField(verbose_name="signed")),
                ("sha256", models.CharField(max_length=64, verbose_name="hash")),
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
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addenda",
                        to="billing.noteversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "addendum",
                "verbose_name_plural": "addenda",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_addendum_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_addendum_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_addendum_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_addendum_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_addendum_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_addendum_participant_same"
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_addendum_version_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_addendum_sealed", person="participant_id"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "n"),
                        name="billing_addendum_number",
                        violation_error_message="This version has an addendum of that number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="billing_addendum_text",
                        violation_error_message="Write the addendum and why it is added.",
                    ),
                    peerworks.agencies.constraints.AppendOnly(name="billing_addendum_append_only"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlNumber",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("INTERCHANGE", "File (ISA13)"),
                            ("GROUP", "Group (GS06)"),
                            ("CLAIM", "Claim (CLM01)"),
                        ],
                        max_length=12,
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
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
                    "payer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.payer",
                    ),
                ),
            ],
            options={
                "verbose_name": "control number",
                "verbose_name_plural": "control numbers",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_controlnumber_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_controlnumber_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="payer", name="billing_controlnumber_payer_same"
                    ),
                    models.UniqueConstraint(
                        fields=("payer", "kind"),
                        name="billing_controlnumber_once",
                        violation_error_message="This payer's numbers are counted already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanSignature",
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
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("PARTICIPANT", "Participant"),
                            ("PEER", "Peer specialist"),
                            ("SUPERVISOR", "Supervisor"),
                            ("LICENSED", "Licensed practitioner"),
                        ],
                        max_length=12,
                        verbose_name="signs as",
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("signed_at", models.DateTimeField(verbose_name="recorded")),
                ("name_typed", models.CharField(max_length=120, verbose_name="name")),
                (
                    "declined_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why they declined"),
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
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="signed by",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="billing.planversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature of a plan",
                "verbose_name_plural": "signatures of plans",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_plansignature_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_plansignature_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_plansignature_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_plansignature_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_plansignature_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_plansignature_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="member", name="billing_plansignature_member_same"
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_plansignature_version_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_plansignature_sealed", person="participant_id"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("declined_reason", "")),
                        fields=("version", "role"),
                        name="billing_plansignature_once",
                        violation_error_message="This version is signed in that role already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member__isnull", True), ("role", "PARTICIPANT")),
                            models.Q(
                                ("member__isnull", False), ("role__in", ["PEER", "SUPERVISOR"])
                            ),
                            ("role", "LICENSED"),
                            _connector="OR",
                        ),
                        name="billing_plansignature_member",
                        violation_error_message="A peer and a supervisor sign in person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_typed", ""), _negated=True),
                        name="billing_plansignature_name",
                        violation_error_message="Type the name of who signs.",
                    ),
                    peerworks.agencies.constraints.AppendOnly(
                        name="billing_plansignature_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rate",
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
                ("code", models.CharField(max_length=5, verbose_name="code")),
                (
                    "modifiers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        default=list,
                        size=4,
                        verbose_name="modifiers",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=10, verbose_name="amount a unit"
                    ),
                ),
                (
                    "is_invented",
                    models.BooleanField(
                        default=False, verbose_name="invented for the demonstration"
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
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rates",
                        to="billing.payer",
                    ),
                ),
            ],
            options={
                "verbose_name": "rate",
                "verbose_name_plural": "rates",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_rate_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_rate_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_rate_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_rate_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="payer", name="billing_rate_payer_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="billing_rate_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="billing_rate_amount",
                        violation_error_message="The amount is more than nothing.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("modifiers__len__lte", 4)),
                        name="billing_rate_modifiers",
                        violation_error_message="A line has at most four modifiers.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("payer", "="),
                            ("code", "="),
                            (
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("modifiers__0"), models.Value("")
                                ),
                                "=",
                            ),
                            (
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("modifiers__1"), models.Value("")
                                ),
                                "=",
                            ),
                            (
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("modifiers__2"), models.Value("")
                                ),
                                "=",
                            ),
                            (
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("modifiers__3"), models.Value("")
                                ),
                                "=",
                            ),
                            ("period", "&&"),
                        ],
                        name="billing_rate_one_in_force",
                        violation_error_message="This code has a rate on those days already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteReturn",
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
                ("at", models.DateTimeField(verbose_name="returned")),
                ("words", models.TextField(verbose_name="what to change")),
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
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="returned by",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="billing.noteversion",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="billing.servicenote",
                    ),
                ),
            ],
            options={
                "verbose_name": "return of a note",
                "verbose_name_plural": "returns of notes",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_notereturn_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_notereturn_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_notereturn_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="note", name="billing_notereturn_note_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_notereturn_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="by", name="billing_notereturn_by_same"
                    ),
                    billing.models.keys.SameKey(
                        field="note",
                        name="billing_notereturn_note_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_notereturn_version_note",
                        own="note",
                        theirs="note",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_notereturn_sealed", person="participant_id"
                    ),
                    models.UniqueConstraint(
                        fields=("version",),
                        name="billing_notereturn_once",
                        violation_error_message="This version is returned already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="billing_notereturn_words",
                        violation_error_message="Write what to change.",
                    ),
                    peerworks.agencies.constraints.AppendOnly(
                        name="billing_notereturn_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteOpening",
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
                ("at", models.DateTimeField(verbose_name="opened")),
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
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="opened by",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="billing.servicenote",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening of a note",
                "verbose_name_plural": "openings of notes",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_noteopening_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_noteopening_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="note", name="billing_noteopening_note_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_noteopening_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="member", name="billing_noteopening_member_same"
                    ),
                    billing.models.keys.SameKey(
                        field="note",
                        name="billing_noteopening_note_person",
                        own="participant",
                        theirs="participant",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_noteopening_sealed", person="participant_id"
                    ),
                    peerworks.agencies.constraints.AppendOnly(
                        name="billing_noteopening_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoSignature",
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
                ("at", models.DateTimeField(verbose_name="co-signed")),
                ("sha256", models.CharField(max_length=64, verbose_name="hash")),
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
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="co-signed by",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="providers.provider",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="billing.noteversion",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="billing.servicenote",
                    ),
                ),
            ],
            options={
                "verbose_name": "co-signature",
                "verbose_name_plural": "co-signatures",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_cosignature_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_cosignature_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_cosignature_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="note", name="billing_cosignature_note_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_cosignature_participant_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="billing_cosignature_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="by", name="billing_cosignature_by_same"
                    ),
                    billing.models.keys.SameKey(
                        field="note",
                        name="billing_cosignature_note_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_cosignature_version_note",
                        own="note",
                        theirs="note",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_cosignature_sealed", person="participant_id"
                    ),
                    models.UniqueConstraint(
                        fields=("version",),
                        name="billing_cosignature_once",
                        violation_error_message="This version is co-signed already.",
                    ),
                    peerworks.agencies.constraints.AppendOnly(
                        name="billing_cosignature_append_only"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimLineNote",
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
                ("minutes", models.PositiveIntegerField(verbose_name="minutes")),
                ("units", models.PositiveIntegerField(verbose_name="units")),
                ("is_live", models.BooleanField(default=True, verbose_name="live")),
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line_notes",
                        to="billing.claimline",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "gate_run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.gaterun",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.noteversion",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="line_notes",
                        to="billing.servicenote",
                    ),
                ),
            ],
            options={
                "verbose_name": "note of a claim line",
                "verbose_name_plural": "notes of claim lines",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="billing_claimlinenote_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_claimlinenote_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="line", name="billing_claimlinenote_line_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="note", name="billing_claimlinenote_note_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="version", name="billing_claimlinenote_version_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="gate_run", name="billing_claimlinenote_gate_run_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_claimlinenote_participant_same"
                    ),
                    billing.models.keys.SameKey(
                        field="line",
                        name="billing_claimlinenote_line_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="note",
                        name="billing_claimlinenote_note_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="gate_run",
                        name="billing_claimlinenote_gate_run_person",
                        own="participant",
                        theirs="participant",
                    ),
                    billing.models.keys.SameKey(
                        field="version",
                        name="billing_claimlinenote_version_note",
                        own="note",
                        theirs="note",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_claimlinenote_sealed", person="participant_id"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)),
                        fields=("note",),
                        name="billing_claimlinenote_one_live_line",
                        violation_error_message="This visit is on a claim already.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("is_live",),
                        column="created_at",
                        equals="",
                        name="billing_claimlinenote_final",
                        violation_error_message="This was built into a file and never changes; send a correction instead.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
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
                    "code",
                    models.CharField(
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}$",
                                "Write the code like F1120, without the dot.",
                            )
                        ],
                        verbose_name="ICD-10 code",
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("SUBSTANCE_USE", "Substance use"),
                            ("MENTAL_HEALTH", "Mental health"),
                            ("OTHER", "Other"),
                        ],
                        max_length=20,
                        verbose_name="family",
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=1, verbose_name="rank")),
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
                        related_name="diagnoses",
                        to="participants.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "diagnosis",
                "verbose_name_plural": "diagnoses",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(name="billing_diagnosis_agency"),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="billing_diagnosis_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="billing_diagnosis_created_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="billing_diagnosis_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="participant", name="billing_diagnosis_participant_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="billing_diagnosis_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    peerworks.agencies.constraints.SealedIsolation(
                        name="billing_diagnosis_sealed", person="participant_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}$")),
                        name="billing_diagnosis_code",
                        violation_error_message="Write the code like F1120, without the dot.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank__range", (1, 12))),
                        name="billing_diagnosis_rank",
                        violation_error_message="A claim names at most twelve diagnoses.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("participant", "="),
                            ("code", "="),
                            ("period", "&&"),
                        ],
                        name="billing_diagnosis_once",
                        violation_error_message="This diagnosis is on record for those days.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("rank", 1)),
                        expressions=[("agency", "="), ("participant", "="), ("period", "&&")],
                        name="billing_diagnosis_one_principal",
                        violation_error_message="Another diagnosis is the principal one on those days.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="noteversion",
            name="goals",
            field=models.ManyToManyField(
                related_name="+", through="billing.NoteGoal", to="billing.goal"
            ),
        ),
        migrations.AddField(
            model_name="servicenote",
            name="version_in_force",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.noteversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicenote",
            constraint=peerworks.agencies.constraints.SameAgency(
                field="version_in_force", name="billing_servicenote_version_in_force_same"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicenote",
            constraint=billing.models.keys.SameKey(
                field="version_in_force",
                name="billing_servicenote_version_own",
                own="id",
                theirs="note",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("first_signed_at__isnull", False),
                        ("in_force_period__isnull", False),
                        ("service_day__isnull", False),
                        ("state__in", ["SIGNED", "COSIGNED", "CORRECTING"]),
                        ("version_in_force__isnull", False),
                    ),
                    models.Q(
                        ("in_force_period__isnull", True),
                        ("state__in", ["DRAFT", "RETURNED", "VOID"]),
                        ("version_in_force__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="billing_servicenote_in_force",
                violation_error_message="A signed note has a version in force; no other has.",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicenote",
            constraint=peerworks.agencies.constraints.FinalOnce(
                but=(
                    "state",
                    "version_in_force_id",
                    "in_force_period",
                    "service_day",
                    "voided_at",
                    "voided_by_id",
                    "void_reason",
                ),
                column="first_signed_at",
                equals="",
                name="billing_servicenote_visit_final",
                violation_error_message="After signing, the person, author, program, site and service stay.",
            ),
        ),
    ]
