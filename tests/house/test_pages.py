"""What every page does for everybody who may open it: shell, titles, the trail, and no name where it stays.

The pages come from the resolver; each is opened as each of the nine whom its permission admits.
"""

import re
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.urls import resolve

from peerworks.audit import trail
from peerworks.web.pages import is_by_script
from tests.sweep import tables
from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import ask, events, given_back, own_path, shown_ids, shown_words
from tests.sweep.expected import expected, own_set
from tests.sweep.ground import CANARIES, NINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

PAGES = [each for each in addresses() if each.needs not in (MISSING, None)]
#: One address after the other, so that each is asked once for all tests.
EACH = pytest.mark.parametrize("address", PAGES, ids=map(str, PAGES), scope="module")
#: Rows that a page writes round its answer, each with its reason.
AFTER_A_VIEW = {
    "accounts_signin": "when somebody last did something",
    "audit_auditevent": "the trail",
    "audit_eventperson": "whom it names",
    "billing_noteopening": "a reviewer who opened a note ends the time in which it can be withdrawn",
    "notices_notice": "a notice knows when its recipient first saw it",
}


@dataclass(frozen=True)
class Shown:
    """The answer to one of the nine to whom the page showed itself, the view events it left, what was logged."""

    who: str
    answer: HttpResponse
    named: set[UUID]
    logged: str


@dataclass(frozen=True)
class Visited:
    """One address, asked once by each of the nine: who was shown it, and the tables that changed meanwhile."""

    shown: list[Shown]
    changed: set[str]
    wrong: list[str]


@pytest.fixture(scope="module")
def visited():
    """Each address is asked once for all tests of this module: what was seen, by address."""
    return {}


@pytest.fixture
def at(ground, caplog, visited):
    """What the nine see at an address, asked at its first test."""

    def ask_once(address):
        if address not in visited:
            visited[address] = visit(ground, caplog, address)
        return visited[address]

    return ask_once


def visit(ground, caplog, address):
    """Ask as each of the nine whom the permission admits, and watch the trail, the log and every table."""
    shown, wrong, before = [], [], tables.writes()
    for who in NINE:
        if not all(ground.member(who).may(each) for each in address.needs):
            continue
        caplog.clear()
        kept = len(events(ground, who, "VIEW"))
        answer = ask(ground.client(who), "GET", own_path(address, ground, who), ground, who)
        if answer.status_code not in expected(ground, who, address, own_set(who, address)):
            wrong.append(f"{who}: {answer.status_code}")
        if answer.status_code == 200:
            views = events(ground, who, "VIEW")[kept:]
            named = {person for _, _, participants in views for person in participants}
            shown.append(Shown(who, answer, named, caplog.text))
    return Visited(shown, {*tables.differences(before, tables.writes())}, wrong)


def people_on(ground, answer):
    """The people whose name an answer shows, by their mark."""
    text = answer.content.decode(errors="replace")
    return {
        bag["participants.Participant"].pk
        for bag in ground.bags.values()
        if re.search(rf"{bag.canary}\b", text) and bag["participants.Participant"].name in text
    }


def is_html(answer):
    """Whether it is a page or a fragment of one."""
    return answer["Content-Type"].startswith("text/html")


@EACH
def test_a_page_as_each_of_the_nine_is_shown_it(ground, at, address):
    """AZ-1, AL-1, IN-4, PR-1, SE-3: the checks below, on one answer to each."""
    seen = at(address)
    assert seen.wrong == [], "AZ-1: not what their roles and their reach admit"
    check_nothing_hidden_is_shown(ground, seen)
    assert seen.changed <= AFTER_A_VIEW.keys(), "IN-4: a GET changed what no view changes"
    check_the_trail_names_who_is_shown(ground, seen)
    check_no_name_in_title_address_or_log(ground, seen)
    check_the_shell_and_the_headers(seen)
    check_what_scripts_ask_by_themselves_says_so(seen)


def check_nothing_hidden_is_shown(ground, seen):
    """AZ-1: no word and no id of the other agency or of the sealed person; more ids: `test_matrix.py`."""
    for each in seen.shown:
        assert shown_words(each.answer, ground.hidden_from(each.who)) == [], each.who
        hidden = ground.hidden_ids(each.who)
        assert shown_ids(each.answer, hidden, each.answer.wsgi_request.path) == set(), each.who


def check_the_trail_names_who_is_shown(ground, seen):
    """AL-1: each person shown is named by a view event, committed before the answer leaves."""
    for each in seen.shown:
        shown = people_on(ground, each.answer)
        assert shown <= each.named, f"{each.who} saw people whom no view event names"


@EACH
def test_what_cannot_be_recorded_is_not_shown(ground, at, address, monkeypatch):
    """AL-1: 503 and nothing of the person, where the view cannot be kept; asked by the first who saw somebody."""
    check_the_unrecorded(ground, address, who_saw_people(ground, at(address))[:1], monkeypatch)


