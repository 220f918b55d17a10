"""The agency boundary: agencies, where and what they work on, and the base of all they own."""

import uuid
import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from peerworks.agencies.constraints import AgencyIsolation, KeyTarget, SameAgency


def is_time_zone(value):
    """Refuse a name that the time zone data does not know."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone of the list."), code="time_zone")


class Agency(models.Model):
    """An agency that employs peer providers. Outside the wall by name: it holds no person's data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[is_time_zone])
    is_demo = models.BooleanField(_("made-up data"), default=False)
    idle_minutes = models.PositiveSmallIntegerField(_("minutes until sign-out"), default=15)
    npi = models.CharField(_("NPI"), max_length=10, blank=True)
    ein = models.CharField(_("employer number (EIN)"), max_length=9, blank=True)
    taxonomy = models.CharField(_("taxonomy code"), max_length=10, blank=True)
    street = models.CharField(_("street"), max_length=55, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    postal_code = models.CharField(_("ZIP code, nine digits"), max_length=9, blank=True)
    contact_name = models.CharField(_("billing contact"), max_length=60, blank=True)
    contact_phone = models.CharField(_("billing telephone"), max_length=10, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            models.CheckConstraint(
                name="agencies_agency_idle_minutes",
                condition=models.Q(idle_minutes__range=(5, 30)),
                violation_error_message=_("Sign-out comes after 5 to 30 minutes."),
            ),
            models.CheckConstraint(
                name="agencies_agency_on_claims",
                condition=models.Q(
                    ein__regex=r"^([0-9]{9})?$",
                    npi__regex=r"^([12][0-9]{9})?$",
                    taxonomy__regex=r"^([0-9][0-9A-Z]{8}X)?$",
                    state__regex=r"^([A-Z]{2})?$",
                    postal_code__regex=r"^([0-9]{9})?$",
                    contact_phone__regex=r"^([2-9][0-9]{2}[2-9][0-9]{6})?$",
                ),
                violation_error_message=_(
                    "A number or code of the agency on claims is not complete."
                ),
            ),
        ]

    def __str__(self):
        return self.name


class AgencyOwned(models.Model):
    """Base of everything an agency owns: the key, its isolation, and the target of composite keys.

    A model with constraints of its own writes `constraints = [*AgencyOwned.Meta.constraints, …]`;
    leaving that out loses the isolation without a word, so a system check refuses it. `same_agency`
    gives the composite keys of all its foreign keys to other owned tables.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True
        constraints = [
            AgencyIsolation(name="%(app_label)s_%(class)s_agency"),
            KeyTarget(
                fields=["agency", "id"],
                name="%(app_label)s_%(class)s_agency_id",
                violation_error_message=_("This record is there already."),
            ),
        ]


def same_agency(*fields):
    """Composite keys for these foreign keys: `constraints = [*AgencyOwned.Meta.constraints, *same_agency("site")]`."""
    return [
        SameAgency(field=field, name=f"%(app_label)s_%(class)s_{field}_same") for field in fields
    ]


class Site(AgencyOwned):
    """A place the agency works from. Its time zone decides the service day of every visit there."""

    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(_("state"), max_length=2)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[is_time_zone])

    class Meta(AgencyOwned.Meta):
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="agencies_site_name",
                violation_error_message=_("Your agency has a site of that name."),
            ),
        ]

    def __str__(self):
        return self.name


class FundingSource(AgencyOwned):
    """Who pays for worked minutes; every ledger entry names exactly one."""

    class Kind(models.TextChoices):
        """The kinds a braided-funding report adds up."""

        MEDICAID_FFS = "MEDICAID_FFS", _("Medicaid, fee for service")
        MEDICAID_MCO = "MEDICAID_MCO", _("Medicaid, managed care")
        MEDICARE = "MEDICARE", _("Medicare")
        BLOCK_GRANT = "BLOCK_GRANT", _("Block grant")
        FEDERAL_GRANT = "FEDERAL_GRANT", _("Federal grant")
        STATE = "STATE", _("State appropriation")
        TANF = "TANF", _("TANF")
        FOUNDATION = "FOUNDATION", _("Foundation grant")
        GENERAL = "GENERAL", _("General funds")
        UNFUNDED = "UNFUNDED", _("Volunteer or unfunded")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("funding source")
        verbose_name_plural = _("funding sources")
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="agencies_fundingsource_name",
                violation_error_message=_("Your agency has a funding source of that name."),
            ),
        ]

    def __str__(self):
        return self.name


class Program(AgencyOwned):
    """A program at a site. `pack` names the rule pack that says what its workers owe.

    `is_part2`: the program falls under 42 CFR Part 2 (substance-use records), so that a claim needs
    the person's consent to payment disclosures (gate PRIV-01).
    """

    name = models.CharField(_("name"), max_length=120)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="programs")
    pack = models.CharField(_("rule pack"), max_length=60)
    is_part2 = models.BooleanField(_("under 42 CFR Part 2"), default=False)
    funding_source = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, related_name="programs"
    )

    class Meta(AgencyOwned.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("site", "funding_source"),
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="agencies_program_name",
                violation_error_message=_("Your agency has a program of that name."),
            ),
        ]

    def __str__(self):
        return self.name
