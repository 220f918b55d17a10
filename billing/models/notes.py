"""Service notes: the visit, and its versions. What others say about them stands in `reviews`."""

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.keys import (
    FinalWith,
    KeyTarget,
    Recorded,
    SameKey,
    by,
    by_person,
    participant,
    same_person,
)
from billing.models.plans import Goal
from peerworks.agencies.constraints import FinalOnce, SealedIsolation
from peerworks.agencies.models import AgencyOwned, same_agency
from peerworks.participants.records import both_or_neither, no_overlap
from providers.models import Activity, RoleElement

BREAK = "BREAK"
DEDUCTED = [(BREAK, _("Break")), *Activity.choices]


class GroupSession(Recorded):
    """One meeting of a group: its facilitator, and where and when. Each person has a note of it."""

    provider = models.ForeignKey(
        "providers.Provider", on_delete=models.PROTECT, related_name="group_sessions"
    )
    program = models.ForeignKey("agencies.Program", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("agencies.Site", on_delete=models.PROTECT, related_name="+")
    service_key = models.CharField(_("service"), max_length=60)
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    persons_present = models.PositiveSmallIntegerField(_("people present"), null=True)
    facilitators = models.PositiveSmallIntegerField(_("facilitators"), default=1)

    class Meta(Recorded.Meta):
        verbose_name = _("group session")
        verbose_name_plural = _("group sessions")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("provider", "program", "site"),
            models.CheckConstraint(
                name="billing_groupsession_times",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The end comes after the start."),
            ),
        ]

    def __str__(self):
        return self.topic or str(self.pk)


class ServiceNoteQuerySet(models.QuerySet):
    """Which notes there are."""

    def in_force(self):
        """Notes with a signed version that counts."""
        return self.filter(version_in_force__isnull=False)

    def awaiting_review(self):
        """Signed and not yet co-signed or returned."""
        return self.filter(state=ServiceNote.State.SIGNED)

    def unfinished(self):
        """Drafts that were not discarded, and notes that came back."""
        states = (ServiceNote.State.DRAFT, ServiceNote.State.RETURNED, ServiceNote.State.CORRECTING)
        return self.filter(state__in=states, discarded_at__isnull=True)


