"""The forms of supervision: a session, an assignment, a proof."""

from typing import Any, cast

from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peerworks.agencies.models import Program
from peerworks.lib.periods import SkippedTime, moment_of
from peerworks.participants.records import skipped_time
from peerworks.web import reasons
from peerworks.web.forms import ChipChoice, ChipChoices, DateInput, PwForm, TimeInput
from providers.models import Provider
from supervision.models import Qualification, Session, Topic

ACTIONS = (1, 2, 3)
OWNERS = [("SUPERVISEE", _("The person supervised")), ("SUPERVISOR", _("The supervisor"))]
ONE_TO_ONE = [each for each in Session.Format.choices if each[0] != Session.Format.GROUP]


class NamedChoice(forms.ModelChoiceField):
    """A worker or a program, by name."""

    def label_from_instance(self, obj: Provider | Program) -> str:
        """The name as lists show it."""
        return obj.name


def offer(form: forms.Form, name: str, rows: QuerySet) -> None:
    """Say what a field offers: the rows that this member may choose from."""
    cast(NamedChoice, form.fields[name]).queryset = rows


class SessionForm(PwForm):
    """An individual session: with whom, when, how, about what, and what was agreed.

    `cleaned_data` holds `starts_at` and `ends_at` as well, the moments of these times at the program's
    site, and `agreed`: (text, whether the supervisor does it, due day) for each action.
    """

    submit_label = _("Save, then sign")
    form_id = "session"

    supervisee = NamedChoice(
        label=_("Who"), queryset=Provider.objects.none(), empty_label=_("Choose")
    )
    program = NamedChoice(
        label=_("Program"),
        queryset=Program.objects.none(),
        empty_label=_("Choose"),
        help_text=_("The program that the time belongs to."),
    )
    day = forms.DateField(label=_("Date"), widget=DateInput())
    start = forms.TimeField(label=_("From"), widget=TimeInput())
    end = forms.TimeField(label=_("Until"), widget=TimeInput())
    mode = forms.ChoiceField(
        label=_("How you met"), choices=Session.Mode.choices, widget=ChipChoice
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=ONE_TO_ONE, widget=ChipChoice, initial="INDIVIDUAL"
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=Topic.choices, widget=ChipChoices, required=False
    )
    shared_notes = forms.CharField(
        label=_("What you talked about"),
        widget=forms.Textarea,
        required=False,
        max_length=10000,
        help_text=_("Both of you can read this. Leave out anybody's own health."),
    )

    def __init__(self, *args, workers, programs, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "supervisee", workers)
        offer(self, "program", programs)
        if len(programs) == 1:
            self.fields["program"].initial = programs[0].pk

    def make_helper(self):
        """The parts of the form in order, times beside each other."""
        for number in ACTIONS:
            self._add_action(number)
        helper = super().make_helper()
        rows = [
            Div(
                f"action_{number}",
                Div(f"owner_{number}", f"due_{number}", css_class="side-by-side"),
            )
            for number in ACTIONS
        ]
        helper.layout = Layout(
            Div("supervisee", "program", css_class="side-by-side"),
            Div("day", "start", "end", css_class="side-by-side"),
            "mode",
            "format",
            "topics",
            "shared_notes",
            Fieldset(_("What you agreed"), *rows),
        )
        return helper

    def _add_action(self, number):
        self.fields[f"action_{number}"] = forms.CharField(
            label=_("Action"), max_length=300, required=False
        )
        self.fields[f"owner_{number}"] = forms.ChoiceField(
            label=_("Who does it"), choices=OWNERS, initial="SUPERVISEE"
        )
        self.fields[f"due_{number}"] = forms.DateField(
            label=_("By when"), widget=DateInput(), required=False
        )

    def clean(self):
        """Times as moments; actions as rows."""
        given = super().clean() or self.cleaned_data
        if {"program", "day", "start", "end"} <= given.keys():
            if given["end"] <= given["start"]:
                self.add_error("end", _("The end must come after the beginning."))
            zone = given["program"].site.time_zone
            for name, moment in (("start", "starts_at"), ("end", "ends_at")):
                self._put_moment(name, moment, zone)
        given["agreed"] = [
            (text, given.get(f"owner_{number}") == "SUPERVISOR", given.get(f"due_{number}"))
            for number in ACTIONS
            if (text := given.get(f"action_{number}"))
        ]
        return given

    def _put_moment(self, name, moment, zone):
        """The moment of a time at the site; one that the clocks skipped is refused at its field."""
        given = self.cleaned_data
        if name not in given:
            return
        try:
            given[moment] = moment_of(given["day"], given[name], zone)
        except SkippedTime as skipped:
            because = skipped_time(skipped.day, skipped.time)
            self.add_error(name, reasons.sentence(because))

    @property
    def told(self):
        """What the operations take of it."""
        names = ("program", "starts_at", "ends_at", "mode", "format", "topics", "shared_notes")
        return {name: self.cleaned_data[name] for name in names}


