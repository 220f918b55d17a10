"""Claims as they were sent: batch, claim, line, and the notes that a line bills."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.models.gate_runs import GateRun
from billing.models.keys import (
    FinalWith,
    Recorded,
    SameKey,
    by,
    by_person,
    participant,
    same_person,
)
from billing.models.notes import NoteVersion, ServiceNote
from billing.models.payers import Coverage, Payer
from peerworks.agencies.constraints import FinalOnce, SealedIsolation
from peerworks.agencies.models import AgencyOwned, same_agency
from peerworks.participants.records import both_or_neither

SENT = _("This was built into a file and never changes; send a correction instead.")


class ControlNumber(AgencyOwned):
    """The last number given out to a payer, one row a kind; locked by whoever takes the next."""

    class Kind(models.TextChoices):
        """What is numbered."""

        INTERCHANGE = "INTERCHANGE", _("File (ISA13)")
        GROUP = "GROUP", _("Group (GS06)")
        CLAIM = "CLAIM", _("Claim (CLM01)")

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    last = models.PositiveIntegerField(default=0)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("control number")
        verbose_name_plural = _("control numbers")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("payer"),
            models.UniqueConstraint(
                fields=["payer", "kind"],
                name="billing_controlnumber_once",
                violation_error_message=_("This payer's numbers are counted already."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.last}"


class Batch(Recorded):
    """One file of claims for one payer, with its bytes as proof. Final once it is built.

    `file` is the 837P, ASCII. `interchange` is ISA13 and `reference` BHT03, by which answers are
    matched. The counts let a reader see whether all of it is visible to them: the file holds every
    person in it, so it is shown only to who may see as many claims as `claims_count`.
    """

    class State(models.TextChoices):
        """Where the file stands."""

        CREATED = "CREATED", pgettext_lazy("a batch", "Built")
        SENT = "SENT", pgettext_lazy("a batch", "Sent")
        ACCEPTED = "ACCEPTED", pgettext_lazy("a batch", "Accepted")
        REJECTED = "REJECTED", pgettext_lazy("a batch", "Rejected")

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="batches")
    interchange = models.CharField(_("control number of the file"), max_length=9)
    reference = models.CharField(_("reference"), max_length=30)
    usage = models.CharField(_("file is for"), max_length=1, choices=Payer.Usage)
    through = models.DateField(_("service days through"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CREATED)
    sets_count = models.PositiveIntegerField(_("sets"), default=0)
    claims_count = models.PositiveIntegerField(_("claims"), default=0)
    lines_count = models.PositiveIntegerField(_("lines"), default=0)
    notes_count = models.PositiveIntegerField(_("notes"), default=0)
    units = models.PositiveIntegerField(_("units"), default=0)
    charge = models.DecimalField(_("charge"), max_digits=10, decimal_places=2, default=0)
    left_out = models.JSONField(_("left out, by reason"), default=dict)
    file = models.TextField(_("file"), blank=True)
    sha256 = models.CharField(_("hash"), max_length=64, blank=True)
    built_at = models.DateTimeField(_("built"), null=True)
    built_by = by(_("built by"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    sent_by = by(_("sent by"), null=True)

    class Meta(Recorded.Meta):
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("payer", "built_by", "sent_by"),
            both_or_neither("built"),
            both_or_neither("sent"),
            models.UniqueConstraint(
                fields=["agency", "payer", "interchange"],
                name="billing_batch_interchange",
                violation_error_message=_("This control number was given out already."),
            ),
            models.UniqueConstraint(
                fields=["agency", "payer", "reference"],
                name="billing_batch_reference",
                violation_error_message=_("This reference was given out already."),
            ),
            models.CheckConstraint(
                name="billing_batch_built_is_whole",
                condition=models.Q(built_at__isnull=True)
                | (models.Q(claims_count__gt=0) & ~models.Q(sha256="") & ~models.Q(file="")),
                violation_error_message=_("A built batch has a file with claims."),
            ),
            models.CheckConstraint(
                name="billing_batch_sent_was_built",
                condition=models.Q(state="CREATED", sent_at__isnull=True)
                | (
                    ~models.Q(state="CREATED")
                    & models.Q(sent_at__isnull=False, built_at__isnull=False)
                ),
                violation_error_message=_("Only a built file is sent."),
            ),
            FinalOnce(
                name="billing_batch_final",
                column="built_at",
                but=("state", "sent_at", "sent_by_id"),
                violation_error_message=SENT,
            ),
        ]

    def __str__(self):
        return self.interchange


class Claim(AgencyOwned):
    """One claim: a person, a coverage, up to fifty lines. Final once it is built, but for its state.

    `control_number` is CLM01, which answers carry back; `frequency` 1 is new, 7 replaces and 8 voids
    the claim that `replaces` names, by the payer's own number of it. `sent_sha256` is the hash of
    the claim as it was sent.
    """

    class Frequency(models.TextChoices):
        """What the claim is (CLM05-3)."""

        ORIGINAL = "1", _("Original")
        REPLACEMENT = "7", _("Replacement")
        VOID = "8", pgettext_lazy("kind of claim", "Void")

    class State(models.TextChoices):
        """Where the claim stands; the moves between them stand in `billing.states`."""

        CREATED = "CREATED", pgettext_lazy("a claim", "Built")
        SENT = "SENT", pgettext_lazy("a claim", "Sent")
        ACCEPTED = "ACCEPTED", pgettext_lazy("a claim", "Accepted")
        REJECTED = "REJECTED", pgettext_lazy("a claim", "Rejected")
        PAID = "PAID", _("Paid")
        DENIED = "DENIED", pgettext_lazy("a claim", "Denied")
        REPLACED = "REPLACED", _("Replaced")
        VOIDED = "VOIDED", _("Voided")

    participant = participant(related_name="claims")
    coverage = models.ForeignKey(
        Coverage, on_delete=models.PROTECT, related_name="claims", db_index=False
    )
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="claims")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="claims")
    control_number = models.CharField(_("claim number"), max_length=20)
    frequency = models.CharField(
        _("frequency"), max_length=1, choices=Frequency, default=Frequency.ORIGINAL
    )
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    payer_number = models.CharField(_("payer's claim number"), max_length=50, blank=True)
    diagnoses = ArrayField(
        models.CharField(max_length=7), verbose_name=_("diagnoses"), default=list
    )
    place = models.CharField(_("place"), max_length=2)
    total = models.DecimalField(_("total"), max_digits=10, decimal_places=2)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CREATED)
    sent_sha256 = models.CharField(_("hash"), max_length=64, blank=True)
    built_at = models.DateTimeField(_("built"), null=True)
    built_by = by(_("built by"), null=True)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("participant", "coverage", "payer", "batch", "replaces", "built_by"),
            *same_person("coverage", "replaces"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            both_or_neither("built"),
            models.UniqueConstraint(
                fields=["agency", "control_number"],
                name="billing_claim_control_number",
                violation_error_message=_("This claim number was given out already."),
            ),
            models.CheckConstraint(
                name="billing_claim_built_is_whole",
                condition=models.Q(built_at__isnull=True)
                | (
                    models.Q(batch__isnull=False, total__gt=0, diagnoses__len__gt=0)
                    & ~models.Q(sent_sha256="")
                ),
                violation_error_message=_("A built claim has a batch, a diagnosis and a total."),
            ),
            models.CheckConstraint(
                name="billing_claim_replaces",
                condition=models.Q(frequency="1", replaces__isnull=True)
                | models.Q(frequency__in=["7", "8"], replaces__isnull=False),
                violation_error_message=_("A replacement or a void names the claim it is about."),
            ),
            FinalOnce(
                name="billing_claim_final",
                column="built_at",
                but=("state", "payer_number"),
                violation_error_message=SENT,
            ),
        ]

    def __str__(self):
        return self.control_number


class ClaimLine(AgencyOwned):
    """One line: a participant's day, code, modifiers and rendering provider, of one or more notes.

    Final with its claim. `is_live` ends when the claim is denied, rejected or voided, so that its
    notes may be billed anew. `flagged_at` says that something it rests on changed after it was
    built (a correction, a void), `flag` why, as a reason code. `gate_run` is the BATCH run of its
    earliest note; each note's own run stands on its `ClaimLineNote`.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    participant = participant()
    number = models.PositiveSmallIntegerField(_("line"))
    line_control = models.CharField(_("line number"), max_length=30)
    service_day = models.DateField(_("service day"))
    code = models.CharField(_("code"), max_length=5)
    modifiers = ArrayField(
        models.CharField(max_length=2), verbose_name=_("modifiers"), default=list
    )
    place = models.CharField(_("place"), max_length=2)
    units = models.PositiveIntegerField(_("units"))
    charge = models.DecimalField(_("charge"), max_digits=10, decimal_places=2)
    rendering_provider = models.ForeignKey(
        "providers.Provider", on_delete=models.PROTECT, null=True, related_name="+"
    )
    gate_run = models.ForeignKey(GateRun, on_delete=models.PROTECT, related_name="lines")
    is_live = models.BooleanField(_("live"), default=True)
    flagged_at = models.DateTimeField(_("in doubt since"), null=True)
    flagged_by = by(_("flagged by"), null=True)
    flag = models.CharField(_("why in doubt"), max_length=20, blank=True)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("claim line")
        verbose_name_plural = _("claim lines")
        indexes = [
            models.Index(
                fields=["agency", "flagged_at"],
                condition=models.Q(is_live=True, flagged_at__isnull=False),
                name="billing_claimline_in_doubt",
            ),
        ]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("claim", "participant", "rendering_provider", "gate_run", "flagged_by"),
            *same_person("claim", "gate_run"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            both_or_neither("flagged"),
            models.UniqueConstraint(
                fields=["claim", "number"],
                name="billing_claimline_number",
                violation_error_message=_("This claim has a line of that number."),
            ),
            models.UniqueConstraint(
                fields=["agency", "line_control"],
                name="billing_claimline_control",
                violation_error_message=_("This line number was given out already."),
            ),
            models.CheckConstraint(
                name="billing_claimline_amounts",
                condition=models.Q(units__gt=0, charge__gt=0, modifiers__len__lte=4),
                violation_error_message=_("A line has units, a charge and at most four modifiers."),
            ),
            FinalWith(
                name="billing_claimline_final",
                field="claim",
                column="built_at",
                but=("is_live", "flagged_at", "flagged_by_id", "flag"),
                violation_error_message=SENT,
            ),
        ]

    def __str__(self):
        return self.line_control


