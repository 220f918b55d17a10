"""Who oversees whom, what makes a supervisor one, and the proof that supervision took place."""

from collections.abc import Iterable
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.agencies.constraints import FinalOnce, RowsRule
from peerworks.agencies.models import AgencyOwned, Program, Site, same_agency
from peerworks.agencies.postgres.questions import GivenIds, ids
from peerworks.participants.records import (
    MadeByForm,
    PeriodQuerySet,
    WithPeriod,
    both_or_neither,
    no_overlap,
    once_per_form,
    real_period,
)
from providers.models import Provider


class AssignmentQuerySet(PeriodQuerySet):
    """Assignments of supervisors."""

    def primary(self) -> Self:
        """Those of the supervisor who answers for the worker."""
        return self.filter(is_primary=True)

    def under(self, supervisor: Provider) -> Self:
        """Those in which this worker supervises, or stands in as delegate."""
        return self.filter(Q(supervisor=supervisor) | Q(delegate=supervisor))


class Assignment(AgencyOwned, WithPeriod, MadeByForm):
    """Who supervises a worker, from a day on; one at a time is the primary one (gate SUPV-01).

    `delegate` may co-sign in the supervisor's place. Ended by closing the period; another
    supervisor is another assignment.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="assignments")
    supervisor = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="supervising")
    is_primary = models.BooleanField(_("primary"), default=True)
    delegate = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="delegated", null=True
    )

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("assignment of a supervisor")
        verbose_name_plural = _("assignments of supervisors")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("provider", "supervisor", "delegate", "created_by"),
            real_period(),
            once_per_form(),
            no_overlap(
                "provider",
                name="supervision_assignment_one_primary",
                condition=Q(is_primary=True),
                message=_("There is another primary supervisor in this period."),
            ),
            no_overlap(
                "provider",
                "supervisor",
                name="supervision_assignment_once",
                message=_("This supervisor is assigned already in this period."),
            ),
            models.CheckConstraint(
                name="supervision_assignment_not_oneself",
                condition=~Q(supervisor=F("provider")),
                violation_error_message=_("Nobody supervises themselves."),
            ),
            models.CheckConstraint(
                name="supervision_assignment_delegate_is_a_third",
                condition=Q(delegate__isnull=True)
                | (~Q(delegate=F("provider")) & ~Q(delegate=F("supervisor"))),
                violation_error_message=_("The delegate is a third person."),
            ),
        ]

    def __str__(self):
        return f"{self.provider_id} {self.supervisor_id}"


class QualificationQuerySet(PeriodQuerySet):
    """What supervisors have shown."""

    def for_providers(self, providers: Iterable[UUID] | GivenIds):
        """Those of these supervisors, by id: facts in bulk."""
        return self.filter(supervisor__among=ids(providers))

    def verified(self) -> Self:
        """Those that somebody has checked."""
        return self.filter(verified_at__isnull=False)

    def to_verify(self) -> Self:
        """Those that wait for somebody to check them."""
        return self.filter(verified_at__isnull=True)


class Qualification(AgencyOwned, WithPeriod):
    """One thing that a supervisor rule may ask, shown by a person for a period (gate SUPV-02).

    `key` names the certification, licence or course in the words of rule packs ("CSAC",
    "va-supervisor"); years as a peer and licensed direction have none: there the period says since
    when. Certifications and courses on record count by themselves; here stand those held elsewhere.
    Final once verified, but for the end of the period.
    """

    class Atom(models.TextChoices):
        """The kinds that a pack can ask for."""

        CREDENTIAL = "CREDENTIAL", _("Certification")
        LICENCE = "LICENCE", _("License")
        TRAINING = "TRAINING", _("Training of supervisors")
        YEARS_AS_PEER = "YEARS_AS_PEER", _("Work as a peer specialist")
        UNDER_LICENSED_DIRECTION = "UNDER_LICENSED_DIRECTION", _("Under licensed direction")

    NAMED = (Atom.CREDENTIAL, Atom.LICENCE, Atom.TRAINING)
    """Those of which there are several, so that `key` says which."""

    supervisor = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="qualifications"
    )
    atom = models.CharField(_("kind of proof"), max_length=30, choices=Atom)
    key = models.CharField(_("key"), max_length=60, blank=True)
    evidence = models.TextField(_("evidence"))
    recorded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    form_key = models.UUIDField(null=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    objects: ClassVar = QualificationQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("qualification of a supervisor")
        verbose_name_plural = _("qualifications of supervisors")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("supervisor", "recorded_by", "verified_by"),
            real_period(),
            once_per_form(by="recorded_by"),
            both_or_neither("verified"),
            models.CheckConstraint(
                name="supervision_qualification_key",
                condition=Q(atom__in=["CREDENTIAL", "LICENCE", "TRAINING"]) & ~Q(key="")
                | Q(atom__in=["YEARS_AS_PEER", "UNDER_LICENSED_DIRECTION"], key=""),
                violation_error_message=_("Say which certification, license or training it is."),
            ),
            models.CheckConstraint(
                name="supervision_qualification_by_another",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("recorded_by")),
                violation_error_message=_("Nobody verifies what they hold or entered."),
            ),
            FinalOnce(
                name="supervision_qualification_final",
                column="verified_at",
                but=("period",),
                violation_error_message=_(
                    "This proof is verified. End it and record the right one."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.supervisor_id} {self.atom} {self.key}"


class Topic(models.TextChoices):
    """What supervision is about, the peer role first; never anybody's own health."""

    ROLE = "ROLE", _("Role and what is expected")
    ROLE_DRIFT = "ROLE_DRIFT", _("Role drift")
    FEEDBACK = "FEEDBACK", _("How am I doing")
    COACHING = "COACHING", _("Coaching")
    BOUNDARIES = "BOUNDARIES", _("Confidentiality and boundaries")
    DUAL_RELATIONSHIPS = "DUAL_RELATIONSHIPS", _("Dual relationships")
    RECOVERY_STORY = "RECOVERY_STORY", _("Use of the recovery story")
    CULTURAL_HUMILITY = "CULTURAL_HUMILITY", _("Cultural humility and own bias")
    ACCOUNTABILITY = "ACCOUNTABILITY", _("Accountability")
    STIGMA = "STIGMA", _("Stigma on the team")
    CAREER = "CAREER", _("Career and continuing education")
    LEADERSHIP = "LEADERSHIP", _("Leadership")
    ADVOCACY = "ADVOCACY", _("Advocacy within the agency")
    SELF_CARE = "SELF_CARE", _("Self-care")
    DOCUMENTATION = "DOCUMENTATION", _("Quality of notes")
    CASELOAD = "CASELOAD", _("Caseload")
    SAFETY = "SAFETY", _("Safety and crisis")
    ETHICS = "ETHICS", _("Code of ethics")
    FACILITATION = "FACILITATION", _("Leading WHAM and WRAP groups")
    COMMUNITY = "COMMUNITY", _("Community resources")


