"""Putting a notice off, and saying why it is not needed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from peerworks.notices.models import Notice
from peerworks.web.forms import ChipChoice, DateInput, PwForm


class PutOffForm(PwForm):
    """Until when a reminder stays out of the list."""

    submit_label = _("Put it off")

    until = forms.DateField(
        label=_("Show it again on"),
        help_text=_("A nearer reminder of the same comes all the same."),
        widget=DateInput,
    )


class NotNeededForm(PwForm):
    """Why a reminder asks for nothing."""

    submit_label = _("Take it out of my list")

    not_needed = forms.ChoiceField(
        label=_("Why it is not needed"), choices=Notice.NotNeeded.choices, widget=ChipChoice
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("Without names or health information."),
        max_length=200,
        required=False,
    )

    def clean(self):
        """Another reason is told in words."""
        super().clean()
        told = self.cleaned_data
        if told.get("not_needed") == Notice.NotNeeded.OTHER and not told.get("words"):
            self.add_error("words", _("Say in a few words why it is not needed."))
        return told
