"""The components of pages: what they show, and that nothing they are given can break out of them."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from peerworks.agencies.context import acting_for
from peerworks.lib.findings import Authority, Because, Finding, Outcome, Remedy, Status, refuse
from peerworks.web import pages, reasons
from tests.peerworks.web_site import VisitForm

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def words(monkeypatch):
    """One reason with words, and sources that are called by their keys."""
    monkeypatch.setattr(reasons, "_reasons", {})
    monkeypatch.setattr(reasons, "_sources", {})
    reasons.register("OLD", "It ended on {date}.", fix="Add the renewal", who=["PEER"])


def draw(source, **context):
    """A template's output, one space between words."""
    return re.sub(r"\s+", " ", Template("{% load pw %}" + source).render(Context(context))).strip()


def test_status_has_word_and_kind():
    assert draw('{% status "late" "Ended" %}') == '<span class="st st-late">Ended</span>'


def test_status_of_an_unknown_kind_is_a_mistake():
    with pytest.raises(TemplateSyntaxError, match="red"):
        draw('{% status "red" "Ended" %}')


@pytest.mark.parametrize(
    "source",
    [
        '{% status "ok" it %}',
        "{% good it it it it %}",
        '{% action it "/x/" %}',
        "{% field_list rows %}",
        "{% empty it it it it %}",
        "{% meter 1 2 it %}",
        "{% timeline events %}",
        "{% bars points it %}",
        "{% icon it %}",
    ],
)
def test_components_escape_what_they_show(source):
    shown = draw(
        source,
        it=HOSTILE,
        rows=[(HOSTILE, HOSTILE)],
        events=[{"at": HOSTILE, "words": HOSTILE, "detail": HOSTILE}],
        points=[(HOSTILE, 3, "ok")],
    )
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_icon_is_hidden_from_screen_readers_and_from_the_sprite():
    shown = draw('{% icon "home" %}')
    assert 'aria-hidden="true"' in shown
    assert 'href="/static/peerworks/img/icons.svg#home"' in shown


def test_reason_card_says_all(words):
    authority = Authority("tx", "1", "a", Status.UNVERIFIED, "Manual", None)
    finding = Finding(
        "PROV-02",
        Outcome.BLOCK,
        Because("OLD", {"date": dt.date(2026, 11, 3)}),
        remedy=Remedy("", "web:form-token"),
        authority=authority,
    )
    shown = draw("{% reason it %}", it=finding)
    assert 'class="reason reason-late"' in shown
    for part in (
        "Must finish",
        "It ended on November 3, 2026.",
        "unverified",
        "Manual · tx, version 1",
    ):
        assert part in shown
    assert '<a href="/session/token/">Add the renewal</a>' in shown
    assert "can be done by: Peer specialist" in shown


def test_reason_card_takes_what_was_explained_in_bulk(words):
    explained = reasons.explain([Finding("G", Outcome.WARN, Because("OLD", {}))])[0]
    assert "Explain and continue" in draw("{% reason it %}", it=explained)


def test_action_posts_with_token_and_agency():
    with acting_for("018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"):
        shown = draw(
            '{% action "Approve" "/go/" key="a" name="do" value="x" %}', csrf_token="a-token"
        )
    assert '<form class="action" method="post" action="/go/">' in shown
    assert 'name="csrfmiddlewaretoken" value="a-token"' in shown
    assert 'name="form_agency" value="018f3a2b-1c4d-4e6f-8a9b-0c1d2e3f4a5b"' in shown
    assert '<button class="btn-pw" data-key="a" name="do" value="x">Approve</button>' in shown


def test_refused_action_is_off_and_says_why(words):
    refusal = refuse("OLD", date=dt.date(2026, 11, 3))
    shown = draw('{% action "Sign" "/go/" refusal=refusal %}', refusal=refusal)
    assert "<form" not in shown
    why = re.search(r'aria-describedby="(why-\w+)" disabled>Sign</button>', shown)[1]
    assert f'id="{why}">It ended on November 3, 2026.</p>' in shown


def test_allowed_action_with_no_refusal_is_on():
    assert "disabled" not in draw('{% action "Sign" "/go/" refusal=refusal %}', refusal=None)


