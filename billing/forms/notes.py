"""The form of a service note, and the short forms beside it.

A draft keeps whatever is there, so the note's form is read leniently (`content`); what is missing to
sign is told by `policies.notes` and by the fields that a signature needs.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import NoteVersion
from billing.models.notes import DEDUCTED
from billing.queries import note_times
from billing.queries.notes import TEXT_PARTS, Content
from peerworks.agencies.models import Program
from peerworks.web.forms import ChipChoice, ChipChoices, DateInput, PwForm, TimeInput
from providers.models import RoleElement

FIELD_OF = MappingProxyType(
    {
        "NOTE-SERVICE": "service",
        "NOTE-START": "start",
        "NOTE-END": "end",
        "NOTE-BACKWARDS": "end",
        "NOTE-FUTURE": "end",
        "NOTE-MIDNIGHT": "end",
        "TIME-OVER": "start",
        "NOTE-PLACE": "place",
        "NOTE-PLACE-TEXT": "place_text",
        "NOTE-MODE": "mode",
        "NOTE-ROLE": "role_elements",
        "NOTE-PURPOSE": "purpose",
        "NOTE-DID": "what_we_did",
        "NOTE-RESPONSE": "response",
        "NOTE-NEXT": "next_step",
        "NOTE-SHORT": "what_we_did",
    }
)
"""At which field a refusal to sign is shown."""

_OFTEN = (
    "HOPE",
    "EMPOWERMENT",
    "COPING_SKILLS",
    "COMMUNITY_LINKS",
    "RECOVERY_PLANNING",
    "STRENGTHS",
)
ROLE_CHOICES = tuple(sorted(RoleElement.choices, key=lambda each: each[0] not in _OFTEN))
"""The elements of the peer role, those that visits hold most often first; the rest stands below."""

_MINUTES = "minutes_"
_MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class ServiceOption:
    """A service as a chip: its value is program and service, `is_open` whether it can be billed."""

    value: str
    words: str
    is_open: bool
    reasons: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What one writer may choose for one person on one day."""

    programs: tuple[Program, ...]
    services: tuple[ServiceOption, ...]
    places: tuple[tuple[str, Any], ...]
    modes: tuple[str, ...]
    goals: tuple[tuple[str, str], ...]
    activities: tuple[str, ...]

    @property
    def open_services(self) -> tuple[ServiceOption, ...]:
        """Those that can be billed today."""
        return tuple(each for each in self.services if each.is_open)

    @property
    def closed_services(self) -> tuple[ServiceOption, ...]:
        """The others, each with its reasons."""
        return tuple(each for each in self.services if not each.is_open)


def service_value(program_id: UUID, service_key: str) -> str:
    """How a service of a program is named in the form."""
    return f"{program_id}:{service_key}"


def _growing(label: Any, hint: Any = "", rows: int = 3, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=8000, **options)


