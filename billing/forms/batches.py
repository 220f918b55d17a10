"""What is asked before a batch is built."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Payer
from billing.queries.worklist import payers_to_bill
from peerworks.web.forms import DateInput, PwForm


class BatchForm(PwForm):
    """Which payer, and service days up to which one."""

    submit_label = _("Show what would be billed")
    form_id = "batch"

    payer = forms.ModelChoiceField(
        label=_("Payer"), queryset=Payer.objects.none(), empty_label=_("Choose a payer")
    )
    through = forms.DateField(
        label=_("Service days through"),
        help_text=_("Visits up to and including this day are billed."),
        widget=DateInput,
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["payer"].queryset = payers_to_bill()  # type: ignore[attr-defined]
        self.fields["through"].initial = today

    def clean_through(self) -> dt.date:
        """Visits of days to come are not billed."""
        through: dt.date = self.cleaned_data["through"]
        if through > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return through
