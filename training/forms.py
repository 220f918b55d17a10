"""The forms of courses and completions."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from peerworks.web.forms import DateInput, PwForm
from providers.models import Provider


class CourseForm(PwForm):
    """A course and what completes it."""

    submit_label = _("Add the course")

    key = forms.SlugField(
        label=_("Key"),
        max_length=60,
        help_text=_("The word that rule packs use, such as wham or wrap-seminar-1."),
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=160)
    curriculum = forms.CharField(
        label=_("Edition of the material"), max_length=60, required=False, empty_value=""
    )
    hours = forms.DecimalField(
        label=_("Hours"), min_value=0.25, max_value=999, decimal_places=2, max_digits=5
    )
    minimum_meetings = forms.IntegerField(
        label=_("Meetings that complete it"), min_value=0, max_value=365, initial=1
    )
    minimum_minutes = forms.IntegerField(
        label=_("Minutes that complete it"), min_value=0, max_value=30000, initial=0
    )


class ProviderChoiceField(forms.ModelChoiceField):
    """A worker, by name."""

    def label_from_instance(self, obj: Provider) -> str:
        """The name as papers have it."""
        return obj.name


class CompletionForm(PwForm):
    """That somebody has completed a course."""

    submit_label = _("Record the completion")

    provider = ProviderChoiceField(
        label=_("Who"), queryset=Provider.objects.none(), empty_label=_("Choose")
    )
    completed_on = forms.DateField(label=_("Completed on"), widget=DateInput())
    valid_through = forms.DateField(
        label=_("Valid through"),
        widget=DateInput(),
        required=False,
        help_text=_("Only where the certificate says so."),
    )
    hours = forms.DecimalField(
        label=_("Hours"), min_value=0.25, max_value=999, decimal_places=2, max_digits=5
    )
    certificate_number = forms.CharField(label=_("Certificate number"), max_length=40)

    def __init__(self, *args, workers, **kwargs):
        super().__init__(*args, **kwargs)
        cast(ProviderChoiceField, self.fields["provider"]).queryset = workers
