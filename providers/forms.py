"""The forms of this app. They check shape and cross-field sense; operations decide."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.models import Membership
from peerworks.agencies.models import Program
from peerworks.files.fields import AsksAgain, FilesField
from peerworks.web.forms import ChipChoice, ChipChoices, DateInput, PwForm, SearchInput
from providers import queries
from providers.models import CredentialKind, Employment, Provider, Stage, Verification
from providers.models.provider import valid_npi

_ENTERED_STAGES = (Stage.TRAINEE, Stage.PROVISIONAL, Stage.INITIAL, Stage.FULL)


class ProgramChoice(forms.ModelChoiceField):
    """A program with its site, so that two of one name differ."""

    def label_from_instance(self, obj):
        """Name and site."""
        return f"{obj.name}, {obj.site.name}"


class ProgramChoices(forms.ModelMultipleChoiceField):
    """Several programs."""

    def label_from_instance(self, obj):
        """Name and site."""
        return f"{obj.name}, {obj.site.name}"


class MemberChoice(forms.ModelChoiceField):
    """A member who signs in, by name and address."""

    def label_from_instance(self, obj):
        """Name and address."""
        return f"{obj.user.name}, {obj.user.email}"


class KindChoice(forms.ModelChoiceField):
    """A kind of certification, by its name in the reader's language."""

    def label_from_instance(self, obj):
        """The name in the reader's language."""
        return queries.kind_label(obj)


_MAY_SIGN_IN = _(
    "Members of your agency who have no file yet. Who is invited stands here after joining."
)


def _programs():
    return Program.objects.select_related("site").order_by("name", "pk")


def _offer(field: Any, **offered: Any) -> None:
    """Give a field what may be chosen: its `queryset` or its `choices`."""
    for name, value in offered.items():
        setattr(field, name, value)


class SearchForm(PwForm):
    """Looks for names. Sent by POST: nothing about a person stands in an address."""

    submit_label = _("Search")

    text = forms.CharField(
        label=_("Name"), max_length=95, required=False, strip=True, widget=SearchInput()
    )


