"""A site of a few pages for the tests of the page machinery: forms, refusals, errors, autosave.

Used through `@override_settings(ROOT_URLCONF="tests.peerworks.web_site")`; its one template
is a string, so that nothing of it stands among the product's own.
"""

from django import forms
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import RequestContext, Template
from django.urls import include, path

from peerworks.web import errors
from peerworks.web.forms import ChipChoice, ChipChoices, DateInput, PwForm, TimeInput

NOTE_PAGE = """{% extends "base.html" %}{% load crispy_forms_tags %}
{% block content %}{% crispy form %}{% endblock %}
{% block bar %}{% include "components/action_bar.html" with form_id="visit" later="Later" review="Review, sign" saved="" %}{% endblock %}
"""


class VisitForm(PwForm):
    """Every kind of field once."""

    form_id = "visit"
    submit_label = ""

    who = forms.ChoiceField(
        label="Who",
        choices=[("a", "Alder"), ("b", "Birch")],
        widget=ChipChoice,
        help_text="One <b>",
    )
    goals = forms.MultipleChoiceField(
        label="Goals", choices=[("1", "Walk"), ("2", "Call")], widget=ChipChoices
    )
    place = forms.ChoiceField(
        label="Where", choices=[("o", "Office"), ("h", "Home")], widget=forms.RadioSelect
    )
    payer = forms.ChoiceField(label="Payer", choices=[("", "Choose"), ("t", "Texas")])
    day = forms.DateField(label="Day", widget=DateInput())
    start = forms.TimeField(label="Start", widget=TimeInput())
    text = forms.CharField(label="What happened", widget=forms.Textarea, help_text="In your words")
    own = forms.CharField(label="Own words", widget=forms.Textarea, required=False)
    together = forms.BooleanField(label="Written together", required=False)


GOOD = {
    "who": "a",
    "goals": ["1"],
    "place": "o",
    "payer": "t",
    "day": "2026-11-20",
    "start": "10:04",
    "text": "We walked.",
    "form_agency": "",
    "form_key": "018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b",
}


class Drafts:
    """What the draft address was sent, and how it shall answer; emptied by each test."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self.sent: list[dict[str, str]] = []
        self.status = 200


DRAFTS = Drafts()


def visit(request: HttpRequest) -> HttpResponse:
    """A form page with autosave."""
    form = VisitForm(request.POST or None, initial={"who": "a"})
    form.autosave("/draft/", version=1)
    status = 422 if form.is_bound and form.errors else 200
    context = RequestContext(request, {"form": form, "page_title": "New note"})
    return HttpResponse(Template(NOTE_PAGE).render(context), status=status)


def draft(request: HttpRequest) -> HttpResponse:
    """Keeps what it is sent."""
    if DRAFTS.status == 409:
        return errors.conflict(request)
    if DRAFTS.status != 200:
        return JsonResponse({}, status=DRAFTS.status)
    DRAFTS.sent.append(dict(request.POST.items()))
    return JsonResponse({"version": len(DRAFTS.sent) + 1, "saved_at": "10:42"})


def broken(request: HttpRequest) -> HttpResponse:
    """A fault with a sentence that no page may show."""
    raise RuntimeError("canary-of-a-fault")


def forbidden(request: HttpRequest) -> HttpResponse:
    """A page for somebody else's role."""
    raise PermissionDenied


def conflict(request: HttpRequest) -> HttpResponse:
    """The answer to an old form."""
    return errors.conflict(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The answer when the trail cannot be written."""
    return errors.unavailable(request)


def many(request: HttpRequest) -> HttpResponse:
    """The answer to what was tried too often."""
    return errors.too_many(request)


def leave(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    logout(request)
    return HttpResponse()


for _view in (visit, draft, leave, broken, forbidden, conflict, many, unavailable):
    _view.any_agency = True

urlpatterns = [
    path("", visit, name="visit"),
    path("draft/", draft, name="draft"),
    path("leave/", leave),
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("conflict/", conflict),
    path("many/", many),
    path("unavailable/", unavailable),
    path("session/", include("peerworks.web.urls")),
]

handler400 = "peerworks.web.errors.bad_request"
handler403 = "peerworks.web.errors.forbidden"
handler404 = "peerworks.web.errors.not_found"
handler500 = "peerworks.web.errors.server_error"
