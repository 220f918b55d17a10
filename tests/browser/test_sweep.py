"""Every page of the resolver in a real browser, as each role that may open it.

In English with axe, at the width of a phone and of a desk; in Spanish for what a translation breaks:
width, policy, `lang` and words that stayed English. A page that nobody could open fails the run. The
full cross of people, widths and languages carries `long`.
"""

import re
import time
from dataclasses import dataclass, field
from itertools import islice

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.db import connections, transaction
from playwright.sync_api import expect

from peerworks.accounts.operations import open_setup
from peerworks.home.demo.cast import PEOPLE
from tests.browser import axe
from tests.databases import owner_connection
from tests.sweep.addresses import MISSING, addresses
from tests.sweep.asking import given_back, own_path
from tests.sweep.ground import AWAKE_SECONDS, NINE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "apart"]),
]

PHONE, DESK, SMALL = 390, 1280, 320
HEIGHT = 844
ALL = addresses()
#: Pages that are there while the installation is empty: swept in such a one.
OF_THE_EMPTY = {"accounts:setup-found", "accounts:setup-open"}
PAGES = [each for each in ALL if each.needs is not MISSING and each.name not in OF_THE_EMPTY]
IDS = [str(each) for each in PAGES]
VISITORS = (None, *NINE)
#: What somebody typed is shown as it was typed.
RECORDED = {each.title for each in PEOPLE}

_POLICY = """addEventListener("securitypolicyviolation",
  event => console.error("policy: " + event.violatedDirective + " " + event.blockedURI));"""
#: What the page is like at a width. Targets by WCAG 2.2, 2.5.8: at least 24 px with its label, or a link inside a
#: sentence.
_LOOK = """() => {
  const root = document.documentElement;
  const shown = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(each => each.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter(each => !(each.tagName === "A" && getComputedStyle(each).display === "inline"));
  const small = shown.map(each => {
      const boxes = [each, ...(each.labels ?? [])].map(part => part.getBoundingClientRect());
      const side = (pick, edge) => pick(...boxes.map(box => box[edge]));
      return [side(Math.max, "right") - side(Math.min, "left"),
              side(Math.max, "bottom") - side(Math.min, "top"), each.outerHTML.slice(0, 90)];
    })
    .filter(([width, height]) => width > 1 && height > 1 && (width < 23.5 || height < 23.5))
    .map(([width, height, text]) => `${Math.round(width)}x${Math.round(height)} ${text}`);
  return {over: root.scrollWidth - root.clientWidth, lang: root.lang, title: document.title,
          headings: document.querySelectorAll("h1").length, small};
}"""
_WORDS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (at.checkVisibility() && !at.closest("[lang]:not(html), script, style, [data-recorded]"))
      found.push(walk.currentNode.textContent.trim().replace(/\\s+/g, " "));
  }
  return found.filter(each => each);
}"""


@dataclass
class Visit:
    """A browser page of one of the nine, and what it complained about."""

    page: object
    address: str
    complaints: list = field(default_factory=list)

    def listen(self):
        """Collect what the console says, faults, and requests to other hosts."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.page.add_init_script(_POLICY)
        return self

    def _said(self, message):
        if message.type in {"error", "warning"} and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.complaints.append(f"asks {request.url}")

    def open(self, path):
        """Go there; the status, once the page's own requests have been answered."""
        self.complaints.clear()
        answer = self.page.goto(self.address + path, wait_until="load")
        if self.page.locator(".htmx-request").count():
            expect(self.page.locator(".htmx-request")).to_have_count(0)
        return answer

    def resize(self, width):
        """Another width of the window."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})


class Visits:
    """One browser page for each of the nine and a language, made on first use and used again."""

    def __init__(self, browser, server, ground):
        self.browser, self.server, self.ground, self.made = browser, server, ground, {}
        self.awake_since = float("-inf")

    def of(self, who, language):
        """The visit of somebody, in a language; who was away for long is there again."""
        if time.monotonic() - self.awake_since > AWAKE_SECONDS:
            self._wake()
        if (who, language) not in self.made:
            context = self.browser.new_context(
                viewport={"width": PHONE, "height": HEIGHT},
                locale=language,
                reduced_motion="reduce",
            )
            cookies = {settings.LANGUAGE_COOKIE_NAME: language}
            if who is not None:
                cookies[settings.SESSION_COOKIE_NAME] = self.ground.sessions[who]
            context.add_cookies(
                [
                    {"name": name, "value": told, "url": self.server}
                    for name, told in cookies.items()
                ]
            )
            if language == "en":
                context.add_init_script(axe.SCRIPT)
            self.made[who, language] = Visit(context.new_page(), self.server).listen()
        return self.made[who, language]

    def _wake(self):
        # On a connection of its own, so that the server's requests see it.
        with owner_connection(connections["default"].settings_dict["NAME"]) as owner:
            owner.execute("SET lock_timeout = '5s'")
            owner.execute("UPDATE accounts_signin SET acted_at = now(), factor_at = now()")
        self.awake_since = time.monotonic()


@pytest.fixture(scope="module")
def visits(chromium, server, ground):
    """All visits of this module."""
    made = Visits(chromium, server, ground)
    yield made
    for each in made.made.values():
        each.page.context.close()
    connections.close_all()


def may_open(ground, address, who):
    """Whether somebody's roles admit the page; a public one is opened by a visitor alone."""
    if who is None or address.needs is None:
        return who is None and address.needs is None
    member = ground.member(who)
    return all(member.may(each) for each in address.needs)


