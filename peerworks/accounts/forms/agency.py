"""The form about the agency itself."""

import re
from collections.abc import Callable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.forms.people import StateField
from peerworks.lib.identifiers import (
    is_ein,
    is_npi,
    is_taxonomy,
    is_telephone,
    is_zip_plus_4,
    names_a_box,
)
from peerworks.web.forms import PwForm

#: What people write between the digits of a number.
_BETWEEN = re.compile(r"[\s().-]+")


class OnClaimsForm(PwForm):
    """What stands on every claim about the agency that bills: name, numbers, address, whom to call."""

    submit_label = _("Save")

    name = forms.CharField(label=_("Name of the agency"), max_length=60)
    ein = forms.CharField(
        label=_("Employer number (EIN)"), max_length=20, help_text=_("Nine digits: 12-3456789.")
    )
    npi = forms.CharField(
        label=_("NPI"),
        max_length=20,
        required=False,
        help_text=_(
            "Of the agency, not of a worker. Leave it empty where the payer gave a number instead."
        ),
    )
    taxonomy = forms.CharField(
        label=_("Taxonomy code"),
        max_length=10,
        required=False,
        help_text=_("As enrolled with the payer, such as 251S00000X."),
    )
    street = forms.CharField(
        label=_("Street"), max_length=55, help_text=_("Claims take no post-office box.")
    )
    city = forms.CharField(label=_("City"), max_length=30)
    state = StateField(label=_("State, two letters"))
    postal_code = forms.CharField(
        label=_("ZIP code (nine digits)"), max_length=20, help_text=_("Such as 78701-2345.")
    )
    contact_name = forms.CharField(label=_("Billing contact"), max_length=60)
    contact_phone = forms.CharField(label=_("Telephone of the contact"), max_length=20)

    def make_helper(self) -> FormHelper:
        """Three parts: who, where, whom the payer calls."""
        helper = super().make_helper()
        helper.layout = Layout(
            Fieldset(_("The agency"), "name", "ein", "npi", "taxonomy"),
            Fieldset(_("Address"), "street", "city", "state", "postal_code"),
            Fieldset(_("Whom the payer calls"), "contact_name", "contact_phone"),
        )
        return helper

    def clean_ein(self) -> str:
        """Nine digits, whatever stands between them."""
        return self._number("ein", is_ein, _("Enter the nine digits of the EIN."))

    def clean_npi(self) -> str:
        """Ten digits with the right check digit, or nothing."""
        return self._number(
            "npi",
            is_npi,
            _(
                "This is no NPI: it has ten digits, and the last one checks the others. Copy it once more."
            ),
        )

    def clean_taxonomy(self) -> str:
        """In capitals."""
        code = str(self.cleaned_data["taxonomy"]).upper()
        if code and not is_taxonomy(code):
            raise forms.ValidationError(
                _("A taxonomy code has ten characters, such as 251S00000X.")
            )
        return code

    def clean_street(self) -> str:
        """No post-office box: a claim with one as the address of who bills is refused (837P, loop 2010AA, N3)."""
        street = str(self.cleaned_data["street"])
        if names_a_box(street):
            raise forms.ValidationError(_("Enter a street. Claims take no post-office box."))
        return street

    def clean_postal_code(self) -> str:
        """Nine digits: the address of who bills takes no shorter one (837P, loop 2010AA, N403)."""
        return self._number(
            "postal_code", is_zip_plus_4, _("Enter all nine digits of the ZIP code.")
        )

    def clean_contact_phone(self) -> str:
        """Ten digits, whatever stands between them."""
        return self._number(
            "contact_phone", is_telephone, _("Enter the ten digits of a telephone number.")
        )

    def _number(self, name: str, is_right: Callable[[str], object], otherwise: Any) -> str:
        """What was typed without its spaces and dashes; an empty one that may be empty is right."""
        number = _BETWEEN.sub("", str(self.cleaned_data[name]))
        if number and not is_right(number):
            raise forms.ValidationError(otherwise)
        return number