class SessionQuerySet(models.QuerySet):
    """Supervision sessions."""

    def signed(self) -> Self:
        """Those that the supervisor has signed."""
        return self.filter(supervisor_signed_at__isnull=False)

    def begun_within(self, start, end):
        """Those that begin from the moment `start` up to, and not including, `end`."""
        return self.filter(starts_at__gte=start, starts_at__lt=end)


class Session(AgencyOwned):
    """A supervision session, with one supervisee or several. Final once its supervisor has signed.

    `shared_notes` are read by both sides. `sha256` is the hash of the canonical form that was
    signed. It counts for a supervisee who has signed as well (`SessionAttendance`).
    """

    class Format(models.TextChoices):
        """The formats that rule packs know."""

        INDIVIDUAL = "INDIVIDUAL", _("One to one")
        GROUP = "GROUP", _("Group")
        PEER_TO_PEER = "PEER_TO_PEER", _("Peer to peer")
        OBSERVATION = "OBSERVATION", _("Direct observation")
        CASE_CONSULTATION = "CASE_CONSULTATION", _("Case consultation")
        ADMINISTRATIVE = "ADMINISTRATIVE", _("Administrative")

    class Mode(models.TextChoices):
        """How they met."""

        IN_PERSON = "IN_PERSON", _("In person")
        VIDEO = "VIDEO", _("Video")
        PHONE = "PHONE", _("Telephone")

    supervisor = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="sessions_given"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(_("format"), max_length=20, choices=Format)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode)
    topics = ArrayField(
        models.CharField(max_length=30, choices=Topic),
        verbose_name=_("topics"),
        default=list,
        blank=True,
    )
    shared_notes = models.TextField(_("shared notes"), blank=True)
    logged_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    form_key = models.UUIDField(null=True, editable=False)
    supervisor_signed_at = models.DateTimeField(null=True, editable=False)
    supervisor_signed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("supervision session")
        verbose_name_plural = _("supervision sessions")
        indexes = [models.Index(fields=["agency", "starts_at"], name="supervision_session_start")]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("supervisor", "site", "program", "logged_by", "supervisor_signed_by"),
            once_per_form(by="logged_by"),
            both_or_neither("supervisor_signed"),
            models.CheckConstraint(
                name="supervision_session_times",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(
                name="supervision_session_hash",
                condition=Q(supervisor_signed_at__isnull=True, sha256="")
                | Q(supervisor_signed_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A signed session carries its hash."),
            ),
            FinalOnce(
                name="supervision_session_final",
                column="supervisor_signed_at",
                violation_error_message=_("This session is signed and never changes."),
            ),
            RowsRule(
                name="supervision_session_credit",
                function="supervision_credit_fits_session",
                violation_error_message=_(
                    "Credit goes to others than the supervisor, and not beyond the session's length."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.supervisor_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class SessionAttendanceQuerySet(models.QuerySet):
    """Who took part in supervision."""

    def credited(self) -> Self:
        """Those signed by both sides: only these count."""
        return self.filter(signed_at__isnull=False, session__supervisor_signed_at__isnull=False)

    def unsigned(self) -> Self:
        """Those that the supervisor has signed and the supervisee has not yet."""
        return self.filter(signed_at__isnull=True, session__supervisor_signed_at__isnull=False)

    def for_providers(self, providers: Iterable[UUID] | GivenIds):
        """Those of these supervisees, by id: facts in bulk."""
        return self.filter(provider__among=ids(providers))

    def begun_within(self, start, end):
        """Those of sessions that begin from the moment `start` up to, and not including, `end`."""
        return self.filter(session__starts_at__gte=start, session__starts_at__lt=end)


class SessionAttendance(AgencyOwned):
    """A supervisee's part in a session: the minutes credited, own words, and a signature.

    Final once signed. In a group everybody is credited what they attended.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendance")
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="supervision_attendance"
    )
    minutes = models.PositiveSmallIntegerField(_("minutes credited"))
    own_words = models.TextField(_("in the supervisee's own words"), blank=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    objects = SessionAttendanceQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("part in a supervision session")
        verbose_name_plural = _("parts in supervision sessions")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("session", "provider", "signed_by"),
            both_or_neither("signed"),
            models.UniqueConstraint(
                fields=["session", "provider"],
                name="supervision_sessionattendance_once",
                violation_error_message=_("This person takes part in the session already."),
            ),
            models.CheckConstraint(
                name="supervision_sessionattendance_minutes",
                condition=Q(minutes__gt=0),
                violation_error_message=_("Who took part is credited at least one minute."),
            ),
            FinalOnce(name="supervision_sessionattendance_final", column="signed_at"),
            RowsRule(
                name="supervision_sessionattendance_credit",
                function="supervision_credit_fits_session",
                violation_error_message=_(
                    "Credit goes to others than the supervisor, and not beyond the session's length."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.session_id} {self.provider_id}"


class ActionQuerySet(models.QuerySet):
    """Agreed actions."""

    def open(self) -> Self:
        """Those not done yet."""
        return self.filter(done_at__isnull=True)


class Action(AgencyOwned):
    """Something agreed in a session: what, who, by when. Open until somebody records it as done."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="actions")
    text = models.CharField(_("what was agreed"), max_length=300)
    owner = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="supervision_actions"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        null=True,
    )

    objects = ActionQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("agreed action")
        verbose_name_plural = _("agreed actions")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("session", "owner", "done_by"),
            both_or_neither("done"),
        ]

    def __str__(self):
        return self.text
