"""Courses, the cohorts that take them, who came, and who has completed what."""

import datetime as dt
from collections.abc import Iterable
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peerworks.accounts.models import Membership
from peerworks.agencies.constraints import FinalOnce
from peerworks.agencies.models import AgencyOwned, FundingSource, Site, same_agency
from peerworks.agencies.postgres.questions import GivenIds, ids
from peerworks.participants.records import (
    MadeByForm,
    WithPeriod,
    both_or_neither,
    once_per_form,
    real_period,
)
from providers.models import Provider
from training.rules import CompletionRule, Mark


class Course(AgencyOwned, MadeByForm):
    """Something to be learned, under the key that rule packs ask for ("wham", "wrap-seminar-1").

    `hours` are those of the whole course; `minimum_meetings` and `minimum_minutes` complete it.
    Changes only between cohorts; a new edition of the material is a new `curriculum`.
    """

    key = models.SlugField(_("key"), max_length=60)
    title_en = models.CharField(_("title in English"), max_length=160)
    title_es = models.CharField(_("title in Spanish"), max_length=160)
    curriculum = models.CharField(_("edition of the material"), max_length=60, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    minimum_meetings = models.PositiveSmallIntegerField(_("meetings that complete it"), default=1)
    minimum_minutes = models.PositiveSmallIntegerField(_("minutes that complete it"), default=0)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("created_by"),
            once_per_form(),
            models.UniqueConstraint(
                fields=["agency", "key"],
                name="training_course_key",
                violation_error_message=_("Your agency has a course of that key."),
            ),
            models.CheckConstraint(
                name="training_course_hours",
                condition=Q(hours__gt=0),
                violation_error_message=_("A course has more than no hours."),
            ),
            models.CheckConstraint(
                name="training_course_minimum",
                condition=Q(minimum_meetings__gt=0) | Q(minimum_minutes__gt=0),
                violation_error_message=_("Say how many meetings or minutes complete the course."),
            ),
        ]

    def __str__(self):
        return self.title_en

    def title(self, language: str) -> str:
        """The title in a reader's language ("es", "es-us", "en")."""
        return self.title_es if language.startswith("es") else self.title_en

    @property
    def rule(self) -> CompletionRule:
        """What completes it, as `training.rules` takes it."""
        return CompletionRule(meetings=self.minimum_meetings, minutes=self.minimum_minutes)


class Cohort(AgencyOwned, WithPeriod, MadeByForm):
    """A group that takes a course together, in one language, at one site, paid by one source."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts")
    title = models.CharField(pgettext_lazy("of a course", "title"), max_length=160)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cohorts")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    funding_source = models.ForeignKey(
        FundingSource, on_delete=models.PROTECT, related_name="cohorts"
    )

    class Meta(AgencyOwned.Meta):
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("course", "site", "funding_source", "created_by"),
            real_period(),
            once_per_form(),
            models.CheckConstraint(
                name="training_cohort_has_end",
                condition=Q(period__upper_inf=False),
                violation_error_message=_("A cohort has a last day."),
            ),
        ]

    def __str__(self):
        return self.title


class CohortTrainer(AgencyOwned):
    """Who leads a cohort; two for a WRAP group."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="trainers")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="cohorts_led")

    class Meta(AgencyOwned.Meta):
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("cohort", "provider"),
            models.UniqueConstraint(
                fields=["cohort", "provider"],
                name="training_cohorttrainer_once",
                violation_error_message=_("This person leads the cohort already."),
            ),
        ]

    def __str__(self):
        return f"{self.cohort_id} {self.provider_id}"


class Meeting(AgencyOwned, MadeByForm):
    """One meeting of a cohort, planned and then held. A cancelled one gives nothing to anybody."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    topic = models.CharField(_("topic"), max_length=160, blank=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    class Meta(AgencyOwned.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [models.Index(fields=["agency", "starts_at"], name="training_meeting_start")]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("cohort", "created_by", "cancelled_by"),
            once_per_form(),
            both_or_neither("cancelled"),
            models.UniqueConstraint(
                fields=["cohort", "number"],
                name="training_meeting_number",
                violation_error_message=_("The cohort has a meeting of that number."),
            ),
            models.CheckConstraint(
                name="training_meeting_times",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must come after the beginning."),
            ),
        ]

    def __str__(self):
        return f"{self.cohort_id} {self.number}"

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class CourseEnrolment(AgencyOwned, MadeByForm):
    """A worker's place in a cohort, until it is completed or given up."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="course_enrolments"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    class Meta(AgencyOwned.Meta):
        verbose_name = _("place in a cohort")
        verbose_name_plural = _("places in cohorts")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("cohort", "provider", "created_by", "withdrawn_by"),
            once_per_form(),
            both_or_neither("withdrawn"),
            models.UniqueConstraint(
                fields=["cohort", "provider"],
                name="training_courseenrolment_once",
                violation_error_message=_("This person is in the cohort already."),
            ),
        ]

    def __str__(self):
        return f"{self.cohort_id} {self.provider_id}"


