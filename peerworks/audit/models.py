"""The audit trail: two plain tables, append-only, without foreign keys to what they tell about."""

from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from peerworks.agencies.constraints import AgencyIsolation, AppendOnly, RowsRule, SealedReading
from peerworks.agencies.models import Agency
from peerworks.audit.events import Kind

_THERE = "SELECT 1 FROM participants_participant p WHERE p.id = participant_id"
_ABOUT_SOMEBODY_THERE = "SELECT 1 FROM audit_eventperson t WHERE t.event_id = audit_auditevent.id"


class AuditEventManager(models.Manager["AuditEvent"]):
    """Events with `participants`: the ids of those of them whom the reader may know of, in order."""

    def get_queryset(self):
        """With the ids of the people; a count leaves them out again."""
        people = EventPerson.objects.filter(event_id=models.OuterRef("pk"))
        ids = people.order_by("participant_id").values("participant_id")
        told = {"participants": ArraySubquery(ids)}
        return super().get_queryset().annotate(**told)


class AuditEvent(models.Model):
    """What somebody did, saw or was denied. Ids as text, field names and never values.

    The app role may insert the columns that `trail.record` names and no other: `id`, `at` and `xid`
    are the database's own, so that nobody can choose them. Rows never change.

    Whom it tells about stands in `EventPerson`, a row a person. An event about people is there for
    those who may know of at least one of them: who is sealed is missing from the rest of its people,
    and what is about sealed people alone is not there at all.
    """

    Kind = Kind

    class Device(models.TextChoices):
        """From what kind of device it came; empty for a command."""

        COMPUTER = "COMPUTER", _("Computer")
        PHONE = "PHONE", _("Phone")
        JOB = "JOB", _("Background work")

    id = models.BigAutoField(primary_key=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=True
    )
    at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    xid = models.BigIntegerField(
        db_default=models.Func(
            models.Func(function="pg_current_xact_id"),
            function="",
            template="((%(expressions)s)::text::bigint)",
            output_field=models.BigIntegerField(),
        )
    )
    kind = models.CharField(max_length=10, choices=Kind)
    action = models.CharField(max_length=60)
    actor_id = models.CharField(max_length=36, blank=True)
    actor_name = models.CharField(max_length=120, blank=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    is_about_people = models.BooleanField()
    fields = ArrayField(models.CharField(max_length=60), default=list)
    device = models.CharField(max_length=10, choices=Device, blank=True)
    reference = models.CharField(max_length=36, blank=True)

    participants: list[UUID]

    objects = AuditEventManager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        # One for each column by which the page sorts, one for each by which it filters.
        indexes = [
            models.Index(fields=["agency", "at", "id"], name="audit_event_at"),
            models.Index(fields=["agency", "kind", "at", "id"], name="audit_event_kind"),
            models.Index(fields=["agency", "actor_id", "at", "id"], name="audit_event_actor"),
            models.Index(fields=["agency", "actor_name", "id"], name="audit_event_name"),
            models.Index(fields=["agency", "action", "id"], name="audit_event_action"),
            models.Index(fields=["agency", "object_type", "object_id", "id"], name="audit_event_object"),
            models.Index(fields=["agency", "device", "id"], name="audit_event_device"),
        ]  # fmt: skip
        constraints = [
            AgencyIsolation(name="audit_auditevent_agency"),
            SealedReading(
                name="audit_auditevent_sealed",
                using=f"NOT is_about_people OR EXISTS ({_ABOUT_SOMEBODY_THERE})",
            ),
            AppendOnly(name="audit_auditevent_append_only"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class EventPerson(models.Model):
    """One participant whom an event tells about; sealed with them.

    Written with the event, in its transaction, or never: the database refuses a person added later.
    A table, since under a policy PostgreSQL finds a person by a plain key's index and never by that
    of an array.
    """

    pk = models.CompositePrimaryKey("event_id", "participant_id")
    event_id = models.BigIntegerField()
    participant_id = models.UUIDField()
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=True
    )

    class Meta:
        verbose_name = _("person of an audit event")
        verbose_name_plural = _("people of audit events")
        indexes = [
            models.Index(fields=["agency", "participant_id", "event_id"], name="audit_eventperson_who")
        ]  # fmt: skip
        constraints = [
            AgencyIsolation(name="audit_eventperson_agency"),
            SealedReading(name="audit_eventperson_sealed", using=f"EXISTS ({_THERE})"),
            AppendOnly(name="audit_eventperson_append_only"),
            RowsRule(
                name="audit_eventperson_with_its_event",
                function="peerworks_refuse_person_of_old_event",
                violation_error_message=_("What was recorded here is never changed or deleted."),
            ),
        ]

    def __str__(self):
        return f"{self.event_id} {self.participant_id}"
