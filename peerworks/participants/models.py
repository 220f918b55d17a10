"""The people served, as little of them as the work needs, and who may know that they are served."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership, User
from peerworks.agencies.constraints import (
    FinalOnce,
    Isolation,
    KeyTarget,
    SealedIsolation,
    SealedPerson,
)
from peerworks.agencies.models import Agency, AgencyOwned, Program, same_agency
from peerworks.participants.records import (
    MadeByForm,
    PeriodQuerySet,
    PersonName,
    WithPeriod,
    both_or_neither,
    no_overlap,
    once_per_form,
    real_period,
    sortable_name,
)

STANDING = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""When a standing entry of a seal's list ends. Not "infinity": Python cannot read that back."""

_MEMBER_OF_AGENCY = (
    "agency_id = (SELECT peerworks_agency_id()) AND EXISTS (SELECT 1 FROM accounts_membership m "
    "WHERE m.agency_id = (SELECT peerworks_agency_id()) "
    "AND m.user_id = (SELECT peerworks_user_id()) AND m.is_active AND {which})"
)
_KEEPS_SEALS = "'PRIVACY_OFFICER' = ANY(m.roles)"


class ParticipantQuerySet(models.QuerySet):
    """People served; a sealed one is there only for those on the list."""

    def by_name(self):
        """In the order of names."""
        return self.order_by("sort_key", "pk")

    def cared_for_by(self, member, day):
        """Those whose care team this member is on, on this day."""
        teams = CareTeamMember.objects.filter(participant=models.OuterRef("pk"), member=member)
        return self.filter(models.Exists(teams.in_force_on(day)))

    def enrolled_in(self, program, day):
        """Those enrolled in this program on this day."""
        enrolments = Enrolment.objects.filter(participant=models.OuterRef("pk"), program=program)
        return self.filter(models.Exists(enrolments.in_force_on(day)))


