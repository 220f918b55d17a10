"""Our answers to what allauth asks."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from peerworks.accounts import ciphers, limits
from peerworks.accounts.arrival import device_token
from peerworks.accounts.models import KnownDevice, User
from peerworks.accounts.operations import keep

LIMITED = "limited"
"""The code of the error of a sign-in that was not tried; its answer is a 429."""
PROVED = "proved"
"""Which password a sign-in began with: with another one it does not go on to the second factor."""


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves, and a sign-in is counted before its password is looked at."""

    def is_open_for_signup(self, request):
        """Never open: people are invited by their agency."""
        return False

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Nothing: our pages say it themselves, and a browser that signed out is left without a session."""

    def is_safe_url(self, url):
        """Whether a sign-in may lead there; what is no address at all is no fault of ours."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def respond_user_inactive(self, request, user):
        """Somebody whose account was ended is told so on the sign-in page."""
        messages.error(
            request, _("This account cannot sign in. Ask an administrator of your agency.")
        )
        return redirect("account_login")

    def pre_authenticate(self, request, **credentials):
        """Count the try. Raises the error of a form, the same for known and unknown addresses."""
        address = str(credentials.get("email") or "").lower()
        user = User.objects.filter(email=address).first()
        self.counted_under = limits.sign_in_limits(
            address,
            password=user.password if user else "",
            device=_known_mark(request, user),
            network=get_ip(request),
        )
        counted = limits.count(*self.counted_under)
        if counted.is_free:
            return
        if counted.is_first_refusal and user is not None:
            request.afterwards.append(lambda: keep("signin.stopped", user))
        raise ValidationError(_sentence(counted), code=LIMITED)

    def authenticate(self, request, **credentials):
        """A right password gives its try back."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            limits.forgive(*self.counted_under)
            request.session[PROVED] = user.get_session_auth_hash()
        return user


def _known_mark(request, user):
    mark = limits.device_mark(device_token(request))
    if user is None or not mark:
        return ""
    return mark if KnownDevice.objects.filter(user=user, token_hash=mark).exists() else ""


def _sentence(counted):
    if counted.is_used_up:
        return _(
            "A hundred wrong passwords were tried in a row for this address. It needs a new password: "
            "ask for one, or ask an administrator of your agency."
        )
    return _(
        "There were too many tries to sign in. Wait fifteen minutes, or use a browser in which you "
        "have signed in before."
    )


class FactorAdapter(DefaultMFAAdapter):
    """Seeds of second factors and of recovery codes are stored encrypted."""

    def encrypt(self, text):
        """Under the newest of the field keys."""
        return ciphers.encrypt(text)

    def decrypt(self, encrypted_text):
        """Under any of them; raises `Unreadable`."""
        return ciphers.decrypt(encrypted_text)
