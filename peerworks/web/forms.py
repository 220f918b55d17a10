"""The base of all forms, and the words and marks that every form shares.

Forms are plain: they check shape and cross-field sense, and never save. Their markup is crispy's,
with our `templates/bootstrap5/field.html`: label above, hint under it, then errors, then the input;
what may be left empty is marked "(optional)"; the browser's own checks are off, so that errors are
the same words in the summary and beside the field.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.forms import BaseForm, BoundField
from django.forms.models import ModelChoiceIterator
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from peerworks.agencies.context import acting

AGENCY_FIELD = "form_agency"
KEY_FIELD = "form_key"
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
"""Between these lies every day that a form takes."""

_DJANGOS_REQUIRED = forms.Field.default_error_messages["required"]
_MISSING = _("“{label}” is missing.")
#: Django's words for these name no field, and stand in the summary without one.
_LIMITS = {
    "max_length": _(
        "“{label}” takes at most %(limit_value)d characters, and these are %(show_value)d."
    ),
    "min_value": _("“{label}” is at least %(limit_value)s."),
    "max_value": _("“{label}” is at most %(limit_value)s."),
}


def check_year(day: dt.date) -> None:
    """Refuse a day that is a slip of the keyboard: a browser's own date field sends the year 0026 too.

    At the ends of Python's calendar the day before or after cannot be computed, and one such row
    would break every page that lists it. Raises `ValidationError`.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError(_("Check the year of this day."))


class ChipChoice(forms.RadioSelect):
    """One of a few, as chips: real radio buttons that look like what they choose."""


class ChipChoices(forms.CheckboxSelectMultiple):
    """Some of a few, as chips: real checkboxes."""


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always ISO, whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class SearchInput(forms.TextInput):
    """The field of a page that one searches with: the key "/" leads to it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-key": "/", **(attrs or {})})


class TimeInput(forms.TimeInput):
    """The browser's own time field; its value is always ISO."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class RowChoices(ModelChoiceIterator):
    """The rows to choose from; where an answer is needed and there is one row, it is the answer already."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        rows = list(self.queryset)
        is_decided = self.field.required and len(rows) == 1
        if self.field.empty_label is not None and not is_decided:
            yield "", self.field.empty_label
        for row in rows:
            yield self.choice(row)


class PwForm(forms.Form):
    """The base of every form that changes something.

    Carries two hidden values. `form_agency` is the agency for which the form was made: where another one
    is active when it is sent, the middleware of `accounts` answers 409 before the view runs.
    `form_key` is made with the form and kept by the record it creates, so that a repeated submission
    answers with that record.

    Set `submit_label` to the words of the button, or to "" where the page has an action bar. With a
    form of several parts, override `make_helper` and give the helper a crispy layout.
    """

    submit_label: str | Promise = _("Save")
    form_id: str = ""

    form_agency = forms.CharField(widget=forms.HiddenInput, required=False)
    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("This form is incomplete. Reload the page and try again."),
            "invalid": _("This form is incomplete. Reload the page and try again."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields[AGENCY_FIELD].initial = acting.get().agency_id
        self.fields[KEY_FIELD].initial = uuid.uuid4
        self._name_what_is_wrong()
        self._decide_where_one_is_left()
        self.helper = self.make_helper()

    def _name_what_is_wrong(self) -> None:
        # Six times "This field is required." would make the summary useless.
        for field in self.fields.values():
            if field.label:
                for code, words in _LIMITS.items():
                    field.error_messages.setdefault(code, format_lazy(words, label=field.label))
            if field.error_messages.get("required") == _DJANGOS_REQUIRED and field.label:
                field.error_messages["required"] = format_lazy(_MISSING, label=field.label)

    def _decide_where_one_is_left(self) -> None:
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and _is_one_of_a_list(field.widget):
                field.iterator = RowChoices
                field.widget.choices = field.choices

    def full_clean(self) -> None:
        """Check the fields; those of days also for a year that can be meant."""
        for field in self.fields.values():
            if isinstance(field, forms.DateField) and check_year not in field.validators:
                field.validators.append(check_year)
        super().full_clean()

    def make_helper(self) -> FormHelper:
        """The crispy helper; a form with a layout of its own overrides this and adds to it."""
        helper = FormHelper()
        helper.form_method = "post"
        helper.form_class = "form-pw"
        if self.form_id:
            helper.form_id = self.form_id
        helper.attrs = {"novalidate": ""}
        helper.render_unmentioned_fields = True
        if self.submit_label:
            helper.add_input(Submit("", self.submit_label, css_class="btn-pw"))
        return helper

    def autosave(self, url: str, version: int | str) -> None:
        """Let autosave.js keep a draft at `url`, beginning from this version of it."""
        self.helper.attrs.update(
            {"data-autosave": url, "data-version": str(version), "data-unsaved": ""}
        )

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values without the two hidden ones: what an operation is given."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in (AGENCY_FIELD, KEY_FIELD)
        }


def _is_one_of_a_list(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.Select) and not widget.allow_multiple_selected


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the error summary; `anchor` is the id of the field, "" for the whole form."""

    message: str
    anchor: str


def problems_of(form: Any) -> list[Problem]:
    """The errors of a form in the order of its fields; the form's own errors first."""
    if not isinstance(form, BaseForm) or not form.is_bound:
        return []
    own = [Problem(str(message), "") for message in form.non_field_errors()]
    return own + [problem for field in form for problem in _problems_at(field)]


def _problems_at(field: BoundField) -> Iterator[Problem]:
    for message in field.errors:
        yield Problem(str(message), "" if field.is_hidden else anchor_of(field))


def anchor_of(field: BoundField) -> str:
    """The id that a link from the summary must name: of a group of choices, the first one."""
    if field.use_fieldset and field.auto_id:
        return field.subwidgets[0].id_for_label if field.subwidgets else field.auto_id
    return field.id_for_label