class NoteForm(PwForm):
    """One visit on one screen: what, when, where, how, goals, what happened."""

    submit_label = ""
    form_id = "note"

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    service = forms.ChoiceField(label=_("What you did together"), widget=ChipChoice)
    day = forms.DateField(label=_("Day"), widget=DateInput)
    start = forms.TimeField(label=_("From"), widget=TimeInput)
    end = forms.TimeField(label=_("Until"), widget=TimeInput)
    place = forms.ChoiceField(label=_("Where"), widget=ChipChoice)
    place_text = forms.CharField(
        label=_("Where exactly"),
        help_text=_("For home, outreach and other places."),
        max_length=120,
        required=False,
    )
    mode = forms.ChoiceField(label=_("How"), widget=ChipChoice)
    goals = forms.MultipleChoiceField(
        label=_("Goals worked on"), widget=ChipChoices, required=False
    )
    role_elements = forms.MultipleChoiceField(
        label=_("What peer work it was"), choices=ROLE_CHOICES, widget=ChipChoices
    )
    purpose = _growing(_("What it was for"), rows=2)
    what_we_did = _growing(_("What we did"))
    response = _growing(_("How it went for them"), rows=2)
    next_step = _growing(_("What’s next"), rows=2)
    own_words = _growing(_("In their own words"), rows=2, required=False)
    written_together = forms.BooleanField(label=_("We wrote this together"), required=False)

    def __init__(self, *args: Any, choices: Choices, is_fixed: bool = False, **kwargs: Any) -> None:
        self.choices, self.is_fixed = choices, is_fixed
        super().__init__(*args, **kwargs)
        self._offer(choices)
        self.helper.layout = self._layout()

    def _offer(self, choices: Choices) -> None:
        labels = dict(NoteVersion.Mode.choices)
        offered: dict[str, Any] = {
            "service": [(each.value, each.words) for each in choices.services],
            "place": choices.places,
            "mode": [(each, labels[each]) for each in choices.modes],
            "goals": choices.goals,
        }
        for name, given in offered.items():
            field: Any = self.fields[name]
            field.choices = given
        words = dict(DEDUCTED)
        for activity in choices.activities:
            self.fields[_MINUTES + activity] = forms.IntegerField(
                label=words[activity], min_value=1, max_value=_MOST_MINUTES, required=False
            )

    def make_helper(self) -> FormHelper:
        """The form goes to its own page; the buttons stand in the sticky bar."""
        helper = super().make_helper()
        helper.render_unmentioned_fields = False
        return helper

    def _layout(self) -> Layout:
        apart = [_MINUTES + each for each in self.choices.activities]
        return Layout(
            *("form_agency", "form_key", "version"),
            Field("service", template="billing/_note_services.html"),
            Div("day", Div("start", "end", css_class="side-by-side")),
            HTML('{% include "billing/_note_minutes.html" %}'),
            *("place", "place_text", "mode"),
            Field("goals", template="billing/_note_goals.html"),
            Field("role_elements", template="billing/_note_roles.html"),
            Div(*TEXT_PARTS, template="billing/_note_story.html"),
            *("own_words", "written_together"),
            Div(*apart, template="billing/_note_set_apart.html"),
        )

    @property
    def has_rarer_role(self) -> bool:
        """Whether an element is chosen that stands below the first ones, so that it must be seen."""
        chosen = self["role_elements"].value() or ()
        return bool(set(chosen) - set(_OFTEN))

    def program_and_service(self) -> tuple[Program | None, str]:
        """What was chosen; the first program and no service while nothing was."""
        chosen, _colon, key = str(self.cleaned_data.get("service") or "").partition(":")
        programs = {str(each.pk): each for each in self.choices.programs}
        first = next(iter(self.choices.programs), None)
        return (programs.get(chosen, first), key if chosen in programs else "")

    def content(self) -> Content:
        """What was written, as far as it can be read. Call it after `is_valid`, whatever it says."""
        read = self.cleaned_data.get
        program, _service = self.program_and_service()
        zone = program.site.time_zone if program is not None else "UTC"
        taken = {each: read(_MINUTES + each) for each in self.choices.activities}
        return Content(
            starts_at=_moment(read("day"), read("start"), zone),
            ends_at=_moment(read("day"), read("end"), zone),
            mode=read("mode") or "",
            place=read("place") or "",
            place_text=read("place_text") or "",
            role_elements=tuple(sorted(read("role_elements") or ())),
            goals=frozenset(UUID(each) for each in read("goals") or ()),
            own_words=read("own_words") or "",
            written_together=bool(read("written_together")),
            deductions=MappingProxyType({each: n for each, n in taken.items() if n}),
            **{part: read(part) or "" for part in TEXT_PARTS},
        )


def _moment(day: dt.date | None, time: dt.time | None, zone: str) -> dt.datetime | None:
    """What is kept of a day and a time at the program's site; None while one of them is missing."""
    return None if day is None or time is None else note_times.to_keep(day, time, zone)


def values_of(content: Content, zone: str) -> dict[str, Any]:
    """Content as the form's values: what a stored draft is shown with, its times as they were typed."""
    start, end = (
        note_times.as_typed(each, zone) if each else None
        for each in (content.starts_at, content.ends_at)
    )
    values: dict[str, Any] = {part: getattr(content, part) for part in TEXT_PARTS}
    values |= {
        "start": start.time.strftime("%H:%M") if start else "",
        "end": end.time.strftime("%H:%M") if end else "",
        "mode": content.mode,
        "place": content.place,
        "place_text": content.place_text,
        "goals": [str(each) for each in content.goals],
        "role_elements": list(content.role_elements),
        "own_words": content.own_words,
        "written_together": content.written_together,
    }
    typed = start or end
    if typed is not None:
        values["day"] = typed.day.isoformat()
    return values | {_MINUTES + each: n for each, n in content.deductions.items()}


def as_data(values: Mapping[str, Any]) -> dict[str, Any]:
    """Initial values as sent data, so that a stored draft can be checked like a sent one."""
    return {name: value for name, value in values.items() if value not in (None, False, "")}


class WordsForm(PwForm):
    """Words to somebody about a note: a return, a correction, a void."""

    words = _growing(_("What to change"), rows=5)

    def __init__(self, *args: Any, label: Any = None, hint: Any = "", **kwargs: Any) -> None:
        self.submit_label = kwargs.pop("submit", self.submit_label)
        super().__init__(*args, **kwargs)
        if label is not None:
            self.fields["words"].label = label
        self.fields["words"].help_text = hint
        self.fields["words"].error_messages["required"] = _("Write a few words.")


class AddendumForm(PwForm):
    """Text added to a signed note."""

    submit_label = _("Sign the addendum")
    text = _growing(_("What you add"), rows=5)
    reason = forms.CharField(label=_("Why it is added"), max_length=200)


def mistakes(form: NoteForm, refusals: Sequence[tuple[str, str]]) -> None:
    """Put refusals (code, sentence) at their fields, unless the field has said the same already."""
    for code, sentence in refusals:
        field = FIELD_OF.get(code)
        if field is None or field not in form.errors:
            form.add_error(field, sentence)
