"""The audit trail: one plain table, append-only, without foreign keys."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from peerworks.agencies.constraints import AgencyIsolation, AppendOnly
from peerworks.agencies.models import Agency


class AuditEvent(models.Model):
    """What somebody did, saw or was denied. Ids as text, field names and never values.

    The app role may insert the columns that `trail.record` names and no other: `id`, `at` and `xid`
    are the database's own, so that nobody can choose them. Rows never change.
    """

    class Kind(models.TextChoices):
        """What sort of event it is."""

        CHANGE = "CHANGE", _("Change")
        VIEW = "VIEW", _("View")
        DENIAL = "DENIAL", _("Denied")
        SIGN_IN = "SIGN_IN", _("Sign-in")

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
    participants = ArrayField(models.UUIDField(), default=list)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    reference = models.CharField(max_length=36, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["agency", "-at"], name="audit_event_at"),
            models.Index(fields=["agency", "object_id"], name="audit_event_object"),
        ]
        constraints = [
            AgencyIsolation(name="audit_auditevent_agency"),
            AppendOnly(name="audit_auditevent_append_only"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
