"""The forms that ask the audit trail: shape alone, in the shell's own markup."""

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peerworks.accounts import auditing
from peerworks.accounts.models import Membership
from peerworks.audit.history import SORTS
from peerworks.audit.models import AuditEvent
from peerworks.web.forms import DateInput, PwForm, check_year

SORTED = {
    "when": _("When"),
    "who": pgettext_lazy("did something", "Who"),
    "what": _("What"),
    "about": _("About"),
    "from": _("From"),
}


class ActorChoice(forms.ModelChoiceField):
    """A member of the agency, called by name; also one who has left."""

    def label_from_instance(self, obj: Membership) -> str:
        """The user's name."""
        return obj.user.name


class PeriodForm(forms.Form):
    """The days of a list. Sent by GET: a period names nobody."""

    since = forms.DateField(label=_("From the day"), widget=DateInput(), required=False)
    until = forms.DateField(label=_("Through the day"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["since"].validators.append(check_year)
        self.fields["until"].validators.append(check_year)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_class = "filter no-print"
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Submit("", _("Show"), css_class="btn-quiet"))

    def clean(self) -> dict[str, Any]:
        """The last day does not come before the first."""
        told = super().clean() or {}
        check_period(told.get("since"), told.get("until"))
        return told


class EventsForm(PwForm):
    """Which events of the trail; sent by POST, so that nobody's name stands in an address."""

    submit_label = _("Show")

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *AuditEvent.Kind.choices], required=False
    )
    actor = ActorChoice(
        label=_("Who did it"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Everybody"),
    )
    person = forms.CharField(
        label=_("Participant"),
        max_length=60,
        required=False,
        help_text=_("Name or record number."),
    )
    record = forms.ChoiceField(label=_("Kind of record"), required=False)
    since = forms.DateField(label=_("From the day"), widget=DateInput(), required=False)
    until = forms.DateField(label=_("Through the day"), widget=DateInput(), required=False)
    sort = forms.ChoiceField(
        label=_("Sorted by"), choices=[(each, SORTED[each]) for each in SORTS], required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        members = Membership.objects.select_related("user").order_by("user__name", "pk")
        fields["actor"].queryset = members
        fields["record"].choices = [("", _("All records")), *auditing.kinds_of_records()]
        self.helper.form_class = "filter"

    def clean(self) -> dict[str, Any]:
        """The last day does not come before the first."""
        told = super().clean() or {}
        check_period(told.get("since"), told.get("until"))
        return told


def check_period(since: dt.date | None, until: dt.date | None) -> None:
    """Refuse a period that ends before it begins. Raises `ValidationError`."""
    if since and until and until < since:
        raise forms.ValidationError(_("The last day comes before the first day."))
