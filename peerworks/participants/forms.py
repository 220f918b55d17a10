"""The forms about a person: shape and cross-field sense; they never save."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.participants import queries
from peerworks.participants.models import Consent, Participant, StatusPeriod
from peerworks.web.forms import ChipChoice, ChipChoices, DateInput, PwForm, SearchInput


class MemberChoice(forms.ModelChoiceField):
    """A member of the agency, called by name."""

    def label_from_instance(self, obj: Membership) -> str:
        """The user's name."""
        return obj.user.name


class MembersChoice(forms.ModelMultipleChoiceField):
    """Members of the agency, called by name."""

    def label_from_instance(self, obj: Membership) -> str:
        """The user's name."""
        return obj.user.name


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, as the browser's own field."""
    return forms.DateField(label=label, widget=DateInput(), **options)


class PersonForm(PwForm):
    """A person's own data."""

    record_number = forms.CharField(
        label=_("Record number"), max_length=20, help_text=_("The number in your own files.")
    )
    given_name = forms.CharField(label=_("Given name"), max_length=35)
    family_name = forms.CharField(label=_("Family name"), max_length=60)
    chosen_name = forms.CharField(label=_("Name the person goes by"), max_length=60, required=False)
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    born_on = day_field(_("Date of birth"))
    gender = forms.ChoiceField(
        label=_("Gender on claims"),
        choices=Participant.Gender.choices,
        widget=ChipChoice,
        help_text=_("Payers ask for it on a claim. Nothing else is made of it."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, initial="en", widget=ChipChoice
    )
    street = forms.CharField(label=_("Street"), max_length=55, required=False)
    city = forms.CharField(label=_("City"), max_length=30, required=False)
    state = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("State, two letters"),
        max_length=2,
        required=False,
        error_messages={"invalid": _("Write the state in two letters, like TX.")},
    )
    postal_code = forms.RegexField(
        r"^[0-9]{5}([0-9]{4})?$",
        label=_("ZIP code"),
        max_length=9,
        required=False,
        error_messages={"invalid": _("Write the ZIP code in five or nine digits.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_born_on(self) -> dt.date:
        """Nobody is born after today, nor more than 130 years ago."""
        born: dt.date = self.cleaned_data["born_on"]
        if not self.today.year - 130 <= born.year or born > self.today:
            raise forms.ValidationError(_("Check the date of birth."))
        return born

    def clean_state(self) -> str:
        """In capitals, as claims write it."""
        return self.cleaned_data["state"].upper()


class NewPersonForm(PersonForm):
    """A new person, with the program and the worker to begin with."""

    submit_label = _("Add this person")

    program = forms.ModelChoiceField(
        label=_("Program"), queryset=Program.objects.none(), required=False
    )
    worker = MemberChoice(
        label=_("Primary worker"),
        queryset=Membership.objects.none(),
        required=False,
        help_text=_("The record opens to this worker today."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["program"].queryset = Program.objects.order_by("name", "pk")
        fields["worker"].queryset = queries.workers()


class FindForm(PwForm):
    """Find people by name or record number; sent by POST, so that no name stands in an address."""

    submit_label = _("Find")

    words = forms.CharField(
        label=_("Name or record number"), max_length=60, required=False, widget=SearchInput()
    )


class EnrolmentForm(PwForm):
    """A program and the day from which the person is in it."""

    submit_label = _("Enroll")

    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none())
    starts_on = day_field(_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["program"].queryset = Program.objects.order_by("name", "pk")


class CareTeamForm(PwForm):
    """A worker, from when, and whether as the primary one."""

    submit_label = _("Add to the care team")

    member = MemberChoice(label=_("Worker"), queryset=Membership.objects.none())
    starts_on = day_field(_("From"))
    is_primary = forms.BooleanField(
        label=_("Primary worker"),
        required=False,
        help_text=_("Takes the place of the primary worker now, who stays on the team."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["member"].queryset = queries.workers()


class ConsentForm(PwForm):
    """A signed permission to share."""

    submit_label = _("Record the consent")

    purposes = forms.MultipleChoiceField(
        label=_("To share for"), choices=Consent.Purpose.choices, widget=ChipChoices
    )
    recipient = forms.CharField(
        label=_("Only with this payer"),
        max_length=30,
        required=False,
        help_text=_("The payer's code. Left empty, it holds for every recipient of the purpose."),
    )
    signed_on = day_field(_("Signed on"))
    starts_on = day_field(_("Holds from"))
    last_day = day_field(_("Holds until"), required=False)


class StatusForm(PwForm):
    """A time in which services may not be billable."""

    submit_label = _("Record the status")

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a participant", "Status"),
        choices=StatusPeriod.Kind.choices,
        widget=ChipChoice,
    )
    starts_on = day_field(_("From"))
    last_day = day_field(
        _("Last day"), required=False, help_text=_("Leave it empty while it goes on.")
    )


class LastDayForm(PwForm):
    """The last day of something that ends."""

    submit_label = _("End it")

    last_day = day_field(_("Last day"))


class SealForm(PwForm):
    """Who may open a sealed record, and why it is sealed."""

    submit_label = _("Seal this record")

    staff = MemberChoice(
        label=_("The person also works here as"),
        queryset=Membership.objects.none(),
        required=False,
    )
    listed = MembersChoice(
        label=_("Who may open the record"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Nobody else will know that the record exists. No role is on the list by itself."
        ),
    )
    reason = forms.CharField(label=_("Why these people"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        members = (
            Membership.objects.filter(is_active=True, is_service=False)
            .select_related("user")
            .order_by("user__name", "pk")
        )
        fields["staff"].queryset = members
        fields["listed"].queryset = members
