"""Secrets of one machine: each made once, kept in a file that only its owner can read."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

OWNER_ONLY = 0o600


def secret_key() -> str:
    """A signing key for Django."""
    return secrets.token_urlsafe(50)


def field_key() -> str:
    """A key for encrypted fields: 32 random bytes in URL-safe base 64, as Fernet wants them."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def password() -> str:
    """A password of a database role; hexadecimal, so that it stands in a URL as it is."""
    return secrets.token_hex(24)


def kept(file: Path, make: Callable[[], str]) -> str:
    """What `file` holds; made first, if there is no such file.

    The file appears with its content and its mode, or not at all: an interrupted start leaves no
    empty key behind.
    """
    if not file.exists():
        write_private(file, make())
    return file.read_text().strip()


def write_private(file: Path, text: str) -> None:
    """Write exactly `text` to `file`, in one step and readable by its owner only."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w") as writer:
        writer.write(text)
    fresh.replace(file)
