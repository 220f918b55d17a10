"""Loaded rule packs: what was in force, on which days, word for word."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from peerworks.agencies.constraints import AppendOnly


class PackVersionQuerySet(models.QuerySet):
    """Which versions there are."""

    def in_force_on(self, day):
        """Versions whose period holds the day. Several of one pack where one replaces another."""
        return self.filter(period__contains=day)


class PackVersion(models.Model):
    """One version of a rule pack, as loaded. Never changes: a wrong one is replaced by a new one.

    Without an agency: rules are public, and the same for all. `content` is the YAML as it was read;
    `sha256` is the hash of what it says in canonical form, so that a comment changes nothing.
    `replaces` names the version whose values were wrong; the later version then answers for the days
    that both cover, and runs made before keep what they used. Examples of gates that the program did
    not have when the version was loaded are counted as not checked.
    """

    pack = models.CharField(_("rule pack"), max_length=60)
    version = models.CharField(_("version"), max_length=12)
    kind = models.CharField(_("kind"), max_length=20)
    state = models.CharField(_("state"), max_length=2, blank=True)
    content = models.TextField(_("content"))
    sha256 = models.CharField(_("hash"), max_length=64)
    period = DateRangeField(_("in force"))
    replaces = models.CharField(_("replaces"), max_length=12, blank=True)
    examples_passed = models.PositiveIntegerField(_("examples passed"))
    examples_failed = models.PositiveIntegerField(_("examples failed"))
    examples_not_checked = models.PositiveIntegerField(_("examples not checked yet"), default=0)
    loaded_at = models.DateTimeField(_("loaded"), db_default=Now(), editable=False)

    objects = PackVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a rule pack")
        verbose_name_plural = _("versions of rule packs")
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "version"],
                name="rulepacks_packversion_once",
                violation_error_message=_("This version of the rule pack is loaded already."),
            ),
            models.CheckConstraint(
                name="rulepacks_packversion_examples_hold",
                condition=models.Q(examples_failed=0),
                violation_error_message=_("A rule pack whose examples fail is not loaded."),
            ),
            AppendOnly(name="rulepacks_packversion_append_only"),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name that never changes its content: "va-dmas-peer@2026.1"."""
        return f"{self.pack}@{self.version}"

    @property
    def order(self):
        """Year and number of the version, to sort by: 2026.10 is later than 2026.9."""
        return tuple(int(part) for part in self.version.split("."))