def path_of(ground, address, who):
    """The path, with ids of one's own; or the link that leads there."""
    if address.name in ground.links:
        return ground.links[address.name]
    with transaction.atomic():
        return own_path(address, ground, who)


def is_document(answer):
    """Whether the answer is a whole page: no redirect elsewhere, no file, no fragment."""
    return (
        answer is not None
        and answer.status == 200
        and answer.headers.get("content-type", "").startswith("text/html")
        and "<!doctype html>" in answer.text()[:200].lower()
    )


def roles_worth(ground, address, whole):
    """Who opens the page: everybody who sees one in the full cross, else the first who does."""
    able = [who for who in VISITORS if may_open(ground, address, who)]
    seeing = (who for who in able if is_page(get(ground, address, who)))
    return list(seeing if whole else islice(seeing, 1))


def get(ground, address, who):
    """The answer to somebody without a browser, which is slow."""
    follow = address.name in ground.links
    with given_back():
        return ground.client(who).get(path_of(ground, address, who or "peer"), follow=follow)


def is_page(answer):
    """Whether it is a whole document."""
    is_html = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return is_html and b"<!doctype html>" in answer.content[:200].lower()


def problems_at(visit, width, language):
    """What is wrong with the page as it stands at a width."""
    visit.resize(width)
    seen = visit.page.evaluate(_LOOK)
    found = [f"{width}: {each}" for each in visit.complaints]
    if seen["over"] > 0:
        found.append(f"{width}: {seen['over']} px too wide")
    if seen["lang"] != language:
        found.append(f"lang is not {language}")
    if seen["headings"] != 1:
        found.append(f"{seen['headings']} h1")
    if not re.fullmatch(r"\S.* - PeerWorks", seen["title"]):
        found.append(f"title {seen['title']!r}")
    return found + [f"{width}: small target {each}" for each in seen["small"]]


def visited(visits, ground, address, people):
    """(who, language, visit) for each of those who see the page as a page."""
    for who in people:
        for language in ("en", "es"):
            visit = visits.of(who, language)
            answer = visit.open(path_of(ground, address, who or "peer"))
            assert is_document(answer), f"{who} {language}"
            yield who, language, visit


def sweep(visits, ground, address, whole=False):
    """All problems of a page, as those see it who open it."""
    people, found = roles_worth(ground, address, whole), []
    if not people and not leads_or_takes(ground, address):
        found.append("nobody sees it")
    for who, language, visit in visited(visits, ground, address, people):
        problems = problems_of(visit, language, language == "en" or whole)
        found += [f"{who} {language} {each}" for each in problems]
    return found


def problems_of(visit, language, is_asked_all):
    """What is wrong with the page that is open, each once: at all widths and with axe, or at the smallest."""
    problems = []
    for width in (SMALL, PHONE, DESK) if is_asked_all else (SMALL,):
        problems += problems_at(visit, width, language)
        if width in (PHONE, DESK):
            problems += [f"{width}: {each}" for each in axe.violations(visit.page)]
    if language == "es":
        problems += [f"still English: {each}" for each in still_english(visit.page)]
    return list(dict.fromkeys(problems))


def still_english(page):
    """Visible texts that are a message with another Spanish translation."""
    translated = different_in_spanish()
    return [each for each in page.evaluate(_WORDS) if each in translated - RECORDED]


_different: set[str] = set()


def different_in_spanish():
    """The messages whose Spanish differs, and is no English message itself."""
    if not _different:
        with (settings.BASE_DIR / "locale/es/LC_MESSAGES/django.po").open("rb") as file:
            catalogue = read_po(file, locale="es")
        told = {str(each.id): str(each.string) for each in catalogue if isinstance(each.id, str)}
        spanish = set(told.values())
        _different.update(
            english
            for english, text in told.items()
            if text and text != english and english not in spanish
        )
    return _different


@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_a_page_holds_in_the_browser(visits, ground, address):
    """CF-5: among its problems is each request to another origin, and each violation of the policy.

    A page that shows nobody a document, leads nowhere and takes no form was never swept, which is one, too.
    """
    problems = sweep(visits, ground, address)
    assert problems == []


@pytest.mark.long
@pytest.mark.parametrize("address", PAGES, ids=IDS)
def test_a_page_holds_for_everybody(visits, ground, address):
    problems = sweep(visits, ground, address, whole=True)
    assert problems == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_an_empty_installation_hold_in_the_browser(
    empty, live_server, new_context, language
):
    """The printed address leads on to the page on which the first administrator is set up."""
    address = live_server.url.replace("127.0.0.1", "localhost")
    visit = Visit(new_context(locale=language, reduced_motion="reduce").new_page(), address)
    answer = visit.listen().open(f"/accounts/setup/{open_setup()}/")
    assert is_document(answer)
    assert visit.page.url.endswith("/accounts/setup/")
    assert problems_of(visit, language, is_asked_all=True) == []


def leads_or_takes(ground, address):
    """Whether it sends one of the first who may open it elsewhere, takes forms alone, or answers a script."""
    able = [who for who in VISITORS if may_open(ground, address, who)][:3]
    answers = [get(ground, address, who) for who in able]
    return any(
        each.status_code in {200, 302, 405} or each["Content-Type"].startswith("application/json")
        for each in answers
    )
