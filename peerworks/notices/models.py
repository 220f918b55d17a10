"""What members are told: one row for each step of a reminder and each who is reminded."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from peerworks.agencies.constraints import SealedIsolation
from peerworks.agencies.models import AgencyOwned, same_agency


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Which notices there are."""

    def open(self) -> "NoticeQuerySet":
        """Raised, not closed by its cause, not marked as done, and not overtaken by a nearer step.

        A nearer step is raised on a later day, so each subject stands in an inbox once.
        """
        nearer = Notice.objects.filter(
            recipient=models.OuterRef("recipient"),
            kind=models.OuterRef("kind"),
            subject_id=models.OuterRef("subject_id"),
            cycle=models.OuterRef("cycle"),
            state=Notice.State.RAISED,
            raised_on__gt=models.OuterRef("raised_on"),
        )
        raised = self.filter(state=Notice.State.RAISED, done_at__isnull=True)
        return raised.exclude(models.Exists(nearer))


class Notice(AgencyOwned):
    """One step of a reminder, for one recipient. Exactly one row for each, whoever raises it.

    RAISED when the step was the nearest one reached; SUPERSEDED when a nearer step was reached
    before this one could be raised (the recipient never saw it); CLOSED when the cause ended, such
    as a certificate renewed. `subject` is the record that the reminder is about and `cycle` the
    round of it (the deadline, as an ISO date); `participant` is filled when the record tells
    something about a person, so that the seal reaches the row. It holds no words: those come from
    the kind, in the reader's language. What the recipient did with it stands beside: put off to a day,
    done, or not needed and why; the cause is open all the same, and its next step is raised. One mail
    tells of it: SENDING is committed before the mail server is asked, so a worker that dies in between
    never sends it twice, and what stays SENDING is not known.
    """

    class State(models.TextChoices):
        """Where the notice stands."""

        RAISED = "RAISED", _("Raised")
        SUPERSEDED = "SUPERSEDED", _("Overtaken by a nearer step")
        CLOSED = "CLOSED", _("Closed")

    class NotNeeded(models.TextChoices):
        """Why a recipient took a notice out without doing what it asks."""

        ELSEWHERE = "ELSEWHERE", _("It is done elsewhere and not recorded yet")
        SOMEBODY = "SOMEBODY", _("Somebody else takes care of it")
        NO_LONGER = "NO_LONGER", _("It no longer applies")
        OTHER = "OTHER", _("Another reason")

    class Mail(models.TextChoices):
        """How the one mail about it went; empty where none was begun."""

        SENDING = "SENDING", _("Not known")
        SENT = "SENT", _("Handed over")
        FAILED = "FAILED", _("Not taken")

    kind = models.CharField(_("kind"), max_length=60)
    subject_type = models.CharField(_("about"), max_length=60)
    subject_id = models.UUIDField()
    participant = models.ForeignKey(
        "participants.Participant", on_delete=models.PROTECT, null=True, related_name="+"
    )
    cycle = models.CharField(max_length=40)
    step = models.CharField(_("step"), max_length=10)
    recipient = models.ForeignKey(
        "accounts.Membership", on_delete=models.PROTECT, related_name="notices", db_index=False
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    due_on = models.DateField(_("due"), null=True)
    raised_on = models.DateField(_("raised"))
    raised_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(_("seen"), null=True)
    snoozed_until = models.DateField(_("put off until"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)
    not_needed = models.CharField(
        _("why it is not needed"), max_length=12, choices=NotNeeded, blank=True
    )
    words = models.CharField(_("in your words"), max_length=200, blank=True)
    mail = models.CharField(_("mail"), max_length=10, choices=Mail, blank=True)
    mail_since = models.DateTimeField(_("mail since"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=["agency", "recipient", "raised_on"],
                condition=models.Q(state="RAISED", done_at__isnull=True),
                name="notices_notice_open",
            ),
        ]
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("participant", "recipient"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["agency", "kind", "subject_id", "cycle", "step", "recipient"],
                name="notices_notice_once",
                violation_error_message=_("This reminder is raised already."),
            ),
            models.CheckConstraint(
                name="notices_notice_closed_at",
                condition=models.Q(state="CLOSED", closed_at__isnull=False)
                | (~models.Q(state="CLOSED") & models.Q(closed_at__isnull=True)),
                violation_error_message=_("A closed notice says when it was closed."),
            ),
            models.CheckConstraint(
                name="notices_notice_superseded_untouched",
                condition=~models.Q(state="SUPERSEDED")
                | models.Q(seen_at__isnull=True, done_at__isnull=True),
                violation_error_message=_("Nobody saw a step that was overtaken."),
            ),
            models.CheckConstraint(
                name="notices_notice_not_needed_is_done",
                condition=models.Q(not_needed="") | models.Q(done_at__isnull=False),
                violation_error_message=_("What is not needed is out of the list."),
            ),
            models.CheckConstraint(
                name="notices_notice_other_has_words",
                condition=~models.Q(not_needed="OTHER") | ~models.Q(words=""),
                violation_error_message=_("Say in a few words why it is not needed."),
            ),
            models.CheckConstraint(
                name="notices_notice_mail_since",
                condition=models.Q(mail="", mail_since__isnull=True)
                | (~models.Q(mail="") & models.Q(mail_since__isnull=False)),
                violation_error_message=_("A mail says since when it stands where it stands."),
            ),
            models.CheckConstraint(
                name="notices_notice_snoozed_later",
                condition=models.Q(snoozed_until__isnull=True)
                | models.Q(snoozed_until__gt=models.F("raised_on")),
                violation_error_message=_("A reminder is put off to a later day."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.step}"
