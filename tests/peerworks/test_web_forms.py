"""Forms: their markup, their hidden values, the words of what is missing, the error summary."""

import re
import uuid

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils import translation

from peerworks.agencies.context import acting_for
from peerworks.agencies.models import Site
from peerworks.web.forms import PwForm, anchor_of, problems_of
from tests.peerworks.web_site import GOOD, VisitForm

AGENCY = "018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"


def sent(**changes):
    """What a browser would send, with changes; None leaves a field out."""
    data = QueryDict(mutable=True)
    for name, value in (GOOD | changes).items():
        if value is not None:
            data.setlist(name, value if isinstance(value, list) else [value])
    return data


def drawn(form):
    """The form's own markup, one space between words."""
    page = Template("{% load crispy_forms_tags %}{% crispy form %}")
    return re.sub(r"\s+", " ", page.render(Context({"form": form, "csrf_token": "t"})))


def test_good_form_gives_its_values_without_the_hidden_ones():
    form = VisitForm(sent())
    assert form.is_valid(), form.errors
    assert set(form.values) == set(form.fields) - {"form_agency", "form_key"}


def test_form_carries_the_active_agency_and_a_new_key():
    with acting_for(AGENCY):
        first, second = drawn(VisitForm()), drawn(VisitForm())
    assert f'name="form_agency" value="{AGENCY}"' in first
    keys = [
        re.search(r'name="form_key" value="([0-9a-f-]{36})"', each)[1] for each in (first, second)
    ]
    assert keys[0] != keys[1]


def test_form_sent_with_errors_keeps_its_key():
    assert f'name="form_key" value="{GOOD["form_key"]}"' in drawn(VisitForm(sent(text="")))


def test_key_is_a_uuid_for_the_operation():
    form = VisitForm(sent())
    assert form.is_valid()
    assert form.cleaned_data["form_key"] == uuid.UUID(GOOD["form_key"])


@pytest.mark.parametrize("key", [None, "", "x", "\x00", "9" * 5000])
def test_form_without_a_proper_key_is_refused_in_words(key):
    form = VisitForm(sent(form_key=key))
    assert not form.is_valid()
    said = [each.message for each in problems_of(form)]
    assert said == ["This form is incomplete. Reload the page and try again."]
    assert problems_of(form)[0].anchor == ""


def test_browser_checks_are_off_and_no_style_or_handler_is_in_the_markup():
    markup = drawn(VisitForm())
    assert "novalidate" in markup
    assert not re.search(r'\s(style|on\w+)="', markup)


def test_optional_is_marked_and_required_is_not():
    markup = drawn(VisitForm())
    assert 'for="id_own">Own words <span class="optional">(optional)</span>' in markup
    assert 'for="id_text">What happened</label>' in markup
    assert "asterisk" not in markup


def test_hint_is_under_the_label_and_named_by_the_input():
    markup = drawn(VisitForm())
    label, hint, field = (
        markup.index(each)
        for each in ('for="id_text"', 'id="id_text_helptext"', '<textarea name="text"')
    )
    assert label < hint < field
    assert 'aria-describedby="id_text_helptext"' in markup


def test_hint_is_escaped():
    markup = drawn(VisitForm())
    assert "One &lt;b&gt;" in markup
    assert "One <b>" not in markup


def test_error_is_beside_the_field_and_named_by_it():
    markup = drawn(VisitForm(sent(text="")))
    assert (
        '<div class="field-error" id="id_text_error"><p>“What happened” is missing.</p>' in markup
    )
    assert 'aria-describedby="id_text_helptext id_text_error"' in markup
    assert 'aria-invalid="true"' in markup


def test_chips_are_real_inputs_in_a_fieldset_with_a_legend():
    markup = drawn(VisitForm())
    assert '<fieldset id="div_id_who"' in markup
    assert '<legend class="field-label">Who</legend>' in markup
    assert re.search(
        r'<div class="chips"><span class="choice"><input type="radio" name="who"', markup
    )
    assert re.search(r'<input type="checkbox" name="goals" value="1"[^>]*id="id_goals_0"', markup)
    assert '<label for="id_goals_0">Walk</label>' in markup


def test_plain_radio_buttons_are_no_chips():
    assert re.search(
        r'<div class="choices"><span class="choice"><input type="radio" name="place"',
        drawn(VisitForm()),
    )


