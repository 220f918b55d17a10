"""Who pays, how much, and for whom."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models.keys import Recorded, by_person, participant
from peerworks.agencies.constraints import SealedIsolation
from peerworks.agencies.models import same_agency
from peerworks.participants.records import WithPeriod, no_overlap, real_period

ICD_10 = r"^[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}$"
MODIFIERS = 4


class Payer(Recorded):
    """Somebody who pays claims, the rule pack that says for what, and how files reach them.

    The ids are those of the trading-partner agreement, elements of the 837P (005010X222A1):
    `payer_id` NM109 of 2010BB, `submitter_id` and `receiver_id` ISA06/ISA08 and NM109 of 1000A/B.
    """

    class Kind(models.TextChoices):
        """What sort of payer it is, as the claim says it (SBR09)."""

        MC = "MC", _("Medicaid")
        HM = "HM", _("Managed care organization")
        MB = "MB", _("Medicare Part B")
        CI = "CI", _("Commercial insurance")
        ZZ = "ZZ", _("Other")

    class Usage(models.TextChoices):
        """Whether files are for testing (ISA15)."""

        T = "T", _("Test")
        P = "P", _("Production")

    class Rendering(models.TextChoices):
        """How a peer stands on a claim: a decision of the payer, never a guess."""

        AGENCY = "AGENCY", _("The agency bills; no worker is named")
        RENDERING_NPI = "RENDERING_NPI", _("The worker, by NPI")
        SUPERVISOR = "SUPERVISOR", _("The supervisor, by NPI")
        PROVIDER_NUMBER = "PROVIDER_NUMBER", _("The worker, by the state's provider number")

    class ClaimKind(models.TextChoices):
        """Claim or encounter (BHT06)."""

        CH = "CH", _("Claim")
        RP = "RP", _("Encounter report")

    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=120)
    pack = models.CharField(_("rule pack"), max_length=60)
    kind = models.CharField(_("kind"), max_length=2, choices=Kind, default=Kind.MC)
    funding_source = models.ForeignKey(
        "agencies.FundingSource", on_delete=models.PROTECT, related_name="payers"
    )
    payer_id = models.CharField(_("payer id"), max_length=20)
    submitter_id = models.CharField(_("submitter id"), max_length=15)
    submitter_qualifier = models.CharField(max_length=2, default="ZZ")
    receiver_id = models.CharField(_("receiver id"), max_length=15)
    receiver_qualifier = models.CharField(max_length=2, default="ZZ")
    receiver_name = models.CharField(_("receiver"), max_length=60)
    billing_number = models.CharField(_("our number with this payer"), max_length=30, blank=True)
    usage = models.CharField(_("files are for"), max_length=1, choices=Usage, default=Usage.T)
    rendering = models.CharField(
        _("who is named"), max_length=16, choices=Rendering, default=Rendering.AGENCY
    )
    claim_kind = models.CharField(
        _("kind of claim"), max_length=2, choices=ClaimKind, default=ClaimKind.CH
    )
    part2_notice = models.BooleanField(_("claims carry the Part 2 notice"), default=False)
    claims_per_set = models.PositiveSmallIntegerField(_("claims in one set"), default=100)
    is_made_up = models.BooleanField(_("made-up data"), default=False)

    class Meta(Recorded.Meta):
        verbose_name = _("payer")
        verbose_name_plural = _("payers")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("funding_source"),
            models.UniqueConstraint(
                fields=["agency", "code"],
                name="billing_payer_code",
                violation_error_message=_("Your agency has a payer of that code."),
            ),
            models.CheckConstraint(
                name="billing_payer_claims_per_set",
                condition=models.Q(claims_per_set__range=(1, 5000)),
                violation_error_message=_("A set holds 1 to 5,000 claims."),
            ),
        ]

    def __str__(self):
        return self.name


def _modifier(place):
    """A modifier of a rate, "" where there is none: NULL would escape the exclusion."""
    return Coalesce(models.F(f"modifiers__{place}"), models.Value(""))


class Rate(Recorded, WithPeriod):
    """What a payer pays for one unit of a code with exactly these modifiers, in this order."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="rates")
    code = models.CharField(_("code"), max_length=5)
    modifiers = ArrayField(
        models.CharField(max_length=2), verbose_name=_("modifiers"), default=list, size=MODIFIERS
    )
    amount = models.DecimalField(_("amount a unit"), max_digits=10, decimal_places=2)
    is_invented = models.BooleanField(_("invented for the demonstration"), default=False)

    class Meta(Recorded.Meta):
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("payer"),
            real_period(),
            models.CheckConstraint(
                name="billing_rate_amount",
                condition=models.Q(amount__gt=0),
                violation_error_message=_("The amount is more than nothing."),
            ),
            models.CheckConstraint(
                name="billing_rate_modifiers",
                condition=models.Q(modifiers__len__lte=MODIFIERS),
                violation_error_message=_("A line has at most four modifiers."),
            ),
            ExclusionConstraint(
                name="billing_rate_one_in_force",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("payer", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    *((_modifier(place), RangeOperators.EQUAL) for place in range(MODIFIERS)),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This code has a rate on those days already."),
            ),
        ]

    def __str__(self):
        return " ".join([self.code, *self.modifiers])


