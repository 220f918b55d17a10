"""Work to be done later: the truth is here, the broker only wakes workers."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peerworks.agencies.models import Agency


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
