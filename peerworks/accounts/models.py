"""People who sign in, and what they are in an agency."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.roles import Permission, RoleName, Scope, scopes_of
from peerworks.agencies.constraints import Isolation, KeyTarget
from peerworks.agencies.models import Agency


class UserManager(BaseUserManager["User"]):
    """Makes users; an address is kept in lower case."""

    def create_user(
        self, *, email: str, name: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A user who can sign in once a password is set."""
        user = self.model(email=email.lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        """Find by address, whatever its case."""
        return self.get(email=username.lower())


class User(AbstractBaseUser):
    """Somebody with an address and a name; what they may do stands on their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
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
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
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
        ]

    def __str__(self):
        return str(self.user_id)

    def scopes(self, permission: Permission) -> frozenset[Scope]:
        """In which scopes this member holds the permission; empty when not."""
        return scopes_of(self.roles, permission)

    def may(self, permission: Permission) -> bool:
        """Whether this member holds the permission in any scope."""
        return bool(self.scopes(permission))


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
