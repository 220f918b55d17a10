"""Certifications: their kinds, their dates, and who checked them where."""

import datetime as dt
from collections.abc import Iterable
from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.agencies.constraints import AppendOnly, RowsRule
from peerworks.agencies.models import AgencyOwned, same_agency
from peerworks.agencies.postgres.questions import GivenIds, ids
from peerworks.files.models import StoredFile
from peerworks.participants.records import no_overlap, once_per_form
from providers.models.provider import Provider
from providers.rules import CredentialDates


class Stage(models.TextChoices):
    """How far a certification has come, in the words of rule packs."""

    TRAINEE = "TRAINEE", _("Trainee")
    PROVISIONAL = "PROVISIONAL", _("Provisional")
    INITIAL = "INITIAL", _("Initial")
    FULL = "FULL", _("Full")
    LAPSED = "LAPSED", _("Lapsed")
    SUSPENDED = "SUSPENDED", _("Suspended")
    RETIRED = "RETIRED", _("Retired")


ENDED_STAGES = (Stage.LAPSED, Stage.SUSPENDED, Stage.RETIRED)
"""Stages in which another certificate of the same kind may stand beside this one."""


class CredentialKind(AgencyOwned):
    """A kind of certification that the agency keeps track of, and the rules that hold for it.

    `pack` and `pack_key` name the entry of `workforce.credentials` in a rule pack. Changes only when
    an agency renames it or a pack follows another.
    """

    key = models.SlugField(_("key"), max_length=60)
    label_en = models.CharField(_("name in English"), max_length=120)
    label_es = models.CharField(_("name in Spanish"), max_length=120)
    body = models.CharField(_("issued by"), max_length=120, blank=True)
    pack = models.CharField(_("rule pack"), max_length=60)
    pack_key = models.CharField(_("key in the rule pack"), max_length=60)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("kind of certification")
        verbose_name_plural = _("kinds of certification")
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "key"],
                name="providers_credentialkind_key",
                violation_error_message=_("Your agency has a kind of that key."),
            ),
        ]

    def __str__(self):
        return self.label_en

    def label(self, language: str) -> str:
        """The name in a reader's language ("es", "es-us", "en")."""
        return self.label_es if language.startswith("es") else self.label_en


class CredentialQuerySet(models.QuerySet):
    """Certificates, by the days on which they are valid."""

    def with_last_valid_day(self) -> Self:
        """Adds `last_valid_on`, in SQL what `providers.rules.last_valid_day` says; null is no end.

        The earlier of certificate and registry; the late window where it counts as valid; never
        later than the day before the certificate became inactive.
        """
        printed = Least("expires_on", "registry_on")
        late = Greatest(printed, Coalesce(F("grace_until"), printed))
        ends = models.Case(
            models.When(late_window_counts_as_valid=True, then=late), default=printed
        )
        stopped = models.ExpressionWrapper(
            F("inactive_on") - dt.timedelta(days=1), output_field=models.DateTimeField()
        )
        stopped_on = Cast(stopped, models.DateField())
        return self.annotate(last_valid_on=Least(ends, stopped_on))

    def valid_on(self, day: dt.date) -> Self:
        """Those valid on this local day, both ends included, whatever their stage."""
        ended = Q(last_valid_on__isnull=True) | Q(last_valid_on__gte=day)
        return self.with_last_valid_day().filter(ended, valid_from__lte=day)

    def ending_within(self, first: dt.date, last: dt.date) -> Self:
        """Those whose last valid day is one of these days, both included."""
        return self.with_last_valid_day().filter(last_valid_on__range=(first, last))

    def verified(self) -> Self:
        """Those that somebody has checked (gate PROV-04)."""
        checks = Verification.objects.filter(credential=models.OuterRef("pk"))
        return self.filter(models.Exists(checks))

    def to_verify(self) -> Self:
        """Those that wait for somebody to check them."""
        checks = Verification.objects.filter(credential=models.OuterRef("pk"))
        return self.filter(~models.Exists(checks)).exclude(stage=Stage.RETIRED)

    def for_providers(self, providers: Iterable[UUID] | GivenIds) -> Self:
        """Those of these workers, by id: facts in bulk."""
        return self.filter(provider__among=ids(providers))


