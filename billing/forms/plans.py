"""The forms of plans of care."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import PlanSignature
from billing.operations.plans import GivenGoal
from peerworks.agencies.models import Program
from peerworks.web.forms import ChipChoice, ChipChoices, DateInput, PwForm

ROWS_AT_FIRST = 3
ROWS_AT_MOST = 12
_PARTS = ("text", "measure", "starts_on", "target_on")


class PlanForm(PwForm):
    """What matters to the person, the services and the goals of a draft.

    Goals stand in numbered rows; empty rows are left out, and there are always two to spare. The
    program is asked only for a new plan.
    """

    submit_label = _("Save the draft")

    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none())
    summary = forms.CharField(
        label=_("What matters to the person"), widget=forms.Textarea, required=False
    )
    services = forms.MultipleChoiceField(
        label=_("Services that will help"), widget=ChipChoices, required=False
    )

    def __init__(
        self,
        *args: Any,
        services: Sequence[tuple[str, str]],
        programs: Any = None,
        goals: Sequence[GivenGoal] = (),
        **kwargs: Any,
    ) -> None:
        self._rows = self._rows_of(args[0] if args else None, goals)
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["services"].choices = services
        if programs is None:
            del self.fields["program"]
        else:
            fields["program"].queryset = programs
        self._add_rows(goals)
        self.helper.layout = self._layout()

    @staticmethod
    def _rows_of(data: Any, goals: Sequence[GivenGoal]) -> int:
        if data:
            sent = sum(f"goal_{number}_text" in data for number in range(1, ROWS_AT_MOST + 1))
            return max(sent, 1)
        return min(max(ROWS_AT_FIRST, len(goals) + 2), ROWS_AT_MOST)

    def _add_rows(self, goals: Sequence[GivenGoal]) -> None:
        for number in range(1, self._rows + 1):
            given = goals[number - 1] if number <= len(goals) else None
            for part, field in _goal_fields().items():
                field.initial = getattr(given, part) if given is not None else None
                self.fields[f"goal_{number}_{part}"] = field

    def _layout(self) -> Layout:
        first = [name for name in ("program", "summary", "services") if name in self.fields]
        rows = [self._row(number) for number in range(1, self._rows + 1)]
        return Layout("form_agency", "form_key", *first, *rows)

    def _row(self, number: int) -> Fieldset:
        name = f"goal_{number}"
        return Fieldset(
            gettext("Goal {number}").format(number=number),
            f"{name}_text",
            f"{name}_measure",
            Div(f"{name}_starts_on", f"{name}_target_on", css_class="side-by-side"),
        )

    def clean(self) -> dict[str, Any]:
        """A target day comes after its first day, and nothing stands beside an empty goal."""
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, self._rows + 1):
            text, measure, first, last = (self._given(number, part) for part in _PARTS)
            if first and last and last < first:
                late = _("The target day comes after the first day.")
                self.add_error(f"goal_{number}_target_on", late)
            if not text and (measure or first or last):
                self.add_error(f"goal_{number}_text", _("Write the goal in the person's words."))
        return cleaned

    def _given(self, number: int, part: str) -> Any:
        return self.cleaned_data.get(f"goal_{number}_{part}")

    @property
    def goals(self) -> list[GivenGoal]:
        """The goals that were written, in order."""
        rows = range(1, self._rows + 1)
        given = [[self._given(number, part) for part in _PARTS] for number in rows]
        return [GivenGoal(*each) for each in given if each[0]]

    @property
    def values(self) -> dict[str, Any]:
        """What the operations are given."""
        kept = {name: value for name, value in super().values.items() if "goal_" not in name}
        return {**kept, "goals": self.goals}


def _goal_fields() -> dict[str, forms.Field]:
    words = forms.Textarea(attrs={"rows": 2})
    return {
        "text": forms.CharField(
            label=_("In the person's words"), widget=words, required=False, max_length=2000
        ),
        "measure": forms.CharField(label=_("How we will know"), required=False, max_length=500),
        "starts_on": forms.DateField(label=_("From"), widget=DateInput(), required=False),
        "target_on": forms.DateField(label=_("By"), widget=DateInput(), required=False),
    }


class RenewForm(PwForm):
    """Why the next version of a plan is opened."""

    submit_label = _("Open a new version")

    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("For example: the yearly review.")
    )


class ActivateForm(PwForm):
    """The first day on which a version is in force."""

    submit_label = _("Put it into force")

    starts_on = forms.DateField(label=_("In force from"), widget=DateInput())


class SignForm(PwForm):
    """Who agrees to a plan, in which role; or that the participant chose not to sign."""

    submit_label = _("Record the signature")

    role = forms.ChoiceField(label=_("Signs as"), widget=ChipChoice)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_(
            "Of the licensed practitioner. Participants are named already, and you sign as yourself."
        ),
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=DateInput())
    declined = forms.BooleanField(label=_("The participant chose not to sign"), required=False)
    declined_reason = forms.CharField(
        label=_("Why, in their words"), max_length=200, required=False
    )

    def __init__(
        self, *args: Any, roles: Sequence[str], participant_name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.participant_name = participant_name
        fields: Any = self.fields
        named = dict(PlanSignature.Role.choices)
        fields["role"].choices = [(each, named[each]) for each in roles]

    def clean(self) -> dict[str, Any]:
        """Who chose not to sign is asked why; a reason without that tick says nothing."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("declined") and not cleaned.get("declined_reason"):
            self.add_error("declined_reason", _("Write why, in their words."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What the operation is given: the reason stands only where the tick does; participants are named as on record."""
        values = dict(super().values)
        if not values.pop("declined"):
            values["declined_reason"] = ""
        if values["role"] == PlanSignature.Role.PARTICIPANT:
            values["name"] = values["name"] or self.participant_name
        return values


def roles_to_offer(missing: Sequence[str]) -> list[str]:
    """The roles of the sign form: those that the pack asks for first, then the others."""
    return [*missing, *(each for each in PlanSignature.Role.values if each not in missing)]


def first_day(today: dt.date) -> dict[str, dt.date]:
    """What a form with a first day begins with."""
    return {"starts_on": today, "signed_on": today}
