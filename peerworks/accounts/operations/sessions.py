"""Ending sessions: the rows are deleted, so that the next request of each is nobody's."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from peerworks.accounts.models import User


def end_sessions(*, user: User, but: str = "") -> int:
    """End every session of a user but the one named by its key; answers how many.

    Part of the operation that asks for it, which writes the event. Whose a session is stands inside
    its data, so that all of them are read.
    """
    keys = [
        each.session_key
        for each in Session.objects.iterator()
        if each.session_key != but and each.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(pk__in=keys).delete()[0]
