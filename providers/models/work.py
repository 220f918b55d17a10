"""The ledger of worked minutes: each minute of a worker stands in it once, for one payer."""

import datetime as dt
import uuid
from types import MappingProxyType
from typing import Self

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.agencies.constraints import FinalOnce, RowsRule
from peerworks.agencies.models import AgencyOwned, FundingSource, Program, Site, same_agency
from peerworks.lib.periods import Stretch
from peerworks.participants.records import (
    MadeByForm,
    PeriodQuerySet,
    both_or_neither,
    no_overlap,
    once_per_form,
)
from providers.models.provider import Provider


class ActivityClass(models.TextChoices):
    """What worked time counts as; the share of DRIFT is what role drift means."""

    DIRECT = "DIRECT", _("Direct peer support")
    PEER = "PEER", _("Other peer work")
    SUPPORT = "SUPPORT", _("Needed beside it")
    DRIFT = "DRIFT", _("Not peer work")


class Activity(models.TextChoices):
    """What somebody did; only DIRECT activities can be billed, by a signed note."""

    INDIVIDUAL_SUPPORT = "INDIVIDUAL_SUPPORT", _("Individual peer support")
    GROUP_SUPPORT = "GROUP_SUPPORT", _("Group peer support")
    ACCOMPANIMENT = "ACCOMPANIMENT", _("Going along to an appointment")
    OUTREACH = "OUTREACH", _("Outreach")
    ADVOCACY = "ADVOCACY", _("Advocacy")
    CARE_COORDINATION = "CARE_COORDINATION", _("Care coordination")
    RESOURCE_SEARCH = "RESOURCE_SEARCH", _("Looking for resources")
    PUBLIC_GROUP = "PUBLIC_GROUP", _("Group open to the public")
    ON_THE_JOB_TRAINING = "ON_THE_JOB_TRAINING", _("On-the-job training of a person served")
    NO_SHOW = "NO_SHOW", _("No-show")
    PREPARATION = "PREPARATION", _("Preparation")
    DOCUMENTATION = "DOCUMENTATION", _("Documentation")
    TRAVEL = "TRAVEL", _("Travel")
    SUPERVISION_RECEIVED = "SUPERVISION_RECEIVED", _("Supervision received")
    SUPERVISION_GIVEN = "SUPERVISION_GIVEN", _("Supervision given")
    TRAINING_TAKEN = "TRAINING_TAKEN", _("Training taken")
    TRAINING_GIVEN = "TRAINING_GIVEN", _("Training given")
    MEETING = "MEETING", _("Staff meeting")
    LEADERSHIP = "LEADERSHIP", _("Leadership")
    CLERICAL = "CLERICAL", _("Clerical work and filing")
    TRANSPORT_ONLY = "TRANSPORT_ONLY", _("Transport only")
    CASE_MANAGEMENT = "CASE_MANAGEMENT", _("Case management")
    FUNCTIONAL_SUPPORT = "FUNCTIONAL_SUPPORT", _("Help with daily tasks")
    MEDICATION_MONITORING = "MEDICATION_MONITORING", _("Medication monitoring")
    CLINICAL_COUNSELLING = "CLINICAL_COUNSELLING", _("Clinical counseling")
    FRONT_DESK = "FRONT_DESK", _("Front desk")
    INTERPRETING_ONLY = "INTERPRETING_ONLY", _("Interpreting only")
    COMPLIANCE_CHECKS = "COMPLIANCE_CHECKS", _("Monitoring and compliance checks")


