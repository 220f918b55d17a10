"""What is said about a signed note: opened, co-signed, returned, added to. None of it ever changes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.keys import Recorded, SameKey, by, participant, same_person
from billing.models.notes import NoteVersion, ServiceNote
from peerworks.agencies.constraints import AppendOnly, SealedIsolation
from peerworks.agencies.models import AgencyOwned, same_agency


class NoteOpening(AgencyOwned):
    """That a reviewer opened a note, and when: from then on its author cannot withdraw it."""

    note = models.ForeignKey(ServiceNote, on_delete=models.PROTECT, related_name="openings")
    participant = participant()
    member = by(_("opened by"))
    at = models.DateTimeField(_("opened"))

    class Meta(AgencyOwned.Meta):
        verbose_name = _("opening of a note")
        verbose_name_plural = _("openings of notes")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("note", "participant", "member"),
            *same_person("note"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            AppendOnly(name="billing_noteopening_append_only"),
        ]

    def __str__(self):
        return str(self.note_id)


class CoSignature(AgencyOwned):
    """The supervisor's signature under one version. `provider` is who signed, as a worker.

    `sha256` repeats the hash of the version that was read.
    """

    version = models.ForeignKey(
        NoteVersion, on_delete=models.PROTECT, related_name="cosignatures", db_index=False
    )
    note = models.ForeignKey(ServiceNote, on_delete=models.PROTECT, related_name="cosignatures")
    participant = participant()
    provider = models.ForeignKey("providers.Provider", on_delete=models.PROTECT, related_name="+")
    by = by(_("co-signed by"))
    at = models.DateTimeField(_("co-signed"))
    sha256 = models.CharField(_("hash"), max_length=64)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("co-signature")
        verbose_name_plural = _("co-signatures")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("version", "note", "participant", "provider", "by"),
            *same_person("note"),
            SameKey(
                name="billing_cosignature_version_note", field="version", own="note", theirs="note"
            ),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["version"],
                name="billing_cosignature_once",
                violation_error_message=_("This version is co-signed already."),
            ),
            AppendOnly(name="billing_cosignature_append_only"),
        ]

    def __str__(self):
        return str(self.version_id)


class NoteReturn(AgencyOwned):
    """A reviewer's return of one version to its author, with words that help."""

    version = models.ForeignKey(
        NoteVersion, on_delete=models.PROTECT, related_name="returns", db_index=False
    )
    note = models.ForeignKey(ServiceNote, on_delete=models.PROTECT, related_name="returns")
    participant = participant()
    by = by(_("returned by"))
    at = models.DateTimeField(_("returned"))
    words = models.TextField(_("what to change"))

    class Meta(AgencyOwned.Meta):
        verbose_name = _("return of a note")
        verbose_name_plural = _("returns of notes")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("version", "note", "participant", "by"),
            *same_person("note"),
            SameKey(
                name="billing_notereturn_version_note", field="version", own="note", theirs="note"
            ),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["version"],
                name="billing_notereturn_once",
                violation_error_message=_("This version is returned already."),
            ),
            models.CheckConstraint(
                name="billing_notereturn_words",
                condition=~models.Q(words=""),
                violation_error_message=_("Write what to change."),
            ),
            AppendOnly(name="billing_notereturn_append_only"),
        ]

    def __str__(self):
        return str(self.version_id)


class Addendum(Recorded):
    """Text added to a signed version, with its own author and time; changes no times and no units.

    `created_by` is its author; `n` counts the addenda of the version from 1.
    """

    version = models.ForeignKey(NoteVersion, on_delete=models.PROTECT, related_name="addenda")
    participant = participant()
    n = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    reason = models.CharField(_("reason"), max_length=200)
    signed_at = models.DateTimeField(_("signed"))
    sha256 = models.CharField(_("hash"), max_length=64)

    class Meta(Recorded.Meta):
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        constraints = [
            *Recorded.Meta.constraints,
            *same_agency("version", "participant"),
            *same_person("version"),
            SealedIsolation(name="%(app_label)s_%(class)s_sealed"),
            models.UniqueConstraint(
                fields=["version", "n"],
                name="billing_addendum_number",
                violation_error_message=_("This version has an addendum of that number."),
            ),
            models.CheckConstraint(
                name="billing_addendum_text",
                condition=~models.Q(text="") & ~models.Q(reason=""),
                violation_error_message=_("Write the addendum and why it is added."),
            ),
            AppendOnly(name="billing_addendum_append_only"),
        ]

    def __str__(self):
        return f"{self.version_id} {self.n}"