class Participant(AgencyOwned, PersonName, MadeByForm):
    """A person whom the agency serves.

    Changes when the person's data do. `staff_membership` says that the person also works here: such
    a record is always sealed, and the link is seen by nobody who does not see the record.
    `gender` is what payers ask for on a claim, and nothing else is made of it.
    """

    class Gender(models.TextChoices):
        """The codes of a claim (837P, DMG03)."""

        FEMALE = "F", _("Female")
        MALE = "M", _("Male")
        UNKNOWN = "U", _("Not stated")

    record_number = models.CharField(_("record number"), max_length=20)
    chosen_name = models.CharField(_("name the person goes by"), max_length=60, blank=True)
    born_on = models.DateField(_("date of birth"))
    gender = models.CharField(_("gender on claims"), max_length=1, choices=Gender)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
    street = models.CharField(_("street"), max_length=55, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    postal_code = models.CharField(_("ZIP code"), max_length=9, blank=True)
    is_sealed = models.BooleanField(_("sealed"), default=False)
    staff_membership = models.ForeignKey(
        Membership,
        verbose_name=_("also works here as"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
    )

    objects = ParticipantQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        indexes = [models.Index(fields=["agency", "sort_key"], name="participants_by_name")]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("staff_membership", "created_by"),
            SealedPerson(name="participants_participant_sealed"),
            sortable_name(),
            once_per_form(),
            # Of records that are not sealed: the number of a sealed one would answer whoever tries it.
            # One that is unsealed is compared again.
            models.UniqueConstraint(
                fields=["agency", "record_number"],
                condition=Q(is_sealed=False),
                name="participants_participant_record_number",
                violation_error_message=_("Your agency has a record of that number."),
            ),
            models.CheckConstraint(
                name="participants_participant_staff_is_sealed",
                condition=Q(staff_membership__isnull=True) | Q(is_sealed=True),
                violation_error_message=_("The record of a member of staff is sealed."),
            ),
        ]

    def __str__(self):
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name the person goes by, else the given name, with the family name."""
        return f"{self.chosen_name or self.given_name} {self.family_name}"


class CareTeamMember(AgencyOwned, WithPeriod, MadeByForm):
    """A member who works with a person, from a day on; one at a time is the primary one.

    It decides whose people are whose. Ended by closing the period, never deleted.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="care_team")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="care_teams")
    is_primary = models.BooleanField(_("primary"), default=False)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("care team member")
        verbose_name_plural = _("care team members")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("participant", "member", "created_by"),
            SealedIsolation(name="participants_careteammember_sealed"),
            real_period(),
            once_per_form(),
            no_overlap(
                "participant",
                name="participants_careteammember_one_primary",
                condition=Q(is_primary=True),
                message=_("There is another primary worker in this period."),
            ),
            no_overlap(
                "participant",
                "member",
                name="participants_careteammember_once",
                message=_("This worker is on the care team already in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.participant_id} {self.member_id}"


class Enrolment(AgencyOwned, WithPeriod, MadeByForm):
    """A person's time in a program. Ended by closing the period (gate PART-01 reads it)."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="enrolments"
    )
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="enrolments")

    class Meta(AgencyOwned.Meta):
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("participant", "program", "created_by"),
            SealedIsolation(name="participants_enrolment_sealed"),
            real_period(),
            once_per_form(),
            no_overlap(
                "participant",
                "program",
                name="participants_enrolment_once",
                message=_("This person is enrolled in the program already in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.participant_id} {self.program_id}"


class StatusPeriod(AgencyOwned, WithPeriod, MadeByForm):
    """A time in which services may not be billable: in hospital, in jail, after death (PART-02)."""

    class Kind(models.TextChoices):
        """What a rule pack may bar."""

        INPATIENT = "INPATIENT", _("Inpatient")
        INCARCERATED = "INCARCERATED", _("In jail or prison")
        DECEASED = "DECEASED", _("Deceased")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="status_periods"
    )
    kind = models.CharField(_("status"), max_length=20, choices=Kind)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("status")
        verbose_name_plural = _("statuses")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("participant", "created_by"),
            SealedIsolation(name="participants_statusperiod_sealed"),
            real_period(),
            once_per_form(),
            no_overlap(
                "participant",
                "kind",
                name="participants_statusperiod_once",
                message=_("This status is recorded already in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.participant_id} {self.kind}"


class ConsentQuerySet(PeriodQuerySet):
    """Consents; one that is revoked holds no longer from that day on."""

    def in_force_on(self, day):
        """Those whose period holds this day and that were not revoked by it."""
        kept = Q(revoked_on__isnull=True) | Q(revoked_on__gt=day)
        return super().in_force_on(day).filter(kept)

    def for_purpose(self, purpose, recipient=""):
        """Those that cover this purpose, and this recipient (a payer's code) or any."""
        return self.filter(purposes__contains=[purpose], recipient__in=["", recipient])


class Consent(AgencyOwned, WithPeriod):
    """A person's signed permission to share, by purpose and recipient (42 CFR 2.31; gate PRIV-01).

    Never edited: what was recorded wrongly is revoked and recorded anew. `revoked_on` is the local
    day from which it holds no longer; `revoked_at` and `revoked_by` say who recorded that and when.
    """

    class Purpose(models.TextChoices):
        """What it may be shared for."""

        TREATMENT = "TREATMENT", _("Treatment")
        PAYMENT = "PAYMENT", _("Payment")
        OPERATIONS = "OPERATIONS", _("Health care operations")

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="consents")
    purposes = ArrayField(
        models.CharField(max_length=20, choices=Purpose), verbose_name=_("purposes")
    )
    recipient = models.CharField(
        _("recipient"),
        max_length=30,
        blank=True,
        help_text=_("The payer's code; empty where it holds for every recipient of the purpose."),
    )
    signed_on = models.DateField(_("signed on"))
    recorded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    form_key = models.UUIDField(null=True, editable=False)
    revoked_on = models.DateField(_("revoked on"), null=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    objects: ClassVar = ConsentQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("participant", "recorded_by", "revoked_by"),
            SealedIsolation(name="participants_consent_sealed"),
            real_period(),
            once_per_form(by="recorded_by"),
            both_or_neither("revoked"),
            models.CheckConstraint(
                name="participants_consent_revoked_on",
                condition=Q(revoked_on__isnull=True, revoked_at__isnull=True)
                | Q(revoked_on__isnull=False, revoked_at__isnull=False),
                violation_error_message=_("A revoked consent says from which day."),
            ),
            models.CheckConstraint(
                name="participants_consent_purposes",
                condition=Q(purposes__len__gt=0),
                violation_error_message=_("Choose at least one purpose."),
            ),
            FinalOnce(
                name="participants_consent_final",
                column="signed_on",
                but=("revoked_on", "revoked_at", "revoked_by_id"),
                violation_error_message=_(
                    "A consent is not edited: revoke it and record a new one."
                ),
            ),
            FinalOnce(
                name="participants_consent_revoked_once",
                column="revoked_at",
                violation_error_message=_("This consent is revoked; record a new one."),
            ),
        ]

    def __str__(self):
        return f"{self.participant_id} {self.signed_on}"


class SealedAccessQuerySet(models.QuerySet):
    """Entries on the lists of sealed records."""

    def in_force_at(self, moment):
        """Those that have not ended at this moment."""
        return self.filter(expires_at__gt=moment)

    def for_participants(self, participants: Iterable[UUID]):
        """Those of the lists of these people, by id."""
        return self.filter(participant__in=list(participants))


class SealedAccess(models.Model):
    """A place on the list of those who may know of a sealed person, until `expires_at`.

    A standing place ends at `STANDING`, one by emergency access after minutes. Under a policy of its
    own, since that of the person asks this table: a user reads own rows, the agency's privacy
    officers read and write all of them, its service member reads them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="sealed_access"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    granted_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.TextField(_("reason"))
    expires_at = models.DateTimeField(_("ends"), default=STANDING)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SealedAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to a sealed record")
        verbose_name_plural = _("access to sealed records")
        indexes = [models.Index(fields=["user", "participant"], name="participants_seal_user")]
        constraints = [
            Isolation(
                name="participants_sealedaccess_own",
                using="user_id = (SELECT peerworks_user_id()) OR ("
                + _MEMBER_OF_AGENCY.format(which=f"(m.is_service OR {_KEEPS_SEALS})")
                + ")",
                with_check=_MEMBER_OF_AGENCY.format(which=_KEEPS_SEALS),
            ),
            KeyTarget(
                fields=["agency", "id"],
                name="participants_sealedaccess_agency_id",
                violation_error_message=_("This record is there already."),
            ),
            *same_agency("participant", "granted_by"),
            models.CheckConstraint(
                name="participants_sealedaccess_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why this person may open the record."),
            ),
        ]

    def __str__(self):
        return f"{self.participant_id} {self.user_id}"
