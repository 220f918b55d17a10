"""Who works here, in what way and where."""

import datetime as dt
from collections.abc import Iterable
from typing import Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.agencies.models import AgencyOwned, Program, same_agency
from peerworks.lib.identifiers import is_npi
from peerworks.participants.records import (
    MadeByForm,
    PersonName,
    WithPeriod,
    no_overlap,
    once_per_form,
    real_period,
    sortable_name,
)


def valid_npi(value):
    """Refuse what is no NPI: ten digits, the last a check digit."""
    if not is_npi(value):
        raise ValidationError(
            _(
                "This is no NPI: it has ten digits, and the last one checks the others. Copy it once more."
            ),
            code="npi",
        )


class ProviderQuerySet(models.QuerySet):
    """Workers, by where and how they work on a day."""

    def by_name(self) -> Self:
        """In the order of names."""
        return self.order_by("sort_key", "pk")

    def peers(self) -> Self:
        """Those who give peer support."""
        return self.filter(worker_class=Provider.WorkerClass.PEER)

    def placed_on(self, day: dt.date, programs: Iterable[UUID] | None = None) -> Self:
        """Those with a placement on this day, in any program or in one of these (by id)."""
        placements = Placement.objects.in_force_on(day).filter(provider=models.OuterRef("pk"))
        if programs is not None:
            placements = placements.filter(program__in=list(programs))
        return self.filter(models.Exists(placements))

    def employed_on(self, day: dt.date) -> Self:
        """Those with an employment of any kind on this day."""
        employments = Employment.objects.in_force_on(day).filter(provider=models.OuterRef("pk"))
        return self.filter(models.Exists(employments))


class Provider(AgencyOwned, PersonName, MadeByForm):
    """Anyone whose personnel file the agency keeps: peer, supervisor, clinician, office.

    `member` is the sign-in, where there is one; an external supervisor may have none. Changes when
    the person's data do. Whether somebody is on staff stands on `Employment`, where on `Placement`.
    """

    class WorkerClass(models.TextChoices):
        """What the person is here."""

        PEER = "PEER", _("Peer specialist")
        SUPERVISOR = "SUPERVISOR", _("Supervisor")
        CLINICAL = "CLINICAL", _("Clinical staff")
        ADMINISTRATIVE = "ADMINISTRATIVE", _("Administrative staff")

    member = models.OneToOneField(
        Membership,
        verbose_name=_("signs in as"),
        on_delete=models.PROTECT,
        related_name="provider",
        null=True,
    )
    title = models.CharField(_("job title"), max_length=120, blank=True)
    languages = ArrayField(
        models.CharField(max_length=5, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
    )
    worker_class = models.CharField(_("kind of worker"), max_length=20, choices=WorkerClass)
    npi = models.CharField(_("NPI"), max_length=10, blank=True, validators=[valid_npi])
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        indexes = [models.Index(fields=["agency", "sort_key"], name="providers_by_name")]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("member", "created_by"),
            sortable_name(),
            once_per_form(),
            models.CheckConstraint(
                name="providers_provider_npi_shape",
                condition=Q(npi="") | Q(npi__regex=r"^[12][0-9]{9}$"),
                violation_error_message=_("Enter the ten digits of an NPI."),
            ),
            models.UniqueConstraint(
                fields=["agency", "npi"],
                condition=~Q(npi=""),
                name="providers_provider_npi_once",
                violation_error_message=_("Another worker of your agency has this NPI."),
            ),
        ]

    def __str__(self):
        return self.name


class Employment(AgencyOwned, WithPeriod, MadeByForm):
    """How somebody works for the agency, from a day on (gate PROV-01). Ended by closing the period.

    A PARTNER supervises from outside and is not staff; what a VOLUNTEER does is not billed where
    the pack says so.
    """

    class Kind(models.TextChoices):
        """The kinds that `providers.rules` knows."""

        EMPLOYEE = "EMPLOYEE", _("Employee")
        CONTRACTOR = "CONTRACTOR", _("Contractor")
        VOLUNTEER = "VOLUNTEER", _("Volunteer")
        PARTNER = "PARTNER", _("Outside supervisor")

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="employments")
    kind = models.CharField(_("kind of employment"), max_length=20, choices=Kind)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("provider", "created_by"),
            real_period(),
            once_per_form(),
            no_overlap(
                "provider",
                name="providers_employment_one_at_a_time",
                message=_("There is another employment in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.provider_id} {self.kind}"


class Placement(AgencyOwned, WithPeriod, MadeByForm):
    """In which program somebody works, from a day on; its pack says what the worker owes.

    Several at a time are usual, each in its own program. Ended by closing the period.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="placements")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="placements")

    class Meta(AgencyOwned.Meta):
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("provider", "program", "created_by"),
            real_period(),
            once_per_form(),
            no_overlap(
                "provider",
                "program",
                name="providers_placement_once",
                message=_("This worker is placed in the program already in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.provider_id} {self.program_id}"