class ContactForm(PwForm):
    """How a worker is addressed and reached."""

    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=ChipChoices,
        required=False,
        help_text=_("Languages in which this person serves people."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class PersonForm(ContactForm):
    """A person who joins the staff: who, as what, since when and where."""

    submit_label = _("Add the person")

    given_name = forms.CharField(label=_("Given name"), max_length=35)
    family_name = forms.CharField(label=_("Family name"), max_length=60)
    worker_class = forms.ChoiceField(
        label=_("Kind of worker"), choices=Provider.WorkerClass, widget=ChipChoice
    )
    title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    employment = forms.ChoiceField(
        label=_("Kind of employment"), choices=Employment.Kind, widget=ChipChoice
    )
    since = forms.DateField(label=_("First day"), widget=DateInput)
    programs = ProgramChoices(
        label=_("Programs"),
        queryset=Program.objects.none(),
        widget=ChipChoices,
        required=False,
        help_text=_("Where the person works. The program's rules say what they owe."),
    )
    npi = forms.CharField(
        label=_("NPI"),
        required=False,
        validators=[valid_npi],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Ten digits, for those who give services that are billed."),
    )
    member = MemberChoice(
        label=_("Signs in as"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        help_text=_MAY_SIGN_IN,
    )

    field_order = [
        *("given_name", "family_name", "pronouns", "worker_class", "title"),
        *("employment", "since", "programs", "member", "languages", "npi", "email", "phone"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["programs"], queryset=_programs())
        _offer(self.fields["member"], queryset=queries.members_without_file())


class LinkForm(PwForm):
    """As whom somebody signs in."""

    submit_label = _("Save")

    member = MemberChoice(
        label=_("Signs in as"),
        queryset=Membership.objects.none(),
        empty_label=_("Choose"),
        help_text=_MAY_SIGN_IN,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["member"], queryset=queries.members_without_file())


class EmploymentForm(PwForm):
    """An employment from a day on."""

    submit_label = _("Record the employment")

    kind = forms.ChoiceField(
        label=_("Kind of employment"), choices=Employment.Kind, widget=ChipChoice
    )
    since = forms.DateField(
        label=_("First day"),
        widget=DateInput,
        help_text=_("An employment that goes on ends on the day before."),
    )


class PlacementForm(PwForm):
    """A program from a day on."""

    submit_label = _("Record the placement")

    program = ProgramChoice(
        label=_("Program"), queryset=Program.objects.none(), empty_label=_("Choose")
    )
    since = forms.DateField(label=_("First day"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["program"], queryset=_programs())


class EndForm(PwForm):
    """The last day of what goes on."""

    submit_label = _("Record the end")

    last_day = forms.DateField(label=_("Last day"), widget=DateInput)


class CertificateForm(PwForm):
    """What stands on a certificate. `today` is the agency's local date."""

    submit_label = _("Save the certification")

    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[(each.value, each.label) for each in _ENTERED_STAGES],
        initial=Stage.FULL,
        widget=ChipChoice,
    )
    issued_on = forms.DateField(label=_("Issued on"), widget=DateInput)
    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=DateInput,
        required=False,
        help_text=_("Leave empty if that is the day of issue."),
    )
    expires_on = forms.DateField(
        label=_("Valid through"),
        widget=DateInput,
        required=False,
        help_text=_("The last valid day, as printed."),
    )
    never_ends = forms.BooleanField(label=_("It has no end"), required=False)
    endorsements = forms.MultipleChoiceField(
        label=_("Endorsements"),
        widget=ChipChoices,
        required=False,
        help_text=_(
            "Those that stand on the certificate. A service that asks for one is not billed without it."
        ),
    )
    states = forms.MultipleChoiceField(
        label=_("States where it is valid"), widget=ChipChoices, required=False
    )

    def __init__(
        self, *args: Any, today: dt.date, endorsements: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        states = [(each, each) for each in queries.states_of_agency()]
        _offer(self.fields["states"], choices=states)
        if endorsements:
            _offer(self.fields["endorsements"], choices=endorsements)
        else:
            del self.fields["endorsements"]

    def clean(self) -> dict[str, Any]:
        """The dates stand in order, and the end is known or there is none."""
        told = super().clean() or self.cleaned_data
        issued, last = told.get("issued_on"), told.get("expires_on")
        told["valid_from"] = told.get("valid_from") or issued
        if issued is not None and issued > self.today:
            self.add_error("issued_on", _("This day is in the future."))
        self._check_end(told, told["valid_from"], last)
        return told

    def _check_end(self, told: dict[str, Any], first: dt.date | None, last: dt.date | None) -> None:
        if "expires_on" in self.errors:
            return
        if last is None and not told.get("never_ends"):
            self.add_error("expires_on", _("Enter the last valid day, or say that it has no end."))
        elif last is not None and told.get("never_ends"):
            self.add_error("expires_on", _("Either a last valid day or no end: choose one."))
        elif first is not None and last is not None and last < first:
            self.add_error("expires_on", _("The last valid day comes before the first."))


class RenewalForm(AsksAgain, CertificateForm):
    """A certificate with its evidence."""

    evidence = FilesField(label=_("Evidence"), required=False)


class NewCertificateForm(RenewalForm):
    """A certificate of a kind that the holder has not yet."""

    kind = KindChoice(
        label=_("Certification"), queryset=CredentialKind.objects.none(), empty_label=_("Choose")
    )

    field_order = ["kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["kind"], queryset=queries.kinds_of_agency())

    def clean(self) -> dict[str, Any]:
        """Endorsements are those that the kind can carry."""
        told = super().clean()
        kind, chosen = told.get("kind"), set(told.get("endorsements") or ())
        if kind is not None and chosen:
            possible = queries.endorsements_of([kind], self.today)[kind.pk]
            if chosen - set(possible):
                self.add_error("endorsements", _("This certification has no such endorsement."))
        return told


class KindForm(PwForm):
    """One of the certifications that rule packs name. `offered` are `queries.NamedKind`."""

    submit_label = _("Keep track of it")

    kind = forms.ChoiceField(label=_("Certification"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, offered: list[queries.NamedKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["kind"], choices=[(each.code, each.label) for each in offered])


class EvidenceForm(AsksAgain, PwForm):
    """Files for a certificate that is entered."""

    submit_label = _("Upload")

    evidence = FilesField(label=_("Files"))


class WithdrawForm(PwForm):
    """Why a file is withdrawn."""

    submit_label = _("Withdraw the file")

    why = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("For instance: the wrong paper, or it cannot be read."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class VerifyForm(PwForm):
    """How a certificate was checked at its source. `today` is the agency's local date."""

    submit_label = _("Verify")

    method = forms.ChoiceField(
        label=_("How did you check it?"), choices=Verification.Method, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("The register, or who confirmed it."),
    )
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, assume_scheme="https"
    )
    checked_on = forms.DateField(label=_("Checked on"), widget=DateInput)
    registry_on = forms.DateField(
        label=_("End shown by the registry"),
        widget=DateInput,
        required=False,
        help_text=_("If it differs from the certificate, the earlier day counts."),
    )
    next_check_on = forms.DateField(
        label=_("To be checked again on"), widget=DateInput, required=False
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["checked_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """A check is not in the future, and the next one comes after it."""
        told = super().clean() or self.cleaned_data
        checked, following = told.get("checked_on"), told.get("next_check_on")
        if checked is not None and checked > self.today:
            self.add_error("checked_on", _("This day is in the future."))
        if checked is not None and following is not None and following <= checked:
            self.add_error("next_check_on", _("The next check comes after this one."))
        return told


class StopForm(PwForm):
    """A certificate that is suspended, or given up."""

    submit_label = _("Record it")

    stage = forms.ChoiceField(
        label=_("What happened?"),
        choices=[
            (Stage.SUSPENDED.value, _("The body suspended it")),
            (Stage.RETIRED.value, _("It was given up, or entered by mistake")),
        ],
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label=_("First day without it"),
        widget=DateInput,
        help_text=_("Of one entered by mistake: its first valid day."),
    )
