"""Who signs in, and whose a request is."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import UUIDField

from peerworks.accounts.models import User
from peerworks.agencies.postgres.questions import Given, Question

_USER = Question(lambda: User.objects.filter(pk=Given("user", UUIDField())))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own; the user of a request is asked for by a question that is planned once."""

    def get_user(self, user_id: UUID) -> User | None:
        """The user of a session; nobody where the account is gone or switched off."""
        found = _USER(user=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
