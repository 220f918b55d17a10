"""Sign-ins, failed ones and sign-outs: events in each agency the user belongs to, and the session's row.

A failed sign-in of an unknown address leaves no event: there is no agency to keep it in.
"""

import secrets
import time

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import signals

from peerworks.accounts import limits, operations
from peerworks.accounts.arrival import FRESH_MINUTES, SESSION_VALUE, device_token
from peerworks.accounts.devices import device_of
from peerworks.accounts.models import User


def connect():
    """Listen to Django's own three signals."""
    signals.user_logged_in.connect(signed_in, dispatch_uid="accounts.signed_in")
    signals.user_logged_out.connect(signed_out, dispatch_uid="accounts.signed_out")
    signals.user_login_failed.connect(sign_in_failed, dispatch_uid="accounts.sign_in_failed")


def signed_in(sender, request, user, **_):
    """A user has signed in, wholly: the session gets its row, whoever was signed in here loses theirs."""
    _end_what_was(request)
    token = device_token(request)
    if not token:
        token = request.new_device_token = secrets.token_urlsafe(32)
    made = operations.begin_sign_in(
        user=user,
        device=device_of(request.headers.get("User-Agent", "")),
        mark=limits.device_mark(token),
        key=operations.key_hash(request.session.session_key),
        with_factor=settings.PEERWORKS_DEMO or _gave_a_factor(request, user),
    )
    request.session[SESSION_VALUE] = str(made.pk)


def _end_what_was(request):
    before = getattr(request, "sign_in", None)
    if before is not None:
        operations.end_sign_in(user_id=before.user_id, sign_in_id=before.id)
    if SESSION_VALUE in request.session:
        # The same person once more: Django keeps the key, and a sign-in has a new one.
        request.session.cycle_key()


def _gave_a_factor(request, user):
    since = time.time() - FRESH_MINUTES * 60
    given = get_authentication_records(request, user)
    return any(each.get("method") == "mfa" and each.get("at", 0) > since for each in given)


def signed_out(sender, request, user, **_):
    """A user has signed out; None where the session had ended before."""
    if user is None:
        return
    sign_in_id = request.session.get(SESSION_VALUE)
    if sign_in_id:
        operations.end_sign_in(user_id=user.pk, sign_in_id=sign_in_id)
    operations.keep("signout.done", user)


def sign_in_failed(sender, credentials, request=None, **_):
    """A wrong password for an address; nothing is kept of an unknown one."""
    email = str(credentials.get("email") or credentials.get("username") or "").lower()
    user = User.objects.filter(email=email).first()
    if user is not None:
        # The answer is a 422, and what the request wrote is rolled back with it.
        after = getattr(request, "afterwards", None)
        if after is None:
            operations.keep("signin.failed", user)
        else:
            after.append(lambda: operations.keep("signin.failed", user))