class Coverage(Recorded, WithPeriod):
    """That a payer covers a person, in which order, on which days.

    The lowest order in force on the service day is judged and billed. `checked_on` is the last day
    on which eligibility was asked.
    """

    class Order(models.TextChoices):
        """Who pays first; the letters in the database sort in this order, too."""

        PRIMARY = "PRIMARY", _("First")
        SECONDARY = "SECONDARY", _("Second")
        TERTIARY = "TERTIARY", _("Third")

    participant = participant(related_name="coverages")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="coverages")
    member_id = models.CharField(_("member id"), max_length=30)
    order = models.CharField(_("order"), max_length=10, choices=Order, default=Order.PRIMARY)
    checked_on = models.DateField(_("last checked"), null=True)

    class Meta(Recorded.Meta):
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("participant", "payer"),
            real_period(),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            models.CheckConstraint(
                name="billing_coverage_member_id",
                condition=~models.Q(member_id=""),
                violation_error_message=_("Write the member id on the card."),
            ),
            no_overlap(
                "participant",
                "order",
                name="billing_coverage_one_an_order",
                message=_("Another coverage stands in that order on those days."),
            ),
        ]

    def __str__(self):
        return f"{self.payer_id} {self.order}"


class Diagnosis(Recorded, WithPeriod):
    """A diagnosis of a person, on the days that it holds. `rank` 1 is the principal one.

    `code` is ICD-10-CM in capitals without the dot, as claims write it ("F1120"). `family` is what
    rule packs ask for; it is chosen, not guessed from the code.
    """

    class Family(models.TextChoices):
        """The families that rule packs name."""

        SUBSTANCE_USE = "SUBSTANCE_USE", _("Substance use")
        MENTAL_HEALTH = "MENTAL_HEALTH", _("Mental health")
        OTHER = "OTHER", _("Other")

    participant = participant(related_name="diagnoses")
    code = models.CharField(
        _("ICD-10 code"),
        max_length=7,
        validators=[RegexValidator(ICD_10, _("Write the code like F1120, without the dot."))],
    )
    family = models.CharField(_("family"), max_length=20, choices=Family)
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)

    class Meta(Recorded.Meta):
        verbose_name = _("diagnosis")
        verbose_name_plural = _("diagnoses")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("participant"),
            real_period(),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.CheckConstraint(
                name="billing_diagnosis_code",
                condition=models.Q(code__regex=ICD_10),
                violation_error_message=_("Write the code like F1120, without the dot."),
            ),
            models.CheckConstraint(
                name="billing_diagnosis_rank",
                condition=models.Q(rank__range=(1, 12)),
                violation_error_message=_("A claim names at most twelve diagnoses."),
            ),
            no_overlap(
                "participant",
                "code",
                name="billing_diagnosis_once",
                message=_("This diagnosis is on record for those days."),
            ),
            no_overlap(
                "participant",
                name="billing_diagnosis_one_principal",
                condition=models.Q(rank=1),
                message=_("Another diagnosis is the principal one on those days."),
            ),
        ]

    def __str__(self):
        return self.code
