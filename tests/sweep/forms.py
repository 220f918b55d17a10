"""The forms of a page as a browser sees them: where they lead, their fields, and how somebody fills them in."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import resolve

from peerworks.lib.identifiers import made_up_npi

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
OWN = {"form_key", "form_agency", "csrfmiddlewaretoken"}
_DAY = dt.datetime.now(dt.UTC).date()
#: What somebody types into an empty field, by its kind.
TYPED = {
    "date": str(_DAY - dt.timedelta(days=1)), "time": "09:00", "number": "1", "email": "made-up@made-up.example",
    "month": f"{_DAY:%Y-%m}", "checkbox": "on", "textarea": "We walked to the market and talked. " * 4,
}  # fmt: skip
_LATER = str(_DAY + dt.timedelta(days=20))
#: What must have a form of its own, and what comes after something else, by the name of the field.
NAMED = {
    "code": "F3310", "modifiers": "HF", "state": "TX", "postal_code": "78701", "npi": made_up_npi(9001),
    "key": "made-up-key", "source_url": "https://register.made-up.example/", "end": "10:00", "until": _LATER,
    "last_day": _LATER, "ends_on": _LATER, "valid_through": _LATER, "expires_on": _LATER, "next_check_on": _LATER,
}  # fmt: skip

_PAST = {"starts_on": "2019-01-07", "last_day": "2019-02-07"}
_LAST = -1
PASSWORD, NEXT_PASSWORD = "a long made-up password", "another long made-up password"
#: What else a form is filled with, by the view and the field, where the first choice or today is taken on the ground:
#: words, the place of a choice among those that are offered, or None for nothing.
SAID: dict[str, dict[str, str | int | None]] = {
    "accounts:password-change": {
        "current": PASSWORD, "password": NEXT_PASSWORD, "again": NEXT_PASSWORD,
    },
    "audit:event-list": {"person": "Mqvarn"},
    "billing:coverage-add": _PAST,
    "billing:diagnosis-add": _PAST,
    "billing:plan-sign": {"role": _LAST, "declined": None, "declined_reason": None},
    "participants:care-team-edit": {"member": _LAST},
    "participants:participant-seal": {"staff": _LAST},
    "participants:status-add": _PAST,
    "providers:credential-change": {"never_ends": None},
    "supervision:assignment-add": {"supervisor": _LAST, "delegate": None},
    "supervision:session-log": {"day": TYPED["date"], "program": _LAST},
}  # fmt: skip


@dataclass
class Field:
    """One name of a form: the kind of its input, the values it offers or holds, and those that are chosen."""

    kind: str
    offered: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    @property
    def is_choice(self) -> bool:
        """Whether a browser lets one choose from what is offered."""
        return self.kind in {"select", "radio", "checkbox"}

    def filled(self, name: str, said: str | int | None = "") -> list[str]:
        """What is sent: what is said, or chosen, or written, else the first choice, else something typed."""
        if said is None:
            return []
        if said != "":
            return [said if isinstance(said, str) else self.offered[said]]
        told = [each for each in self.chosen if each]
        if told or self.kind in {"hidden", "file", "submit"}:
            return told
        offered = [each for each in self.offered if each]
        if self.is_choice:
            return offered[:1]
        return [NAMED.get(name) or TYPED.get(self.kind, "Made-up words")]


@dataclass
class Form:
    """A POST form of a page; `action` is its address, `name` that of the view behind it."""

    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the view that it is sent to."""
        return resolve(self.action.partition("?")[0]).view_name

    def filled(self, agency: Any, **changes: Any) -> dict[str, Any]:
        """The form as somebody sends it who fills in everything, with a key of its own."""
        said = SAID.get(self.name, {})
        data: dict[str, Any] = {
            name: each.filled(name, said.get(name, "")) for name, each in self.fields.items()
        }
        data = {name: each for name, each in data.items() if each}
        return data | {"form_agency": str(agency), "form_key": str(uuid.uuid4())} | changes


class Forms(HTMLParser):
    """Finds the POST forms of a page."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found = here, []
        self._ids: dict[str, int] = {}
        self._form: Form | None = None
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("id"):
            self._ids[given["id"]] = len(self.found)
        if tag == "form" and (given.get("method") or "get").lower() == "post":
            self._form = Form(given.get("action") or self.here)
            self.found.append(self._form)
            self._also_to(given.get("data-autosave"))
        elif self._form is not None:
            self._field(tag, given)
        if self._form is not None:
            self._also_to(given.get("hx-post"))
        else:
            self._beside(given)

    def _also_to(self, address: str | None) -> None:
        # A script sends the same fields there.
        if address and self._form is not None:
            self.found.append(Form(address, self._form.fields))

    def _beside(self, given: dict[str, Any]) -> None:
        # A part of the page that sends the fields of the form above it.
        place = self._ids.get((given.get("hx-include") or "").removeprefix("#"))
        if given.get("hx-post") and place is not None:
            self.found.append(Form(given["hx-post"], self.found[place].fields))

    def _field(self, tag: str, given: dict[str, Any]) -> None:
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
            self._add(name, "select")
        elif tag == "option" and self._select:
            self._add(self._select, "select", value, is_chosen="selected" in given)
        elif tag == "textarea" and name:
            self._text = name
            self._add(name, "textarea")
        elif tag == "button" and name:
            self._add(name, "submit", value)
        elif tag == "input" and name:
            kind = given.get("type") or "text"
            is_choice = kind in {"radio", "checkbox"}
            self._add(
                name,
                kind,
                value or ("on" if is_choice else ""),
                not is_choice or "checked" in given,
            )

    def _add(self, name: str, kind: str, value: str | None = None, is_chosen: bool = False) -> None:
        assert self._form is not None
        told = self._form.fields.setdefault(name, Field(kind))
        if value is not None:
            told.offered.append(value)
            if is_chosen:
                told.chosen.append(value)

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text and data.strip():
            self._form.fields[self._text].chosen.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""


def forms_of(answer: HttpResponse, here: str) -> list[Form]:
    """The POST forms of an answer, if it is a page."""
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return []
    parser = Forms(here)
    parser.feed(answer.content.decode())
    return parser.found


def bound_forms(answer: Any) -> Iterator[BaseForm]:
    """The forms that an answer was drawn with, as Django's test client kept them."""
    for layer in answer.context or ():
        for told in layer.dicts if hasattr(layer, "dicts") else [layer]:
            yield from (each for each in told.values() if isinstance(each, BaseForm))


def refused_fields(answer: Any) -> set[str]:
    """The fields that the answer finds fault with; "__all__" for the form as a whole."""
    return {name for each in bound_forms(answer) if each.is_bound for name in each.errors}
