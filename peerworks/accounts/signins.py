"""Sign-ins, failed ones and sign-outs as audit events, in each agency the user belongs to.

A failed sign-in of an unknown address leaves no event: there is no agency to keep it in.
"""

from django.contrib.auth import signals
from django.db import transaction

from peerworks.accounts.models import User
from peerworks.accounts.queries import memberships_of
from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.audit.models import AuditEvent


def connect():
    """Listen to Django's own three signals."""
    signals.user_logged_in.connect(signed_in, dispatch_uid="accounts.signed_in")
    signals.user_logged_out.connect(signed_out, dispatch_uid="accounts.signed_out")
    signals.user_login_failed.connect(sign_in_failed, dispatch_uid="accounts.sign_in_failed")


def signed_in(sender, request, user, **_):
    """A user has signed in."""
    keep("signin.done", user)


def signed_out(sender, request, user, **_):
    """A user has signed out; None where the session had ended before."""
    if user is not None:
        keep("signout.done", user)


def sign_in_failed(sender, credentials, request=None, **_):
    """A wrong password for an address; nothing is kept of an unknown one."""
    email = str(credentials.get("email") or credentials.get("username") or "").lower()
    user = User.objects.filter(email=email).first()
    if user is not None:
        # The answer is a 422, and what the request wrote is rolled back with it.
        after = getattr(request, "afterwards", None)
        if after is None:
            keep("signin.failed", user)
        else:
            after.append(lambda: keep("signin.failed", user))


def keep(action: str, user: User) -> None:
    """One event in each agency of the user's memberships, in transactions of their own."""
    with acting_for(None, user.pk), transaction.atomic():
        agencies = [each.agency_id for each in memberships_of(user)]
    for agency_id in agencies:
        with acting_for(agency_id, user.pk), transaction.atomic():
            trail.record(action, by=user, about=user, kind=AuditEvent.Kind.SIGN_IN)