@pytest.mark.long
@EACH
def test_what_cannot_be_recorded_is_shown_to_none_of_the_nine(ground, at, address, monkeypatch):
    """AL-1: the same, asked by everybody who saw somebody."""
    check_the_unrecorded(ground, address, who_saw_people(ground, at(address)), monkeypatch)


def who_saw_people(ground, seen):
    """Those to whom the page showed a person."""
    return [each.who for each in seen.shown if people_on(ground, each.answer)]


def check_the_unrecorded(ground, address, people, monkeypatch):
    """The page fails as a whole, for each of them."""

    def fails(*_args, **_kwargs):
        raise DatabaseError("no room")

    monkeypatch.setattr(trail, "record_views", fails)
    for who in people:
        answer = ask(ground.client(who), "GET", own_path(address, ground, who), ground, who)
        assert answer.status_code == 503
        assert shown_words(answer, CANARIES) == []


def check_no_name_in_title_address_or_log(ground, seen):
    """PR-1: titles, addresses, names of files, and the log of the request."""
    names = [
        name
        for bag in ground.bags.values()
        for name in (
            bag["participants.Participant"].family_name,
            bag["participants.Participant"].name,
        )
    ]
    for each in seen.shown:
        who, answer = each.who, each.answer
        assert [word for word in names if word in each.logged] == []
        assert [word for word in names if word in answer.get("Content-Disposition", "")] == []
        if not is_html(answer):
            continue
        text = answer.content.decode()
        title = " ".join(re.findall(r"<title>(.*?)</title>", text, re.DOTALL))
        links = " ".join(re.findall(r'(?:href|action|src|hx-\w+)="([^"]*)"', text))
        for word in names:
            assert word not in title, f"{who}: the title names somebody"
            assert word not in links, f"{who}: an address names somebody"


def check_the_shell_and_the_headers(seen):
    """One h1, a title, a language, no inline style or script, nothing kept by the browser."""
    for each in seen.shown:
        who, answer = each.who, each.answer
        assert "no-store" in answer["Cache-Control"], who
        assert "default-src 'none'" in answer["Content-Security-Policy"], who
        assert answer["X-Content-Type-Options"] == "nosniff"
        text = answer.content.decode(errors="replace")
        if not is_html(answer) or "<!doctype html>" not in text:
            continue
        assert len(re.findall(r"<h1\b", text)) == 1
        assert re.search(r"<title>\s*[^<\s].*? - PeerWorks</title>", text, re.DOTALL)
        assert re.search(r'<html lang="(en|es)"', text)
        assert not re.findall(r"<[^>]+\s(?:style|on\w+)\s*=", text), "inline style or script"
        assert "<script>" not in text


_MARK = re.compile(r"<[^>]*\b(?:hx-get|hx-post|data-autosave)=\"[^\"]*\"[^>]*>")
_URL = re.compile(r"(?:hx-get|hx-post|data-autosave)=\"([^\"?]*)")


def asked_by_scripts(text):
    """Views that a page lets a script ask by itself: what is pressed first is somebody's doing."""
    for tag in _MARK.findall(text):
        by_itself = "hx-trigger" in tag or "data-autosave" in tag
        if by_itself and 'hx-trigger="click' not in tag:
            yield from (resolve(url) for url in _URL.findall(tag))


def check_what_scripts_ask_by_themselves_says_so(seen):
    """SE-3: what no person does extends no session."""
    for each in seen.shown:
        asked = asked_by_scripts(each.answer.content.decode()) if is_html(each.answer) else ()
        unmarked = [found.view_name for found in asked if not is_by_script(found.func)]
        assert unmarked == [], "put @by_script on these views"


def test_scripts_that_ask_by_themselves_are_found(ground, at):
    """The test above would pass on pages without scripts."""
    pages = {"billing:note-write", "billing:worklist"}
    found = {
        asked.view_name
        for address in PAGES
        if address.name in pages
        for each in at(address).shown
        for asked in asked_by_scripts(each.answer.content.decode())
    }
    assert {"billing:note-draft", "billing:note-verdict", "billing:worklist-checks"} <= found


def test_a_write_is_seen_whoever_may_see_the_row(ground):
    """Those above would pass, too, if no write were counted."""
    before, others = tables.writes(), tables.writes(tables.ALWAYS)
    with given_back():
        ground.client("biller").get("/participants/add/")
    assert "audit_auditevent" in tables.differences(before, tables.writes())
    assert tables.differences(others, tables.writes(tables.ALWAYS)) == []


def test_the_sweep_shows_somebody_on_many_pages(ground, at):
    """The tests above would pass on empty pages."""
    likely_first = sorted(PAGES, key=lambda each: not each.name.startswith("participants:"))
    shown = (
        address
        for address in likely_first
        if any(people_on(ground, each.answer) for each in at(address).shown)
    )
    assert len(list(islice(shown, 10))) == 10