_ACTIVITIES = {
    ActivityClass.DIRECT: (
        Activity.INDIVIDUAL_SUPPORT,
        Activity.GROUP_SUPPORT,
        Activity.ACCOMPANIMENT,
    ),
    ActivityClass.PEER: (
        Activity.OUTREACH,
        Activity.ADVOCACY,
        Activity.CARE_COORDINATION,
        Activity.RESOURCE_SEARCH,
        Activity.PUBLIC_GROUP,
        Activity.ON_THE_JOB_TRAINING,
        Activity.NO_SHOW,
        Activity.PREPARATION,
    ),
    ActivityClass.SUPPORT: (
        Activity.DOCUMENTATION,
        Activity.TRAVEL,
        Activity.SUPERVISION_RECEIVED,
        Activity.SUPERVISION_GIVEN,
        Activity.TRAINING_TAKEN,
        Activity.TRAINING_GIVEN,
        Activity.MEETING,
        Activity.LEADERSHIP,
    ),
    ActivityClass.DRIFT: (
        Activity.CLERICAL,
        Activity.TRANSPORT_ONLY,
        Activity.CASE_MANAGEMENT,
        Activity.FUNCTIONAL_SUPPORT,
        Activity.MEDICATION_MONITORING,
        Activity.CLINICAL_COUNSELLING,
        Activity.FRONT_DESK,
        Activity.INTERPRETING_ONLY,
        Activity.COMPLIANCE_CHECKS,
    ),
}
CLASS_OF = MappingProxyType({each: of for of, held in _ACTIVITIES.items() for each in held})
"""The class of every activity."""


class RoleElement(models.TextChoices):
    """The sixteen elements of the peer role (after Chinman and others)."""

    HOPE = "HOPE", _("Promoting hope")
    EMPOWERMENT = "EMPOWERMENT", _("Promoting empowerment")
    LESS_ISOLATION = "LESS_ISOLATION", _("Less isolation")
    OWN_CARE = "OWN_CARE", _("Taking part in one's own care")
    ROLE_MODEL = "ROLE_MODEL", _("Being a role model")
    RECOVERY_STORY = "RECOVERY_STORY", _("Sharing a recovery story")
    RECOVERY_PLANNING = "RECOVERY_PLANNING", _("Recovery planning")
    ENGAGING = "ENGAGING", _("Engaging people in services")
    COMMUNITY_LINKS = "COMMUNITY_LINKS", _("Links to the community")
    LIAISON = "LIAISON", _("Liaison with other staff")
    STAFF_ADVOCACY = "STAFF_ADVOCACY", _("Advocating for recovery among staff")
    COPING_SKILLS = "COPING_SKILLS", _("Teaching coping skills")
    PROBLEM_SOLVING = "PROBLEM_SOLVING", _("Teaching problem solving")
    STRENGTHS = "STRENGTHS", _("Focusing on strengths")
    EMPATHY = "EMPATHY", _("Empathy")
    TRUST = "TRUST", _("A trusting relationship")


