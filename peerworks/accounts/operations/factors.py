"""Setting up, giving, renewing and taking away a second factor."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db.models import Q

from peerworks.accounts import ciphers, factors, limits, policies
from peerworks.accounts.models import Membership, User
from peerworks.accounts.operations.signins import forget_sign_ins, keep
from peerworks.audit import trail
from peerworks.audit.models import AuditEvent
from peerworks.lib.findings import enforce, refuse

_CHANGE = AuditEvent.Kind.CHANGE


def add_factor(*, by: User, secret: str, code: str, at: dt.datetime) -> list[str]:
    """Set up the app whose code proves that it has the seed; answers ten recovery codes, shown once.

    That code is used up: it signs nobody in. Refuses a wrong code and a second app.
    """
    enforce(policies.refusal_to_add_factor(has_factor=factors.app_of(by) is not None))
    counter = factors.counter_of(secret, code, at)
    if counter is None:
        enforce(refuse("CODE-WRONG"))
    Authenticator.objects.create(
        user=by,
        type=Authenticator.Type.TOTP,
        data={"secret": ciphers.encrypt(secret), "used": counter},
        last_used_at=at,
    )
    codes = _make_codes(by)
    keep("factor.added", by, kind=_CHANGE)
    return codes


def give_code(*, user: User, code: str, at: dt.datetime) -> Authenticator:
    """Take a code of a user's app or one of the recovery codes; answers which of the two it was.

    The try is counted first. Refuses with a reason: too many tries, a wrong or used code, a seed that
    this server cannot read.
    """
    app = factors.app_of(user)
    limit = limits.code_limit(user.pk, app.pk if app else "")
    counted = limits.count(limit)
    if not counted.is_free:
        enforce(refuse("CODE-USED-UP" if counted.is_used_up else "CODE-TOO-MANY"))
    try:
        taken = _taken(user, app, code, at)
    except ciphers.Unreadable:
        enforce(refuse("CODE-UNREADABLE"))
    if taken is None:
        enforce(refuse("CODE-WRONG"))
    limits.forgive(limit)
    assert taken is not None  # noqa: S101 - enforce has raised
    return taken


def _taken(
    user: User, app: Authenticator | None, code: str, at: dt.datetime
) -> Authenticator | None:
    if app is not None and _take_from_app(app, code, at):
        _renew_key_of_codes(user)
        return app
    recovery = factors.recovery_of(user)
    if recovery is not None and recovery.wrap().validate_code(code):
        Authenticator.objects.filter(pk=recovery.pk).update(last_used_at=at)
        keep("factor.recovered", user)
        return recovery
    return None


def _take_from_app(app: Authenticator, code: str, at: dt.datetime) -> bool:
    # One statement decides: of two that come at once with the same code, one finds it used. The seed
    # is written anew, so that it comes under the newest key.
    secret = ciphers.decrypt(app.data["secret"])
    counter = factors.counter_of(secret, code, at)
    if counter is None:
        return False
    unused = Q(data__used__isnull=True) | Q(data__used__lt=counter)
    data = {**app.data, "secret": ciphers.encrypt(secret), "used": counter}
    rows = Authenticator.objects.filter(unused, pk=app.pk)
    return bool(rows.update(data=data, last_used_at=at) == 1)


def _renew_key_of_codes(user: User) -> None:
    # The seed of the recovery codes comes under the newest key together with the app's: else it would
    # be lost with the old key, and be missed on the day that it is needed.
    codes = Authenticator.objects.select_for_update().filter(
        user=user, type=Authenticator.Type.RECOVERY_CODES
    )
    for each in codes:
        try:
            each.data["seed"] = ciphers.encrypt(ciphers.decrypt(each.data["seed"]))
        except ciphers.Unreadable:
            continue
        each.save(update_fields=["data"])


def renew_codes(*, by: User) -> list[str]:
    """Ten new recovery codes in place of the old ones, shown once."""
    enforce(policies.refusal_without_factor(has_factor=factors.app_of(by) is not None))
    codes = _make_codes(by)
    keep("codes.renewed", by, kind=_CHANGE)
    return codes


def _make_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return factors.recovery_codes(RecoveryCodes.activate(user).instance)


def remove_factor(*, by: User) -> None:
    """Take away one's own app and recovery codes, for instance before another phone is set up."""
    enforce(policies.refusal_without_factor(has_factor=factors.app_of(by) is not None))
    Authenticator.objects.filter(user=by).delete()
    keep("factor.removed", by, kind=_CHANGE)


def reset_factor(*, member: Membership, by: Membership) -> None:
    """Take away a member's second factor, who lost it: they are signed out and set up a new one.

    The password stays what it was, and is asked first.
    """
    has_factor = factors.app_of(member.user) is not None
    enforce(policies.refusal_to_reset_factor(member, by, has_factor=has_factor))
    Authenticator.objects.filter(user_id=member.user_id).delete()
    forget_sign_ins(user_id=member.user_id)
    trail.record("member.factor-reset", by=by.user, about=member)
