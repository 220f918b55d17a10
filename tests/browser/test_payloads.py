"""IN-1: markup in every text of the database, in a real browser: nothing runs, nothing is asked, nothing opens."""

import copy

import pytest
from playwright.sync_api import expect

from tests.browser.test_sweep import Visits, is_document
from tests.sweep.addresses import addresses
from tests.sweep.asking import own_path
from tests.sweep.payloads import MANY, MARK, PAYLOADS, poisoned

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "apart"]),
]

#: The pages with the most words of people, each as somebody who sees them all.
MAIN = {
    "home:today": "supervisor", "participants:participant-list": "administrator", "participants:participant-detail": "peer",
    "providers:provider-list": "administrator", "providers:provider-detail": "administrator",
    "billing:note-detail": "peer", "billing:plan-detail": "peer", "billing:claim-detail": "biller",
    "billing:worklist": "biller", "supervision:session-detail": "supervisor", "training:course-list": "trainer",
    "accounts:member-list": "administrator", "audit:event-list": "privacy-officer", "notices:notice-list": "peer",
}  # fmt: skip
ROUND = 40


@pytest.fixture(
    scope="module",
    params=[
        PAYLOADS,
        *(
            pytest.param(MANY[at : at + ROUND], marks=pytest.mark.long)
            for at in range(0, len(MANY), ROUND)
        ),
    ],
    ids=lambda payloads: f"{len(payloads)}-{MANY.index(payloads[0])}",
)
def ground(request, prepared):
    """The ground with payloads in all texts: in place of the usual one, for the server of this module."""
    with poisoned(prepared, request.param):
        yield copy.deepcopy(prepared[1])


@pytest.fixture(scope="module")
def visits(chromium, server, ground):
    """One browser page for each who visits."""
    made = Visits(chromium, server, ground)
    yield made
    for each in made.made.values():
        each.page.context.close()


def listen_for_dialogs(page, found):
    """Note a dialog, and close it: the page would else wait for it."""
    page.once("dialog", lambda told: found.append(told.message) or told.dismiss())


def test_no_text_runs_in_the_browser(visits, ground):
    """IN-1: no dialog, no violation of the policy, no request to another host; the words are seen."""
    wrong, shown = [], 0
    main = [each for each in addresses() if each.name in MAIN]
    assert {each.name for each in main} == MAIN.keys()
    for address in main:
        who = MAIN[address.name]
        visit = visits.of(who, "en")
        listen_for_dialogs(visit.page, wrong)
        answer = visit.open(own_path(address, ground, who))
        assert is_document(answer), address
        expect(visit.page.locator("h1")).to_have_count(1)
        shown += MARK in visit.page.locator("main").inner_text()
        assert visit.page.evaluate(_MADE) == [], address
        wrong += [f"{address.name}: {each}" for each in visit.complaints]
    assert wrong == []
    assert shown >= 10


#: Elements and handlers that no page of ours has.
_MADE = """() => [...document.querySelectorAll("*")]
  .filter(each => each.localName.includes("xq7") || ["IFRAME", "BASE", "STYLE"].includes(each.tagName)
    || [...each.attributes].some(told => told.name.startsWith("on") || told.name.includes("xq7")))
  .map(each => each.outerHTML.slice(0, 120))"""
