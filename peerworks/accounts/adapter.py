"""Our answers to what allauth asks."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are invited by their agency."""

    def is_open_for_signup(self, request):
        """Never open."""
        return False

    def respond_user_inactive(self, request, user):
        """Somebody whose account was ended is told so on the sign-in page."""
        messages.error(
            request, _("This account cannot sign in. Ask an administrator of your agency.")
        )
        return redirect("account_login")
