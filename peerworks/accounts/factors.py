"""The second factor: a code of an app (TOTP, RFC 6238), or one of ten recovery codes.

The tables and the arithmetic are allauth's; what is decided is ours. Seeds are encrypted
(`peerworks.accounts.ciphers`). A code counts once: the row keeps the period of the last code that was
taken, and an earlier or equal one is refused, whatever a cache has forgotten.
"""

import base64
import datetime as dt

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth

from peerworks.accounts import ciphers
from peerworks.accounts.models import User

ENROL_MINUTES = 30
"""How long a picture may be on the screen before its code is given."""


def app_of(user: User) -> Authenticator | None:
    """The app that gives codes for a user, if one is set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def recovery_of(user: User) -> Authenticator | None:
    """The recovery codes of a user, made together with the app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()


def recovery_codes(factor: Authenticator) -> list[str]:
    """The codes that were not used yet, in groups of four digits, as they are printed."""
    return [_grouped(each) for each in factor.wrap().get_unused_codes()]


def _grouped(code: str) -> str:
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def new_secret() -> str:
    """A seed for an app: 160 bits in base 32, as apps take it."""
    return auth.generate_totp_secret()


def counter_of(secret: str, code: str, at: dt.datetime) -> int | None:
    """The period of thirty seconds whose code this is, at most one away from now; None for a wrong code."""
    now = int(at.timestamp()) // app_settings.TOTP_PERIOD
    reach = app_settings.TOTP_TOLERANCE
    found = None
    for counter in range(now - reach, now + reach + 1):
        expected = auth.format_hotp_value(auth.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected):
            found = counter
    return found


def code_at(secret: str, at: dt.datetime) -> str:
    """The code that an app shows at a moment."""
    counter = int(at.timestamp()) // app_settings.TOTP_PERIOD
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def seal(secret: str, user: User) -> str:
    """A seed for the form that enrols it: nobody else's form takes it, and none after half an hour."""
    return ciphers.encrypt(f"{user.pk} {secret}")


def unseal(told: str, user: User) -> str:
    """The seed again. Raises `Unreadable` for somebody else's, an old or a made-up one."""
    whose, _space, secret = ciphers.decrypt(told, seconds=ENROL_MINUTES * 60).partition(" ")
    if whose != str(user.pk):
        raise ciphers.Unreadable("the form was made for somebody else")
    return secret


def picture(secret: str, user: User) -> str:
    """The QR code as the address of an image, which the page's policy lets in as `data:`."""
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def spelled(secret: str) -> str:
    """A seed as somebody types it: in groups of four letters."""
    return _grouped(secret)
