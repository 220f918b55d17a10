"""The component gallery: every file of templates/components/ with its arguments and its states.

For developers, in the demonstration only. Each example is the template source that stands beside it, drawn
in English; a test finds a component that has none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import RequestContext, Template
from django.utils import translation

from peerworks.lib.findings import Outcome, Refusal, refuse
from peerworks.web.forms import ChipChoice, ChipChoices, DateInput, PwForm, TimeInput
from peerworks.web.reasons import Explained

FOLDER = Path(settings.BASE_DIR) / "templates" / "components"
_COMMENT = re.compile(
    r"\{#(?P<short>.*?)#\}|\{%\s*comment\s*%\}(?P<long>.*?)\{%\s*endcomment\s*%\}", re.DOTALL
)


class ExampleForm(PwForm):
    """Every kind of field once; half of it is wrong."""

    submit_label = ""
    form_id = "example"

    name = forms.CharField(label="Name", help_text="A hint stands between label and field.")
    day = forms.DateField(label="Day", widget=DateInput())
    start = forms.TimeField(label="Start", widget=TimeInput(), required=False)
    payer = forms.ChoiceField(label="Payer", choices=[("", "Choose one"), ("t", "Texas")])
    story = forms.CharField(label="What happened", widget=forms.Textarea, required=False)
    how = forms.ChoiceField(
        label="How", choices=[("v", "Video"), ("p", "In person")], widget=ChipChoice
    )
    goals = forms.MultipleChoiceField(
        label="Goals", choices=[("1", "Walk"), ("2", "Call")], widget=ChipChoices, required=False
    )
    place = forms.ChoiceField(
        label="Where", choices=[("o", "Office"), ("h", "Home")], widget=forms.RadioSelect
    )
    together = forms.BooleanField(label="Written together", required=False)


@dataclass(frozen=True, slots=True)
class Example:
    """One state of a component: its source and what comes of it."""

    source: str
    drawn: str


@dataclass(frozen=True, slots=True)
class Component:
    """A file of templates/components/: what its comment says it takes, and its states."""

    name: str
    takes: str
    examples: tuple[Example, ...]

    @property
    def anchor(self) -> str:
        """The id of its section."""
        return f"component-{self.name}"


_KINDS = ("ok", "soon", "late", "info")
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "action": (
        '{% action "Approve and next" here key="a" %}',
        '{% action "Put off" here tone="quiet" %}',
        '{% action "Take back" here tone="danger" %}',
        '{% action "Send the batch" here refusal=refusal %}',
    ),
    "action_bar": (
        '{% include "components/action_bar.html" with form_id="example" later="Later" review="Review, sign" saved="Draft saved 10:42" %}',
    ),
    "bars": ('{% bars points "Four of eleven visits wait for a signature." %}',),
    "empty": (
        '{% empty "No note yet." %}',
        '{% empty "No note yet." "Notes that you write will stand here." here "Write a note" %}',
    ),
    "error_summary": ("{% problems %}",),
    "field_list": (
        "{% field_list facts %}",
        "{% field_list facts columns=2 %}",
    ),
    "good": tuple(
        f'{{% good "All {kind}" "The details in a line." here "Look" tone="{kind}" %}}'
        for kind in _KINDS
    ),
    "icon": ('{% icon "home" %} {% icon "note" %} {% icon "shield" %} {% icon "help" %}',),
    "meter": (
        '{% meter 14 20 "14 of 20 hours" %}',
        '{% meter 3 4 "3 of 4 hours" tone="soon" %}',
        '{% meter 1 4 "1 of 4 hours" tone="late" %}',
    ),
    "pagination": ("{% pagination page %}",),
    "progress": ('{% progress "Step 3 of 4" 3 4 %}', '{% progress "Waiting to begin" %}'),
    "reason": (
        "{% reason must_finish %}",
        '{% reason explain lead="1 hour 20 minutes." %}',
        "{% reason unverified %}",
    ),
    "status": tuple(f'{{% status "{kind}" "It is {kind}" %}}' for kind in _KINDS),
    "timeline": ("{% timeline events %}",),
}
"""The states of each component by the name of its file, as template source."""


def components(request: HttpRequest) -> list[Component]:
    """All components with their states, in English, by name."""
    with translation.override("en"):
        context = _things(request)
        return [_component(name, request, context) for name in sorted(EXAMPLES)]


def example_form() -> ExampleForm:
    """The form of the gallery with errors in it."""
    given = {"day": "0026-11-27", "how": "v", "goals": ["1"], "together": "on", "name": "Wren"}
    given["form_key"] = "018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"
    return ExampleForm(given)


def files() -> set[str]:
    """The names of all components that there are."""
    return {path.stem for path in FOLDER.glob("*.html")}


def _component(name: str, request: HttpRequest, context: dict[str, Any]) -> Component:
    examples = tuple(Example(each, _draw(each, request, context)) for each in EXAMPLES[name])
    return Component(name, takes(name), examples)


def takes(name: str) -> str:
    """What the comment at the head of a component says of its arguments."""
    found = _COMMENT.search((FOLDER / f"{name}.html").read_text())
    if found is None:
        return ""
    return " ".join((found["short"] or found["long"] or "").split())


def _draw(source: str, request: HttpRequest, context: dict[str, Any]) -> str:
    return Template("{% load pw %}" + source).render(RequestContext(request, dict(context)))


def _things(request: HttpRequest) -> dict[str, Any]:
    return {
        "here": request.path,
        "refusal": _refusal(),
        "form": example_form(),
        "points": [
            ("Ready", 4, "ok"),
            ("Soon", 3, "soon"),
            ("Late", 2, "late"),
            ("New", 2, "info"),
        ],
        "facts": [("Name", "Wren Alder"), ("Record number", "A-104"), ("Since", "March 14, 2026")],
        "page": Paginator(range(60), 20).page(2),
        "events": _EVENTS,
        **_reason_cards(),
    }


_EVENTS = (
    {"at": "March 14, 2024", "words": "Earned", "who": "Luz Ortega", "kind": "ok"},
    {"at": "January 3, 2026", "words": "Ends soon", "detail": "Renewal is open.", "kind": "soon"},
    {"at": "March 14, 2026", "words": "Ended", "kind": "late"},
    {"at": "March 20, 2026", "words": "Entered anew", "kind": "info", "url": "#component-timeline"},
)


def _refusal() -> Refusal:
    return refuse("MEMBER-MANAGER")


def _reason_cards() -> dict[str, Explained]:
    told = {
        "must_finish": ("late", "Must finish", "The certification ended on November 9.", True),
        "explain": ("soon", "Explain and continue", "The visit is longer than most.", True),
        "unverified": ("info", "For information", "The plan is reviewed every 180 days.", False),
    }
    return {name: _explained(*each) for name, each in told.items()}


def _explained(tone: str, severity: str, sentence: str, is_confirmed: bool) -> Explained:
    return Explained(
        code="EXAMPLE",
        rule="EXAMPLE",
        outcome=Outcome.WARN,
        tone=tone,
        severity_words=severity,
        sentence=sentence,
        fix="Add the renewal",
        url="#component-reason",
        who="peer specialist, administrator",
        rests_on="Texas rules of January 1, 2026",
        is_confirmed=is_confirmed,
    )