class WorkSpanQuerySet(PeriodQuerySet):
    """Spans of worked time; the period is one of moments, so ask with moments."""

    def standing(self) -> Self:
        """Those that count: not reversed."""
        return self.filter(reversed_at__isnull=True)

    def begun_within(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Those that begin from `start` up to, and not including, `end`."""
        return self.filter(period__startswith__gte=start, period__startswith__lt=end)


class WorkSpan(AgencyOwned, MadeByForm):
    """One stretch of a worker's time, written when its source is signed; no two overlap.

    `source_id` is the note, session or meeting; a manual span has one of its own. Never edited: a
    return, a withdrawal or a void reverses it, and the next signing writes it anew. A reversed span
    counts nowhere.
    """

    class Source(models.TextChoices):
        """What the time was recorded by."""

        INDIVIDUAL_NOTE = "INDIVIDUAL_NOTE", _("Service note")
        GROUP_SESSION = "GROUP_SESSION", _("Group session")
        SUPERVISION_SESSION = "SUPERVISION_SESSION", _("Supervision session")
        TRAINING_MEETING = "TRAINING_MEETING", _("Training meeting")
        MANUAL = "MANUAL", _("Entered by hand")

    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="work_spans", db_index=False
    )
    period = DateTimeRangeField(_("from and until"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    source_kind = models.CharField(_("recorded by"), max_length=20, choices=Source)
    source_id = models.UUIDField(default=uuid.uuid4, editable=False)
    reversed_at = models.DateTimeField(null=True, editable=False)
    reversed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    objects = WorkSpanQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("worked time")
        verbose_name_plural = _("worked times")
        indexes = [
            models.Index(fields=["agency", "source_id"], name="providers_workspan_source"),
        ]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("provider", "site", "program", "created_by", "reversed_by"),
            once_per_form(),
            both_or_neither("reversed"),
            models.CheckConstraint(
                name="providers_workspan_period",
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                    period__lower_inc=True,
                    period__upper_inc=False,
                ),
                violation_error_message=_("The end must come after the beginning."),
            ),
            no_overlap(
                "provider",
                name="providers_workspan_no_overlap",
                condition=Q(reversed_at__isnull=True),
                message=_("This worker has other recorded time that overlaps."),
            ),
            models.UniqueConstraint(
                fields=["provider", "source_kind", "source_id"],
                condition=Q(reversed_at__isnull=True),
                name="providers_workspan_once",
                violation_error_message=_("This time is in the ledger already."),
            ),
            FinalOnce(
                name="providers_workspan_written_once",
                column="created_at",
                but=("reversed_at", "reversed_by_id"),
                violation_error_message=_(
                    "Recorded time is not edited: reverse it and record it anew."
                ),
            ),
            FinalOnce(
                name="providers_workspan_reversed_once",
                column="reversed_at",
                violation_error_message=_("This time is reversed; record it anew."),
            ),
        ]

    def __str__(self):
        return f"{self.provider_id} {self.period.lower:%Y-%m-%d %H:%M}"

    @property
    def stretch(self) -> Stretch:
        """The period as rules take it."""
        return Stretch(self.period.lower, self.period.upper)


class WorkEntryQuerySet(models.QuerySet):
    """Entries of the ledger."""

    def standing(self) -> Self:
        """Those of spans that count."""
        return self.filter(span__reversed_at__isnull=True)

    def begun_within(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Those of spans that begin from `start` up to, and not including, `end`."""
        return self.filter(span__period__startswith__gte=start, span__period__startswith__lt=end)

    def of_class(self, activity_class: str) -> Self:
        """Those whose activity is of this class."""
        held = [each for each, of in CLASS_OF.items() if of == activity_class]
        return self.filter(activity__in=held)


class WorkEntry(AgencyOwned):
    """Minutes of a span: what was done, and exactly one source that pays for them.

    The entries of a span never add up to more than its length; the rest is break. Only the funding
    source is ever moved, by a recorded operation.
    """

    span = models.ForeignKey(WorkSpan, on_delete=models.PROTECT, related_name="entries")
    activity = models.CharField(_("activity"), max_length=30, choices=Activity)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    funding_source = models.ForeignKey(
        FundingSource,
        verbose_name=_("funding source"),
        on_delete=models.PROTECT,
        related_name="work_entries",
    )
    role_elements = ArrayField(
        models.CharField(max_length=20, choices=RoleElement),
        verbose_name=_("elements of the peer role"),
        default=list,
        blank=True,
    )

    objects = WorkEntryQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("span", "funding_source"),
            models.CheckConstraint(
                name="providers_workentry_minutes",
                condition=Q(minutes__gt=0),
                violation_error_message=_("An entry has at least one minute."),
            ),
            FinalOnce(
                name="providers_workentry_written_once",
                column="created_at",
                but=("funding_source_id",),
                violation_error_message=_(
                    "Recorded time is not edited: reverse it and record it anew."
                ),
            ),
            RowsRule(
                name="providers_workentry_fits_span",
                function="providers_entries_fit_span",
                violation_error_message=_(
                    "These minutes are more than the time between start and end."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.activity} {self.minutes}"
