"""The forms of the second factor, and of when members are signed out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peerworks.web.forms import PwForm


def code_field() -> forms.CharField:
    """A code as apps show it, or a recovery code; spaces are welcome."""
    given = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=given))


class CodeForm(PwForm):
    """The second factor: at sign-in, and where a page asks for it once more."""

    submit_label = _("Go on")
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    code = code_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _(
            "The six digits that your app shows now. Or one of your recovery codes."
        )


class EnrolForm(PwForm):
    """The first code of an app, which proves that it has the seed; the seed comes along encrypted."""

    submit_label = _("Set it up")
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    sealed = forms.CharField(widget=forms.HiddenInput)
    code = code_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The six digits that the app shows for PeerWorks.")


class IdleForm(PwForm):
    """After how many minutes without an action members are signed out."""

    minutes = forms.IntegerField(label=_("Minutes without an action"), min_value=5, max_value=30)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        told = _("Sign-out comes after 5 to 30 minutes.")
        self.fields["minutes"].error_messages |= {
            "invalid": told,
            "min_value": told,
            "max_value": told,
        }
