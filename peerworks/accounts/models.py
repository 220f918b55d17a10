"""People who sign in, and what they are in an agency."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.roles import Permission, RoleName, Scope, scopes_of
from peerworks.agencies.constraints import FinalOnce, Isolation, KeyTarget
from peerworks.agencies.models import Agency, AgencyOwned, same_agency
from peerworks.lib.addresses import plain_address

PLAIN = models.Q(email__regex=r"^[!-~]+$")
"""An address is stored in ASCII only, so that look-alikes are none: `peerworks.lib.addresses`."""


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is kept in its one spelling."""

    def create_user(
        self, *, email: str, name: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A user who can sign in once a password is set. `NoAddress` for what is no address."""
        user = self.model(email=plain_address(email), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        """Find by address, whatever its case."""
        return self.get(email=username.lower())


class Theme(models.TextChoices):
    """Light or dark pages, or as the person's device has it."""

    DEVICE = "DEVICE", _("As on my device")
    LIGHT = "LIGHT", _("Light")
    DARK = "DARK", _("Dark")


class User(AbstractBaseUser):
    """Somebody with an address and a name; what they may do stands on their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
    theme = models.CharField(_("light or dark"), max_length=6, choices=Theme, default=Theme.DEVICE)
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    shows_help = models.BooleanField(_("help cards on Today"), default=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_service = models.BooleanField(_("service member, no sign-in"), default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                name="accounts_user_email_lower",
                condition=models.Q(email=Lower("email")),
                violation_error_message=_("Write the address in lower case."),
            ),
            models.CheckConstraint(
                name="accounts_user_email_plain",
                condition=PLAIN,
                violation_error_message=_("Write the address in plain letters."),
            ),
            models.CheckConstraint(
                name="accounts_user_theme_known",
                condition=models.Q(theme__in=Theme.values),
                violation_error_message=_("Choose light, dark or as on the device."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in lower case."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class Membership(models.Model):
    """A user's place in an agency: the roles, and whether they are in force.

    Stands under a policy of its own: own agency, or own user before an agency is chosen. One
    membership an agency is its service member, as which jobs and commands act.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="memberships", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(
        models.CharField(max_length=20, choices=RoleName), verbose_name=_("roles"), default=list
    )
    is_active = models.BooleanField(_("in force"), default=True)
    is_service = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            Isolation(
                name="accounts_membership_agency",
                using="agency_id = (SELECT peerworks_agency_id()) "
                "OR user_id = (SELECT peerworks_user_id())",
                with_check="agency_id = (SELECT peerworks_agency_id())",
            ),
            KeyTarget(
                fields=["agency", "id"],
                name="accounts_membership_agency_id",
                violation_error_message=_("This membership is there already."),
            ),
            models.UniqueConstraint(
                fields=["agency", "user"],
                name="accounts_membership_once",
                violation_error_message=_("This person is a member already."),
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=models.Q(is_service=True),
                name="accounts_membership_one_service_member",
                violation_error_message=_("An agency has one service member."),
            ),
            models.CheckConstraint(
                name="accounts_membership_roles_known",
                condition=models.Q(roles__contained_by=RoleName.values),
                violation_error_message=_("Choose roles of the list."),
            ),
        ]

    def __str__(self):
        return str(self.user_id)

    def scopes(self, permission: Permission) -> frozenset[Scope]:
        """In which scopes this member holds the permission; empty when not."""
        return scopes_of(self.roles, permission)

    def may(self, permission: Permission) -> bool:
        """Whether this member holds the permission in any scope."""
        return bool(self.scopes(permission))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Which invitations there are."""

    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; it may have run out."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def usable(self, at: dt.datetime) -> "InvitationQuerySet":
        """Open, and not run out."""
        return self.open().filter(expires_at__gt=at)


class Invitation(AgencyOwned):
    """An agency's word that the holder of an address may become a member with these roles.

    The token is made when the letter is sent and stands in that letter alone: here is its SHA-256. A
    stranger finds the agency of a token through one database function, `peerworks_agency_of_invitation`,
    and reads the row inside that agency; there is no other way past the policy. `letters` counts the
    letters planned, so that a second one is work of its own. Once accepted, it never changes.
    """

    email = models.EmailField(_("e-mail address"))
    roles = ArrayField(
        models.CharField(max_length=20, choices=RoleName), verbose_name=_("roles"), default=list
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
    made_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    token_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    letters = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(_("works until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", null=True
    )

    objects = InvitationQuerySet.as_manager()

    class Meta(AgencyOwned.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            *AgencyOwned.Meta.constraints,
            *same_agency("made_by", "accepted_by", "withdrawn_by"),
            models.UniqueConstraint(
                fields=["agency", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="accounts_invitation_one_open",
                violation_error_message=_(
                    "This address is already invited. Send the invitation again."
                ),
            ),
            models.CheckConstraint(
                name="accounts_invitation_email_lower",
                condition=models.Q(email=Lower("email")),
                violation_error_message=_("Write the address in lower case."),
            ),
            models.CheckConstraint(
                name="accounts_invitation_email_plain",
                condition=PLAIN,
                violation_error_message=_("Write the address in plain letters."),
            ),
            models.CheckConstraint(
                name="accounts_invitation_roles_known",
                condition=models.Q(roles__contained_by=RoleName.values, roles__len__gte=1),
                violation_error_message=_("Choose at least one role of the list."),
            ),
            models.CheckConstraint(
                name="accounts_invitation_accepted",
                condition=models.Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(
                    accepted_at__isnull=False,
                    accepted_by__isnull=False,
                    withdrawn_at__isnull=True,
                ),
                violation_error_message=_("An invitation is accepted by a member, or withdrawn."),
            ),
            models.CheckConstraint(
                name="accounts_invitation_withdrawn",
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                violation_error_message=_("A withdrawn invitation says who withdrew it."),
            ),
            FinalOnce(
                name="accounts_invitation_accepted_once",
                column="accepted_at",
                violation_error_message=_("This invitation is accepted and no longer changes."),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class SetupKey(models.Model):
    """The one-time key to the setup page of an empty installation, as a hash.

    Stands outside the wall: there is no agency yet. The key is printed where the program runs. Wrong
    tries are counted; a used key names the first administrator.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_sha256 = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("setup key")
        verbose_name_plural = _("setup keys")
        constraints = [
            models.CheckConstraint(
                name="accounts_setupkey_used",
                condition=models.Q(used_at__isnull=True, used_by__isnull=True)
                | models.Q(used_at__isnull=False, used_by__isnull=False),
                violation_error_message=_("A used key says who used it."),
            ),
        ]

    def __str__(self):
        return str(self.pk)


