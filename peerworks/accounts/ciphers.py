"""Texts that the database must not tell: encrypted under `FIELD_KEYS`, newest first.

The newest key encrypts; all of them decrypt, so that a key is changed by putting a new one in front
and taken away when nothing is left under it. A text that no key opens is an error, never a text.
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Unreadable(Exception):
    """No key of this server opens the text: it was changed, is too old, or a key is missing."""


def encrypt(text: str) -> str:
    """The text under the newest key."""
    return _keys(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(told: str, *, seconds: int | None = None) -> str:
    """The text again, if a key opens it and it is not older than `seconds`. Raises `Unreadable`."""
    try:
        return _keys(tuple(settings.FIELD_KEYS)).decrypt(told.encode(), ttl=seconds).decode()
    except (InvalidToken, UnicodeError):
        raise Unreadable("no key of FIELD_KEYS opens it") from None


@lru_cache(maxsize=4)
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(each.strip()) for each in keys])
    except ValueError:
        raise ImproperlyConfigured(
            "FIELD_KEYS holds no key, or one that is none: give 32 random bytes in URL-safe base 64, "
            "several with commas between them, newest first."
        ) from None