class ChangeSessionForm(SessionForm):
    """The same for a session that is logged: who took part and what was agreed stay."""

    submit_label = _("Save the correction")

    def make_helper(self):
        """Without the person and the actions."""
        del self.fields["supervisee"]
        helper = PwForm.make_helper(self)
        helper.layout = Layout(
            "program",
            Div("day", "start", "end", css_class="side-by-side"),
            "mode",
            "format",
            "topics",
            "shared_notes",
        )
        return helper

    def __init__(self, *args, programs, **kwargs):
        PwForm.__init__(self, *args, **kwargs)
        offer(self, "program", programs)


class SignForm(PwForm):
    """The supervisee's own words, kept for later or signed."""

    submit_label = ""

    own_words = forms.CharField(
        label=_("In your own words"),
        widget=forms.Textarea,
        required=False,
        max_length=10000,
        help_text=_("What you take from it, or see differently. Your supervisor can read it."),
    )

    def make_helper(self):
        """Two ways: sign, or keep the words for later."""
        helper = super().make_helper()
        helper.add_input(Submit("sign", _("Sign the session"), css_class="btn-pw"))
        helper.add_input(Submit("later", _("Save my words for later"), css_class="btn-quiet"))
        return helper


class AssignmentForm(PwForm):
    """Who supervises a worker, from a day on."""

    submit_label = _("Assign")

    provider = NamedChoice(
        label=_("Worker"), queryset=Provider.objects.none(), empty_label=_("Choose")
    )
    supervisor = NamedChoice(
        label=pgettext_lazy("before a name", "Supervisor"),
        queryset=Provider.objects.none(),
        empty_label=_("Choose"),
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    is_primary = forms.BooleanField(
        label=_("Answers for the worker (primary)"), required=False, initial=True
    )
    replaces = forms.BooleanField(
        label=_("End the present primary assignment on the day before"), required=False
    )
    delegate = NamedChoice(
        label=_("Delegate"),
        queryset=Provider.objects.none(),
        empty_label=_("Nobody"),
        required=False,
        help_text=_("May log and co-sign in the supervisor's place."),
    )

    def __init__(self, *args, workers, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("provider", "supervisor", "delegate"):
            offer(self, name, workers)


class LastDayForm(PwForm):
    """The last day on which something holds."""

    submit_label = _("End it")

    last_day = forms.DateField(label=_("Last day"), widget=DateInput())


class DelegateForm(PwForm):
    """Who stands in for a supervisor."""

    delegate = NamedChoice(
        label=_("Delegate"),
        queryset=Provider.objects.none(),
        empty_label=_("Nobody"),
        required=False,
        help_text=_("May log and co-sign in the supervisor's place."),
    )

    def __init__(self, *args, workers, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "delegate", workers)


class QualificationForm(PwForm):
    """One thing that a supervisor rule may ask; `asked` are those of the agency's programs (key, words)."""

    submit_label = _("Record the proof")

    proof = forms.ChoiceField(
        label=_("What is shown"),
        widget=ChipChoice,
        help_text=_(
            "What the rules of your programs can ask of a supervisor. One of several ways may do."
        ),
    )
    starts_on = forms.DateField(label=_("From"), widget=DateInput())
    last_day = forms.DateField(
        label=_("Through"),
        widget=DateInput(),
        required=False,
        help_text=_("Only where it has an end."),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        widget=forms.Textarea,
        max_length=2000,
        help_text=_("What was seen, and where it is kept."),
    )

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["proof"].choices = asked

    def clean(self):
        """Say of the proof what it is and, of a certification, license or training, which."""
        data = super().clean() or {}
        kind, _colon, what = data.pop("proof", "").partition(":")
        data["atom"] = kind.upper()
        data["key"] = what if data["atom"] in Qualification.NAMED else ""
        return data