class KnownDevice(models.Model):
    """A browser in which a user has signed in before, by the hash of its cookie.

    It says nothing about the session: its use is that others cannot lock the owner out of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "token_hash"],
                name="accounts_knowndevice_once",
                violation_error_message=_("This device is known already."),
            )
        ]

    def __str__(self):
        return str(self.pk)


class SignIn(models.Model):
    """A session as its user sees it: on which device, since when, when something was last done.

    Stands beside Django's own row, whose data name it; without this row the session has ended.
    `acted_at` is the last action of a person, `factor_at` the last second factor, both by the clock of
    the database. `agency` is the one that was worked in last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_ins")
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    device = models.ForeignKey(
        KnownDevice, on_delete=models.PROTECT, related_name="sign_ins", null=True, blank=True
    )
    key_hash = models.CharField(max_length=64)
    browser = models.CharField(_("browser"), max_length=30, blank=True)
    system = models.CharField(_("device"), max_length=30, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    acted_at = models.DateTimeField(db_default=Now())
    factor_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        constraints = [
            Isolation(
                name="accounts_signin_own",
                using="agency_id = (SELECT peerworks_agency_id()) "
                "OR user_id = (SELECT peerworks_user_id())",
                with_check="user_id = (SELECT peerworks_user_id())",
            )
        ]

    def __str__(self):
        return str(self.pk)


class RateLimit(models.Model):
    """How often something was tried: an account, an account on one device, a network, a code.

    Outside the wall by name: the key is a hash, and an address that nobody has is counted, too. Reached
    by the connection `apart`, so that a count stays where the request is rolled back. `free_at` is when
    the tries so far are forgotten; `refused` and `in_row` count since the last that was let through,
    and since the last success.
    """

    key = models.CharField(max_length=64, primary_key=True)
    free_at = models.DateTimeField()
    refused = models.PositiveIntegerField(default=0)
    in_row = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of tries")
        verbose_name_plural = _("counts of tries")

    def __str__(self):
        return self.key
