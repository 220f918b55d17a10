"""Plans of care: what the person wants, which services help, and who agreed."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.keys import (
    FinalWith,
    Recorded,
    by,
    by_person,
    participant,
    same_person,
)
from peerworks.agencies.constraints import AppendOnly, FinalOnce, SealedIsolation
from peerworks.agencies.models import AgencyOwned, same_agency
from peerworks.participants.records import PeriodQuerySet, both_or_neither, no_overlap


class PlanOfCare(Recorded):
    """A person's plan in one program; what it says stands in its versions. One is current."""

    participant = participant(related_name="plans")
    program = models.ForeignKey("agencies.Program", on_delete=models.PROTECT, related_name="plans")
    is_current = models.BooleanField(_("current"), default=True)

    class Meta(Recorded.Meta):
        verbose_name = _("plan of care")
        verbose_name_plural = _("plans of care")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("participant", "program"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            models.UniqueConstraint(
                fields=["participant", "program"],
                condition=models.Q(is_current=True),
                name="billing_planofcare_one_current",
                violation_error_message=_("This person has a current plan in this program."),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class PlanVersionQuerySet(PeriodQuerySet):
    """Which versions there are; only an activated one is in force."""

    def activated(self):
        """Those that are no drafts."""
        return self.filter(activated_at__isnull=False)

    def in_force_on(self, day):
        """Versions that were activated and whose period holds the day."""
        return super().in_force_on(day).filter(activated_at__isnull=False)


class PlanVersion(Recorded):
    """One version of a plan. A draft until it is activated; then only the end of its period moves.

    `period` holds the days on which it is in force; activating the next version ends it. `services`
    are the keys of services in the payer's rule pack. `reason` says why this version was opened.
    """

    plan = models.ForeignKey(PlanOfCare, on_delete=models.PROTECT, related_name="versions")
    participant = participant()
    number = models.PositiveSmallIntegerField(_("number"))
    period = DateRangeField(_("in force"), null=True)
    services = ArrayField(models.CharField(max_length=60), verbose_name=_("services"), default=list)
    summary = models.TextField(_("what matters to the person"), blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    activated_at = models.DateTimeField(_("activated"), null=True)
    activated_by = by(_("activated by"), null=True)

    objects = PlanVersionQuerySet.as_manager()

    class Meta(Recorded.Meta):
        verbose_name = _("version of a plan of care")
        verbose_name_plural = _("versions of plans of care")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("plan", "participant", "activated_by"),
            *same_person("plan"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            both_or_neither("activated"),
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="billing_planversion_number",
                violation_error_message=_("This plan has a version of that number."),
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(activated_at__isnull=True),
                name="billing_planversion_one_draft",
                violation_error_message=_("This plan has a draft already; finish that one."),
            ),
            models.CheckConstraint(
                name="billing_planversion_in_force_is_whole",
                condition=models.Q(activated_at__isnull=True)
                | models.Q(period__isnull=False, period__isempty=False, services__len__gt=0),
                violation_error_message=_("A plan in force has a first day and a service."),
            ),
            no_overlap(
                "plan",
                name="billing_planversion_one_in_force",
                condition=models.Q(activated_at__isnull=False),
                message=_("Another version of this plan is in force then."),
            ),
            FinalOnce(
                name="billing_planversion_final",
                column="activated_at",
                but=("period",),
                violation_error_message=_(
                    "A plan in force never changes; open a new version of it."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.plan_id} {self.number}"


class Goal(AgencyOwned):
    """A goal of one version of a plan, in the person's own words. Final with it, but for its status."""

    class Status(models.TextChoices):
        """How it goes."""

        ACTIVE = "ACTIVE", _("Working on it")
        MET = "MET", _("Reached")
        SET_ASIDE = "SET_ASIDE", _("Set aside")

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="goals")
    participant = participant()
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("goal, in the person's words"))
    measure = models.TextField(_("how we will know"), blank=True)
    starts_on = models.DateField(_("from"), null=True)
    target_on = models.DateField(_("by"), null=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("version", "participant"),
            *same_person("version"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            models.UniqueConstraint(
                fields=["version", "number"],
                name="billing_goal_number",
                violation_error_message=_("This plan has a goal of that number."),
            ),
            models.CheckConstraint(
                name="billing_goal_text",
                condition=~models.Q(text=""),
                violation_error_message=_("Write the goal in the person's words."),
            ),
            models.CheckConstraint(
                name="billing_goal_dates",
                condition=models.Q(target_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(target_on__gte=models.F("starts_on")),
                violation_error_message=_("The target day comes after the first day."),
            ),
            FinalWith(
                name="billing_goal_final",
                field="version",
                column="activated_at",
                but=("status",),
                violation_error_message=_(
                    "A plan in force never changes; open a new version of it."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.version_id} {self.number}"


class PlanSignatureQuerySet(models.QuerySet):
    """Which signatures there are."""

    def signed_by(self, day):
        """Signatures, not refusals, that stood on the day."""
        return self.filter(declined_reason="", signed_on__lte=day)


class PlanSignature(Recorded):
    """Who agreed to a version of a plan, and when; or that somebody declined, and why.

    `signed_on` is the day of signing (on paper perhaps), `created_at` the moment of recording. The
    participant and a licensed person from elsewhere have no sign-in: their name is typed.
    """

    class Role(models.TextChoices):
        """In which role somebody signs; a rule pack says which are needed."""

        PARTICIPANT = "PARTICIPANT", _("Participant")
        PEER = "PEER", _("Peer specialist")
        SUPERVISOR = "SUPERVISOR", pgettext_lazy("before a name", "Supervisor")
        LICENSED = "LICENSED", _("Licensed practitioner")

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="signatures")
    participant = participant()
    role = models.CharField(_("signs as"), max_length=12, choices=Role)
    signed_on = models.DateField(_("signed on"))
    signed_at = models.DateTimeField(_("recorded"))
    member = by(_("signed by"), null=True)
    name_typed = models.CharField(_("name"), max_length=120)
    declined_reason = models.CharField(_("why they declined"), max_length=200, blank=True)

    objects = PlanSignatureQuerySet.as_manager()

    class Meta(Recorded.Meta):
        verbose_name = _("signature of a plan")
        verbose_name_plural = _("signatures of plans")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("version", "participant", "member"),
            *same_person("version"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["version", "role"],
                condition=models.Q(declined_reason=""),
                name="billing_plansignature_once",
                violation_error_message=_("This version is signed in that role already."),
            ),
            models.CheckConstraint(
                name="billing_plansignature_member",
                condition=models.Q(role="PARTICIPANT", member__isnull=True)
                | models.Q(role__in=["PEER", "SUPERVISOR"], member__isnull=False)
                | models.Q(role="LICENSED"),
                violation_error_message=_("A peer and a supervisor sign in person."),
            ),
            models.CheckConstraint(
                name="billing_plansignature_name",
                condition=~models.Q(name_typed=""),
                violation_error_message=_("Type the name of who signs."),
            ),
            AppendOnly(name="billing_plansignature_append_only"),
        ]

    def __str__(self):
        return f"{self.version_id} {self.role}"

    @property
    def is_declined(self):
        """Whether this records that somebody did not want to sign."""
        return bool(self.declined_reason)
