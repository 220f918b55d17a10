"""What is kept of an uploaded file in the database; its bytes stand in the folder of files."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.agencies.constraints import FinalOnce
from peerworks.agencies.models import AgencyOwned, same_agency
from peerworks.files.limits import MOST_BYTES, MOST_PAGES, MOST_PIXELS, SHOWN_NAME

_DOTS = Cast(F("width"), models.BigIntegerField()) * F("height")


def storage_name() -> str:
    """A name that nobody can guess and that says nothing: 32 random bytes."""
    return secrets.token_hex(32)


class StoredFile(AgencyOwned):
    """One uploaded file, as it was examined. Never changed or deleted; it may be withdrawn, once.

    `purpose` names the entry of `peerworks.files.owners` that knows who may open it; `name` is the
    name it had on the device, cleaned for display, and `stored_as` the name of its bytes. A withdrawn
    file is opened by nobody; its bytes stay as long as the records that they were part of.
    """

    class Kind(models.TextChoices):
        """What it is, by its bytes."""

        PDF = "PDF", "PDF"
        PNG = "PNG", _("PNG picture")
        JPEG = "JPEG", _("JPEG picture")

    purpose = models.CharField(_("what it is for"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=SHOWN_NAME)
    stored_as = models.CharField(max_length=64, default=storage_name, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"))
    pages = models.PositiveSmallIntegerField(_("pages"), null=True)
    width = models.PositiveIntegerField(_("width in pixels"), null=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True)
    uploaded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    uploaded_at = models.DateTimeField(editable=False)
    withdrawn_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    class Meta(AgencyOwned.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("uploaded_by", "withdrawn_by"),
            models.UniqueConstraint(
                fields=["agency", "stored_as"],
                name="files_storedfile_stored_as",
                violation_error_message=_("This file is there already."),
            ),
            models.CheckConstraint(
                name="files_storedfile_names",
                condition=Q(stored_as__regex="^[0-9a-f]{64}$", sha256__regex="^[0-9a-f]{64}$")
                & ~Q(name="")
                & ~Q(purpose=""),
                violation_error_message=_("A file has a name, a purpose and a hash."),
            ),
            models.CheckConstraint(
                name="files_storedfile_size",
                condition=Q(size__range=(1, MOST_BYTES)),
                violation_error_message=_("A file has at most 10 MB, and is not empty."),
            ),
            models.CheckConstraint(
                name="files_storedfile_measured",
                condition=Q(
                    kind="PDF",
                    pages__isnull=False,
                    pages__range=(1, MOST_PAGES),
                    width__isnull=True,
                    height__isnull=True,
                )
                | Q(
                    kind__in=["PNG", "JPEG"],
                    pages__isnull=True,
                    width__isnull=False,
                    height__isnull=False,
                    width__gte=1,
                    height__gte=1,
                )
                & Q(LessThanOrEqual(_DOTS, MOST_PIXELS)),
                violation_error_message=_("A PDF has pages, a picture width and height."),
            ),
            models.CheckConstraint(
                name="files_storedfile_withdrawn",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")
                ),
                violation_error_message=_("A withdrawal says who, when and why."),
            ),
            FinalOnce(
                name="files_storedfile_stored",
                column="sha256",
                but=("withdrawn_at", "withdrawn_by_id", "withdrawn_why"),
                violation_error_message=_("A stored file never changes."),
            ),
            FinalOnce(
                name="files_storedfile_withdrawn_once",
                column="withdrawn_at",
                violation_error_message=_("This file is withdrawn already."),
            ),
        ]

    def __str__(self):
        return self.stored_as
