"""Sessions as rows: begun with a sign-in, ended by its user, by an administrator, or by time.

A row is written and deleted as its own user: the policy of the table shows it in every agency to that
user, and to others in the agency that is worked in.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from peerworks.accounts.devices import Device
from peerworks.accounts.models import KnownDevice, RateLimit, SignIn, User
from peerworks.accounts.queries import DEVICE_DAYS, LONGEST_IDLE, OVERALL, memberships_of
from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.audit.models import AuditEvent

# By the database's clock, and by the longest limit that an agency may set: it is over in each.
_LONG_IDLE = Q(acted_at__lte=Now() - dt.timedelta(minutes=LONGEST_IDLE))
_OVER = _LONG_IDLE | Q(created_at__lte=Now() - OVERALL)
_FORGET_SESSIONS = """
DELETE FROM django_session
 WHERE encode(sha256(convert_to(session_key, 'UTF8')), 'hex') = ANY(%s)
"""


def keep(action: str, user: User, *, kind: str = AuditEvent.Kind.SIGN_IN) -> None:
    """One event about a user in each agency of their memberships, each inside that agency."""
    with acting_for(None, user.pk), transaction.atomic():
        agencies = [each.agency_id for each in memberships_of(user)]
    for agency_id in agencies:
        with acting_for(agency_id, user.pk), transaction.atomic():
            trail.record(action, by=user, about=user, kind=kind)


def key_hash(session_key: str | None) -> str:
    """What is kept of a session's key: enough to delete the session, too little to use it."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()


def begin_sign_in(*, user: User, device: Device, mark: str, key: str, with_factor: bool) -> SignIn:
    """The row of a new session, and of the browser, known from now on by the `mark` of its cookie.

    `with_factor`: a second factor was given, which counts for the next ten minutes. What is over of
    the same user is cleared away.
    """
    with acting_for(None, user.pk), transaction.atomic():
        _forget(SignIn.objects.filter(_OVER, user=user))
        known, _is_new = KnownDevice.objects.update_or_create(
            user=user, token_hash=mark, defaults={"seen_at": Now()}
        )
        made = SignIn.objects.create(
            user=user,
            device=known,
            key_hash=key,
            browser=device.browser,
            system=device.system,
            factor_at=Now() if with_factor else None,
        )
        keep("signin.done", user)
    return made


def end_sign_in(*, user_id: UUID, sign_in_id: UUID | str) -> None:
    """A session is over because its user signed out, or in as somebody else: the caller keeps that."""
    with acting_for(None, user_id), transaction.atomic():
        SignIn.objects.filter(pk=sign_in_id, user_id=user_id).delete()


def end_late_sign_in(*, user: User, sign_in_id: UUID | str) -> None:
    """A session that somebody came back to after its time; nothing, where it was ended before."""
    with acting_for(None, user.pk), transaction.atomic():
        found = SignIn.objects.filter(pk=sign_in_id, user=user)
        is_day_over = found.filter(created_at__lte=Now() - OVERALL).exists()
        if found.delete()[0]:
            keep("signin.day-over" if is_day_over else "signin.idle", user)


def end_own_sign_in(*, sign_in: SignIn, by: User) -> None:
    """Sign out another device of one's own."""
    with acting_for(None, by.pk), transaction.atomic():
        _forget(SignIn.objects.filter(pk=sign_in.pk, user=by))
        keep("session.ended", by)


def end_other_sign_ins(*, by: User, but: UUID) -> int:
    """Sign out all other devices of one's own; answers how many there were."""
    with acting_for(None, by.pk), transaction.atomic():
        count = forget_sign_ins(user_id=by.pk, but=but)
        keep("sessions.ended", by)
    return count


def forget_sign_ins(*, user_id: UUID, but: UUID | None = None) -> int:
    """End every session of a user, `but` one; answers how many there were.

    Part of the operation that asks for it, which writes the event. Done as that user, so that a session
    in which another agency is open ends, too: it could change into this one. Where none is left, their
    browsers are known no more.
    """
    with acting_for(None, user_id), transaction.atomic():
        rows = SignIn.objects.filter(user_id=user_id)
        count = _forget(rows if but is None else rows.exclude(pk=but))
        if not rows.exists():
            KnownDevice.objects.filter(user_id=user_id).delete()
    return count


def confirm_sign_in(*, by: User, sign_in_id: UUID, key: str) -> None:
    """A second factor was given in a session: starred pages are open for ten minutes.

    `key` is the hash of the session's key, which changes with the confirmation.
    """
    with acting_for(None, by.pk), transaction.atomic():
        SignIn.objects.filter(pk=sign_in_id, user=by).update(factor_at=Now(), key_hash=key)
        keep("factor.given", by)


def forget_what_is_over(*, at: dt.datetime) -> None:
    """Clear away old counts of tries and Django's own expired sessions, once a day; again: nothing.

    A row of wrong tries in a row is kept: it counts until the secret changes. The rows of sessions
    (`SignIn`) are cleared away when their user signs in again.
    """
    Session.objects.filter(expire_date__lt=at).delete()
    RateLimit.objects.filter(free_at__lt=at - dt.timedelta(days=1), in_row__lt=2).delete()
    RateLimit.objects.filter(free_at__lt=at - dt.timedelta(days=DEVICE_DAYS)).delete()


def _forget(rows: Iterable[SignIn]) -> int:
    found = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_SESSIONS, [[each.key_hash for each in found]])
    SignIn.objects.filter(pk__in=[each.pk for each in found]).delete()
    return len(found)