class ClaimLineNote(AgencyOwned):
    """That a line bills a version of a note: its minutes, its units, its BATCH run.

    A note stands on one live line at a time, whichever of its versions was billed. Final from the
    start, but that it ends with its line.
    """

    line = models.ForeignKey(ClaimLine, on_delete=models.PROTECT, related_name="line_notes")
    note = models.ForeignKey(ServiceNote, on_delete=models.PROTECT, related_name="line_notes")
    version = models.ForeignKey(NoteVersion, on_delete=models.PROTECT, related_name="+")
    gate_run = models.ForeignKey(
        GateRun, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    participant = participant()
    minutes = models.PositiveIntegerField(_("minutes"))
    units = models.PositiveIntegerField(_("units"))
    is_live = models.BooleanField(_("live"), default=True)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("note of a claim line")
        verbose_name_plural = _("notes of claim lines")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("line", "note", "version", "gate_run", "participant"),
            *same_person("line", "note", "gate_run"),
            SameKey(
                name="billing_claimlinenote_version_note",
                field="version",
                own="note",
                theirs="note",
            ),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["note"],
                condition=models.Q(is_live=True),
                name="billing_claimlinenote_one_live_line",
                violation_error_message=_("This visit is on a claim already."),
            ),
            FinalOnce(
                name="billing_claimlinenote_final",
                column="created_at",
                but=("is_live",),
                violation_error_message=SENT,
            ),
        ]

    def __str__(self):
        return f"{self.line_id} {self.note_id}"