class ServiceNote(Recorded):
    """A visit: who, with whom, in which program, at which site, which service; and its state.

    Everything that can differ stands in its versions. From the first signing on, who, whom, program,
    site and service never change; a void note changes in nothing at all. `version_in_force` is the
    last signed version, unless it was withdrawn, returned or voided; `in_force_period` repeats its
    times, so that the database refuses a worker two places at once (group sessions apart: all notes
    of one share the worker's time).
    """

    class State(models.TextChoices):
        """The states of a note; the moves between them stand in `billing.states`."""

        DRAFT = "DRAFT", _("Draft")
        SIGNED = "SIGNED", _("Signed, in review")
        RETURNED = "RETURNED", _("Returned")
        COSIGNED = "COSIGNED", _("Co-signed")
        CORRECTING = "CORRECTING", _("Being corrected")
        VOID = "VOID", _("Void")

    class Setting(models.TextChoices):
        """One person, or a group."""

        INDIVIDUAL = "INDIVIDUAL", _("Individual")
        GROUP = "GROUP", _("Group")

    participant = participant(related_name="service_notes")
    provider = models.ForeignKey(
        "providers.Provider",
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="service_notes",
    )
    program = models.ForeignKey("agencies.Program", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("agencies.Site", on_delete=models.PROTECT, related_name="+")
    service_key = models.CharField(_("service"), max_length=60)
    setting = models.CharField(
        _("setting"), max_length=10, choices=Setting, default=Setting.INDIVIDUAL
    )
    group_session = models.ForeignKey(
        GroupSession, on_delete=models.PROTECT, null=True, related_name="notes"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    version_in_force = models.ForeignKey(
        "billing.NoteVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    in_force_period = DateTimeRangeField(null=True, editable=False)
    service_day = models.DateField(_("service day"), null=True)
    first_signed_at = models.DateTimeField(null=True, editable=False)
    voided_at = models.DateTimeField(_("voided"), null=True)
    voided_by = by(_("voided by"), null=True)
    void_reason = models.TextField(_("reason for voiding"), blank=True)
    discarded_at = models.DateTimeField(_("discarded"), null=True)
    discarded_by = by(_("discarded by"), null=True)

    objects = ServiceNoteQuerySet.as_manager()

    class Meta(Recorded.Meta):
        verbose_name = _("service note")
        verbose_name_plural = _("service notes")
        indexes = [
            models.Index(fields=["agency", "service_day"], name="billing_servicenote_day"),
            models.Index(fields=["agency", "state"], name="billing_servicenote_state"),
            models.Index(
                fields=["participant", "service_day"], name="billing_servicenote_person_day"
            ),
            models.Index(fields=["provider", "service_day"], name="billing_servicenote_author_day"),
        ]
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency(
                *("participant", "provider", "program", "site", "group_session"),
                *("version_in_force", "voided_by", "discarded_by"),
            ),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            SameKey(
                name="billing_servicenote_version_own",
                field="version_in_force",
                own="id",
                theirs="note",
            ),
            models.CheckConstraint(
                name="billing_servicenote_in_force",
                condition=models.Q(
                    state__in=["SIGNED", "COSIGNED", "CORRECTING"],
                    version_in_force__isnull=False,
                    in_force_period__isnull=False,
                    service_day__isnull=False,
                    first_signed_at__isnull=False,
                )
                | models.Q(
                    state__in=["DRAFT", "RETURNED", "VOID"],
                    version_in_force__isnull=True,
                    in_force_period__isnull=True,
                ),
                violation_error_message=_("A signed note has a version in force; no other has."),
            ),
            models.CheckConstraint(
                name="billing_servicenote_signed_once",
                condition=models.Q(state="DRAFT") | models.Q(first_signed_at__isnull=False),
                violation_error_message=_("Only a note that was signed leaves the drafts."),
            ),
            models.CheckConstraint(
                name="billing_servicenote_void",
                condition=(
                    models.Q(state="VOID", voided_at__isnull=False, voided_by__isnull=False)
                    & ~models.Q(void_reason="")
                )
                | (
                    ~models.Q(state="VOID")
                    & models.Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                ),
                violation_error_message=_("Say why the note is void."),
            ),
            both_or_neither("discarded"),
            models.CheckConstraint(
                name="billing_servicenote_discarded_draft",
                condition=models.Q(discarded_at__isnull=True)
                | models.Q(state="DRAFT", first_signed_at__isnull=True),
                violation_error_message=_("Only a draft that was never signed is discarded."),
            ),
            models.CheckConstraint(
                name="billing_servicenote_group",
                condition=models.Q(setting="GROUP", group_session__isnull=False)
                | models.Q(setting="INDIVIDUAL", group_session__isnull=True),
                violation_error_message=_("A group note belongs to a group session."),
            ),
            no_overlap(
                "provider",
                name="billing_servicenote_one_place",
                period="in_force_period",
                condition=models.Q(in_force_period__isnull=False, group_session__isnull=True),
                message=_("You have another signed visit at that time."),
            ),
            FinalOnce(
                name="billing_servicenote_visit_final",
                column="first_signed_at",
                but=(
                    *("state", "version_in_force_id", "in_force_period", "service_day"),
                    *("voided_at", "voided_by_id", "void_reason"),
                ),
                violation_error_message=_(
                    "After signing, the person, author, program, site and service stay."
                ),
            ),
            FinalOnce(
                name="billing_servicenote_void_final",
                column="voided_at",
                violation_error_message=_("A void note never changes."),
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_void(self):
        """Whether it was entered in error."""
        return self.state == self.State.VOID


class NoteVersion(AgencyOwned):
    """One version of a note: all that can differ. A draft until it is signed; then it never changes.

    A return, a withdrawal and a correction open the next version as a copy, with the reason.
    `draft_number` grows with each save, so that a tab which did not see the last one is told.
    `signer_title` and `signer_credential` are the author's as of the service day. `sha256` is the
    hash of the canonical form, with author, goals and deductions.
    """

    class Opened(models.TextChoices):
        """Why the version exists."""

        FIRST = "FIRST", _("First version")
        RETURNED = "RETURNED", _("Returned by the reviewer")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn by the author")
        CORRECTION = "CORRECTION", _("Correction")

    class Mode(models.TextChoices):
        """How the two met."""

        IN_PERSON = "IN_PERSON", _("In person")
        VIDEO = "VIDEO", _("Video")
        PHONE = "PHONE", _("Phone")

    note = models.ForeignKey(ServiceNote, on_delete=models.PROTECT, related_name="versions")
    participant = participant()
    number = models.PositiveSmallIntegerField(_("number"))
    opened_kind = models.CharField(max_length=10, choices=Opened, default=Opened.FIRST)
    opened_by = by(_("opened by"))
    reason = models.TextField(_("reason"), blank=True)
    starts_at = models.DateTimeField(_("start"), null=True)
    ends_at = models.DateTimeField(_("end"), null=True)
    mode = models.CharField(_("how"), max_length=10, choices=Mode, blank=True)
    place = models.CharField(_("place"), max_length=2, blank=True)
    place_text = models.CharField(_("where exactly"), max_length=120, blank=True)
    goals = models.ManyToManyField(Goal, through="billing.NoteGoal", related_name="+")
    role_elements = ArrayField(
        models.CharField(max_length=20, choices=RoleElement),
        verbose_name=_("what peer work it was"),
        default=list,
    )
    purpose = models.TextField(_("purpose"), blank=True)
    what_we_did = models.TextField(_("what we did"), blank=True)
    response = models.TextField(_("response"), blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    own_words = models.TextField(_("in the person's own words"), blank=True)
    written_together = models.BooleanField(_("written together"), default=False)
    draft_number = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("saved"), null=True)
    signed_at = models.DateTimeField(_("signed"), null=True)
    signed_by = by(_("signed by"), null=True)
    signer_title = models.CharField(_("title"), max_length=120, blank=True)
    signer_credential = models.CharField(_("certification number"), max_length=60, blank=True)
    sha256 = models.CharField(_("hash"), max_length=64, blank=True)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("version of a note")
        verbose_name_plural = _("versions of notes")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("note", "participant", "opened_by", "signed_by"),
            *same_person("note"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            by_person(),
            KeyTarget(
                fields=["note", "id"],
                name="billing_noteversion_by_note",
                violation_error_message=_("This record is there already."),
            ),
            models.UniqueConstraint(
                fields=["note", "number"],
                name="billing_noteversion_number",
                violation_error_message=_("This note has a version of that number."),
            ),
            models.UniqueConstraint(
                fields=["note"],
                condition=models.Q(signed_at__isnull=True),
                name="billing_noteversion_one_draft",
                violation_error_message=_("This note has an open version already."),
            ),
            both_or_neither("signed"),
            models.CheckConstraint(
                name="billing_noteversion_signed_is_whole",
                condition=models.Q(signed_at__isnull=True)
                | (
                    models.Q(ends_at__gt=models.F("starts_at"))
                    & models.Q(starts_at__isnull=False, ends_at__isnull=False)
                    & ~models.Q(mode="")
                    & ~models.Q(place="")
                    & ~models.Q(sha256="")
                ),
                violation_error_message=_(
                    "A note is signed with start, end, place and how you met."
                ),
            ),
            models.CheckConstraint(
                name="billing_noteversion_reason",
                condition=models.Q(opened_kind="FIRST", number=1)
                | (~models.Q(opened_kind="FIRST") & models.Q(number__gt=1) & ~models.Q(reason="")),
                violation_error_message=_("Say why the note is opened again."),
            ),
            FinalOnce(name="billing_noteversion_final", column="signed_at"),
        ]

    def __str__(self):
        return f"{self.note_id} {self.number}"

    @property
    def is_signed(self):
        """Whether it is frozen."""
        return self.signed_at is not None


class NoteGoal(AgencyOwned):
    """A goal that a version of a note cites. Final with the version."""

    version = models.ForeignKey(NoteVersion, on_delete=models.PROTECT, related_name="note_goals")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="note_goals")
    participant = participant()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("goal of a note")
        verbose_name_plural = _("goals of notes")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("version", "goal", "participant"),
            *same_person("version", "goal"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["version", "goal"],
                name="billing_notegoal_once",
                violation_error_message=_("The note names this goal already."),
            ),
            FinalWith(name="billing_notegoal_final", field="version", column="signed_at"),
        ]

    def __str__(self):
        return str(self.goal_id)


class Deduction(AgencyOwned):
    """Minutes of a visit that are not billed, and what they were. Final with the version."""

    version = models.ForeignKey(NoteVersion, on_delete=models.PROTECT, related_name="deductions")
    participant = participant()
    activity = models.CharField(_("what it was"), max_length=30, choices=DEDUCTED)
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta(AgencyOwned.Meta):
        verbose_name = _("minutes not billed")
        verbose_name_plural = _("minutes not billed")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("version", "participant"),
            *same_person("version"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["version", "activity"],
                name="billing_deduction_once",
                violation_error_message=_("These minutes are named already."),
            ),
            models.CheckConstraint(
                name="billing_deduction_minutes",
                condition=models.Q(minutes__gt=0),
                violation_error_message=_("Write at least one minute."),
            ),
            FinalWith(name="billing_deduction_final", field="version", column="signed_at"),
        ]

    def __str__(self):
        return f"{self.activity} {self.minutes}"
