"""What the gates said, kept with everything they looked at."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.keys import SameKey, by, by_person, participant, same_person
from billing.models.notes import NoteVersion, ServiceNote
from billing.models.payers import Coverage
from peerworks.agencies.constraints import AppendOnly, SealedIsolation
from peerworks.agencies.models import AgencyOwned, same_agency


class GateRun(AgencyOwned):
    """One judgement of one version of a note, with packs, terms, facts and findings as they were.

    Never updated: a later answer is a later run, so last year's can be explained. The JSON columns
    hold plain values of the canonical form, reason codes and references, never a sentence.
    `facts_sha256` is the hash of the facts, `sha256` of packs, terms, facts and findings together.
    `asked_on` is the day of asking; facts are those of the service day. `charge` is empty without a
    rate, `coverage` where none was in force.
    """

    class Moment(models.TextChoices):
        """When it was asked."""

        WRITING = "WRITING", _("While writing")
        SIGNING = "SIGNING", _("At signing")
        BATCH = "BATCH", _("For a claim")

    class Outcome(models.TextChoices):
        """The worst of the findings."""

        PASS = "PASS", _("Holds")
        WARN = "WARN", _("Warning")
        BLOCK = "BLOCK", _("Blocked")
        UNKNOWN = "UNKNOWN", _("Cannot be judged")
        NOT_APPLICABLE = "NOT_APPLICABLE", _("Does not apply")

    note = models.ForeignKey(
        ServiceNote, on_delete=models.PROTECT, related_name="gate_runs", db_index=False
    )
    version = models.ForeignKey(NoteVersion, on_delete=models.PROTECT, related_name="gate_runs")
    participant = participant()
    coverage = models.ForeignKey(
        Coverage, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    moment = models.CharField(_("moment"), max_length=10, choices=Moment)
    asked_on = models.DateField(_("asked on"))
    service_day = models.DateField(_("service day"))
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome)
    can_sign = models.BooleanField(_("can be signed"))
    can_bill = models.BooleanField(_("can be billed"))
    minutes = models.PositiveIntegerField(_("minutes"))
    units = models.PositiveIntegerField(_("units"))
    code = models.CharField(_("code"), max_length=5, blank=True)
    modifiers = ArrayField(
        models.CharField(max_length=2), verbose_name=_("modifiers"), default=list
    )
    charge = models.DecimalField(_("charge"), max_digits=10, decimal_places=2, null=True)
    packs = models.JSONField(encoder=DjangoJSONEncoder)
    terms = models.JSONField(encoder=DjangoJSONEncoder)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    findings = models.JSONField(encoder=DjangoJSONEncoder)
    not_checked = ArrayField(models.CharField(max_length=40), default=list)
    facts_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    run_by = by(_("asked by"))

    class Meta(AgencyOwned.Meta):
        verbose_name = _("gate run")
        verbose_name_plural = _("gate runs")
        indexes = [
            models.Index(fields=["note", "-created_at"], name="billing_gaterun_note"),
            models.Index(fields=["agency", "service_day"], name="billing_gaterun_day"),
        ]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("note", "version", "participant", "coverage", "run_by"),
            *same_person("note", "coverage"),
            SameKey(
                name="billing_gaterun_version_note", field="version", own="note", theirs="note"
            ),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            AppendOnly(name="billing_gaterun_append_only"),
        ]

    def __str__(self):
        return f"{self.note_id} {self.moment} {self.outcome}"
