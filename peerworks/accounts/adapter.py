"""Our answers to what allauth asks."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are invited by their agency."""

    def is_open_for_signup(self, request):
        """Never open."""
        return False
