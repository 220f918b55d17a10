"""Sessions in the database, found only by keys that we could have made."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own, but for what a made-up cookie says: a NUL in it would be an error of the database."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and len(key) <= 40) and bool(
            super()._validate_session_key(key)
        )
