"""What is sent to start a job."""

from django import forms

from peerworks.web.forms import PwForm


class StartForm(PwForm):
    """Which kind of job; the day is the agency's own."""

    kind = forms.CharField(max_length=120)
