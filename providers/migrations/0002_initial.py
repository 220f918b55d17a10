import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import peerworks.agencies.constraints
import providers.models.provider


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("agencies", "0002_agencies"),
        ("providers", "0001_functions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CredentialKind",
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
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("label_en", models.CharField(max_length=120, verbose_name="name in English")),
                ("label_es", models.CharField(max_length=120, verbose_name="name in Spanish")),
                ("body", models.CharField(blank=True, max_length=120, verbose_name="issued by")),
                ("pack", models.CharField(max_length=60, verbose_name="rule pack")),
                ("pack_key", models.CharField(max_length=60, verbose_name="key in the rule pack")),
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
                "verbose_name": "kind of certification",
                "verbose_name_plural": "kinds of certification",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_credentialkind_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_credentialkind_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    models.UniqueConstraint(
                        fields=("agency", "key"),
                        name="providers_credentialkind_key",
                        violation_error_message="Your agency has a kind of that key.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Provider",
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
                ("title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("en", "English"), ("es", "Spanish")], max_length=5
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "worker_class",
                    models.CharField(
                        choices=[
                            ("PEER", "Peer specialist"),
                            ("SUPERVISOR", "Supervisor"),
                            ("CLINICAL", "Clinical staff"),
                            ("ADMINISTRATIVE", "Administrative staff"),
                        ],
                        max_length=20,
                        verbose_name="kind of worker",
                    ),
                ),
                (
                    "npi",
                    models.CharField(
                        blank=True,
                        max_length=10,
                        validators=[providers.models.provider.valid_npi],
                        verbose_name="NPI",
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
                ),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="telephone")),
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
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provider",
                        to="accounts.membership",
                        verbose_name="signs in as",
                    ),
                ),
            ],
            options={
                "verbose_name": "provider",
                "verbose_name_plural": "providers",
                "indexes": [models.Index(fields=["agency", "sort_key"], name="providers_by_name")],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_provider_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_provider_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="member", name="providers_provider_member_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="providers_provider_created_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sort_key", ""), _negated=True),
                        name="providers_provider_sort_key",
                        violation_error_message="Enter a name.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="providers_provider_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("npi", ""), ("npi__regex", "^[12][0-9]{9}$"), _connector="OR"
                        ),
                        name="providers_provider_npi_shape",
                        violation_error_message="Enter the ten digits of an NPI.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("npi", ""), _negated=True),
                        fields=("agency", "npi"),
                        name="providers_provider_npi_once",
                        violation_error_message="Another worker of your agency has this NPI.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
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
                        related_name="placements",
                        to="agencies.program",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "placement",
                "verbose_name_plural": "placements",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_placement_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_placement_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="providers_placement_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="program", name="providers_placement_program_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="providers_placement_created_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="providers_placement_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="providers_placement_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("agency", "="),
                            ("provider", "="),
                            ("program", "="),
                            ("period", "&&"),
                        ],
                        name="providers_placement_once",
                        violation_error_message="This worker is placed in the program already in this period.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employment",
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
                            ("EMPLOYEE", "Employee"),
                            ("CONTRACTOR", "Contractor"),
                            ("VOLUNTEER", "Volunteer"),
                            ("PARTNER", "Outside supervisor"),
                        ],
                        max_length=20,
                        verbose_name="kind of employment",
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
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employments",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "employment",
                "verbose_name_plural": "employments",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_employment_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_employment_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="providers_employment_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="providers_employment_created_by_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False), ("period__lower_inf", False)
                        ),
                        name="providers_employment_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="providers_employment_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("agency", "="), ("provider", "="), ("period", "&&")],
                        name="providers_employment_one_at_a_time",
                        violation_error_message="There is another employment in this period.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Credential",
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
                ("number", models.CharField(blank=True, max_length=40, verbose_name="number")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("TRAINEE", "Trainee"),
                            ("PROVISIONAL", "Provisional"),
                            ("INITIAL", "Initial"),
                            ("FULL", "Full"),
                            ("LAPSED", "Lapsed"),
                            ("SUSPENDED", "Suspended"),
                            ("RETIRED", "Retired"),
                        ],
                        default="FULL",
                        max_length=20,
                        verbose_name="stage",
                    ),
                ),
                (
                    "endorsements",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="endorsements",
                    ),
                ),
                (
                    "states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="states",
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "expires_on",
                    models.DateField(blank=True, null=True, verbose_name="valid through"),
                ),
                ("never_ends", models.BooleanField(default=False, verbose_name="has no end")),
                (
                    "renewal_opens_on",
                    models.DateField(blank=True, null=True, verbose_name="renewal opens on"),
                ),
                (
                    "file_by",
                    models.DateField(blank=True, null=True, verbose_name="renewal to be filed by"),
                ),
                (
                    "late_fee_from",
                    models.DateField(blank=True, null=True, verbose_name="late fee from"),
                ),
                (
                    "grace_until",
                    models.DateField(blank=True, null=True, verbose_name="late renewal until"),
                ),
                (
                    "inactive_on",
                    models.DateField(blank=True, null=True, verbose_name="inactive from"),
                ),
                (
                    "registry_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="end shown by the registry"
                    ),
                ),
                (
                    "late_window_counts_as_valid",
                    models.BooleanField(default=False, verbose_name="valid during late renewal"),
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
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="providers.credential",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="providers.credentialkind",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="providers.provider",
                    ),
                ),
            ],
            options={
                "verbose_name": "certification",
                "verbose_name_plural": "certifications",
                "indexes": [
                    models.Index(fields=["agency", "expires_on"], name="providers_credential_end")
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_credential_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_credential_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="providers_credential_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="kind", name="providers_credential_kind_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="replaces", name="providers_credential_replaces_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="entered_by", name="providers_credential_entered_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("entered_by", "form_key"),
                        name="providers_credential_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("expires_on__isnull", True), ("never_ends", True)),
                            models.Q(("expires_on__isnull", False), ("never_ends", False)),
                            _connector="OR",
                        ),
                        name="providers_credential_end_known",
                        violation_error_message="Enter the last valid day, or say that it has no end.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on__isnull", True),
                            ("expires_on__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="providers_credential_end_after_start",
                        violation_error_message="The last valid day comes before the first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grace_until__isnull", True),
                            models.Q(
                                ("expires_on__isnull", False),
                                ("grace_until__gte", models.F("expires_on")),
                            ),
                            _connector="OR",
                        ),
                        name="providers_credential_late_window",
                        violation_error_message="Late renewal ends before the certification does.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("stage__in", ("LAPSED", "SUSPENDED", "RETIRED")), _negated=True
                        ),
                        expressions=[
                            ("agency", "="),
                            ("provider", "="),
                            ("kind", "="),
                            (
                                models.Func(
                                    "valid_from",
                                    "expires_on",
                                    models.Value("[]"),
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="providers_credential_one_at_a_time",
                        violation_error_message="This worker has another certification of this kind on these days.",
                    ),
                    peerworks.agencies.constraints.RowsRule(
                        function="providers_verified_credential_unchanged",
                        name="providers_credential_unchanged_once_verified",
                        violation_error_message="This certification is verified. Retire it and enter the right one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verification",
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
                    "method",
                    models.CharField(
                        choices=[
                            ("REGISTRY", "Public registry of the body"),
                            ("CONFIRMATION", "Letter or call of the body"),
                            ("DOCUMENT", "The certificate itself was seen"),
                        ],
                        max_length=20,
                        verbose_name="method",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("source_url", models.URLField(blank=True, verbose_name="address of the source")),
                ("checked_on", models.DateField(verbose_name="checked on")),
                (
                    "next_check_on",
                    models.DateField(blank=True, null=True, verbose_name="to be checked again on"),
                ),
                ("verified_at", models.DateTimeField(editable=False)),
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
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="providers.credential",
                    ),
                ),
                (
                    "verified_by",
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
                "verbose_name": "verification",
                "verbose_name_plural": "verifications",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_verification_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_verification_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="credential", name="providers_verification_credential_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="verified_by", name="providers_verification_verified_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("verified_by", "form_key"),
                        name="providers_verification_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    peerworks.agencies.constraints.AppendOnly(
                        name="providers_verification_append_only"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("next_check_on__isnull", True),
                            ("next_check_on__gt", models.F("checked_on")),
                            _connector="OR",
                        ),
                        name="providers_verification_next_check",
                        violation_error_message="The next check comes after this one.",
                    ),
                    peerworks.agencies.constraints.RowsRule(
                        function="providers_verifier_is_another",
                        name="providers_verification_by_another",
                        violation_error_message="Nobody verifies what they hold or entered.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkSpan",
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
                    "period",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        verbose_name="from and until"
                    ),
                ),
                (
                    "source_kind",
                    models.CharField(
                        choices=[
                            ("INDIVIDUAL_NOTE", "Service note"),
                            ("GROUP_SESSION", "Group session"),
                            ("SUPERVISION_SESSION", "Supervision session"),
                            ("TRAINING_MEETING", "Training meeting"),
                            ("MANUAL", "Entered by hand"),
                        ],
                        max_length=20,
                        verbose_name="recorded by",
                    ),
                ),
                ("source_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("reversed_at", models.DateTimeField(editable=False, null=True)),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_spans",
                        to="providers.provider",
                    ),
                ),
                (
                    "reversed_by",
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
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "worked time",
                "verbose_name_plural": "worked times",
                "indexes": [
                    models.Index(fields=["agency", "source_id"], name="providers_workspan_source")
                ],
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_workspan_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_workspan_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="provider", name="providers_workspan_provider_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="site", name="providers_workspan_site_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="program", name="providers_workspan_program_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="created_by", name="providers_workspan_created_by_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="reversed_by", name="providers_workspan_reversed_by_same"
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "form_key"),
                        name="providers_workspan_form_key",
                        violation_error_message="This form has been sent already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reversed_at__isnull", True), ("reversed_by__isnull", True)),
                            models.Q(
                                ("reversed_at__isnull", False), ("reversed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="providers_workspan_reversed",
                        violation_error_message="A decision says who made it and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__isempty", False),
                            ("period__lower_inc", True),
                            ("period__lower_inf", False),
                            ("period__upper_inc", False),
                            ("period__upper_inf", False),
                        ),
                        name="providers_workspan_period",
                        violation_error_message="The end must come after the beginning.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("reversed_at__isnull", True)),
                        expressions=[("agency", "="), ("provider", "="), ("period", "&&")],
                        name="providers_workspan_no_overlap",
                        violation_error_message="This worker has other recorded time that overlaps.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reversed_at__isnull", True)),
                        fields=("provider", "source_kind", "source_id"),
                        name="providers_workspan_once",
                        violation_error_message="This time is in the ledger already.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("reversed_at", "reversed_by_id"),
                        column="created_at",
                        equals="",
                        name="providers_workspan_written_once",
                        violation_error_message="Recorded time is not edited: reverse it and record it anew.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=(),
                        column="reversed_at",
                        equals="",
                        name="providers_workspan_reversed_once",
                        violation_error_message="This time is reversed; record it anew.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkEntry",
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
                        verbose_name="activity",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
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
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="elements of the peer role",
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
                    "funding_source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_entries",
                        to="agencies.fundingsource",
                        verbose_name="funding source",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="providers.workspan",
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger entries",
                "constraints": [
                    peerworks.agencies.constraints.AgencyIsolation(
                        name="providers_workentry_agency"
                    ),
                    peerworks.agencies.constraints.KeyTarget(
                        fields=("agency", "id"),
                        name="providers_workentry_agency_id",
                        violation_error_message="This record is there already.",
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="span", name="providers_workentry_span_same"
                    ),
                    peerworks.agencies.constraints.SameAgency(
                        field="funding_source", name="providers_workentry_funding_source_same"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0)),
                        name="providers_workentry_minutes",
                        violation_error_message="An entry has at least one minute.",
                    ),
                    peerworks.agencies.constraints.FinalOnce(
                        but=("funding_source_id",),
                        column="created_at",
                        equals="",
                        name="providers_workentry_written_once",
                        violation_error_message="Recorded time is not edited: reverse it and record it anew.",
                    ),
                    peerworks.agencies.constraints.RowsRule(
                        function="providers_entries_fit_span",
                        name="providers_workentry_fits_span",
                        violation_error_message="These minutes are more than the time between start and end.",
                    ),
                ],
            },
        ),
    ]