class Credential(AgencyOwned):
    """A certificate that a worker holds, with its seven dates and what the registry shows.

    A renewal is a certificate of its own, which `replaces` the one before. `expires_on` is the last
    day printed on it, `registry_on` the end that the body's public page shows (the earlier counts),
    `inactive_on` the first day on which it is no longer valid, whatever is printed, for instance
    after a suspension; `never_ends` says that this one has no end. Deadlines come from the rule
    pack. Once it is verified, what was verified no longer changes: a mistake is retired and entered
    anew.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="credentials")
    kind = models.ForeignKey(CredentialKind, on_delete=models.PROTECT, related_name="credentials")
    number = models.CharField(_("number"), max_length=40, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.FULL)
    endorsements = ArrayField(
        models.CharField(max_length=40), verbose_name=_("endorsements"), default=list, blank=True
    )
    states = ArrayField(
        models.CharField(max_length=2), verbose_name=_("states"), default=list, blank=True
    )
    issued_on = models.DateField(_("issued on"))
    valid_from = models.DateField(_("valid from"))
    expires_on = models.DateField(_("valid through"), null=True, blank=True)
    never_ends = models.BooleanField(_("has no end"), default=False)
    renewal_opens_on = models.DateField(_("renewal opens on"), null=True, blank=True)
    file_by = models.DateField(_("renewal to be filed by"), null=True, blank=True)
    late_fee_from = models.DateField(_("late fee from"), null=True, blank=True)
    grace_until = models.DateField(_("late renewal until"), null=True, blank=True)
    inactive_on = models.DateField(_("inactive from"), null=True, blank=True)
    registry_on = models.DateField(_("end shown by the registry"), null=True, blank=True)
    late_window_counts_as_valid = models.BooleanField(_("valid during late renewal"), default=False)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, editable=False
    )
    entered_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    form_key = models.UUIDField(null=True, editable=False)

    objects = CredentialQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        indexes = [models.Index(fields=["agency", "expires_on"], name="providers_credential_end")]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("provider", "kind", "replaces", "entered_by"),
            once_per_form(by="entered_by"),
            models.CheckConstraint(
                name="providers_credential_end_known",
                condition=Q(never_ends=True, expires_on__isnull=True)
                | Q(never_ends=False, expires_on__isnull=False),
                violation_error_message=_("Enter the last valid day, or say that it has no end."),
            ),
            models.CheckConstraint(
                name="providers_credential_end_after_start",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("valid_from")),
                violation_error_message=_("The last valid day comes before the first."),
            ),
            models.CheckConstraint(
                name="providers_credential_late_window",
                condition=Q(grace_until__isnull=True)
                | Q(expires_on__isnull=False, grace_until__gte=F("expires_on")),
                violation_error_message=_("Late renewal ends before the certification does."),
            ),
            no_overlap(
                "provider",
                "kind",
                period=models.Func(
                    "valid_from",
                    "expires_on",
                    models.Value("[]"),
                    function="DATERANGE",
                    output_field=DateRangeField(),
                ),
                name="providers_credential_one_at_a_time",
                condition=~Q(stage__in=ENDED_STAGES),
                message=_("This worker has another certification of this kind on these days."),
            ),
            RowsRule(
                name="providers_credential_unchanged_once_verified",
                function="providers_verified_credential_unchanged",
                violation_error_message=_(
                    "This certification is verified. Retire it and enter the right one."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.kind_id} {self.number}"

    @property
    def dates(self) -> CredentialDates:
        """The dates as `providers.rules` takes them."""
        return CredentialDates(
            issued_on=self.issued_on,
            valid_from=self.valid_from,
            expires_on=self.expires_on,
            renewal_opens_on=self.renewal_opens_on,
            file_by=self.file_by,
            late_fee_from=self.late_fee_from,
            grace_until=self.grace_until,
            inactive_on=self.inactive_on,
            registry_ends_on=self.registry_on,
            late_window_counts_as_valid=self.late_window_counts_as_valid,
            never_ends=self.never_ends,
        )


class Verification(AgencyOwned):
    """That somebody checked a certificate at its source, and how. Never changed; checked again, anew.

    Nobody verifies what they hold or entered: the database refuses it as well as the operation.
    """

    class Method(models.TextChoices):
        """How it was checked."""

        REGISTRY = "REGISTRY", _("Public registry of the body")
        CONFIRMATION = "CONFIRMATION", _("Letter or call of the body")
        DOCUMENT = "DOCUMENT", _("The certificate itself was seen")

    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, related_name="verifications"
    )
    method = models.CharField(_("method"), max_length=20, choices=Method)
    source = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), blank=True)
    checked_on = models.DateField(_("checked on"))
    next_check_on = models.DateField(_("to be checked again on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    verified_at = models.DateTimeField(editable=False)
    form_key = models.UUIDField(null=True, editable=False)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("credential", "verified_by"),
            once_per_form(by="verified_by"),
            AppendOnly(name="providers_verification_append_only"),
            models.CheckConstraint(
                name="providers_verification_next_check",
                condition=Q(next_check_on__isnull=True) | Q(next_check_on__gt=F("checked_on")),
                violation_error_message=_("The next check comes after this one."),
            ),
            RowsRule(
                name="providers_verification_by_another",
                function="providers_verifier_is_another",
                violation_error_message=_("Nobody verifies what they hold or entered."),
            ),
        ]

    def __str__(self):
        return f"{self.credential_id} {self.checked_on}"


class Evidence(AgencyOwned):
    """A file that proves a certificate: the card, the letter, a photo of it. Never changed.

    Who uploaded it, when, and whether it was withdrawn stands on the file. A file proves one
    certificate.
    """

    PURPOSE = "providers.evidence"

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("credential", "file"),
            AppendOnly(name="providers_evidence_append_only"),
            models.UniqueConstraint(
                fields=["file"],
                name="providers_evidence_file_once",
                violation_error_message=_("This file belongs to a certification already."),
            ),
        ]

    def __str__(self):
        return f"{self.credential_id} {self.file_id}"
