"""The forms of payers, rates, coverage and diagnoses."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Coverage, Diagnosis, Payer
from billing.models.payers import ICD_10, MODIFIERS
from billing.queries import payers as queries
from peerworks.agencies.models import FundingSource
from peerworks.rulepacks.queries import pack_choices
from peerworks.web.forms import ChipChoice, DateInput, PwForm


class PayerForm(PwForm):
    """Who pays, by which rules, and the ids of the trading-partner agreement."""

    submit_label = _("Add this payer")

    code = forms.RegexField(
        r"^[A-Z0-9]{2,12}$",
        label=_("Code"),
        max_length=12,
        help_text=_("Capitals and digits, like TXMCD."),
        error_messages={"invalid": _("Write the code in capitals and digits, like TXMCD.")},
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    pack = forms.ChoiceField(label=_("Rule pack"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Payer.Kind.choices)
    funding_source = forms.ModelChoiceField(
        label=_("Funding source"),
        queryset=FundingSource.objects.none(),
        empty_label=_("Choose"),
    )
    payer_id = forms.CharField(
        label=_("Payer id"),
        max_length=20,
        help_text=_("This and the next three stand in your agreement with the payer."),
    )
    submitter_id = forms.CharField(label=_("Submitter id"), max_length=15)
    receiver_id = forms.CharField(label=_("Receiver id"), max_length=15)
    receiver_name = forms.CharField(label=_("Receiver"), max_length=60)
    billing_number = forms.CharField(
        label=_("Our number with this payer"), max_length=30, required=False
    )
    rendering = forms.ChoiceField(
        label=_("Who is named on a claim"), choices=Payer.Rendering.choices
    )
    claim_kind = forms.ChoiceField(
        label=_("Kind of claim"),
        choices=Payer.ClaimKind.choices,
        initial=Payer.ClaimKind.CH,
        widget=ChipChoice,
    )
    part2_notice = forms.BooleanField(
        label=_("Claims carry the Part 2 notice"),
        required=False,
        help_text=_("For programs whose records fall under 42 CFR Part 2."),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["pack"].choices = pack_choices(on)
        fields["pack"].initial = queries.first_pack_of_programs()
        fields["part2_notice"].initial = queries.has_part2_program()
        fields["funding_source"].queryset = FundingSource.objects.order_by("name", "pk")


class RateForm(PwForm):
    """What one unit of a code pays, from a day on."""

    submit_label = _("Set the rate")

    code = forms.RegexField(
        r"^[A-Z0-9]{5}$",
        label=_("Code"),
        error_messages={"invalid": _("A code has five capitals or digits, like H0038.")},
    )
    modifiers = forms.CharField(
        label=_("Modifiers"),
        required=False,
        help_text=_("In their order, with spaces between: HF U4."),
    )
    amount = forms.DecimalField(
        label=_("Amount a unit, in dollars"), max_digits=10, decimal_places=2, min_value=0
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())

    def clean_modifiers(self) -> list[str]:
        """Two letters or digits each, at most four, each once."""
        given: list[str] = self.cleaned_data["modifiers"].upper().split()
        if any(not re.fullmatch(r"[A-Z0-9]{2}", each) for each in given):
            raise forms.ValidationError(_("A modifier has two letters or digits, like HF."))
        if len(given) > MODIFIERS or len(set(given)) < len(given):
            raise forms.ValidationError(_("A line has at most four modifiers, each once."))
        return given


class RatesForm(PwForm):
    """What one unit of each line of a rule pack pays, from a day on; a line may stay empty.

    `lines` are (code, modifiers with spaces between), each with a field of its own. So are `priced`,
    which got their rate while the form was filled in, and say so. `services` says what each line bills.
    """

    submit_label = _("Set these rates")

    starts_on = forms.DateField(label=_("From"), widget=DateInput())

    def __init__(
        self,
        *args: Any,
        lines: Sequence[tuple[str, str]],
        priced: Sequence[tuple[str, str]] = (),
        services: Mapping[tuple[str, str], str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {self.field_of(line): line for line in (*lines, *priced)}
        for name, line in self.lines.items():
            self.fields[name] = forms.DecimalField(
                label=" ".join(line).strip(),
                max_digits=10,
                decimal_places=2,
                min_value=Decimal("0.01"),
                required=False,
                help_text=_("It has a rate by now.") if line in priced else services.get(line, ""),
            )
        self._name_what_is_wrong()

    def clean(self) -> dict[str, Any]:
        """At least one amount."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and all(given.get(name) is None for name in self.lines):
            raise forms.ValidationError(_("Write the amount of at least one code."))
        return given

    @property
    def values(self) -> dict[str, Any]:
        """`starts_on`, and `amounts`: (code, modifiers, amount) of each line that has one."""
        given = self.cleaned_data
        amounts = [
            (code, modifiers.split(), given[name])
            for name, (code, modifiers) in self.lines.items()
            if given[name] is not None
        ]
        return {"starts_on": given["starts_on"], "amounts": amounts}

    @staticmethod
    def field_of(line: tuple[str, str]) -> str:
        """The name of a line's field: it stays the same when other lines get their rates meanwhile."""
        return "_".join(["amount", *" ".join(line).split()])


class CoverageForm(PwForm):
    """Who pays for a person, in which order, from when to when."""

    submit_label = _("Record the coverage")

    payer = forms.ModelChoiceField(label=_("Payer"), queryset=Payer.objects.none())
    member_id = forms.CharField(label=_("Member id on the card"), max_length=30)
    order = forms.ChoiceField(
        label=_("Pays"), choices=Coverage.Order.choices, initial="PRIMARY", widget=ChipChoice
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    last_day = forms.DateField(
        label=_("Last day"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave it empty while it goes on."),
    )
    checked_on = forms.DateField(
        label=_("Last checked with the payer"), widget=DateInput(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["payer"].queryset = Payer.objects.order_by("name", "pk")


class DiagnosisForm(PwForm):
    """A diagnosis by its code, as a claim writes it, and its family."""

    submit_label = _("Record the diagnosis")

    code = forms.CharField(
        label=_("ICD-10 code"), max_length=8, help_text=_("Like F11.20; the dot may be left out.")
    )
    family = forms.ChoiceField(
        label=_("Family"), choices=Diagnosis.Family.choices, widget=ChipChoice
    )
    rank = forms.IntegerField(
        label=_("Rank"),
        min_value=1,
        max_value=12,
        initial=1,
        help_text=_("1 is the principal diagnosis."),
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    last_day = forms.DateField(
        label=_("Last day"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave it empty while it goes on."),
    )

    def clean_code(self) -> str:
        """In capitals without the dot."""
        code: str = self.cleaned_data["code"].upper().replace(".", "").strip()
        if not re.fullmatch(ICD_10, code):
            raise forms.ValidationError(_("Write the code like F11.20 or F1120."))
        return code


class EndCoverageForm(PwForm):
    """The last day of a coverage."""

    submit_label = _("End it")

    last_day = forms.DateField(label=_("Last day"), widget=DateInput())
