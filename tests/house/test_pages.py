"""What every page does for everybody who may open it: shell, titles, the trail, and no name where it stays.

The pages come from the resolver; each is opened as each of the nine whom its permission admits.
"""

import re

import pytest
from django.db import DatabaseError

from peerworks.audit import trail
from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import ask, events, own_path, shown_words
from tests.sweep.ground import CANARIES, NINE

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "apart"])]

PAGES = [each for each in addresses() if each.needs not in (MISSING, None)]
IDS = [str(each) for each in PAGES]


def shown_to(ground, address, who):
    """The answer to a GET of one's own, and None where it is not a page."""
    answer = ask(ground.client(who), "GET", own_path(address, ground, who), ground, who)
    return answer if answer.status_code == 200 else None


def pages_of(ground, address):
    """(who, answer) for each of the nine to whom the page shows itself."""
    for who in NINE:
        answer = shown_to(ground, address, who)
        if answer is not None:
            yield who, answer


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


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_who_is_shown_is_in_the_trail(ground, address):
    """AL-1: each person shown is named by a view event, committed before the answer leaves."""
    for who in NINE:
        before = len(events(ground, who, "VIEW"))
        answer = shown_to(ground, address, who)
        if answer is None:
            continue
        kept = events(ground, who, "VIEW")[before:]
        named = {person for _, _, participants in kept for person in participants}
        assert people_on(ground, answer) <= named, f"{who} saw people whom no view event names"


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_what_cannot_be_recorded_is_not_shown(ground, address, monkeypatch):
    """AL-1: 503 and nothing of the person, where the view cannot be kept."""

    def fails(*_args, **_kwargs):
        raise DatabaseError("no room")

    monkeypatch.setattr(trail, "record_views", fails)
    for who in NINE:
        answer = ask(ground.client(who), "GET", own_path(address, ground, who), ground, who)
        if answer.status_code == 200:
            assert people_on(ground, answer) == set()
        elif answer.status_code == 503:
            assert shown_words(answer, CANARIES) == []


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_no_name_in_title_address_or_log(ground, address, caplog):
    names = [
        name
        for bag in ground.bags.values()
        for name in (
            bag["participants.Participant"].family_name,
            bag["participants.Participant"].name,
        )
    ]
    for who, answer in pages_of(ground, address):
        if not is_html(answer):
            continue
        text = answer.content.decode()
        title = " ".join(re.findall(r"<title>(.*?)</title>", text, re.DOTALL))
        links = " ".join(re.findall(r'(?:href|action|src|hx-\w+)="([^"]*)"', text))
        for word in names:
            assert word not in title, f"{who}: the title names somebody"
            assert word not in links, f"{who}: an address names somebody"
    assert [word for word in names if word in caplog.text] == []


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_a_page_has_its_shell_and_its_headers(ground, address):
    for who, answer in pages_of(ground, address):
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


def test_the_sweep_shows_somebody_on_many_pages(ground):
    """The tests above would pass on empty pages."""
    shown = {
        address.name
        for address in PAGES
        for who in ("peer", "administrator", "supervisor")
        if (answer := shown_to(ground, address, who)) is not None and people_on(ground, answer)
    }
    assert len(shown) >= 10, sorted(shown)
