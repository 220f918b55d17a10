"""Secrets that are sent to somebody: made by the system's generator, kept as a hash only."""

import hashlib
import secrets


def new_token() -> str:
    """256 bits as 43 signs that stand in an address unchanged (AU-8)."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored and looked up. Plain SHA-256: nobody guesses 256 bits, so slowness adds nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
