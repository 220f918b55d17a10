"""Work to be done later: the truth is here, the broker only wakes workers."""

import uuid

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peerworks.agencies.models import Agency, AgencyOwned, same_agency


class DueWork(models.Model):
    """One piece of work for one agency: a kind (a task's name), a slot that makes it unique, ids only.

    Outside the policies by name, since the sweeper reads all agencies' rows; it holds nothing about
    anybody. A row is DUE until the transaction of its effect sets it DONE; after five tries it is
    PARKED with the class of the last error, and others flow on.
    """

    class State(models.TextChoices):
        """Where the work stands."""

        DUE = "DUE", pgettext_lazy("a piece of work", "Due")
        DONE = "DONE", _("Done")
        PARKED = "PARKED", _("Parked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=120)
    slot = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField(db_default=Now())
    enqueued_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("due work")
        verbose_name_plural = _("due work")
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="DUE"), name="jobs_duework_due"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slot", "agency"],
                name="jobs_duework_once",
                violation_error_message=_("This work is planned already."),
            ),
            models.CheckConstraint(
                name="jobs_duework_done_at",
                condition=models.Q(state="DONE", done_at__isnull=False)
                | (~models.Q(state="DONE") & models.Q(done_at__isnull=True)),
                violation_error_message=_("Done work says when it was done."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.slot}"


# What a job's values may be, as JSON paths that find what is not allowed: figures; ids and days; and for
# the values of a reason also codes and "app.model:id". A name, an address or a sentence is none of these.
# Strict, since the lax form looks into lists.
_NO_FIGURE = 'strict $.* ? (@.type() != "number")'
_NO_ID = 'strict $.* ? (!(@.type() == "string" && @ like_regex "^[0-9a-f-]{1,36}$"))'
_NO_CODE = (
    'strict $.* ? (!(@.type() == "number" || (@.type() == "string" && @ like_regex '
    '"^([A-Z0-9_.-]{1,40}|[a-z_]{1,40}[.][a-z]{1,40}:[0-9a-f-]{36})$")))'
)


def _holds_only(field, not_allowed):
    """A condition: the field is an object, and no value of it is one that is not allowed."""
    found = Func(
        F(field),
        Value(not_allowed),
        function="jsonb_path_exists",
        template="%(function)s(%(expressions)s, '{}', true)",
        output_field=models.BooleanField(),
    )
    kind = Func(F(field), function="jsonb_typeof", output_field=models.TextField())
    return ~Q(found) & Q(models.lookups.Exact(kind, Value("object")))


class JobQuerySet(models.QuerySet["Job"]):
    """Which runs there are."""

    def live(self) -> "JobQuerySet":
        """Those that wait for a worker or run now."""
        return self.filter(state__in=Job.LIVE)


class Job(AgencyOwned):
    """One piece of due work as it ran in one agency: when, how long, how many, and what failed.

    Made when a worker first takes the work, or when somebody asks for it by hand (`asked_by`). It is
    QUEUED until a worker takes it and between tries, RUNNING, then DONE or FAILED for good. The unique
    (kind, slot) leads to its row of due work. Two live runs of one `subject` of a kind are refused:
    empty for a kind that may not run twice at once, the slot for one that may.

    It holds nothing about anybody: figures, ids and days, and a reason as a code with values that the
    database checks. `given` is what was asked (ids and days), `counts` what came of it, `record_id`
    the record that was made. Figures of progress while it runs are in the cache, see
    `peerworks.jobs.progress`; `done` and `total` are the last of them.
    """

    class State(models.TextChoices):
        """Where the run stands."""

        QUEUED = "QUEUED", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    LIVE = (State.QUEUED, State.RUNNING)
    OVER = (State.DONE, State.FAILED)

    kind = models.CharField(max_length=120)
    slot = models.CharField(max_length=120)
    subject = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(
        "accounts.Membership", on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    given = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    record_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    because = models.JSONField(default=dict)

    objects = JobQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["agency", "kind", "-created_at"], name="jobs_job_latest")]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("asked_by"),
            models.UniqueConstraint(
                fields=["agency", "kind", "slot"],
                name="jobs_job_once",
                violation_error_message=_("This job is there already."),
            ),
            models.UniqueConstraint(
                fields=["agency", "kind", "subject"],
                condition=Q(state__in=["QUEUED", "RUNNING"]),
                name="jobs_job_one_at_a_time",
                violation_error_message=_("It is running already."),
            ),
            models.CheckConstraint(
                name="jobs_job_asked",
                condition=Q(asked_at__isnull=True, asked_by__isnull=True)
                | Q(asked_at__isnull=False, asked_by__isnull=False),
                violation_error_message=_("A job says who asked for it and when, or neither."),
            ),
            models.CheckConstraint(
                name="jobs_job_moments",
                condition=Q(state="QUEUED", finished_at__isnull=True)
                | Q(state="RUNNING", started_at__isnull=False, finished_at__isnull=True)
                | Q(
                    state__in=["DONE", "FAILED"],
                    started_at__isnull=False,
                    finished_at__isnull=False,
                ),
                violation_error_message=_("A job says when it started and when it finished."),
            ),
            models.CheckConstraint(
                name="jobs_job_reason",
                condition=Q(reason__regex=r"^[A-Z0-9-]*$")
                & (
                    Q(state="QUEUED")
                    | Q(state__in=["RUNNING", "DONE"], reason="")
                    | (Q(state="FAILED") & ~Q(reason=""))
                ),
                violation_error_message=_("A failed job says why, as a code; others do not."),
            ),
            models.CheckConstraint(
                name="jobs_job_progress",
                condition=Q(total__isnull=True) | Q(done__lte=F("total")),
                violation_error_message=_("More cannot be done than there is to do."),
            ),
            models.CheckConstraint(
                name="jobs_job_nobody",
                condition=_holds_only("given", _NO_ID)
                & _holds_only("counts", _NO_FIGURE)
                & _holds_only("because", _NO_CODE),
                violation_error_message=_("A job keeps figures, ids and codes, and no words."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.slot}"
