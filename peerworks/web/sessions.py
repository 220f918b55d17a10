"""Sessions in the database, found only by keys that we could have made."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own, but for what a made-up cookie says: a NUL in it would be an error of the database."""

    def __init__(self, session_key: str | None = None) -> None:
        is_a_key = bool(session_key and session_key.isascii() and session_key.isalnum())
        super().__init__(session_key if is_a_key else None)