def test_native_date_and_time_are_iso_in_spanish_too():
    with translation.override("es"):
        markup = drawn(VisitForm(initial={"day": "2026-11-03", "start": "10:04"}))
        import datetime as dt

        filled = drawn(VisitForm(initial={"day": dt.date(2026, 11, 3), "start": dt.time(14, 30)}))
    assert 'type="date" name="day" value="2026-11-03"' in markup
    assert 'type="date" name="day" value="2026-11-03"' in filled
    assert 'type="time" name="start" value="14:30"' in filled


@pytest.mark.parametrize("written", ["11/03/2026", "2026-11-03"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_written_date_is_taken_in_the_us_form_in_both_languages(language, written):
    with translation.override(language):
        form = VisitForm(sent(day=written))
        assert form.is_valid(), form.errors
    assert form.values["day"].isoformat() == "2026-11-03"


def test_problems_stand_in_the_order_of_the_fields_after_those_of_the_form():
    form = VisitForm(sent(text="", who="", payer=""))
    form.add_error(None, "As a whole.")
    assert [(each.message, each.anchor) for each in problems_of(form)] == [
        ("As a whole.", ""),
        ("“Who” is missing.", "id_who_0"),
        ("“Payer” is missing.", "id_payer"),
        ("“What happened” is missing.", "id_text"),
    ]


def test_form_that_was_not_sent_has_no_problems():
    assert problems_of(VisitForm()) == []
    assert problems_of(None) == []


def test_own_words_for_what_is_missing_are_kept():
    class Own(PwForm):
        name = forms.CharField(label="Name", error_messages={"required": "Write the name."})

    assert "Write the name." in [each.message for each in problems_of(Own({}))]


def test_anchor_of_a_group_is_its_first_choice():
    form = VisitForm()
    assert anchor_of(form["goals"]) == "id_goals_0"
    assert anchor_of(form["payer"]) == "id_payer"


def test_button_is_drawn_with_its_words_and_only_when_named():
    class Named(PwForm):
        submit_label = "Save it"

    assert '<button class="btn btn-primary btn-pw" type="submit">Save it</button>' in drawn(Named())
    assert "<button" not in drawn(VisitForm())


def test_autosave_marks_the_form():
    form = VisitForm()
    form.autosave("/draft/", version=7)
    markup = drawn(form)
    assert 'data-autosave="/draft/"' in markup
    assert 'data-version="7"' in markup
    assert "data-unsaved" in markup
    assert 'id="visit"' in markup


class SiteForm(PwForm):
    """A choice that has to be made, and one that need not."""

    site = forms.ModelChoiceField(queryset=Site.objects.none(), empty_label="Choose")
    other = forms.ModelChoiceField(queryset=Site.objects.none(), required=False)

    def __init__(self, *args, sites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = self.fields["other"].queryset = sites


@pytest.mark.django_db
def test_the_only_answer_to_what_must_be_answered_is_given_already(
    world, django_assert_num_queries
):
    with world.acting("administrator"):
        every = Site.objects.order_by("name")
        key = every.first().pk
        one = every.filter(pk=key)
        with django_assert_num_queries(2):
            alone = SiteForm(sites=one)
            must, may = list(alone["site"]), list(alone["other"])
        several = SiteForm(sites=every)
        asked = list(several["site"])
    assert [each.data["value"] for each in must] == [key]
    assert [str(each.data["value"]) for each in may] == ["", str(key)]
    assert asked[0].data["label"] == "Choose"
    assert len(asked) > 2


class DayForm(PwForm):
    """One day, and one that joins the form after it was made."""

    first = forms.DateField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["later"] = forms.DateField(required=False)


@pytest.mark.parametrize("field", ["first", "later"])
@pytest.mark.parametrize(
    "slip", ["0001-01-01", "0026-11-21", "1899-12-31", "3000-01-01", "9999-12-31"]
)
def test_a_year_that_cannot_be_meant_is_refused_in_words(field, slip):
    told = {"form_key": str(uuid.uuid4()), "first": "2026-11-21", field: slip}
    form = DayForm(told)
    assert form.errors == {field: ["Check the year of this day."]}


@pytest.mark.parametrize("day", ["1900-01-01", "2026-11-21", "2999-12-31"])
def test_every_other_day_is_taken(day):
    form = DayForm({"form_key": str(uuid.uuid4()), "first": day, "later": day})
    assert form.is_valid(), form.errors