class Attendance(AgencyOwned):
    """What the list says of one person at one meeting. Corrected until the course is completed.

    `minutes` are those attended. One who came late or left early keeps the minutes, and the meeting
    counts when it is made up: `made_up_on` is that local day.
    """

    class Status(models.TextChoices):
        """What the trainer marks."""

        PRESENT = "PRESENT", _("Present")
        LATE = "LATE", _("Came late")
        LEFT_EARLY = "LEFT_EARLY", _("Left early")
        ABSENT = "ABSENT", _("Absent")
        EXCUSED = "EXCUSED", _("Excused")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="attendance")
    status = models.CharField(_("attendance"), max_length=20, choices=Status)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)
    made_up_on = models.DateField(_("made up on"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )

    class Meta(AgencyOwned.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("meeting", "provider", "recorded_by"),
            models.UniqueConstraint(
                fields=["meeting", "provider"],
                name="training_attendance_once",
                violation_error_message=_("This person is on the list of the meeting already."),
            ),
            models.CheckConstraint(
                name="training_attendance_minutes",
                condition=Q(status__in=["ABSENT", "EXCUSED"], made_up_on__isnull=True, minutes=0)
                | Q(made_up_on__isnull=False, minutes__gt=0)
                | Q(status__in=["PRESENT", "LATE", "LEFT_EARLY"], minutes__gt=0),
                violation_error_message=_("Who was there has minutes; who was not has none."),
            ),
        ]

    def __str__(self):
        return f"{self.meeting_id} {self.provider_id} {self.status}"

    @property
    def mark(self) -> Mark:
        """The status as `training.rules` takes it."""
        if self.made_up_on is not None:
            return Mark.MADE_UP
        if self.status == self.Status.PRESENT:
            return Mark.PRESENT
        partly = (self.Status.LATE, self.Status.LEFT_EARLY)
        return Mark.PARTIAL if self.status in partly else Mark.ABSENT


class CompletionQuerySet(models.QuerySet):
    """Completed courses."""

    def standing(self) -> Self:
        """Those that count: not revoked."""
        return self.filter(revoked_at__isnull=True)

    def valid_on(self, day: dt.date) -> Self:
        """Those that count on this local day: completed by it, not run out, not revoked."""
        lasting = Q(valid_through__isnull=True) | Q(valid_through__gte=day)
        return self.standing().filter(lasting, completed_on__lte=day)

    def for_providers(self, providers: Iterable[UUID] | GivenIds):
        """Those of these workers, by id: facts in bulk."""
        return self.filter(provider__among=ids(providers))

    def of_course(self, key):
        """Those of the course with this key."""
        return self.filter(course__key=key)


class Completion(AgencyOwned):
    """That somebody has completed a course, here (`cohort`) or elsewhere, with a certificate.

    Final when recorded (gate TRNG-01 rests on it). One recorded by mistake is revoked, and counts
    on no day from then on, not even for days before. `valid_through` is the last day on which it
    counts, where its giver says so.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="completions")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="completions")
    completed_on = models.DateField(_("completed on"))
    valid_through = models.DateField(_("valid through"), null=True, blank=True)
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="completions", null=True
    )
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=2)
    certificate_number = models.CharField(_("certificate number"), max_length=40)
    recorded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    form_key = models.UUIDField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    objects = CompletionQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("completed course")
        verbose_name_plural = _("completed courses")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("provider", "course", "cohort", "recorded_by", "revoked_by"),
            once_per_form(by="recorded_by"),
            both_or_neither("revoked"),
            models.UniqueConstraint(
                fields=["provider", "course", "completed_on"],
                condition=Q(revoked_at__isnull=True),
                name="training_completion_once",
                violation_error_message=_("This completion is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["agency", "certificate_number"],
                condition=Q(revoked_at__isnull=True),
                name="training_completion_certificate_number",
                violation_error_message=_("Another certificate has this number."),
            ),
            models.CheckConstraint(
                name="training_completion_numbered",
                condition=~Q(certificate_number=""),
                violation_error_message=_("Enter the number of the certificate."),
            ),
            models.CheckConstraint(
                name="training_completion_hours",
                condition=Q(hours__gt=0),
                violation_error_message=_("A course has more than no hours."),
            ),
            models.CheckConstraint(
                name="training_completion_valid_through",
                condition=Q(valid_through__isnull=True) | Q(valid_through__gte=F("completed_on")),
                violation_error_message=_("The last valid day comes before the first."),
            ),
            FinalOnce(
                name="training_completion_final",
                column="completed_on",
                but=("revoked_at", "revoked_by_id"),
                violation_error_message=_(
                    "A completed course is not edited: revoke it and record the right one."
                ),
            ),
            FinalOnce(
                name="training_completion_revoked_once",
                column="revoked_at",
                violation_error_message=_("This completion is revoked; record a new one."),
            ),
        ]

    def __str__(self):
        return f"{self.provider_id} {self.course_id} {self.completed_on}"