def test_meter_speaks_its_words_once_and_keeps_plain_numbers():
    shown = draw(
        "{% meter value 20 words tone='soon' %}", value=Decimal("12.5"), words="12.5 of 20 h"
    )
    assert 'max="20" value="12.5" aria-label="12.5 of 20 h"' in shown
    assert '<span class="num" aria-hidden="true">12.5 of 20 h</span>' in shown


def test_bars_give_the_same_numbers_as_a_table():
    shown = draw(
        "{% bars points 'Eleven in February.' %}", points=[("Jan", 2, "soon"), ("Feb", 11, "late")]
    )
    assert 'role="img" aria-label="Eleven in February."' in shown
    assert "<figcaption>Eleven in February.</figcaption>" in shown
    assert '<th scope="row">Feb</th><td class="r num">11</td>' in shown
    assert 'class="bar-late" x="106" y="19" width="46" height="121"' in shown


def test_bars_without_any_number_are_flat():
    assert 'height="0"' in draw("{% bars points 'None.' %}", points=[("Jan", 0, "ok")])


def test_timeline_takes_objects_too():
    class Event:
        at, words, kind = "Nov 3", "Signed", "ok"

    shown = draw("{% timeline events %}", events=[Event()])
    assert (
        '<li class="timeline-ok"><span class="timeline-at num">Nov 3</span><div>Signed</div></li>'
        in shown
    )


def test_pagination_keeps_the_filter():
    request = RequestFactory().get("/x/", {"page": "2", "state": "a&b"})
    page = pages.paginate(request, list(range(120)))
    shown = draw("{% pagination page %}", page=page, request=request)
    assert 'href="?page=1&amp;state=a%26b"' in shown
    assert 'href="?page=3&amp;state=a%26b"' in shown
    assert "Page 2 of 3" in shown


def test_one_page_has_no_pagination():
    request = RequestFactory().get("/x/")
    assert draw("{% pagination page %}", page=pages.paginate(request, [1]), request=request) == ""


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("x", 1), ("-4", 3), ("0", 3), ("99", 3), ("9" * 5000, 1), ("\x00", 1), ("2", 2)],
)
def test_paginate_answers_nonsense(asked, number):
    request = RequestFactory().get("/x/", {"page": asked})
    assert pages.paginate(request, list(range(120))).number == number


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("/notes/", "/notes/"),
        ("https://elsewhere.example/", "/session/token/"),
        ("//elsewhere.example", "/session/token/"),
        ("/\\elsewhere.example", "/session/token/"),
        ("javascript:alert(1)", "/session/token/"),
        ("home:today", "/session/token/"),
        ("no view", "/session/token/"),
        ("http://[1", "/session/token/"),
        ("", "/session/token/"),
    ],
)
def test_safe_next_leads_to_our_own_pages_only(asked, answer):
    request = RequestFactory().post("/x/", {"next": asked})
    assert pages.safe_next(request, "web:form-token") == answer


def test_summary_lists_the_problems_of_every_form_of_the_page():
    form = VisitForm({"form_key": "x"})
    shown = draw("{% problems %}", form=form)
    assert 'role="alert" tabindex="-1" data-problems' in shown
    assert '<a href="#id_who_0">“Who” is missing.</a>' in shown
    assert draw("{% title_prefix %}", forms=[form]) == "Error:"


def test_page_without_problems_has_no_summary():
    assert draw("{% problems %}") == ""
    assert draw("{% title_prefix %}", form=VisitForm()) == ""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ it|money }}", "$12.50"),
        ("{{ none|money }}", ""),
        ("{{ it|number }}", "12.5"),
        ("{{ n|minutes }}", "1 h 30 min"),
        ("{{ n|days }}", "90 days"),
        ("{{ one|days }}", "1 day"),
        ("{{ on|day }}", "Tuesday, November 3"),
        ("{{ at|clock }}", "10:04 AM"),
    ],
)
def test_filters(source, expected):
    values = {"it": Decimal("12.5"), "none": None, "n": 90, "one": 1}
    on, at = dt.date(2026, 11, 3), dt.time(10, 4)
    assert draw(source, **values, on=on, at=at) == expected
