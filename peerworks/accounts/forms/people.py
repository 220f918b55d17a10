"""The forms about people who sign in, in the shell's own markup."""

import datetime as dt
from typing import Any

from allauth.account.forms import LoginForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from peerworks.accounts import packs
from peerworks.accounts.models import Theme
from peerworks.accounts.roles import ROLES, RoleName
from peerworks.agencies.models import FundingSource
from peerworks.lib.addresses import NoAddress, plain_address
from peerworks.lib.passphrases import LONGEST
from peerworks.web.forms import ChipChoice, PwForm, SearchInput

PASSWORD_FIELDS = {
    "PASSWORD-SHORT": "password",
    "PASSWORD-LONG": "password",
    "PASSWORD-REPEATED": "password",
    "PASSWORD-COMMON": "password",
    "PASSWORD-OWN": "password",
    "PASSWORD-CURRENT": "current",
    "CODE-TOO-MANY": "current",
}
"""At which field the refusal of a password is shown."""

NONE_YET = ("", _("Choose one"))
TIME_ZONES = (
    NONE_YET,
    ("America/New_York", _("Eastern (New York)")),
    ("America/Detroit", _("Eastern (Detroit)")),
    ("America/Indiana/Indianapolis", _("Eastern (Indianapolis)")),
    ("America/Chicago", _("Central (Chicago)")),
    ("America/Denver", _("Mountain (Denver)")),
    ("America/Boise", _("Mountain (Boise)")),
    ("America/Phoenix", _("Mountain, no daylight saving (Phoenix)")),
    ("America/Los_Angeles", _("Pacific (Los Angeles)")),
    ("America/Anchorage", _("Alaska (Anchorage)")),
    ("Pacific/Honolulu", _("Hawaii (Honolulu)")),
    ("America/Puerto_Rico", _("Atlantic (Puerto Rico)")),
    ("Pacific/Guam", _("Chamorro (Guam)")),
)
STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA GU HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA VI WA WV WI WY AS MP".split()
)


class SignInForm(LoginForm):
    """Address and password; password managers and paste are welcome."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].label = _("Password")
        self.helper = FormHelper()
        self.helper.form_class = "form-pw"
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("", _("Sign in"), css_class="btn-pw"))


class AddressField(forms.EmailField):
    """An e-mail address, in the one spelling in which it is stored."""

    default_error_messages = {
        "invalid": _("Write an e-mail address in plain letters, such as name@example.com.")
    }

    def to_python(self, value: Any) -> str:
        """Fold capitals, full-width letters and the like; what is no address is refused in words."""
        text = super().to_python(value) or ""
        try:
            return plain_address(text) if text else ""
        except NoAddress:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class StateField(forms.CharField):
    """The abbreviation of a state or territory, in capitals."""

    default_error_messages = {"invalid": _("Write the two letters of a state.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2, **kwargs)

    def to_python(self, value: Any) -> str:
        """In capitals; letters that are no state are refused in words."""
        state = (super().to_python(value) or "").upper()
        if state and state not in STATES:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return state


class PasswordField(forms.CharField):
    """A password as it was typed: spaces at its ends and every sign are kept."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=LONGEST * 4, widget=widget, **kwargs)


def role_choices() -> list[tuple[str, str]]:
    """The seven roles, each with its sentence."""
    return [(name.value, f"{name.label} – {ROLES[name].sentence}") for name in RoleName]


class RolesForm(PwForm):
    """Which roles a member has; several add up."""

    submit_label = _("Change the roles")

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several roles add up. Give each person what their work needs, and no more."),
    )


class InviteForm(PwForm):
    """Whom to invite, as what, and in which language to write."""

    submit_label = _("Send the invitation")

    email = AddressField(
        label=_("E-mail address"),
        help_text=_("The person signs in with it, and chooses their own name and password."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the e-mail"),
        choices=settings.LANGUAGES,
        widget=ChipChoice,
        initial="en",
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several roles add up. Give each person what their work needs, and no more."),
    )

    def __init__(self, *args: Any, mail_leaves: bool = True, **kwargs: Any) -> None:
        if not mail_leaves:
            self.submit_label = _("Make the invitation")
        super().__init__(*args, **kwargs)


class FindMemberForm(PwForm):
    """Looks for members. Sent by POST: nothing about a person stands in an address."""

    submit_label = _("Find")

    words = forms.CharField(label=_("Name or address"), max_length=120, widget=SearchInput())


class NewPasswordForm(PwForm):
    """A new password, twice: a slip of the finger would else lock its owner out."""

    submit_label = _("Set the password")

    password = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=_(
            "15 characters or more: a few words in a row do well. Spaces and all signs are welcome."
        ),
    )
    again = PasswordField(label=_("The same password again"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        cleaned = super().clean() or self.cleaned_data
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("This differs from the password above."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What an operation is given: the password once."""
        return {name: value for name, value in super().values.items() if name != "again"}


class JoinForm(NewPasswordForm):
    """The account of somebody who was invited."""

    submit_label = _("Make my account")
    field_order = ("name", "password", "again")

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As your colleagues see it, and as it stands under what you sign."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class AcceptForm(PwForm):
    """One button: join with the account that is signed in."""

    submit_label = _("Join the agency")


class ChangePasswordForm(NewPasswordForm):
    """One's own password, by who knows the old one."""

    submit_label = _("Change the password")
    field_order = ("current", "password", "again")

    current = PasswordField(label=_("Your current password"), autocomplete="current-password")


class AskResetForm(PwForm):
    """Where to send a link for a new password."""

    submit_label = _("Send the link")

    email = AddressField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class AccountForm(PwForm):
    """What users say about themselves."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_(
            "As your colleagues see it. What you signed keeps the name it was signed with."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    pronouns = forms.CharField(label=_("Pronouns"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=ChipChoice)
    theme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=Theme,
        widget=ChipChoice,
        help_text=_("How pages look on the screen. Paper is always light."),
    )
    has_shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        required=False,
        help_text=_(
            "Single keys that lead somewhere; Help lists them. They never act while you type."
        ),
    )


class SetupForm(NewPasswordForm):
    """The first agency of this installation, its first place and program, and who runs it."""

    submit_label = _("Set up the agency")

    name = forms.CharField(label=_("Name of the agency"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        required=False,
        help_text=_(
            "For commands and files: lowercase letters, digits and hyphens. Leave it empty to have it made from the name."
        ),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=TIME_ZONES)
    site = forms.CharField(
        label=_("First site"),
        max_length=120,
        help_text=_("A house or office that people work from."),
    )
    state = StateField(
        label=_("State of the site"),
        help_text=_("Two letters, as on an envelope: TX."),
    )
    program = forms.CharField(label=_("First program"), max_length=120)
    pack = forms.ChoiceField(
        label=_("Rules of the program"),
        help_text=_("The state and payer whose rules its workers follow."),
    )
    is_part2 = forms.BooleanField(
        label=_("The program keeps substance use records under 42 CFR Part 2"), required=False
    )
    funding = forms.ChoiceField(
        label=_("Who pays for most of the work"),
        choices=FundingSource.Kind,
        initial=FundingSource.Kind.MEDICAID_FFS,
    )
    person = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_packs = bool(packs.in_force(on))
        field: Any = self.fields["pack"]
        field.choices = [NONE_YET, *packs.in_force(on)]

    def make_helper(self) -> FormHelper:
        """Three parts: the agency, its first place and program, the reader."""
        helper = super().make_helper()
        helper.layout = Layout(
            Fieldset(_("The agency"), "name", "slug", "time_zone"),
            Fieldset(
                _("Its first site and program"),
                *("site", "state", "program", "pack", "is_part2", "funding"),
            ),
            Fieldset(_("You, its first administrator"), "person", "email", "password", "again"),
        )
        return helper

    def clean(self) -> dict[str, Any]:
        """A short name is made where none is given."""
        cleaned = super().clean()
        cleaned["slug"] = cleaned.get("slug") or slugify(cleaned.get("name", ""))[:40] or "agency"
        return cleaned
